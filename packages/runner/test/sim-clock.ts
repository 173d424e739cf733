import type { VaultClock } from '@contact-sync/core';

type Waiter = { readonly at: number; readonly end: () => void };

export type SimClock = VaultClock & {
  /** Lets time pass for whoever waits in the middle of their work. */
  readonly pass: (ms: number) => void;
  /** Has something happen at a moment. */
  readonly plan: (at: number, happens: () => void | Promise<void>) => void;
  /** Resolves once somebody waits. */
  readonly parked: () => Promise<void>;
  /** Goes to the next moment at which somebody waits or something happens. */
  readonly next: () => Promise<void>;
};

/** A time that stands still until a test moves it. */
export function simClock(start: number): SimClock {
  let now = start;
  const waiters = new Set<Waiter>();
  const plans: { at: number; happens: () => void | Promise<void> }[] = [];
  let whenParked: (() => void)[] = [];

  return {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const waiter = {
          at: now + ms,
          end: () => {
            waiters.delete(waiter);
            signal?.removeEventListener('abort', waiter.end);
            resolve();
          },
        };
        if (signal?.aborted) return resolve();
        signal?.addEventListener('abort', waiter.end);
        waiters.add(waiter);
        for (const tell of whenParked) tell();
        whenParked = [];
      }),
    pass(ms) {
      now += ms;
    },
    plan(at, happens) {
      plans.push({ at, happens });
      plans.sort((a, b) => a.at - b.at);
    },
    parked: () => (waiters.size > 0 ? Promise.resolve() : new Promise((resolve) => whenParked.push(resolve))),
    async next() {
      const waiter = [...waiters].sort((a, b) => a.at - b.at)[0];
      const planned = plans[0];
      if (planned !== undefined && (waiter === undefined || planned.at <= waiter.at)) {
        plans.shift();
        now = Math.max(now, planned.at);
        return await planned.happens();
      }
      if (waiter === undefined) throw new Error('Nobody waits.');
      now = Math.max(now, waiter.at);
      waiter.end();
    },
  };
}
