import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from './imports.ts';

type Versions = Record<string, string>;

/** Of a package.json what the checks look at; anything can be missing or wrong in one that is to be checked. */
export type Manifest = {
  [field: string]: unknown;
  dependencies?: Versions;
  peerDependencies?: Versions;
  optionalDependencies?: Versions;
  devDependencies?: Versions;
  exports?: Record<string, string | Record<string, string>>;
};

/** `path` is within the package's folder, with slashes. A test is a `*.test.ts` of src, or anything in test/. */
type SourceFile = { path: string; test: boolean; imports: string[] };

export type Package = {
  /** Within packages/ the folder's name; an example is taken for the package that it would be: `connector-acme`. */
  folder: string;
  /** From the root: `packages/core`. */
  path: string;
  manifest: Manifest;
  tsconfig: unknown;
  readme: string | null;
  files: SourceFile[];
  /** What stands in the folder, leaving out what git leaves out. */
  entries: string[];
  has: (path: string) => boolean;
};

const generated = ['dist', 'node_modules', 'coverage'];

/** The packages of `root`/packages, then those of `root`/examples, by name; a folder without a package.json is none. */
export function readPackages(root: string): Package[] {
  return ['packages', 'examples'].flatMap((parent) => {
    if (!existsSync(join(root, parent))) return [];
    return readdirSync(join(root, parent))
      .sort()
      .filter((folder) => existsSync(join(root, parent, folder, 'package.json')))
      .map((folder) => readPackage(root, parent, folder));
  });
}

function readPackage(root: string, parent: string, name: string): Package {
  const at = (path: string) => join(root, parent, name, path);
  const text = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null);
  const manifest = JSON.parse(text('package.json') ?? '{}') as Manifest;
  return {
    folder: parent === 'examples' ? String(manifest.name).replace(/^.*\//, '') : name,
    path: `${parent}/${name}`,
    manifest,
    tsconfig: JSON.parse(text('tsconfig.json') ?? 'null'),
    readme: text('README.md'),
    files: ['src', 'test'].flatMap((part) =>
      typescriptIn(at(part)).map((name) => {
        const path = `${part}/${name}`;
        const test = part === 'test' || name.endsWith('.test.ts');
        return { path, test, imports: importsOf(path, readFileSync(at(path), 'utf8')) };
      }),
    ),
    entries: readdirSync(at('.')).filter((entry) => !generated.includes(entry) && !entry.startsWith('.')),
    has: (path) => existsSync(at(path)),
  };
}

function typescriptIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[cm]?tsx?$/.test(name))
    .sort();
}
