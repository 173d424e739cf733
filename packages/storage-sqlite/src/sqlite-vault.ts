import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ContactSyncError, type Leases, leaseVault, type Vault, type VaultClock } from '@contact-sync/core';
import { z } from 'zod';
import { explained, unusable } from './errors.js';
import { leasesOf } from './leases.js';
import { open } from './open.js';

const optionsSchema = z.strictObject({
  file: z.string().min(1),
  readOnly: z.boolean().default(false),
  create: z.boolean().default(true),
  leaseMs: z.number().positive().default(60_000),
  waitMs: z.number().min(0).default(0),
  busyTimeoutMs: z.int().min(0).default(5000),
  now: z.custom<VaultClock['now']>((value) => typeof value === 'function').default(() => Date.now),
  wait: z.custom<VaultClock['wait']>((value) => typeof value === 'function').default(() => wait),
});

export type SqliteVaultOptions = {
  /** Path of the database; it may be the one of the books. Made where there is none, for its owner's eyes only. */
  readonly file: string;
  /** Whether to make the file where there is none. It is made unless said. */
  readonly create?: boolean;
  /** Only `read` and `keys` work then, and nothing is written: `locked` rejects with `store_unusable`. */
  readonly readOnly?: boolean;
  /**
   * For how long a lock is kept for a process that says nothing, in milliseconds. It is renewed at a third of this, and
   * another process may take it when it was not. 60000 unless said.
   */
  readonly leaseMs?: number;
  /** For how long to wait for a lock that another process holds, in milliseconds. 0 unless said: it is refused at once. */
  readonly waitMs?: number;
  /** How long to wait for another program that is writing, in milliseconds. 5000 unless said. */
  readonly busyTimeoutMs?: number;
  /** The time, in milliseconds since 1970. The machine's unless said; processes that share a file share its machine. */
  readonly now?: VaultClock['now'];
  /** Resolves after so many milliseconds, or when the signal aborts. A timer unless said. */
  readonly wait?: VaultClock['wait'];
};

/**
 * Locks and small values in a SQLite file. What `sqliteStore` throws, and its methods reject with, goes for this too;
 * and `locked` rejects with `locked` (which says since when, and by which process), its `save` with `lock_lost`.
 * Values are stored as they are given: whoever keeps a secret in one encrypts it.
 */
export function sqliteVault(options: SqliteVaultOptions): Vault {
  const { leaseMs, waitMs, busyTimeoutMs, readOnly, create, now, wait, ...rest } = parseOptions(options);
  const file = resolve(rest.file);

  async function attempt<T>(work: () => T): Promise<Awaited<T>> {
    try {
      return await work();
    } catch (error) {
      throw explained(error, file);
    }
  }

  const { db, leases } = opened();
  function opened() {
    try {
      const db = open({ file, create: create && !readOnly, readOnly, busyTimeoutMs });
      return { db, leases: leasesOf(db) };
    } catch (error) {
      throw explained(error, file);
    }
  }

  const step =
    <I, O>(work: (input: I) => Promise<O>) =>
    (input: I) =>
      attempt(() => {
        if (!db.isOpen) throw unusable(`${file} is closed already.`, 'Open the vault again.');
        return work(input);
      });
  const guarded: Leases = {
    take: step(leases.take),
    renew: step(leases.renew),
    save: step(leases.save),
    release: step(leases.release),
    read: step(leases.read),
    keys: step(leases.keys),
    async close() {
      if (db.isOpen) await attempt(() => db.close());
    },
  };
  const process = `${hostname()}/${globalThis.process.pid}`;
  return leaseVault(guarded, { leaseMs, waitMs, clock: { now, wait }, process, newHolder: randomUUID });
}

async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

function parseOptions(options: SqliteVaultOptions) {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ContactSyncError(
    'setting_invalid',
    `The setting ${issue?.path.join('.') || 'options'} of the SQLite vault cannot be used: ${issue?.message}.`,
    { hint: 'Give a path in `file`.' },
  );
}
