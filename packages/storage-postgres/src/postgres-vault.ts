import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { leaseVault, type Vault, type VaultClock } from '@contact-sync/core';
import { openDatabase } from './database.js';
import { leasesOf } from './leases.js';
import { type PlaceOptions, parseOptions, vaultOptionsSchema } from './options.js';

export type PostgresVaultOptions = PlaceOptions & {
  /** Only `read` and `keys` work then, and nothing is written: `locked` rejects with `store_unusable`. */
  readonly readOnly?: boolean;
  /**
   * For how long a lock is kept for a process that says nothing, in milliseconds. It is renewed at a third of this, and
   * another process may take it when it was not. 60000 unless said.
   */
  readonly leaseMs?: number;
  /** For how long to wait for a lock that another process holds, in milliseconds. 0 unless said: it is refused at once. */
  readonly waitMs?: number;
  /** The time, in milliseconds since 1970. The server's unless said, so that machines whose clocks differ agree. */
  readonly now?: VaultClock['now'];
  /** Resolves after so many milliseconds, or when the signal aborts. A timer unless said. */
  readonly wait?: VaultClock['wait'];
};

/**
 * Locks and small values in a PostgreSQL database, in the schema of the contact books, by book and key. What `postgresStore`
 * throws, and its methods reject with, goes for this too; and `locked` rejects with `locked` (which says since when, and
 * by which process), its `save` with `lock_lost`. Values are stored as they are given: whoever keeps a secret in one
 * encrypts it.
 */
export function postgresVault(options: PostgresVaultOptions): Vault {
  const { book, readOnly, leaseMs, waitMs, now, wait = timer, ...rest } = parseOptions(vaultOptionsSchema, options);
  // A server that does not answer is one that cannot be asked for more time: the lock is lost when its lease is over.
  const answerTimeoutMs = Math.max(Math.ceil(leaseMs / 3), 5000);
  const database = openDatabase({ ...rest, readOnly, answerTimeoutMs });
  return leaseVault(leasesOf(database, { book, leaseMs, now }), {
    leaseMs,
    waitMs,
    clock: { now: now ?? Date.now, wait },
    process: `${hostname()}/${process.pid}`,
    newHolder: randomUUID,
  });
}

async function timer(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
