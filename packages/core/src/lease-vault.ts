import { ContactSyncError } from './error.js';
import type { Held, Vault } from './vault.js';

/** A vault's time: for real a clock and timers, in tests one that the test moves. */
export type VaultClock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts; never rejects. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export type VaultTiming = {
  /** For how long a lock is kept for a holder that says nothing, in milliseconds. It is renewed at a third of this. */
  readonly leaseMs: number;
  /** For how long to wait for a lock that another holds, in milliseconds. */
  readonly waitMs: number;
  readonly clock: VaultClock;
};

export type Lease = {
  readonly key: string;
  /** Nobody else's: drawn anew for each time a lock is taken. */
  readonly holder: string;
};

/** Where locks and values are kept. Each method is one step that no other process can come between. */
export interface Leases {
  /** Takes the lock if it is free, or if its time is over at `now`; then with the value of the key. Else says who has it. */
  take(
    lease: Lease & { readonly process: string; readonly now: number; readonly until: number },
  ): Promise<{ taken: true; value: string | null } | { taken: false; process: string; since: number }>;
  /** False, and nothing is changed, where the lock is not this holder's any more. */
  renew(lease: Lease & { readonly until: number }): Promise<boolean>;
  /** Null takes the value away. False, and nothing is saved, where the lock is not this holder's any more. */
  save(lease: Lease & { readonly value: string | null }): Promise<boolean>;
  /** Gives the lock back, if it is this holder's. */
  release(lease: Lease): Promise<void>;
  /** These two ask for no lock, and give what `Vault` says. */
  read(key: string): Promise<string | null>;
  keys(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

export type LeaseVaultOptions = VaultTiming & {
  readonly newHolder: () => string;
  /** Which process this is, for people: host and process id. */
  readonly process: string;
};

// How often a process that waits for a lock looks again.
const lookAgainMs = 250;

/** The one way in which locks are taken, renewed and lost, wherever they are kept. */
export function leaseVault(leases: Leases, options: LeaseVaultOptions): Vault {
  const { leaseMs, waitMs, clock, newHolder, process } = options;

  async function take(lease: Lease): Promise<string | null> {
    const deadline = clock.now() + waitMs;
    for (;;) {
      const now = clock.now();
      const answer = await leases.take({ ...lease, process, now, until: now + leaseMs });
      if (answer.taken) return answer.value;
      const left = deadline - clock.now();
      if (left <= 0) throw lockedBy(lease.key, answer, leaseMs);
      await clock.wait(Math.min(left, lookAgainMs));
    }
  }

  /** Renews the lease until the work is over; calls `lost` once it is another's, or may be. */
  async function keep(lease: Lease, over: AbortSignal, lost: (cause?: unknown) => void): Promise<void> {
    let renewed = clock.now();
    for (;;) {
      await clock.wait(leaseMs / 3, over);
      if (over.aborted) return;
      const now = clock.now();
      try {
        if (!(await leases.renew({ ...lease, until: now + leaseMs }))) return lost();
        renewed = now;
      } catch (error) {
        // The store may be busy for a moment. It is tried again for as long as nobody else can have taken the lock.
        if (clock.now() - renewed >= leaseMs) return lost(error);
      }
    }
  }

  return {
    async locked(key, work) {
      const lease = { key, holder: newHolder() };
      const value = await take(lease);
      const lost = new AbortController();
      const over = new AbortController();
      const keeping = keep(lease, over.signal, (cause) => lost.abort(lockLost(key, cause)));
      const save: Held['save'] = async (next) => {
        if (!lost.signal.aborted && (await leases.save({ ...lease, value: next }))) return;
        const error = lockLost(key);
        lost.abort(error);
        throw error;
      };
      try {
        return await work({ value, save, signal: lost.signal });
      } finally {
        over.abort();
        await keeping;
        // A lock that cannot be given back ends by itself. What the work returned or threw is more important.
        await Promise.allSettled([leases.release(lease)]);
      }
    },
    read: (key) => leases.read(key),
    keys: (prefix) => leases.keys(prefix),
    close: () => leases.close(),
  };
}

function lockedBy(key: string, { process, since }: { process: string; since: number }, leaseMs: number) {
  const seconds = Math.ceil(leaseMs / 1000);
  return new ContactSyncError(
    'locked',
    `${key} is locked since ${new Date(since).toISOString()} by process ${process}.`,
    { hint: `Wait until it is done. If it was killed, its lock ends by itself within ${seconds} seconds.` },
  );
}

function lockLost(key: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError(
    'lock_lost',
    `The lock of ${key} was lost: this process was silent for too long, and another one may have taken it.`,
    { hint: 'Nothing more was written. Look at the list of runs before running it again.', cause },
  );
}
