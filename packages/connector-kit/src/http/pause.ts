import type { RateLimit, RetryPolicy } from './types.js';

export type Pauses = Required<{ [K in keyof RetryPolicy]: number }>;

export const defaultPauses: Pauses = { attempts: 4, baseMs: 500, capMs: 20_000, maxWaitMs: 90_000 };

/** Full jitter: spread evenly, so that clients that failed together do not come back together. */
export function backoff(tried: number, pauses: Pauses, random: () => number): number {
  return random() * Math.min(pauses.capMs, pauses.baseMs * 2 ** (tried - 1));
}

/** What the vendor asked for, as milliseconds from now; null if that makes no sense. */
export function askedMs(limit: RateLimit | null, now: Date): number | null {
  if (limit === null || ('waitMs' in limit && limit.waitMs === null)) return null;
  const ms = 'waitMs' in limit ? (limit.waitMs ?? 0) : limit.resumeAt.getTime() - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** ISO 8601 in UTC; undefined beyond the dates there are. */
export function timeAfter(now: Date, ms: number): string | undefined {
  const time = new Date(now.getTime() + ms);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
