import type { ConnectionState } from '@contact-sync/core';
import type { LastRuns } from './history.js';
import { nextAfter, type Schedule } from './schedule.js';

/** What decides when a connection is synced next. Times are milliseconds since 1970. */
export type Standing = {
  /** Of book and source: gives each connection its own moment of the hour. */
  readonly name: string;
  readonly schedule: Schedule;
  /** Null: never synced. */
  readonly state: ConnectionState | null;
  readonly storedAt: number;
  readonly last: LastRuns;
  /** When this process last tried, whether or not the history knows of it. */
  readonly triedAt: number | null;
  /** When the system's limit lets it go on. */
  readonly resumeAt: number | null;
};

/** A person may sync a connection by hand this often at most. */
const manualPauseMs = 5 * 60_000;

/** A limit that is said to last longer than this is tried anyway. The longest that a vendor has is that of a day. */
const longestLimitMs = 25 * 3_600_000;

/**
 * When to sync next; null: not at all. A time that has passed means now, and once: what was missed while nobody was
 * awake is one run, since a run reads everything there is.
 */
export function dueAt(standing: Standing): number | null {
  const { name, schedule, storedAt, last, triedAt, resumeAt } = standing;
  if (!isServed(standing)) return null;
  const ran = latest(last.at, triedAt);
  if (resumeAt !== null && ran !== null && resumeAt > ran) return Math.min(resumeAt, ran + longestLimitMs);
  if (ran !== null) return nextAfter(schedule, name, ran);
  return schedule.kind === 'hourly' ? storedAt : nextAfter(schedule, name, storedAt);
}

/** Paused and disconnected connections are left alone, until somebody resumes or connects them. */
function isServed({ state, storedAt, last }: Pick<Standing, 'state' | 'storedAt' | 'last'>): boolean {
  if (state === 'paused') return false;
  // The history is not read to its begin: when it does not tell, nobody is known to have connected it again.
  return state !== 'disconnected' || (last.disconnectedAt !== null && storedAt > last.disconnectedAt);
}

export type Resync =
  | { readonly started: true }
  /** `possibleAt`: ISO 8601 in UTC; null where time alone does not help. */
  | {
      readonly started: false;
      readonly why: 'unknown' | 'paused' | 'running' | 'too_soon' | 'rate_limited' | 'stopping';
      readonly possibleAt: string | null;
    };

/** Whether a person may have a connection synced now. */
export function mayResync(standing: Standing, now: number): Resync {
  if (!isServed(standing)) return { started: false, why: 'paused', possibleAt: null };
  const { last, triedAt, resumeAt, storedAt } = standing;
  if (resumeAt !== null && resumeAt > now) return refused('rate_limited', resumeAt);
  const ran = latest(last.at, triedAt);
  // Who connected anew since is not kept waiting for what failed before.
  if (ran !== null && ran >= storedAt && ran + manualPauseMs > now) return refused('too_soon', ran + manualPauseMs);
  return { started: true };
}

function refused(why: 'too_soon' | 'rate_limited', at: number): Resync {
  return { started: false, why, possibleAt: new Date(at).toISOString() };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
