import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { ContactSyncError } from '@contact-sync/core';
import { type KeyRing, parseKey } from './keys.js';

/** Where keys may come from: exactly one of them. */
export const keyVariables = {
  key: 'CONTACT_SYNC_KEY',
  file: 'CONTACT_SYNC_KEY_FILE',
  command: 'CONTACT_SYNC_KEY_COMMAND',
} as const;

export type KeyPlace = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
};

/**
 * The keys with which secrets are stored, from the environment variable, file or command that is set.
 *
 * @throws ContactSyncError `setting_missing` where none is set, `setting_invalid` where several are, or what one gives is
 * no key, or the key's file is open to others
 */
export async function keyRing(place: KeyPlace): Promise<KeyRing> {
  const set = Object.values(keyVariables).filter((name) => (place.env[name] ?? '') !== '');
  const [name, another] = set;
  if (name === undefined) throw noKey();
  const value = place.env[name] ?? '';
  if (another !== undefined) {
    throw invalid(
      `${set.join(' and ')} are set, and nobody knows which is meant.`,
      'Set exactly one of them. Several keys go into one, separated by blanks: the first encrypts.',
    );
  }
  if (name === keyVariables.key) return parsed(value, name);
  if (name === keyVariables.file) return parsed(await readKeyFile(resolve(place.cwd, value)), value);
  return parsed(await runCommand(value, place), `the output of ${name}`);
}

/** The keys, or null where none are set: removing what is stored needs none. Why else they cannot be had is thrown. */
export async function ringIfAny(ring: Promise<KeyRing>): Promise<KeyRing | null> {
  try {
    return await ring;
  } catch (error) {
    if (ContactSyncError.is(error) && error.code === 'setting_missing') return null;
    throw error;
  }
}

/** Keys are separated by white space; from `#` on a line is a note. The text is never quoted. */
function parsed(given: string, where: string): KeyRing {
  const words = given
    .replaceAll(/#.*$/gm, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const keys = words.map((word, index) => {
    const key = parseKey(word);
    if (key !== null) return key;
    const which = words.length === 1 ? '' : ` number ${index + 1} of ${words.length}`;
    throw invalid(
      `The key${which} in ${where} is not a key.`,
      'A key is 32 bytes, in base64 (44 characters) or hex (64). Make one: contact-sync keys new',
    );
  });
  const [first, ...others] = keys;
  if (first === undefined) throw invalid(`There is no key in ${where}.`, 'Make one: contact-sync keys new');
  return [first, ...others];
}

async function readKeyFile(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r');
    const { mode } = await handle.stat();
    // Windows has no such bits: there the rights of the folder decide.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw invalid(
        `The key file ${file} is open to others: its mode is ${(mode & 0o777).toString(8).padStart(3, '0')}.`,
        `Make it yours alone: chmod 600 ${file}`,
      );
    }
    return await handle.readFile('utf8');
  } catch (cause) {
    if (ContactSyncError.is(cause)) throw cause;
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw invalid(
      `The key file ${file} cannot be read${code}.`,
      `Check ${keyVariables.file}. To make a key: contact-sync keys new --file ${file}`,
    );
  }
}

const commandMs = 60_000;

/**
 * Without a shell: words are split at blanks, and nothing is expanded. It may ask at the terminal, as password managers
 * do. What it prints is the key, and so never part of an error.
 */
async function runCommand(line: string, { cwd, env, signal }: KeyPlace): Promise<string> {
  const [program = '', ...args] = line.split(/\s+/).filter((word) => word !== '');
  const failed = (problem: string) =>
    invalid(
      `The command of ${keyVariables.command} ${problem}.`,
      'It is run without a shell, with its words split at blanks: run it by hand, and see that it prints a key.',
    );
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    signal: AbortSignal.any([signal, AbortSignal.timeout(commandMs)]),
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  try {
    const [code, output] = await Promise.all([ended, text(child.stdout)]);
    if (code !== 0) throw failed(`ended with ${code}`);
    return output;
  } catch (error) {
    if (ContactSyncError.is(error)) throw error;
    if (signal.aborted) {
      throw new ContactSyncError('cancelled', 'Reading the key was cancelled.', { hint: 'Nothing was written.' });
    }
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw failed(missing ? 'was not found' : 'was given up');
  }
}

function noKey(): ContactSyncError {
  return new ContactSyncError('setting_missing', 'There is no key to keep secrets with.', {
    hint: `Make one with: contact-sync keys new --file contact-sync.key
Then set ${keyVariables.file} to that file, and keep a copy of it in a safe place, apart from the backups of the store. Instead of it, ${keyVariables.key} can hold the key, or ${keyVariables.command} a command that prints it.`,
  });
}

function invalid(message: string, hint: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', message, { hint });
}
