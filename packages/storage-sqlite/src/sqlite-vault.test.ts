import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vault } from '@contact-sync/core';
import { type VaultHarness, vaultCases } from '@contact-sync/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteStore } from './sqlite-store.js';
import { type SqliteVaultOptions, sqliteVault } from './sqlite-vault.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function harness(file: string): VaultHarness {
  const opened = (timing: Parameters<VaultHarness['open']>[0]): Vault => {
    const { leaseMs, waitMs, clock } = timing;
    return sqliteVault({ file, leaseMs, waitMs, now: clock.now, wait: clock.wait });
  };
  return { open: async (timing) => opened(timing), again: async (_, timing) => opened(timing) };
}

describe('the kit for vaults', () => {
  for (const { id, name, run } of vaultCases()) test(`${id}: ${name}`, () => run(harness(join(folder, `${id}.db`))));
});

test('who is refused is told since when and by which process', async () => {
  const vault = sqliteVault({ file: join(folder, 'who.db'), now: () => Date.UTC(2026, 2, 1, 9, 30) });
  await vault.locked('xpm:t', async () => {
    await expect(vault.locked('xpm:t', async () => {})).rejects.toMatchObject({
      code: 'locked',
      message: `xpm:t is locked since 2026-03-01T09:30:00.000Z by process ${hostname()}/${process.pid}.`,
      hint: 'Wait until it is done. If it was killed, its lock ends by itself within 60 seconds.',
    });
  });
  await vault.close();
});

test('a vault and books share a file, and the lock of a vault holds up no book', async () => {
  const file = join(folder, 'shared.db');
  const store = sqliteStore({ file });
  const vault = sqliteVault({ file });
  const version = await vault.locked('xpm:t', async () => (await store.head()).version);
  expect(version).toBe(0);
  await store.close();
  await vault.close();
  await vault.close();
  await expect(vault.locked('xpm:t', async () => {})).rejects.toMatchObject({ code: 'store_unusable' });
});

test.each([{ file: '' }, { leaseMs: 0 }, { waitMs: -1 }, { busyTimeoutMs: 0.5 }])(
  'options like %j are refused',
  (wrong) => {
    const options: SqliteVaultOptions = { file: join(folder, 'never.db'), ...wrong };
    expect(() => sqliteVault(options)).toThrow('of the SQLite vault cannot be used');
  },
);

test('a vault that is opened for reading reads, and writes nothing', async () => {
  const file = join(folder, 'reading.db');
  expect(() => sqliteVault({ file, readOnly: true })).toThrow('There is no file');
  expect(() => sqliteVault({ file, create: false })).toThrow('There is no file');
  const writing = sqliteVault({ file });
  await writing.locked('a', ({ save }) => save('kept'));
  await writing.close();

  const bytes = readFileSync(file);
  const vault = sqliteVault({ file, readOnly: true });
  expect([await vault.read('a'), await vault.keys('')]).toEqual(['kept', ['a']]);
  await expect(vault.locked('a', async () => {})).rejects.toMatchObject({ code: 'store_unusable' });
  await vault.close();
  expect(readFileSync(file)).toEqual(bytes);
});
