import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkPackages } from './check-packages.ts';

/** Path → text, or data that becomes JSON. */
type Files = Record<string, string | Record<string, unknown>>;

function manifest(folder: string, dependencies: Record<string, string> = {}): Record<string, unknown> {
  return {
    name: `@contact-sync/${folder}`,
    version: '0.0.0',
    description: 'A package of the test',
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22.19' },
    exports: {
      '.': {
        '@contact-sync/source': './src/index.ts',
        types: './dist/index.d.ts',
        default: './dist/index.js',
      },
      './package.json': './package.json',
    },
    files: ['dist', 'src', '!src/**/*.test.ts', '!src/**/__snapshots__'],
    publishConfig: { access: 'public', provenance: true },
    scripts: {
      build: `tsup --config ../../tsup.config.ts && tsc -p tsconfig.json${folder === 'web' ? ' && vite build' : ''}`,
      'check:package': 'publint --strict && attw --pack --profile esm-only',
    },
    dependencies,
  };
}

const core = { '@contact-sync/core': 'workspace:^' };
const kit = { '@contact-sync/connector-kit': 'workspace:^' };
const xpm = { '@contact-sync/connector-xpm': 'workspace:^' };
const fyi = { '@contact-sync/connector-fyi': 'workspace:^' };
const sqlite = { '@contact-sync/storage-sqlite': 'workspace:^' };
const postgres = { '@contact-sync/storage-postgres': 'workspace:^' };
const runner = { '@contact-sync/runner': 'workspace:^' };

/** Every kind of package, each using all that it may. */
const packages: Record<string, Record<string, string>> = {
  core: {},
  'connector-kit': core,
  'connector-xpm': { ...core, ...kit },
  'connector-fyi': { ...core, ...kit },
  'storage-sqlite': core,
  'storage-postgres': core,
  runner: { ...core, ...sqlite },
  web: { ...core, ...sqlite, ...runner },
};

function files(folder: string, dependencies: Record<string, string> = {}): Files {
  return {
    [`${folder}/package.json`]: manifest(folder, dependencies),
    [`${folder}/tsconfig.json`]: { extends: '../../tsconfig.package.json' },
    [`${folder}/README.md`]: `# ${folder}\n\nWhat it is for.\n\nHow it is used.\n`,
    [`${folder}/src/index.ts`]: Object.keys(dependencies)
      .map((name) => `import '${name}';\n`)
      .join(''),
    [`${folder}/dist/index.js`]: `import 'anything';\n`,
  };
}

function wellKept(): Files {
  return Object.assign({}, ...Object.entries(packages).map(([folder, dependencies]) => files(folder, dependencies)));
}

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What is found, as `package rule message`. */
function check(all: Files): string[] {
  root = mkdtempSync(join(tmpdir(), 'check packages '));
  for (const [path, content] of Object.entries(all)) {
    const file = join(root, 'packages', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return checkPackages(root).map((problem) => `${problem.package} [${problem.rule}] ${problem.message}`);
}

test('well-kept packages have no problem', () => {
  expect(check(wellKept())).toEqual([]);
});

test('an example is checked as the package that it would be, and is private', () => {
  const example = (change: Record<string, unknown>): Files => ({
    ...wellKept(),
    ...Object.fromEntries(
      Object.entries(files('connector-acme', core)).map(([path, content]) => [
        `../examples/${path.replace('connector-acme', 'new-connector')}`,
        content,
      ]),
    ),
    '../examples/new-connector/package.json': { ...manifest('connector-acme', core), ...change },
  });
  expect(check(example({ private: true }))).toEqual([]);
  expect(check(example({}))).toEqual([
    'examples/new-connector [fields] package.json: an example is "private": true, and a package is not.',
  ]);
  expect(check(example({ private: true, dependencies: sqlite }))[0]).toContain('examples/new-connector [direction]');
});

test('a package is not private', () => {
  expect(check({ ...wellKept(), ...field({ private: true }) })).toEqual([
    'packages/core [fields] package.json: an example is "private": true, and a package is not.',
  ]);
});

const arrow = (from: string, to: Record<string, string>): Files => ({
  [`${from}/package.json`]: manifest(from, { ...packages[from], ...to }),
});
const field = (change: Record<string, unknown>): Files => ({ 'core/package.json': { ...manifest('core'), ...change } });
const entry = (change: Record<string, unknown>): Files =>
  field({ exports: { '.': change, './package.json': './package.json' } });

const broken: [what: string, change: Files, problem: string][] = [
  [
    'core → storage',
    arrow('core', sqlite),
    'packages/core [direction] package.json depends on @contact-sync/storage-sqlite.',
  ],
  [
    'kit → connector',
    arrow('connector-kit', xpm),
    'packages/connector-kit [direction] package.json depends on @contact-sync/connector-xpm.',
  ],
  [
    'connector → connector',
    arrow('connector-xpm', fyi),
    'packages/connector-xpm [direction] package.json depends on @contact-sync/connector-fyi.',
  ],
  [
    'connector → storage',
    arrow('connector-xpm', sqlite),
    'packages/connector-xpm [direction] package.json depends on @contact-sync/storage-sqlite.',
  ],
  [
    'store → store',
    arrow('storage-sqlite', postgres),
    'packages/storage-sqlite [direction] package.json depends on @contact-sync/storage-postgres.',
  ],
  [
    'store → runner',
    arrow('storage-sqlite', runner),
    'packages/storage-sqlite [direction] package.json depends on @contact-sync/runner.',
  ],
  [
    'runner → connector',
    arrow('runner', xpm),
    'packages/runner [direction] package.json depends on @contact-sync/connector-xpm.',
  ],
  [
    'runner → the other store',
    arrow('runner', postgres),
    'packages/runner [direction] package.json depends on @contact-sync/storage-postgres.',
  ],
  [
    'as a peer',
    field({ peerDependencies: sqlite }),
    'packages/core [direction] package.json depends on @contact-sync/storage-sqlite.',
  ],
  [
    'as an option',
    field({ optionalDependencies: sqlite }),
    'packages/core [direction] package.json depends on @contact-sync/storage-sqlite.',
  ],
  [
    'for tests',
    field({ devDependencies: sqlite }),
    'packages/core [direction] package.json depends for its tests on @contact-sync/storage-sqlite. core may only use no other package.',
  ],
  [
    'in a test',
    { 'connector-xpm/src/a.test.ts': `import '@contact-sync/storage-sqlite';` },
    'packages/connector-xpm [direction] src/a.test.ts imports @contact-sync/storage-sqlite.',
  ],
  [
    'in test/',
    { 'connector-xpm/test/a.ts': `import '@contact-sync/storage-sqlite';` },
    'packages/connector-xpm [direction] test/a.ts imports @contact-sync/storage-sqlite.',
  ],
  ['a package nobody knows', files('magic'), 'packages/magic [direction] Nothing says where magic stands.'],
  [
    'an import that is not declared',
    { 'core/src/a.ts': `export { b } from 'b/c';` },
    'packages/core [declared] src/a.ts imports b. Add it to "dependencies"',
  ],
  [
    'an import that is declared for tests only',
    { ...field({ devDependencies: { b: 'catalog:' } }), 'core/src/a.ts': `import 'b';` },
    'packages/core [declared] src/a.ts imports b.',
  ],
  [
    'an import by path',
    { 'runner/src/a/b.ts': `import '../../../core/src/index.js';` },
    'packages/runner [own-files] src/a/b.ts imports ../../../core/src/index.js',
  ],
  [
    'types first',
    entry({ types: './dist/index.d.ts', '@contact-sync/source': './src/index.ts', default: './dist/index.js' }),
    'packages/core [exports] package.json: "exports" "." must be {"@contact-sync/source":"./src/index.ts","types":',
  ],
  [
    'no types',
    entry({ '@contact-sync/source': './src/index.ts', default: './dist/index.js' }),
    'packages/core [exports]',
  ],
  [
    'types of another file',
    entry({ '@contact-sync/source': './src/index.ts', types: './dist/a.d.ts', default: './dist/index.js' }),
    'packages/core [exports]',
  ],
  [
    'an export that is not there',
    entry({ '@contact-sync/source': './src/a.ts', types: './dist/a.d.ts', default: './dist/a.js' }),
    'packages/core [exports] package.json: "exports" "." leads to src/a.ts, which does not exist.',
  ],
  [
    'no package.json exported',
    field({ exports: { '.': (manifest('core').exports as Record<string, unknown>)['.'] } }),
    'packages/core [exports] package.json: "exports" must begin with "." and end with',
  ],
  ['no exports', field({ exports: undefined }), 'packages/core [exports] package.json: "exports" must begin with'],
  ['another license', field({ license: 'ISC' }), 'packages/core [fields] package.json: "license" must be "MIT"'],
  ['no type', field({ type: undefined }), 'packages/core [fields] package.json: "type" must be "module"'],
  ['another engine', field({ engines: { node: '>=20' } }), 'packages/core [fields] package.json: "engines" must be'],
  ['tests published', field({ files: ['dist', 'src'] }), 'packages/core [fields] package.json: "files" must be'],
  ['another build', field({ scripts: { build: 'tsc' } }), 'packages/core [fields] package.json: "scripts" must be'],
  ['another name', field({ name: 'core' }), 'packages/core [fields] package.json: "name" must be "@contact-sync/core"'],
  ['no version', field({ version: undefined }), 'packages/core [fields] package.json: "version" must be'],
  ['no description', field({ description: '' }), 'packages/core [fields] package.json: "description" is missing.'],
  [
    'a version of its own',
    field({ dependencies: { zod: '^4.0.0' } }),
    'packages/core [versions] package.json: "zod" must be "catalog:"',
  ],
  [
    'a fixed workspace version',
    arrow('runner', { '@contact-sync/core': '1.0.0' }),
    'packages/runner [versions] package.json: "@contact-sync/core" must be "workspace:^"',
  ],
  ['an empty README', { 'core/README.md': '' }, 'packages/core [readme] README.md has no heading.'],
  [
    'a README without a heading',
    { 'core/README.md': 'One.\n\nTwo.\n' },
    'packages/core [readme] README.md has no heading.',
  ],
  ['a stub', { 'core/README.md': '# core\n\nWhat it is for.\n' }, 'packages/core [readme] README.md is a stub.'],
  [
    'another tsconfig',
    { 'core/tsconfig.json': { extends: '../../tsconfig.base.json' } },
    'packages/core [tsconfig] tsconfig.json must be',
  ],
  [
    'a config of its own',
    { 'core/vitest.config.ts': '' },
    'packages/core [layout] vitest.config.ts does not belong here.',
  ],
];

test.each(broken)('found: %s', (_, change, problem) => {
  const found = check({ ...wellKept(), ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(problem);
});

test('found: an arrow that only the code has', () => {
  const code = `import type { Runner } from '@contact-sync/runner/a';`;
  expect(check({ ...wellKept(), 'storage-sqlite/src/a.ts': code })).toEqual([
    'packages/storage-sqlite [direction] src/a.ts imports @contact-sync/runner/a. storage-sqlite may only use core.',
    'packages/storage-sqlite [declared] src/a.ts imports @contact-sync/runner. Add it to "dependencies" of package.json.',
  ]);
});

test('found: a package without a README', () => {
  const { 'core/README.md': _, ...rest } = wellKept();
  expect(check(rest)).toEqual([
    'packages/core [readme] README.md is missing. Say what the package is for and show its first use.',
  ]);
});

test('found: a page in another package', () => {
  expect(check({ ...wellKept(), 'core/page/main.tsx': '' })).toEqual([
    'packages/core [layout] page does not belong here. Tools are set up at the root; what only tests need goes to test/.',
  ]);
});

test.each<[what: string, files: Files]>([
  [
    'a runner whose tests use connectors',
    {
      'runner/package.json': { ...manifest('runner', packages.runner), devDependencies: { ...kit, ...xpm } },
      'runner/src/a.test.ts': `import '@contact-sync/connector-xpm/mock';`,
      'runner/test/a.ts': `import '@contact-sync/connector-kit/mock';`,
    },
  ],
  [
    'a connector loaded by name',
    { 'runner/src/a.ts': `export const load = (n: string) => import(\`@contact-sync/connector-\${n}\`);` },
  ],
  ['an optional peer', { ...field({ peerDependencies: { msw: '^3.0.0' } }), 'core/src/a.ts': `import 'msw/node';` }],
  ["Node's own modules", { 'core/src/a.ts': `import 'node:fs';\nimport 'fs/promises';` }],
  ['a package that imports itself by name', { 'core/src/a.ts': `import '@contact-sync/core';` }],
  ['the page of the web package', { 'web/page/main.tsx': '', 'web/vite.config.ts': '' }],
  ['a folder that is no package', { 'notes/README.md': 'nothing' }],
])('left alone: %s', (_, change) => {
  expect(check({ ...wellKept(), ...change })).toEqual([]);
});
