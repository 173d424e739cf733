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
  folder: string;
  manifest: Manifest;
  tsconfig: unknown;
  readme: string | null;
  files: SourceFile[];
  /** What stands in the folder, leaving out what git leaves out. */
  entries: string[];
  has: (path: string) => boolean;
};

const generated = ['dist', 'node_modules', 'coverage'];

/** The packages of `root`/packages by name; a folder without a package.json is none. */
export function readPackages(root: string): Package[] {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .sort()
    .filter((folder) => existsSync(join(packages, folder, 'package.json')))
    .map((folder) => readPackage(packages, folder));
}

function readPackage(packages: string, folder: string): Package {
  const at = (path: string) => join(packages, folder, path);
  const text = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null);
  return {
    folder,
    manifest: JSON.parse(text('package.json') ?? '{}') as Manifest,
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
