import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Copies examples/new-connector:
//   pnpm new-connector NAME                             to packages/connector-NAME of this repository
//   pnpm new-connector @SCOPE/connector-NAME FOLDER     to a folder anywhere else

const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'examples/new-connector');

export type Wanted = {
  /** `my-books`: the first part of its sources' names. */
  readonly name: string;
  /** `@contact-sync/connector-my-books` */
  readonly packageName: string;
  readonly folder: string;
  /** In this repository a package shares its tools and is linked to the others. */
  readonly inside: boolean;
};

/** What is to be made, or a sentence that says why it cannot be. */
export function wantedOf(args: readonly string[], cwd: string): Wanted | string {
  const [named = '', given, ...more] = args;
  const name = /^(?:@[a-z0-9][a-z0-9._-]*\/)?(?:connector-)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(named)?.[1];
  if (name === undefined || more.length > 0) {
    return 'Give it a name of small letters, digits and hyphens: pnpm new-connector my-books';
  }
  if (named.startsWith('@') !== (given !== undefined)) {
    return `Elsewhere it needs a scope and a folder: pnpm new-connector @someone/connector-${name} ../connector-${name}`;
  }
  const inside = given === undefined;
  const folder = inside ? join(root, 'packages', `connector-${name}`) : resolve(cwd, given);
  if (existsSync(folder) && readdirSync(folder).length > 0) return `There is something in ${folder} already.`;
  return { name, packageName: inside ? `@contact-sync/connector-${name}` : named, folder, inside };
}

/** The example's text with its names replaced: as text, as part of a name in code, and as an environment variable. */
export function renamed(text: string, { name, packageName, inside }: Omit<Wanted, 'folder'>): string {
  const words = name.split('-');
  const title = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  const camel = title.join('').replace(/^./, (first) => first.toLowerCase());
  return (
    text
      .replaceAll('@contact-sync/connector-acme', packageName)
      // Names without a scope are those of this repository's packages.
      .replaceAll(/(?<=--from |contact-sync mock )acme/g, inside ? name : packageName)
      .replaceAll(/(?<=[-'"`/.]|from )acme|acme(?=[:.-])/g, name)
      .replaceAll('ACME', name.toUpperCase().replaceAll('-', '_'))
      .replaceAll(/\bAcme\b/g, title.join(' '))
      .replaceAll('Acme', title.join(''))
      .replaceAll('acme', camel)
  );
}

type Manifest = Record<string, unknown> & {
  exports: Record<string, string | Record<string, string>>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** Writes the package's files. Nothing is installed yet. */
export function makeConnector(wanted: Wanted): void {
  const kept = (path: string) => !['node_modules', 'dist', '.turbo'].includes(basename(path));
  cpSync(example, wanted.folder, { recursive: true, filter: kept });
  for (const path of readdirSync(wanted.folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(wanted.folder, path);
    if (/\.(ts|json|md)$/.test(path)) writeFileSync(file, renamed(readFileSync(file, 'utf8'), wanted));
  }
  const { private: _, ...manifest } = readJson(join(wanted.folder, 'package.json')) as Manifest;
  writeJson(join(wanted.folder, 'package.json'), wanted.inside ? manifest : outside(manifest as Manifest));
  if (!wanted.inside) writeJson(join(wanted.folder, 'tsconfig.json'), tsconfig());
}

/** With tools of its own, and with the versions that this repository has now. */
function outside(manifest: Manifest): object {
  const tools = readJson(join(root, 'package.json')) as Manifest;
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const versionOf = (name: string): string => {
    if (name.startsWith('@contact-sync/')) {
      const { version } = readJson(join(root, 'packages', name.slice('@contact-sync/'.length), 'package.json'));
      return `^${version}`;
    }
    const [, listed] = new RegExp(`^ {2}"?${name}"?: (.+)$`, 'm').exec(catalog) ?? [];
    return `^${listed ?? tools.devDependencies[name]}`;
  };
  const withVersions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, versionOf(name)]));
  const exported = Object.entries(manifest.exports).map(([path, target]) => {
    if (typeof target === 'string') return [path, target];
    const { '@contact-sync/source': _, ...rest } = target;
    return [path, rest];
  });
  return {
    ...manifest,
    exports: Object.fromEntries(exported),
    scripts: { build: 'tsc', test: 'vitest run' },
    dependencies: withVersions(Object.keys(manifest.dependencies)),
    devDependencies: withVersions(
      [...new Set([...Object.keys(manifest.devDependencies), '@types/node', 'typescript', 'vitest'])].sort(),
    ),
  };
}

function tsconfig(): object {
  const base = readJson(join(root, 'tsconfig.base.json')) as { compilerOptions: object };
  const build = { rootDir: 'src', outDir: 'dist', declaration: true, sourceMap: true };
  return {
    compilerOptions: { ...base.compilerOptions, ...build },
    include: ['src'],
    exclude: ['src/**/*.test.ts'],
  };
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Other names have other lengths, so lines break elsewhere and imports have another order. */
function tidy(folder: string): void {
  const biome = join(root, 'node_modules/.bin/biome');
  const done = spawnSync(biome, ['check', '--write', folder], { cwd: root, encoding: 'utf8' });
  if (done.status !== 0) process.stderr.write(done.stderr ?? `${biome} could not be run.\n`);
}

function main(args: readonly string[]): number {
  const wanted = wantedOf(args, process.cwd());
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n`);
    return 2;
  }
  makeConnector(wanted);
  if (wanted.inside) tidy(wanted.folder);
  const place = relative(process.cwd(), wanted.folder) || '.';
  const next = wanted.inside
    ? ['pnpm install', `pnpm vitest run ${place}`]
    : [`cd ${place}`, 'npm install', 'npm test', 'npm run build'];
  process.stdout.write(`Made ${wanted.packageName} in ${place}. Next:\n${next.map((line) => `  ${line}\n`).join('')}`);
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
