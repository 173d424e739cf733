import { ContactSyncError, type GrantPlace, type Held } from '@contact-sync/core';
import type { Clock } from './clock.js';

/** Milliseconds to wait for a lock: longer than a killed process's lock lasts, and than a renewal with all its tries. */
const patienceMs = 180_000;

/** Pauses between looks at what another process holds: 25 to 250 milliseconds, and three minutes in all. */
export function patience(clock: Clock) {
  let waited = 0;
  let looks = 0;
  return async (error: unknown, signal: AbortSignal): Promise<void> => {
    if (!isBusy(error) || waited >= patienceMs) throw error;
    looks += 1;
    const ms = Math.min(25 * 2 ** looks, 250) * (0.5 + clock.random() / 2);
    waited += ms;
    try {
      await clock.wait(ms, signal);
    } catch (reason) {
      if (!signal.aborted) throw reason;
    }
  };
}

/** Does the work under the lock, as soon as it is free. The work is begun once at most. */
export async function underLock<T>(
  { vault, key, clock, signal }: GrantPlace & { readonly clock: Clock; readonly signal: AbortSignal },
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const wait = patience(clock);
  for (;;) {
    let begun = false;
    try {
      return await vault.locked(key, (held) => {
        begun = true;
        return work(held);
      });
    } catch (error) {
      if (begun || signal.aborted) throw error;
      await wait(error, signal);
    }
  }
}

function isBusy(error: unknown): boolean {
  return ContactSyncError.is(error) && ['locked', 'lock_lost', 'store_busy'].includes(error.code);
}
