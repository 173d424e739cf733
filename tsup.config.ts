import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

type Manifest = { exports: Record<string, string | { '@contact-sync/source': string }>; bin?: Record<string, string> };

// Run in a package's folder. What is built is what the package exports, and its commands.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const exported = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry['@contact-sync/source']],
);
const commands = Object.values(manifest.bin ?? {}).map((file) =>
  file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'),
);
const entries = [...exported, ...commands].map((file) => file.replace(/^\.\//, ''));

export default defineConfig({
  entry: Object.fromEntries(entries.map((file) => [file.replace(/^src\//, '').replace(/\.ts$/, ''), file])),
  format: 'esm',
  target: 'node22',
  platform: 'node',
  // Some of Node's own modules, node:sqlite for one, have no name without it.
  removeNodeProtocol: false,
  // Declarations come from tsc: tsup's own need a compiler API that TypeScript 7 does not have.
  dts: false,
  sourcemap: true,
  clean: true,
});
