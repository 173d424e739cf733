import { access, appendFile, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ContactSyncError } from '@contact-sync/core';
import { resolve as resolveImport } from 'import-meta-resolve';
import type { Config } from './config.js';
import { type ConfigFormat, configText } from './config-text.js';
import { configNames } from './load.js';
import { parseConfig } from './parse.js';

/** What a new configuration is to say. */
export type Wishes = {
  readonly store: string;
  /** ISO 3166-1 alpha-2. */
  readonly region: string;
  /** Null: alerts go nowhere yet. */
  readonly alertMail: string | null;
  /** Null: secrets are kept with a key that comes from elsewhere, or not at all. */
  readonly keyFile: string | null;
};

export async function refuseSecond(folder: string): Promise<void> {
  for (const name of configNames) {
    if (await isThere(join(folder, name))) throw thereAlready(join(folder, name));
  }
}

/** @throws ContactSyncError `setting_invalid`, naming what is wrong */
export function configOf({ store, region, alertMail, keyFile }: Wishes, file: string): Config {
  const config: Config = {
    store,
    ...(keyFile === null ? {} : { key: { file: keyFile } }),
    policy: { region },
    keepDays: 90,
    ...(alertMail === null ? {} : { alerts: { email: { to: alertMail } } }),
  };
  parseConfig(config, file);
  return config;
}

/** Writes it as a new file; one that is there stays as it is. */
export async function writeConfig(config: Config, folder: string, format: ConfigFormat): Promise<string> {
  const file = join(folder, `contact-sync.config.${format}`);
  try {
    await writeFile(file, configText(config, format, helps(folder)), { flag: 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'EEXIST') throw thereAlready(file);
    throw new ContactSyncError('setting_invalid', `${file} cannot be written (${code}).`, {
      hint: 'Check the folder, and that you may write there.',
      cause,
    });
  }
  return file;
}

/** Whether a file of the folder can import the runner. */
function helps(folder: string): boolean {
  try {
    resolveImport('@contact-sync/runner', pathToFileURL(join(folder, 'contact-sync.config.ts')).href);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the key and the book, which is full of people's details, out of git, where there is a .gitignore. Gives what was added. */
export async function ignore(folder: string, { store, keyFile }: Wishes): Promise<readonly string[]> {
  const file = join(folder, '.gitignore');
  if (!(await isThere(file))) return [];
  const text = await readFile(file, 'utf8');
  const book = store.startsWith('sqlite:') ? [inFolder(folder, store.slice('sqlite:'.length))] : [];
  const key = keyFile === null ? [] : [inFolder(folder, keyFile)];
  // Beside the file of a book SQLite keeps others of its name.
  const wanted = [...key, ...book.map((path) => path && `${path}*`)].filter((path) => path !== null);
  const lines = text.split(/\r?\n/).map((line) => line.trim().replace(/^\//, ''));
  const added = wanted.filter((path) => !lines.includes(path));
  if (added.length > 0) {
    await appendFile(
      file,
      `${text === '' || text.endsWith('\n') ? '' : '\n'}${added.map((path) => `/${path}\n`).join('')}`,
    );
  }
  return added;
}

/** A path as .gitignore has it; null for one outside of the folder. */
function inFolder(folder: string, path: string): string | null {
  const within = relative(folder, resolve(folder, path)).replaceAll('\\', '/');
  return within.startsWith('../') ? null : within;
}

export async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

function thereAlready(file: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', `${file} is there already.`, {
    hint: 'Change it by hand, or take it away first. To look at what it does: contact-sync doctor',
  });
}
