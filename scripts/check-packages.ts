import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { packageOf } from './imports.ts';
import { type Package, readPackages } from './read-packages.ts';

// Checks that every folder of packages/ and examples/ has the same shape, and that the arrows between packages go one way:
//   core ← connector-kit ← connector-*      core ← storage-*      core ← storage-sqlite ← runner ← web
//   core ← storage-postgres, runner ← fleet

export type Problem = { package: string; rule: string; message: string };

const scope = '@contact-sync/';

/** Which packages a kind of package may use, and which further ones its tests may. */
const direction: Record<string, { uses: string[]; testsUse?: string[] }> = {
  core: { uses: [] },
  'connector-kit': { uses: ['core'] },
  'connector-*': { uses: ['core', 'connector-kit'] },
  'storage-*': { uses: ['core'] },
  // A runner loads connectors and other stores by name when asked, so only its tests know any.
  runner: { uses: ['core', 'storage-sqlite'], testsUse: ['connector-kit', 'connector-*', 'storage-*'] },
  // The example of a host application uses what a host uses.
  embed: { uses: ['core', 'runner', 'connector-*'] },
  fleet: { uses: ['core', 'runner', 'storage-postgres'], testsUse: ['connector-kit', 'connector-*'] },
  // Of a fleet it gets what the runner gives it, so only its tests know one.
  web: { uses: ['core', 'storage-sqlite', 'runner'], testsUse: ['connector-kit', 'connector-*', 'storage-*', 'fleet'] },
};

/** What is the same in every package.json, to the letter and in this order. */
const shared: Record<string, unknown> = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.19' },
  files: ['dist', 'src', '!src/**/*.test.ts', '!src/**/__snapshots__'],
  publishConfig: { access: 'public', provenance: true },
  scripts: {
    build: 'tsup --config ../../tsup.config.ts && tsc -p tsconfig.json',
    'check:package': 'publint --strict && attw --pack --profile esm-only',
  },
};
/** What one package has besides, or otherwise. The web package ships a page that Vite builds from `page/`. */
const own: Record<string, { fields?: Record<string, unknown>; layout?: string[] }> = {
  web: {
    fields: {
      scripts: {
        build: 'tsup --config ../../tsup.config.ts && tsc -p tsconfig.json && vite build',
        'check:package': 'publint --strict && attw --pack --profile esm-only',
      },
    },
    layout: ['page', 'vite.config.ts'],
  },
};
const tsconfig = { extends: '../../tsconfig.package.json' };
const layout = ['package.json', 'tsconfig.json', 'README.md', 'CHANGELOG.md', 'src', 'test'];

const rules: Record<string, (pkg: Package) => string[]> = {
  direction: arrows,
  declared: undeclared,
  'own-files': ({ files }) =>
    files.flatMap(({ path, imports }) =>
      imports
        .filter((name) => leaves(path, name))
        .map((name) => `${path} imports ${name}, a file of another package. Import the package by its name.`),
    ),
  exports: exported,
  fields: ({ folder, path, manifest }) => [
    ...((manifest.private === true) === path.startsWith('examples/')
      ? []
      : ['package.json: an example is "private": true, and a package is not.']),
    ...Object.entries({ ...shared, ...own[folder]?.fields })
      .filter(([field, value]) => !same(manifest[field], value))
      .map(([field, value]) => `package.json: "${field}" must be ${JSON.stringify(value)}, as in every package.`),
    ...(manifest.name === scope + folder
      ? []
      : [`package.json: "name" must be "${scope}${folder}", as the folder says.`]),
    ...(/^\d+\.\d+\.\d+$/.test(String(manifest.version)) ? [] : ['package.json: "version" must be three numbers.']),
    ...(manifest.description
      ? []
      : ['package.json: "description" is missing. Say in one line what the package is for.']),
  ],
  versions: ({ manifest }) =>
    Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(([name, version]) => {
      const wanted = name.startsWith(scope) ? 'workspace:^' : 'catalog:';
      return version === wanted
        ? []
        : [`package.json: "${name}" must be "${wanted}", so that there is one version of it.`];
    }),
  readme: ({ readme }) => readmeFaults(readme),
  tsconfig: (pkg) => (same(pkg.tsconfig, tsconfig) ? [] : [`tsconfig.json must be ${JSON.stringify(tsconfig)}.`]),
  layout: ({ folder, entries }) =>
    entries
      .filter((entry) => ![...layout, ...(own[folder]?.layout ?? [])].includes(entry))
      .map(
        (entry) => `${entry} does not belong here. Tools are set up at the root; what only tests need goes to test/.`,
      ),
};

/** Everything that is wrong with the packages below `root`, in the order of packages and rules. */
export function checkPackages(root: string): Problem[] {
  return readPackages(root).flatMap((pkg) =>
    Object.entries(rules).flatMap(([rule, check]) =>
      check(pkg).map((message) => ({ package: pkg.path, rule, message })),
    ),
  );
}

function arrows({ folder, manifest, files }: Package): string[] {
  const kind = kindOf(folder);
  const may = direction[kind];
  if (may === undefined) {
    return [`Nothing says where ${folder} stands. Give it a line in \`direction\` in scripts/check-packages.ts.`];
  }
  const inCode = new Set(may.uses);
  const inTests = new Set([...may.uses, ...(may.testsUse ?? [])]);
  const wrong = (name: string | null, allowed: Set<string>) => {
    if (name === null || !name.startsWith(scope)) return false;
    const target = name.slice(scope.length);
    return target !== folder && !allowed.has(target) && !allowed.has(kindOf(target));
  };
  const say = (where: string, name: string, allowed: Set<string>) =>
    `${where} ${name}. ${folder} may only use ${[...allowed].join(', ') || 'no other package'}.`;

  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const installed = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  return [
    ...installed.filter((name) => wrong(name, inCode)).map((name) => say('package.json depends on', name, inCode)),
    ...Object.keys(devDependencies ?? {})
      .filter((name) => wrong(name, inTests))
      .map((name) => say('package.json depends for its tests on', name, inTests)),
    ...files.flatMap(({ path, test, imports }) => {
      const allowed = test ? inTests : inCode;
      return imports
        .filter((name) => wrong(packageOf(name), allowed))
        .map((name) => say(`${path} imports`, name, allowed));
    }),
  ];
}

/** `connector-xpm` is one of `connector-*`; `connector-kit` has a line of its own. */
function kindOf(folder: string): string {
  return folder in direction ? folder : folder.replace(/-.*/, '-*');
}

/** tsup bundles what is only a devDependency, so what built code imports has to be installed with the package. */
function undeclared({ manifest, files }: Package): string[] {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  return files
    .filter(({ test }) => !test)
    .flatMap(({ path, imports }) =>
      imports
        .map(packageOf)
        .filter((name) => name !== null && name !== manifest.name && !isBuiltin(name) && !(name in declared))
        .map((name) => `${path} imports ${name}. Add it to "dependencies" of package.json.`),
    );
}

/** Whether a relative import of `path` (within the package's folder) ends outside of the folder. */
function leaves(path: string, name: string): boolean {
  if (!name.startsWith('.')) return false;
  const target = new URL(name, `file:///a/package/${path}`).pathname;
  return !target.startsWith('/a/package/');
}

function exported({ manifest, has }: Package): string[] {
  const entries = Object.entries(manifest.exports ?? {});
  const faults = entries.flatMap(([path, target]) => {
    if (path === './package.json')
      return target === path ? [] : [`package.json: "exports" "${path}" must be "${path}".`];
    const source = typeof target === 'object' ? target['@contact-sync/source'] : undefined;
    const file = /^\.\/src\/(.+)\.ts$/.exec(source ?? '')?.[1];
    const wanted = (of: string) => ({
      '@contact-sync/source': `./src/${of}.ts`,
      types: `./dist/${of}.d.ts`,
      default: `./dist/${of}.js`,
    });
    if (file === undefined || !same(target, wanted(file))) {
      return [`package.json: "exports" "${path}" must be ${JSON.stringify(wanted(file ?? 'index'))}, in this order.`];
    }
    return has(`src/${file}.ts`)
      ? []
      : [`package.json: "exports" "${path}" leads to src/${file}.ts, which does not exist.`];
  });
  if (entries[0]?.[0] !== '.' || entries.at(-1)?.[0] !== './package.json') {
    faults.push('package.json: "exports" must begin with "." and end with "./package.json".');
  }
  return faults;
}

function readmeFaults(readme: string | null): string[] {
  if (readme === null) return ['README.md is missing. Say what the package is for and show its first use.'];
  const blocks = readme.split(/\n\s*\n/).map((block) => block.trim());
  if (!blocks.some((block) => block.startsWith('# ')))
    return ['README.md has no heading. Begin it with "# " and the name.'];
  const paragraphs = blocks.filter((block) => /^[\p{L}\p{N}`*_[]/u.test(block));
  return paragraphs.length > 1 ? [] : ['README.md is a stub. Say what the package is for and show its first use.'];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const problems = checkPackages(root);
  for (const problem of problems) process.stderr.write(`${problem.package} [${problem.rule}] ${problem.message}\n`);
  process.stdout.write(`Checked the packages: ${problems.length === 0 ? 'all well' : `${problems.length} to mend`}.\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
