import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ContactSyncError } from '@contact-sync/core';
import type { Config } from './config.js';
import { readConfigFile } from './read-file.js';

export const configNames = ['ts', 'js', 'mjs', 'json'].map((ending) => `contact-sync.config.${ending}`);

export type LoadedConfig = { readonly file: string; readonly config: Config };

export type Looking = {
  readonly cwd: string;
  /** The file that was named; without it, one is looked for from the folder upwards. */
  readonly named: string | undefined;
  /** The id of the user; who runs the process unless said. */
  readonly user?: number;
};

/**
 * The configuration, with paths made absolute: they are meant from its folder. Null where there is none.
 *
 * @throws ContactSyncError `setting_missing` or `setting_invalid`
 */
export async function loadConfig(looking: Looking): Promise<LoadedConfig | null> {
  const file = await findConfig(looking);
  if (file === null) return null;
  const given = await readConfigFile(file);
  // Only where there is a configuration: what checks one is not needed for more.
  const { parseConfig } = await import('./parse.js');
  return { file, config: withPaths(parseConfig(given, file), dirname(file)) };
}

async function findConfig({ cwd, named, user = process.getuid?.() }: Looking): Promise<string | null> {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (await isFile(file)) return file;
    throw new ContactSyncError('setting_missing', `There is no configuration file ${file}.`, {
      hint: 'Check --config or CONTACT_SYNC_CONFIG. To make one: contact-sync init',
    });
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const there: string[] = [];
    for (const name of configNames) if (await isFile(join(folder, name))) there.push(name);
    const [name, another] = there;
    if (another !== undefined) {
      throw new ContactSyncError('setting_invalid', `${folder} has several configurations: ${there.join(', ')}.`, {
        hint: 'Keep one of them, or name the one that is meant with --config.',
      });
    }
    if (name !== undefined) return await trusted(join(folder, name), resolve(cwd), user);
    if (dirname(folder) === folder) return null;
  }
}

/** A configuration may be a program: one that somebody else left in a folder above is not run unless it is named. */
async function trusted(file: string, cwd: string, user: number | undefined): Promise<string> {
  if (user === undefined || dirname(file) === cwd) return file;
  const { uid } = await stat(file);
  if (uid === user || uid === 0) return file;
  throw new ContactSyncError('setting_invalid', `The configuration ${file} belongs to another user.`, {
    hint: `If it is meant, name it: --config ${file}`,
  });
}

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ?? false;
}

function withPaths(config: Config, folder: string): Config {
  const { store, key } = config;
  const from = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return {
    ...config,
    ...(store?.startsWith('sqlite:') ? { store: `sqlite:${from(store.slice('sqlite:'.length))}` } : {}),
    ...(key !== undefined && 'file' in key ? { key: { file: from(key.file) } } : {}),
  };
}
