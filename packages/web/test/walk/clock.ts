import { setTimeout } from 'node:timers/promises';
import type { VaultClock } from '@contact-sync/core';

export type MovedClock = VaultClock & {
  /** Puts it forward: whoever waits until then waits no more. */
  readonly pass: (ms: number) => void;
};

/** The machine's clock, which a test can put forward. */
export function movedClock(): MovedClock {
  const waiting = new Set<AbortController>();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  return {
    now,
    async wait(ms, signal) {
      const until = now() + ms;
      while (signal?.aborted !== true && now() < until) {
        const moved = new AbortController();
        waiting.add(moved);
        const either = signal === undefined ? moved.signal : AbortSignal.any([signal, moved.signal]);
        await setTimeout(until - now(), undefined, { signal: either }).catch(() => undefined);
        waiting.delete(moved);
      }
    },
    pass(ms) {
      ahead += ms;
      for (const one of waiting) one.abort();
    },
  };
}
