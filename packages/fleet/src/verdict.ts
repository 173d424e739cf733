import type { ErrorCode } from '@contact-sync/core';
import type { Ended } from '@contact-sync/runner/engine';

/**
 * What becomes of a sync that ended.
 * - `done`: nothing more is to be done.
 * - `again`: it may go well by itself, so it is tried again, with pauses that grow.
 * - `wait`: the system says until when.
 * - `person`: trying again changes nothing; somebody has to see to it.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly code: ErrorCode }
  | { readonly kind: 'wait'; readonly code: ErrorCode; readonly until: Date }
  | { readonly kind: 'person'; readonly code: string };

/** Outages, of the system, of the way to it and of the database, and other runs that are in the way. */
const again: ReadonlySet<ErrorCode> = new Set([
  'source_unreachable',
  'source_unavailable',
  'source_timeout',
  'source_incomplete',
  'source_rate_limited',
  'store_busy',
  'store_failed',
  'store_conflict',
  'store_newer',
  'locked',
  'lock_lost',
  'cancelled',
]);

/** The connection is not to be synced any more: that is what somebody wanted. */
const wanted: ReadonlySet<ErrorCode> = new Set(['connection_paused', 'not_found']);

export function verdictOf(ended: Ended): Verdict {
  if (ended.outcome === 'blocked') return { kind: 'person', code: ended.plan.blocked[0]?.guard ?? 'guard' };
  if (ended.outcome !== 'failed') return { kind: 'done' };
  const { code, resumeAt } = ended.error;
  if (wanted.has(code)) return { kind: 'done' };
  if (resumeAt !== undefined) return { kind: 'wait', code, until: new Date(resumeAt) };
  return again.has(code) ? { kind: 'again', code } : { kind: 'person', code };
}

const hour = 3_600_000;
/** So many failures cost nothing; each one more doubles the pause, up to a day. */
const patience = 2;

/** For how long a connection that failed so often in a row is left alone beyond its schedule, in milliseconds. */
export function slowedMs(failures: number): number {
  return failures <= patience ? 0 : Math.min(24, 2 ** (failures - patience)) * hour;
}
