import { ContactSyncError } from '@contact-sync/core';
import type { Database } from './database.js';

/** The right to work under a key, for as long as it is renewed. */
export type Lease = {
  /** Aborts when another may have the lease: nobody heard of us for as long as it lasts, or another has it already. */
  readonly signal: AbortSignal;
  /** Fails with `lock_lost` if another has the lease. */
  save(value: string): Promise<void>;
  end(): Promise<void>;
};

type Held = {
  readonly database: Database;
  readonly book: string;
  readonly key: string;
  /** Made up for this lease: it tells whether the lease is still ours. */
  readonly holder: string;
  readonly leaseMs: number;
  /** When the lease was asked for, by `performance.now()`. */
  readonly since: number;
};

/** Renews a lease that was just taken until it is ended, or lost. */
export function leaseOf({ database, book, key, holder, leaseMs, since }: Held): Lease {
  const lost = new AbortController();
  let ended = false;
  let deadline: NodeJS.Timeout | undefined;
  let nextRenewal = setTimeout(renew, leaseMs / 3);
  keepUntil(since + leaseMs);

  /** The server counts from when it was asked, which is later than when we asked: we give up first. */
  function keepUntil(end: number): void {
    clearTimeout(deadline);
    deadline = setTimeout(lose, Math.max(end - performance.now(), 0));
  }

  function stop(): void {
    clearTimeout(nextRenewal);
    clearTimeout(deadline);
  }

  function lose(): void {
    stop();
    lost.abort(lockLost(key));
  }

  async function renew(): Promise<void> {
    const asked = performance.now();
    try {
      const held = await database.write((ask) => ask('renewLease', book, key, holder, leaseMs));
      if (ended || lost.signal.aborted) return;
      if (held.length === 0) return lose();
      keepUntil(asked + leaseMs);
    } catch {
      // The server may be back before the lease ends, so it is asked again. If not, the deadline says so.
    }
    if (!ended && !lost.signal.aborted) nextRenewal = setTimeout(renew, leaseMs / 3);
  }

  return {
    signal: lost.signal,

    async save(value) {
      const asked = performance.now();
      const held = await database.write((ask) => ask('saveValue', book, key, holder, leaseMs, JSON.stringify(value)));
      if (held.length === 0) {
        lose();
        throw lockLost(key);
      }
      if (!ended && !lost.signal.aborted) keepUntil(asked + leaseMs);
    },

    async end() {
      ended = true;
      stop();
      try {
        await database.write((ask) => ask('endLease', book, key, holder));
      } catch {
        // What was to be saved is saved, and the lease ends by itself: no reason to call the work a failure.
      }
    },
  };
}

function lockLost(key: string): ContactSyncError {
  return new ContactSyncError('lock_lost', `The lock on ${key} was lost: this process was silent for too long.`, {
    hint: 'Nothing more was saved. Another process may work on it now; try again when it is done.',
  });
}
