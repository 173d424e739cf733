import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Packs packages of this repository and all that they depend on, and installs them into an empty folder with npm and
// without a network: whatever is installed comes from a tarball that was made here.

const root = fileURLToPath(new URL('..', import.meta.url));

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
};
type Node = { readonly folder: string; readonly manifest: Manifest; readonly dependencies: readonly Node[] };

/** What a package depends on, as it is installed here; each package once. */
function nodeOf(folder: string, known: Map<string, Node>): Node {
  const real = realpathSync(folder);
  const found = known.get(real);
  if (found !== undefined) return found;
  const manifest = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as Manifest;
  const dependencies: Node[] = [];
  const node = { folder: real, manifest, dependencies };
  known.set(real, node);
  for (const name of Object.keys(manifest.dependencies ?? {})) dependencies.push(nodeOf(installed(name, real), known));
  return node;
}

function installed(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed.`);
  return installed(name, dirname(from));
}

/**
 * Installs packages of this repository into `folder`, which must not be there yet. They must have been built.
 *
 * @param names folders of packages/: `runner`
 */
export function installPacked(names: readonly string[], folder: string): void {
  const tarballs = join(folder, '.tarballs');
  mkdirSync(tarballs, { recursive: true });
  const known = new Map<string, Node>();
  const wanted = names.map((name) => nodeOf(join(root, 'packages', name), known));
  const files = packAll([...known.values()], tarballs);

  const spec = (node: Node) => `file:.tarballs/${files.get(node) ?? ''}`;
  const direct = Object.fromEntries(
    [...wanted, ...peered(known.values())].map((node) => [node.manifest.name, spec(node)]),
  );
  // One version of each package for all, and where there are two, the other one for those that want it.
  const versions = new Map<string, Node>();
  const overrides: Record<string, string | Record<string, string>> = {};
  for (const node of known.values()) {
    if (versions.has(node.manifest.name)) continue;
    versions.set(node.manifest.name, node);
    if (!(node.manifest.name in direct)) overrides[node.manifest.name] = spec(node);
  }
  for (const { manifest, dependencies } of known.values()) {
    const others = dependencies.filter((node) => versions.get(node.manifest.name) !== node);
    if (others.length === 0) continue;
    const own = overrides[manifest.name];
    const nested = Object.fromEntries(others.map((node) => [node.manifest.name, spec(node)]));
    overrides[manifest.name] = { ...(typeof own === 'string' ? { '.': own } : {}), ...nested };
  }
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: direct, overrides }, null, 2),
  );
  npm(['install'], folder);
}

/** Packages of others that want another one beside them, and those: npm turns round and round over overrides of such. */
function peered(nodes: Iterable<Node>): Node[] {
  const others = [...nodes].filter(({ manifest }) => !manifest.name.startsWith('@contact-sync/'));
  const named = new Map(others.map((node) => [node.manifest.name, node]));
  return others.flatMap((node) => {
    const peers = Object.keys(node.manifest.peerDependencies ?? {}).flatMap((name) => named.get(name) ?? []);
    return peers.length === 0 ? [] : [node, ...peers];
  });
}

/** The name of each package's tarball. Ours are packed as they are published, with versions in place of `workspace:`. */
function packAll(nodes: readonly Node[], to: string): Map<Node, string> {
  const own = nodes.filter(({ manifest }) => manifest.name.startsWith('@contact-sync/'));
  for (const { folder, manifest } of own) {
    if (!existsSync(join(folder, 'dist'))) throw new Error(`${manifest.name} is not built: pnpm build`);
    run('pnpm', ['pack', '--pack-destination', to], folder);
  }
  for (const node of nodes) if (!own.includes(node)) packInstalled(node, to);
  return new Map(nodes.map((node) => [node, tarballOf(node)]));
}

/** What is installed is what was in the tarball, so that it is one again without its own dependencies. */
function packInstalled(node: Node, to: string): void {
  const staged = join(to, 'staged');
  const own = (path: string) => path !== join(node.folder, 'node_modules');
  cpSync(node.folder, join(staged, 'package'), { recursive: true, filter: own });
  run('tar', ['-czf', join(to, tarballOf(node)), '-C', staged, 'package'], to);
  rmSync(staged, { recursive: true });
}

function tarballOf({ manifest }: Node): string {
  return `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
}

/** npm that asks nobody and runs nothing of what it installs. */
export function npm(args: readonly string[], cwd: string): string {
  const [command = '', ...rest] = args;
  return run('npm', [command, '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...rest], cwd);
}

export function run(command: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args[0]} failed in ${cwd}:\n${done.stdout}${done.stderr}`, { cause: done.error });
}
