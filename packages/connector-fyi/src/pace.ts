import { setTimeout as timer } from 'node:timers/promises';
import type { HttpSettings } from '@contact-sync/connector-kit';
import { failure } from './errors.js';

/** Milliseconds from the start of one request to the next. FYI's limits are not published: inferred to be harmless. */
const leastMs = 500;
/** A clock that was set back must not stop a read. */
const mostMs = 60_000;

export type Pace = {
  /** Waits for the next turn. Reads of one source at the same time share the turns. */
  turn(signal: AbortSignal): Promise<void>;
  /** The pause before another try, for the HTTP client: never shorter than a turn. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
};

export function paceOf(settings: Pick<HttpSettings, 'now' | 'wait'>): Pace {
  const now = () => (settings.now?.() ?? new Date()).getTime();
  const wait = settings.wait ?? ((ms: number, signal: AbortSignal) => timer(ms, undefined, { signal }));
  let next = Number.NEGATIVE_INFINITY;

  return {
    async turn(signal) {
      const at = now();
      const start = next > at && next - at <= mostMs ? next : at;
      next = start + leastMs;
      if (start === at) return;
      try {
        await wait(start - at, signal);
      } catch (error) {
        if (signal.aborted) throw cancelled();
        throw error;
      }
    },
    async pause(ms, signal) {
      await wait(Math.max(ms, leastMs), signal);
      next = Math.max(next, now() + leastMs);
    },
  };
}

export function cancelled() {
  return failure('cancelled', 'The read of FYI was cancelled.', 'Nothing was written. Run it again when you like.');
}
