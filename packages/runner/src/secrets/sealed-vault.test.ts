import { ContactSyncError, memoryVault, type Vault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { type Key, type KeyRing, newKey, parseKey } from './keys.js';
import { removeSealed, rotate, sealedKeys, sealedVault } from './sealed-vault.js';

function aKey(): Key {
  const key = parseKey(newKey());
  if (key === null) throw new Error('A new key is no key.');
  return key;
}

const [older, newer, other] = [aKey(), aKey(), aKey()];
const ring: KeyRing = [older];

function aVault(): Vault {
  return memoryVault({ leaseMs: 60_000, waitMs: 0, clock: { now: () => 0, wait: waitOf } });
}

/** Never goes off by itself, and ends when the work does. */
function waitOf(_: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve());
  });
}

const put = (vault: Vault, key: string, value: string | null) => vault.locked(key, ({ save }) => save(value));

async function codeOf(work: Promise<unknown>): Promise<string> {
  const end = await work.catch((error: unknown) => error);
  return ContactSyncError.is(end) ? end.code : `no error: ${String(end)}`;
}

test('what is saved comes back, and the vault below never sees it', async () => {
  const below = aVault();
  const vault = sealedVault(below, ring);
  for (const text of ['canary-77ab "Zoë" 𠮷\n', '', 'x'.repeat(100_000)]) {
    await put(vault, 'a', text);
    expect(await vault.read('a')).toBe(text);
    expect(await vault.locked('a', async ({ value }) => value)).toBe(text);
    const stored = (await below.read('secret:a')) ?? '';
    expect(stored).toMatch(/^cs2\.[0-9a-f]{12}\.[\w-]{16}\.[\w-]+$/);
    expect(stored).not.toContain('canary');
    expect(Buffer.from(stored.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('canary');
  }
  expect(await vault.read('b')).toBeNull();
  await put(vault, 'a', null);
  expect([await vault.read('a'), await below.read('secret:a')]).toEqual([null, null]);
});

test('the same text is another one each time it is stored', async () => {
  const below = aVault();
  const stored = new Set<string | null>();
  for (let n = 0; n < 50; n += 1) {
    await put(sealedVault(below, ring), 'a', 'the same');
    stored.add(await below.read('secret:a'));
  }
  expect(stored.size).toBe(50);
  expect(new Set([...stored].map((text) => text?.split('.')[2])).size).toBe(50);
});

test('other values of the same vault are left alone', async () => {
  const below = aVault();
  await put(below, 'plain', 'not ours');
  const vault = sealedVault(below, ring);
  await put(vault, 'plain', 'ours');
  expect(await below.read('plain')).toBe('not ours');
  expect([await vault.keys(''), await sealedKeys(below, 'pl'), await sealedKeys(below, 'x')]).toEqual([
    ['plain'],
    ['plain'],
    [],
  ]);
  await removeSealed(below, 'plain');
  expect([await vault.keys(''), await below.read('plain')]).toEqual([[], 'not ours']);
});

test('every change of one character is found', async () => {
  const below = aVault();
  const vault = sealedVault(below, ring);
  await put(vault, 'a', 'a secret of some length');
  const stored = (await below.read('secret:a')) ?? '';
  const found = new Map<string, number>();
  for (let at = 0; at < stored.length; at += 1) {
    for (const letter of ['A', 'B', 'z', '0', 'f', '-', '_', '.', '=', ' ', '/']) {
      if (stored[at] === letter) continue;
      await put(below, 'secret:a', stored.slice(0, at) + letter + stored.slice(at + 1));
      const code = await codeOf(vault.read('a'));
      found.set(code, (found.get(code) ?? 0) + 1);
      expect(await codeOf(vault.locked('a', async () => 'the work began'))).toBe(code);
    }
  }
  expect([...found.keys()].toSorted()).toEqual(['key_wrong', 'secret_damaged']);
  for (const cut of [stored.slice(0, -1), `${stored}A`, `${stored}\n`, ` ${stored}`, stored.slice(4), '', 'plain']) {
    await put(below, 'secret:a', cut);
    expect(await codeOf(vault.read('a'))).toBe('secret_damaged');
  }
});

test('a value of a newer version is not called damaged', async () => {
  const below = aVault();
  const vault = sealedVault(below, ring);
  for (const [made, code] of [
    ['cs3.000000000000.x', 'store_newer'],
    ['cs10.anything', 'store_newer'],
    ['cs0.000000000000.x', 'secret_damaged'],
    // A dot that became a digit.
    ['cs20123456789012.x', 'secret_damaged'],
    ['xs3.000000000000.x', 'secret_damaged'],
  ] as const) {
    await put(below, 'secret:a', made);
    expect([made, await codeOf(vault.read('a'))]).toEqual([made, code]);
  }
});

test('a value in the place of another one does not open', async () => {
  const below = aVault();
  const vault = sealedVault(below, ring);
  await put(vault, 'a', 'of a');
  await put(below, 'secret:b', await below.read('secret:a'));
  expect(await codeOf(vault.read('b'))).toBe('secret_damaged');
  expect(await vault.read('a')).toBe('of a');
});

test('a wrong key is told apart from a damaged value, and shows neither', async () => {
  const below = aVault();
  await put(sealedVault(below, ring), 'a', 'canary-5566');
  const error: unknown = await sealedVault(below, [other])
    .read('a')
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: 'key_wrong',
    message: `The value of secret:a was stored with another key, ${older.id}.`,
  });
  expect(String(error instanceof Error ? error.stack : error)).not.toContain('canary');
  // The name of the key is part of what is sealed: it cannot be exchanged for that of another key we have.
  const stored = (await below.read('secret:a')) ?? '';
  await put(below, 'secret:a', stored.replace(older.id, other.id));
  expect(await codeOf(sealedVault(below, [other, older]).read('a'))).toBe('secret_damaged');
});

test('a value that does not open can be replaced and removed, and nothing else', async () => {
  const below = aVault();
  await put(sealedVault(below, [older]), 'a', 'old');
  const vault = sealedVault(below, [newer]);
  expect(await codeOf(put(vault, 'a', 'new'))).toBe('key_wrong');
  await vault.replace('a', 'new');
  expect(await vault.read('a')).toBe('new');
});

test('the first key encrypts, and the others still open', async () => {
  const below = aVault();
  await put(sealedVault(below, [older]), 'a', 'old');
  const both = sealedVault(below, [newer, older]);
  expect(await both.read('a')).toBe('old');
  await put(both, 'b', 'new');
  expect(await codeOf(sealedVault(below, [older]).read('b'))).toBe('key_wrong');
  expect(await sealedVault(below, [newer]).read('b')).toBe('new');
});

test('after a rotation the new key alone opens everything, and a second one has nothing to do', async () => {
  const below = aVault();
  const names = ['a', 'b', 'c'];
  for (const name of names) await put(sealedVault(below, [older]), name, `of ${name}`);
  await put(sealedVault(below, [newer]), 'd', 'of d');
  await put(below, 'plain', 'not ours');
  expect(await rotate(below, [newer, older])).toEqual({ sealed: 3, already: 1 });
  for (const name of [...names, 'd']) expect(await sealedVault(below, [newer]).read(name)).toBe(`of ${name}`);
  expect(await below.read('plain')).toBe('not ours');
  expect(await rotate(below, [newer])).toEqual({ sealed: 0, already: 4 });
});

test.each([0, 1, 2, 3, 4, 5])('killed at step %i of a rotation, every value opens, and it can go on', async (steps) => {
  const below = aVault();
  const names = ['a', 'b', 'c'];
  for (const name of names) await put(sealedVault(below, [older]), name, `of ${name}`);

  let left = steps;
  const step = () => {
    if (left === 0) throw new Error('killed');
    left -= 1;
  };
  const dying: Vault = {
    ...below,
    locked: (key, work) =>
      below.locked(key, (held) =>
        work({
          ...held,
          save: async (value) => {
            step();
            await held.save(value);
            step();
          },
        }),
      ),
  };
  await expect(rotate(dying, [newer, older])).rejects.toThrow('killed');
  for (const name of names) expect(await sealedVault(below, [newer, older]).read(name)).toBe(`of ${name}`);
  const done = await rotate(below, [newer, older]);
  expect(done).toEqual({ sealed: 3 - Math.ceil(steps / 2), already: Math.ceil(steps / 2) });
  for (const name of names) expect(await sealedVault(below, [newer]).read(name)).toBe(`of ${name}`);
});

test('a rotation stops at a value that no key opens, and changes it not', async () => {
  const below = aVault();
  await put(sealedVault(below, [other]), 'a', 'lost');
  const before = await below.read('secret:a');
  expect(await codeOf(rotate(below, [newer, older]))).toBe('key_wrong');
  expect(await below.read('secret:a')).toBe(before);
});
