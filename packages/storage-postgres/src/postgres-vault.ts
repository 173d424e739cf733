import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ContactSyncError, type Vault } from '@contact-sync/core';
import { openDatabase } from './database.js';
import { type Lease, leaseOf } from './lease.js';
import { type PlaceOptions, parseOptions, vaultOptionsSchema } from './options.js';
import { isStorable } from './rows.js';

export type PostgresVaultOptions = PlaceOptions & {
  /**
   * How long a lock holds after its holder was last heard of, in milliseconds. It is renewed at a third of that. 60000
   * unless said.
   */
  readonly leaseMs?: number;
  /** How long to wait for a lock that another has, in milliseconds. 0 unless said. */
  readonly waitMs?: number;
};

/** How long to wait before asking for a lock again, in milliseconds. */
const askAgainMs = 100;

/**
 * Values and locks of the runner, in the same database and schema as the contact books, by book and key. Values are kept
 * as they are: whoever may read the table may read them. Fails as `postgresStore` does, and with `locked` and `lock_lost`.
 */
export function postgresVault(options: PostgresVaultOptions): Vault {
  const { book, leaseMs, waitMs, ...rest } = parseOptions(vaultOptionsSchema, options);
  const database = openDatabase({ ...rest, readOnly: false });

  async function take(key: string): Promise<{ lease: Lease; value: string | null }> {
    if (!isStorable(key)) {
      throw new ContactSyncError('usage', 'The key of a lock holds a character that cannot be stored.', {
        hint: 'Name it otherwise: it has a NUL, or half of a surrogate pair.',
      });
    }
    const holder = randomUUID();
    const start = performance.now();
    for (;;) {
      const asked = performance.now();
      const [row] = await database.write((ask) =>
        ask<{ value: string | null }>('takeLease', book, key, holder, leaseMs),
      );
      if (row !== undefined) {
        const lease = leaseOf({ database, book, key, holder, leaseMs, since: asked });
        // Any text can be a value, also what the database's encoding does not have.
        return { lease, value: row.value === null ? null : (JSON.parse(row.value) as string) };
      }
      const left = waitMs - (performance.now() - start);
      if (left <= 0) {
        throw new ContactSyncError('locked', `Another process works on ${key}.`, {
          hint: 'Wait until it is done. If it was killed, its lock ends by itself within a minute or so.',
        });
      }
      await delay(Math.min(askAgainMs, left));
    }
  }

  return {
    async locked(key, work) {
      const { lease, value } = await take(key);
      try {
        return await work({ value, save: lease.save, signal: lease.signal });
      } finally {
        await lease.end();
      }
    },
    close: () => database.close(),
  };
}
