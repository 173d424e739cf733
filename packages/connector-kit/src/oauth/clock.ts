import { setTimeout as timer } from 'node:timers/promises';
import type { HttpSettings } from '../http/types.js';

/** Time and chance, as in `HttpSettings`. */
export type Clock = {
  readonly now: () => Date;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
};

export function clockOf({ now, wait, random }: Pick<HttpSettings, 'now' | 'wait' | 'random'>): Clock {
  return {
    now: now ?? (() => new Date()),
    wait: wait ?? ((ms, signal) => timer(ms, undefined, { signal })),
    random: random ?? Math.random,
  };
}
