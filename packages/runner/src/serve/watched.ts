import type { ConnectionState } from '@contact-sync/core';
import type { StoredConnection } from '../connections/stored.js';
import { dueAt, type Standing } from './due.js';
import type { LastRuns } from './history.js';
import { type Kept, nothingKept } from './kept.js';
import { type Schedule, scheduleText } from './schedule.js';
import type { ConnectionStatus, SyncProgress } from './types.js';

/** What the service knows of a stored connection, from look to look. Times are milliseconds since 1970. */
export type Watched = {
  /** The book, as it is called. */
  readonly book: string;
  readonly source: string;
  /** Null: what is stored does not open. A run says why. */
  stored: StoredConnection | null;
  schedule: Schedule;
  storedAt: number;
  state: ConnectionState | null;
  last: LastRuns;
  kept: Kept;
  /** Whether the store does not have what is kept yet, because it could not be reached. */
  unsaved: boolean;
  triedAt: number | null;
  running: boolean;
  progress: SyncProgress | null;
  sending: boolean;
  /** Not before is it tried again to send, since another process was sending. */
  sendAt: number;
  /** Who asked for a run; null: nobody. */
  asked: { readonly actor: string } | null;
  requestsLeft: Readonly<Record<string, number>> | null;
  /** When its sign-in was last renewed. */
  renewedAt: string | null;
  /** When it was last looked at how its sign-in stands. */
  lookedAt: number | null;
  /** What is kept is changed by one at a time. */
  changing: Promise<void>;
};

export function newWatched(book: string, source: string, now: number): Watched {
  return {
    book,
    source,
    stored: null,
    schedule: { kind: 'hourly' },
    storedAt: now,
    state: null,
    last: { at: null, goodAt: null, disconnectedAt: null },
    kept: nothingKept,
    unsaved: false,
    triedAt: null,
    running: false,
    progress: null,
    sending: false,
    sendAt: 0,
    asked: null,
    requestsLeft: null,
    renewedAt: null,
    lookedAt: null,
    changing: Promise.resolve(),
  };
}

export function standingOf(watched: Watched): Standing {
  const { book, source, schedule, state, storedAt, last, triedAt, kept } = watched;
  const resumeAt = kept.resumeAt === null ? null : Date.parse(kept.resumeAt);
  return { name: `${book} ${source}`, schedule, state, storedAt, last, triedAt, resumeAt };
}

/** When its next run is to begin; null while it runs, and where nobody wants it to. */
export function nextRunOf(watched: Watched): number | null {
  if (watched.running) return null;
  return watched.asked ? 0 : dueAt(standingOf(watched));
}

export function statusOf(watched: Watched): ConnectionStatus {
  const { book, source, state, schedule, running, progress, last, requestsLeft, renewedAt, kept } = watched;
  const iso = (ms: number | null) => (ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString());
  return {
    book,
    source,
    state,
    schedule: scheduleText(schedule),
    running,
    progress,
    nextAt: iso(dueAt(standingOf(watched))),
    lastAt: iso(last.at),
    lastGoodAt: iso(last.goodAt),
    requestsLeft,
    renewedAt,
    incidents: kept.alerts.open,
  };
}
