import { defineConfig } from 'vitest/config';

// Tests run from source: the condition makes each package's exports point at its src.
const conditions = ['@contact-sync/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'packages/web/page/**/*.test.ts',
      'packages/web/page/**/*.test.ts',
      'examples/*/{src,test}/**/*.test.ts',
      'benchmarks/src/**/*.test.ts',
      'campaigns/src/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    // A PostgreSQL for whoever asks for it; it is started then.
    globalSetup: ['packages/storage-postgres/test/global-setup.ts'],
    // Most tests wait for processes, servers and disks: a core for each worker leaves none idle.
    maxWorkers: '100%',
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
    sequence: { shuffle: true },
    // Tests start processes and try thousands of cases; a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
