import type { Held, Vault } from '@contact-sync/core';
import { type VaultHarness, vaultCases } from '@contact-sync/core/testing';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { start } from '../test/processes.js';
import { failureOf, locking, newDatabase, query } from '../test/support.js';
import { type PostgresVaultOptions, postgresVault } from './postgres-vault.js';

let url = '';
beforeAll(async () => {
  url = await newDatabase();
});

const opened: Vault[] = [];
afterEach(async () => {
  for (const vault of opened.splice(0)) await vault.close();
});

function open(options: Partial<PostgresVaultOptions> = {}): Vault {
  const vault = postgresVault({ url, ...options });
  opened.push(vault);
  return vault;
}

let made = 0;

/** All vaults are in one database: each must be as if it were alone there. */
function harness(): VaultHarness {
  const names = new WeakMap<Vault, string>();
  const openAs = (book: string, { leaseMs, waitMs, clock }: Parameters<VaultHarness['open']>[0]) => {
    const vault = postgresVault({ url, book, leaseMs, waitMs, now: clock.now, wait: clock.wait });
    names.set(vault, book);
    return vault;
  };
  return {
    open: async (timing) => openAs(`kit ${++made}`, timing),
    again: async (vault, timing) => openAs(names.get(vault) ?? 'unknown', timing),
  };
}

describe('the kit for vaults', () => {
  for (const { id, name, run } of vaultCases()) test(`${id}: ${name}`, () => run(harness()));
});

const keptUnder = (vault: Vault, key: string) => vault.locked(key, async ({ value }) => value);

/** Takes a lock and keeps it until it is told otherwise. */
async function hold(vault: Vault, key: string): Promise<{ held: Held; letGo: () => Promise<void> }> {
  const taken = Promise.withResolvers<Held>();
  const release = Promise.withResolvers<void>();
  const done = vault.locked(key, async (held) => {
    taken.resolve(held);
    await release.promise;
  });
  // A lock that could not be had is told by `taken`.
  done.catch(taken.reject);
  const held = await taken.promise;
  return {
    held,
    letGo: async () => {
      release.resolve();
      await done;
    },
  };
}

const leaseOf = async (key: string) =>
  (await query(url, 'SELECT held_until, holder FROM contact_sync.vault WHERE key = $1', [key]))[0];

test('a value is kept under its key, and comes back as it was', async () => {
  expect(await keptUnder(open(), 'tokens')).toBeNull();
  for (const value of ['{"refresh":"secret"}', '', 'NUL \0, half \ud83d, 𠮷\n']) {
    await open().locked('tokens', async ({ save }) => {
      await save('first');
      await save(value);
    });
    expect(await keptUnder(open(), 'tokens')).toBe(value);
  }
  expect(await keptUnder(open(), 'other')).toBeNull();
  expect(await keptUnder(open({ book: 'another' }), 'tokens')).toBeNull();
});

test('one at a time works under a key, and as many as like under several', async () => {
  const [one, other] = [open(), open()];
  const { letGo } = await hold(one, 'one at a time');
  for (const vault of [one, other]) {
    expect(await failureOf(vault.locked('one at a time', async () => 'never'))).toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/^one at a time is locked since 20\S+Z by process \S+\/\d+\.$/),
      hint: expect.stringContaining('Wait until it is done'),
    });
  }
  expect(await other.locked('another key', async () => 'free')).toBe('free');
  expect(await open({ book: 'another' }).locked('one at a time', async () => 'free')).toBe('free');
  await letGo();
  expect(await other.locked('one at a time', async () => 'free')).toBe('free');
});

test('of many that want a lock at the same moment one gets it', async () => {
  let working = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 6 }, () =>
      open({ waitMs: 30_000 }).locked('rush', async ({ value, save }) => {
        working += 1;
        expect(working).toBe(1);
        await save(`${value ?? ''}x`);
        working -= 1;
      }),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'fulfilled'));
  expect(await keptUnder(open(), 'rush')).toBe('xxxxxx');
});

test('whoever is patient waits for the lock', async () => {
  const { letGo } = await hold(open(), 'patience');
  const waits = open({ waitMs: 30_000 }).locked('patience', async () => 'had it');
  expect(await failureOf(open({ waitMs: 1 }).locked('patience', async () => 'never'))).toMatchObject({
    code: 'locked',
  });
  await letGo();
  expect(await waits).toBe('had it');
});

test('work that fails gives the lock back, and what was saved stays', async () => {
  const vault = open();
  const failing = vault.locked('failing', async ({ save }) => {
    await save('kept');
    throw new RangeError('no');
  });
  await expect(failing).rejects.toThrow(RangeError);
  expect(await keptUnder(vault, 'failing')).toBe('kept');
});

test('a lock is renewed while its holder works', async () => {
  const { held, letGo } = await hold(open({ leaseMs: 1000 }), 'long work');
  const first = await leaseOf('long work');
  const isOver = async () => (await query(url, 'SELECT clock_timestamp() > $1 AS over', [first?.held_until]))[0]?.over;
  // When the lease would have ended, and all the time until then.
  let over: unknown;
  do {
    over = await isOver();
    expect(await failureOf(open().locked('long work', async () => 'never'))).toMatchObject({ code: 'locked' });
  } while (over !== true);
  expect((await leaseOf('long work'))?.holder).toBe(first?.holder);
  await held.save('still mine');
  expect(held.signal.aborted).toBe(false);
  await letGo();
});

test('a process that was killed loses its lock when the lease ends, and not before', async () => {
  const vault = open();
  expect(await keptUnder(vault, 'killed')).toBeNull();
  const child = start('hold', url, 'killed', '2000');
  await child.spoke;
  child.process.kill('SIGKILL');
  expect(await failureOf(vault.locked('killed', async () => 'never'))).toMatchObject({ code: 'locked' });
  expect((await child.ended).signal).toBe('SIGKILL');
  expect(await keptUnder(open({ waitMs: 30_000 }), 'killed')).toBe('mine');
});

test('a process that was frozen and wakes up cannot save any more', async () => {
  const child = start('hold', url, 'frozen', '1000');
  await child.spoke;
  child.process.kill('SIGSTOP');
  await open({ waitMs: 30_000 }).locked('frozen', async ({ value, save }) => {
    expect(value).toBe('mine');
    await save('taken over');
  });
  child.process.kill('SIGCONT');
  child.process.stdin.write('save\n');
  expect((await child.ended).output).toBe('held\nlock_lost aborted');
  expect(await keptUnder(open(), 'frozen')).toBe('taken over');
});

test('a lock that another has taken is lost, and the work is told', async () => {
  const { held, letGo } = await hold(open({ leaseMs: 3000 }), 'taken');
  const lost = new Promise((resolve) => held.signal.addEventListener('abort', resolve));
  await query(url, `UPDATE contact_sync.vault SET holder = gen_random_uuid() WHERE key = 'taken'`);
  await lost;
  expect(held.signal.reason).toMatchObject({
    code: 'lock_lost',
    hint: expect.stringContaining('Nothing more was written'),
  });
  expect(await failureOf(held.save('late'))).toMatchObject({ code: 'lock_lost' });
  await letGo();
  // It is the other's still.
  expect((await leaseOf('taken'))?.holder).not.toBeNull();
  expect(await query(url, `SELECT value FROM contact_sync.vault WHERE key = 'taken'`)).toEqual([{ value: null }]);
});

test('a server that does not answer for as long as the lease: the work is told, and its result stands', async () => {
  const place = await newDatabase();
  const { held, letGo } = await hold(open({ url: place, leaseMs: 300, busyTimeoutMs: 20 }), 'silence');
  const lost = new Promise((resolve) => held.signal.addEventListener('abort', resolve));
  const unlock = await locking(place, 'contact_sync.vault');
  await lost;
  expect(await failureOf(held.save('late'))).toMatchObject({ code: 'lock_lost' });
  await letGo();
  await unlock();
});

test('the clock of the server decides, not that of a machine that is ahead', async () => {
  const { letGo } = await hold(open(), 'clocks');
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  expect(await failureOf(open().locked('clocks', async () => 'never'))).toMatchObject({ code: 'locked' });
  vi.restoreAllMocks();
  await letGo();
});

test.each([{ leaseMs: 0 }, { waitMs: -1 }, { busyTimeoutMs: 0.5 }, { now: 5 }])(
  'options like %j are refused',
  (wrong) => {
    const options = { url: 'postgresql://host/books', ...wrong } as PostgresVaultOptions;
    expect(() => postgresVault(options)).toThrow('cannot be used');
  },
);

test('a key that cannot be stored', async () => {
  expect(await failureOf(open().locked('a\0', async () => 'never'))).toMatchObject({ code: 'usage' });
});

test('a vault that is opened for reading reads, and writes nothing', async () => {
  await open().locked('to be read', ({ save }) => save('half \ud83d'));
  const vault = open({ readOnly: true });
  expect([await vault.read('to be read'), await vault.keys('to be')]).toEqual(['half \ud83d', ['to be read']]);
  expect(await failureOf(vault.locked('to be read', async () => {}))).toMatchObject({ code: 'store_unusable' });
  expect(await failureOf(vault.read('a\0'))).toMatchObject({ code: 'usage' });
  expect(await failureOf(vault.keys('a\0'))).toMatchObject({ code: 'usage' });
});
