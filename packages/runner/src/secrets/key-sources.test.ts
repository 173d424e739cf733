import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContactSyncError } from '@contact-sync/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyRing, ringIfAny } from './key-sources.js';
import { newKey, parseKey } from './keys.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const [one, two] = [newKey(), newKey()];
const ids = (...texts: string[]) => texts.map((text) => parseKey(text)?.id);

const path = { PATH: process.env.PATH };
async function ring(env: Record<string, string>, signal = new AbortController().signal): Promise<string[]> {
  return (await keyRing({ env: { ...path, ...env }, cwd: folder, signal })).map(({ id }) => id);
}

async function failureOf(work: Promise<unknown>): Promise<ContactSyncError> {
  const end: unknown = await work.catch((error: unknown) => error);
  if (ContactSyncError.is(end)) return end;
  throw new Error('It did not fail as it should.', { cause: end });
}

async function keyFile(text: string, mode: number): Promise<string> {
  const file = join(folder, 'contact-sync.key');
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

test('one key, or several with the newest first, from the environment', async () => {
  expect(await ring({ CONTACT_SYNC_KEY: one })).toEqual(ids(one));
  expect(await ring({ CONTACT_SYNC_KEY: ` ${one}  ${two}\n`, CONTACT_SYNC_KEY_FILE: '' })).toEqual(ids(one, two));
});

test('from a file, a key on a line, with notes', async () => {
  await keyFile(`# made in March\n${one}  # the new one\n\n${two}\n`, 0o600);
  expect(await ring({ CONTACT_SYNC_KEY_FILE: 'contact-sync.key' })).toEqual(ids(one, two));
  await keyFile(one, 0o400);
  expect(await ring({ CONTACT_SYNC_KEY_FILE: join(folder, 'contact-sync.key') })).toEqual(ids(one));
});

test('from what a command prints, which is run without a shell', async () => {
  await keyFile(one, 0o600);
  expect(await ring({ CONTACT_SYNC_KEY_COMMAND: 'cat  contact-sync.key' })).toEqual(ids(one));
  const { message } = await failureOf(ring({ CONTACT_SYNC_KEY_COMMAND: 'echo $CONTACT_SYNC_KEY_FILE' }));
  expect(message).toBe('The key in the output of CONTACT_SYNC_KEY_COMMAND is not a key.');
});

test.each([0o640, 0o604, 0o660, 0o601, 0o777])('a key file of mode %o is refused', async (mode) => {
  const file = await keyFile(one, mode);
  expect(await failureOf(ring({ CONTACT_SYNC_KEY_FILE: file }))).toMatchObject({
    code: 'setting_invalid',
    message: `The key file ${file} is open to others: its mode is ${mode.toString(8)}.`,
    hint: `Make it yours alone: chmod 600 ${file}`,
  });
});

test('without a key it is said how to make one', async () => {
  const error = await failureOf(ring({}));
  expect(error.code).toBe('setting_missing');
  expect(error.hint).toContain('contact-sync keys new --file contact-sync.key');
});

test('of two places nobody knows which is meant', async () => {
  const error = await failureOf(ring({ CONTACT_SYNC_KEY: one, CONTACT_SYNC_KEY_COMMAND: 'true' }));
  expect(error.message).toContain('CONTACT_SYNC_KEY and CONTACT_SYNC_KEY_COMMAND are set');
});

const canary = 'canary-91c2-not-a-key';
test.each([
  [{ CONTACT_SYNC_KEY: canary }, 'The key in CONTACT_SYNC_KEY is not a key.'],
  [{ CONTACT_SYNC_KEY: `${one} ${canary}` }, 'The key number 2 of 2 in CONTACT_SYNC_KEY is not a key.'],
  [{ CONTACT_SYNC_KEY: ' ' }, 'There is no key in CONTACT_SYNC_KEY.'],
  [{ CONTACT_SYNC_KEY: '# none' }, 'There is no key in CONTACT_SYNC_KEY.'],
  [{ CONTACT_SYNC_KEY_FILE: 'none.key' }, 'cannot be read (ENOENT).'],
  [{ CONTACT_SYNC_KEY_FILE: '.' }, 'is open to others'],
  [{ CONTACT_SYNC_KEY_COMMAND: 'no-such-program-here' }, 'CONTACT_SYNC_KEY_COMMAND was not found.'],
  [{ CONTACT_SYNC_KEY_COMMAND: 'false' }, 'CONTACT_SYNC_KEY_COMMAND ended with 1.'],
  [{ CONTACT_SYNC_KEY_COMMAND: `echo ${canary}` }, 'is not a key.'],
  [{ CONTACT_SYNC_KEY_COMMAND: 'true' }, 'There is no key in the output of CONTACT_SYNC_KEY_COMMAND.'],
])('%j', async (env, message) => {
  await chmod(folder, 0o755);
  const error = await failureOf(ring(env));
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain(message);
  expect(`${error.stack} ${error.hint} ${String(error.cause)}`).not.toContain(canary);
});

test('waiting for a command can be cancelled', async () => {
  const cancel = new AbortController();
  const waiting = ring({ CONTACT_SYNC_KEY_COMMAND: 'sleep 60' }, cancel.signal);
  cancel.abort();
  expect((await failureOf(waiting)).code).toBe('cancelled');
});

test('that no key is set is no failure for whoever can do without; that a set one cannot be had is', async () => {
  const place = (env: Record<string, string>) => ({ env, cwd: folder, signal: new AbortController().signal });
  expect(await ringIfAny(keyRing(place({})))).toBeNull();
  expect(await ringIfAny(keyRing(place({ CONTACT_SYNC_KEY: one })))).toHaveLength(1);
  const missing = await failureOf(ringIfAny(keyRing(place({ CONTACT_SYNC_KEY_FILE: 'gone.key' }))));
  expect(missing.code).toBe('setting_invalid');
});
