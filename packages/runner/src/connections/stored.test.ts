import { ContactSyncError, memoryVault, type Vault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { testTerminal } from '../../test/test-terminal.js';
import { type Key, newKey, parseKey } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { connect, type Wanted } from './connect.js';
import { removeUnusedGrants } from './grants.js';
import { readIfOpens, readStored, type StoredConnection, storedKey, writeStored } from './stored.js';

// What cannot be opened is one thing, and a store that cannot be read another one.

function aKey(): Key {
  const key = parseKey(newKey());
  if (key === null) throw new Error('A new key is no key.');
  return key;
}

/** Never goes off by itself, and ends when the work does. */
function untilOver(_: number, over?: AbortSignal): Promise<void> {
  return new Promise((resolve) => over?.addEventListener('abort', () => resolve()));
}

const source = 'shop:north';
const connection: StoredConnection = {
  connector: 'shop',
  settings: { firm: 'north', archived: 'true' },
  secrets: {},
  signIn: null,
  policy: { region: 'NZ' },
  kind: 'external',
  schedule: '15m',
  createdBy: 'tester',
  at: '2026-01-31T00:00:00.000Z',
};

async function aBook() {
  const key = aKey();
  const vault = memoryVault({ leaseMs: 60_000, waitMs: 0, clock: { now: () => 0, wait: untilOver } });
  const sealed = sealedVault(vault, [key]);
  await writeStored(sealed, 'default', source, connection);
  return { keys: [key] as const, vault, sealed };
}

const busy = new ContactSyncError('store_busy', 'The store is busy.', { hint: 'Run it again.' });

/** What is below is not to be read where `fails` says so. */
function busyVault(vault: Vault, fails: { readonly read?: string; readonly keys?: string }): Vault {
  return {
    ...vault,
    read: async (key) => {
      if (key === fails.read) throw busy;
      return await vault.read(key);
    },
    keys: async (prefix) => {
      if (fails.keys !== undefined && prefix.startsWith(fails.keys)) throw busy;
      return await vault.keys(prefix);
    },
  };
}

const place = `secret:${storedKey('default', source)}`;

test('what opens is there, and nothing for nothing', async () => {
  const { sealed } = await aBook();
  expect(await readIfOpens(sealed, 'default', source)).toEqual(connection);
  expect(await readIfOpens(sealed, 'default', 'shop:south')).toBeNull();
});

test('what another key made, what is damaged and what is newer does not open', async () => {
  const { vault, sealed } = await aBook();
  const other = sealedVault(vault, [aKey()]);
  await expect(readStored(other, 'default', source)).rejects.toMatchObject({ code: 'key_wrong' });
  expect(await readIfOpens(other, 'default', source)).toBeNull();

  await sealed.replace(storedKey('default', source), '{ "version": 2 }');
  await expect(readStored(sealed, 'default', source)).rejects.toMatchObject({ code: 'store_newer' });
  expect(await readIfOpens(sealed, 'default', source)).toBeNull();

  await vault.locked(place, ({ save }) => save('cs1.damaged'));
  await expect(readStored(sealed, 'default', source)).rejects.toMatchObject({ code: 'secret_damaged' });
  expect(await readIfOpens(sealed, 'default', source)).toBeNull();
});

const wanted: Wanted = {
  name: 'shop',
  connector: {
    name: 'shop',
    title: 'Shop',
    settings: z.object({ firm: z.string() }),
    secrets: {},
    sourceOf: () => source,
    create: () => ({
      source,
      async *read() {
        yield { records: [], unreadable: [], skipped: {} };
        return { complete: true, tenant: null };
      },
    }),
    signIn: {
      client: { id: 'SHOP_CLIENT_ID', secret: 'SHOP_CLIENT_SECRET', secretNeeded: false },
      setting: 'accessToken',
      open() {
        throw new ContactSyncError('source_forbidden', 'The shop is closed.', { hint: 'Come again tomorrow.' });
      },
    },
  },
  book: 'default',
  settings: { firm: 'north' },
  policy: {},
  kind: null,
  tenants: [],
  signIn: true,
  redirect: { port: 0, uri: undefined, browser: false },
  asks: false,
};

test('while the store is busy, connecting again stops, and what was set before stays', async () => {
  const { keys, vault, sealed } = await aBook();
  const below = busyVault(vault, { read: place });
  const secrets = { vault: below, keys, sealed: sealedVault(below, keys) };
  await expect(connect(testTerminal(), secrets, wanted)).rejects.toThrow(busy);
  expect(await readStored(sealed, 'default', source)).toEqual(connection);
  // And goes on once it is not.
  await connect(testTerminal(), { vault, keys, sealed }, wanted);
  expect(await readStored(sealed, 'default', source)).toEqual(connection);
});

test('while the store is busy, nobody says that the grants were looked after', async () => {
  const { keys, vault } = await aBook();
  const looked = removeUnusedGrants(busyVault(vault, { read: place }), keys, 'default', 'shop');
  await expect(looked).rejects.toThrow(busy);
});

test('a sign-in that fails is what is said, also where cleaning up after it fails', async () => {
  const { keys, vault } = await aBook();
  const below = busyVault(vault, { keys: 'secret:sign-in:' });
  const secrets = { vault: below, keys, sealed: sealedVault(below, keys) };
  const work = connect(testTerminal({ env: { SHOP_CLIENT_ID: 'app' } }), secrets, wanted);
  await expect(work).rejects.toMatchObject({ code: 'source_forbidden' });
});
