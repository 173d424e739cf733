import { ContactSyncError, type Leases, type VaultClock } from '@contact-sync/core';
import type { Database } from './database.js';
import { isStorable } from './rows.js';

type Options = { readonly book: string; readonly leaseMs: number; readonly now: VaultClock['now'] | undefined };

/**
 * Locks and values in a database; each step is one transaction. Leases are measured by the server's clock unless `now` is
 * given, for those of the machines that share the database may differ.
 */
export function leasesOf(database: Database, { book, leaseMs, now }: Options): Leases {
  const moment = () => now?.() ?? null;
  return {
    async take({ key, holder, process }) {
      if (!isStorable(key)) throw unstorable();
      return database.write(async (ask) => {
        const lease = [key, holder, process, moment(), leaseMs];
        const [row] = await ask<{ value: string | null }>('takeLease', book, ...lease);
        if (row !== undefined) return { taken: true, value: parsed(row.value) };
        // Trying to take it has locked the row: its holder is the one that was in the way.
        const [held] = await ask<{ process: string; since: string }>('leaseHolder', book, key);
        return { taken: false, process: held?.process ?? 'unknown', since: Math.round(Number(held?.since)) };
      });
    },
    renew: ({ key, holder }) =>
      database.write(async (ask) => (await ask('renewLease', book, key, holder, moment(), leaseMs)).length > 0),
    save: ({ key, holder, value }) =>
      database.write(async (ask) => {
        const text = value === null ? null : JSON.stringify(value);
        return (await ask('saveValue', book, key, holder, text)).length > 0;
      }),
    // A statement by itself: a newer version that has taken over waits for locks as any other process does.
    release: ({ key, holder }) => database.read(async (ask) => void (await ask('endLease', book, key, holder))),
    async read(key) {
      if (!isStorable(key)) throw unstorable();
      const [row] = await database.read((ask) => ask<{ value: string | null }>('valueOf', book, key));
      return parsed(row?.value ?? null);
    },
    async keys(prefix) {
      if (!isStorable(prefix)) throw unstorable();
      const rows = await database.read((ask) => ask<{ key: string }>('keysWithValues', book, prefix));
      return rows.map(({ key }) => key);
    },
    close: () => database.close(),
  };
}

/** As JSON any text can be a value, also what the database's encoding does not have. */
function parsed(value: string | null): string | null {
  return value === null ? null : (JSON.parse(value) as string);
}

function unstorable(): ContactSyncError {
  return new ContactSyncError('usage', 'The key of a lock holds a character that cannot be stored.', {
    hint: 'Name it otherwise: it has a NUL, or half of a surrogate pair.',
  });
}
