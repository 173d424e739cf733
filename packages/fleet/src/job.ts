import {
  type BookSettings,
  type Ended,
  eventOf,
  newWatched,
  nextAfter,
  note,
  parseSchedule,
  runConnection,
  type ServedBook,
  send,
  type Watched,
} from '@contact-sync/runner/engine';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';

import { jobBook } from './job-book.js';
import { connectionKey, momentName, queues, type SyncJob, type SyncOf } from './names.js';
import { beginRow, endRow, type Row, type RowEnd, type Size } from './rows.js';
import { lookAtSignIn } from './sign-ins.js';
import { forgetFailures, jobOptions, scheduleSync } from './take-up.js';
import { slowedMs, type Verdict, verdictOf } from './verdict.js';
import { isMany } from './watch.js';
import type { World } from './world.js';

/** Everything a sync needs but itself. */
export type Working = {
  readonly world: World;
  readonly boss: PgBoss;
  readonly url: string;
  readonly cwd: string;
  readonly name: string;
  readonly settingsOf: (book: string) => BookSettings;
  /** Aborts the signal of `run` where a newer version has taken over the database. */
  readonly stopIfNewer: () => Promise<void>;
  /** How the service runs a connection, and who hears of it. */
  readonly run: Parameters<typeof runConnection>[2];
  readonly telling: Parameters<typeof note>[3];
};

/** A read of more rows than this, or that takes longer, makes a connection a large one. */
const large = { rows: 20_000, milliseconds: 60_000 };

/** One job of pg-boss: one sync, under the lock and with the code of the service. */
export async function syncJob(job: JobWithMetadata<SyncJob>, working: Working): Promise<JobResult> {
  const { world, boss, name } = working;
  const of: SyncOf = { book: job.data.book, source: job.data.source };
  const key = connectionKey(of);
  const done: JobResult = { id: job.id, status: 'completed' };
  await working.stopIfNewer();
  if (working.run.signal.aborted) {
    await postpone(boss, job, job.groupId === 'large' ? 'large' : 'small', null);
    return done;
  }
  const row = await beginRow(world.pool, key, name);
  if (row === null || row.paused) return done;
  // It came due before the moment until which it has to wait.
  if (row.resume_at !== null && row.resume_at.getTime() > working.run.now()) {
    await endRow(world.pool, key, {});
    await postpone(boss, job, row.size, row.resume_at);
    return done;
  }
  const book = jobBook(world, of.book, working.settingsOf(of.book), working.url, working.cwd);
  const watched = newWatched(book.name, of.source, working.run.now());
  // Whatever began before this is no reason not to sync.
  watched.last = { ...watched.last, at: working.run.now() };
  const goodAt = job.retryCount > 0 ? ((await book.lastRuns(of.source)).goodAt ?? 0) : 0;
  // A worker that was killed after it wrote has done what this job is for.
  if (goodAt >= job.createdOn.getTime()) {
    const at = new Date(goodAt).toISOString();
    await endRow(world.pool, key, { at, good: true, outcome: 'unchanged', code: null, failures: 0, resumeAt: null });
    return done;
  }
  const signal = either(working.run.signal, job.signal);
  const ended = await runConnection(book, watched, {
    ...{ ...working.run, signal, actor: job.data.by ?? working.run.actor },
  });
  // As the run found it.
  watched.stored = book.found();
  if (ended === null) {
    await endRow(world.pool, key, {});
    return done;
  }
  for (const watcher of working.telling.watchers) watcher.ended?.(ended);
  if (ended.outcome === 'failed' && ended.error.code === 'store_newer') await working.stopIfNewer();
  if (working.run.signal.aborted && ended.outcome === 'failed') {
    // Another worker does it at once: it is not the connection's fault.
    await endRow(world.pool, key, {});
    await postpone(boss, job, row.size, null);
    return done;
  }
  return await settle({ job, of, key, row, book, watched, ended, verdict: verdictOf(ended) }, working);
}

type Over = {
  readonly job: JobWithMetadata<SyncJob>;
  readonly of: SyncOf;
  readonly key: string;
  readonly row: Row;
  readonly book: ServedBook;
  readonly watched: Watched;
  readonly ended: Ended;
  readonly verdict: Verdict;
};

async function settle(over: Over, working: Working): Promise<JobResult> {
  const { job, of, key, row, watched, book, ended, verdict } = over;
  const { world, boss, telling } = working;
  const now = working.run.now();
  const resumeAt = verdict.kind === 'wait' ? verdict.until : null;
  // Where many fail for one reason, people are told of that once, and not of each that begins or ends to fail.
  const why = verdict.kind === 'done' ? row.code : verdict.code;
  const quiet = why !== null && (await isMany(world.pool, why));
  await note(book, watched, eventOf(ended), quiet ? { ...telling, sinks: [] } : telling, {
    resumeAt: resumeAt?.toISOString() ?? null,
  });
  await lookAtSignIn(book, watched, working);
  if (watched.kept.outbox.length > 0 && telling.sinks.length > 0) await send(book, watched, telling);

  const { rows, milliseconds } = measured(ended);
  const size: Size = rows === null ? row.size : sizeOf(rows, milliseconds);
  const schedule = parseSchedule(row.schedule);
  if (size !== row.size) await scheduleSync(boss, of, schedule, size);
  const triedOften = verdict.kind === 'again' && job.retryCount >= job.retryLimit;
  const needsPerson = verdict.kind === 'person' || triedOften;
  const failures = needsPerson ? row.failures + 1 : verdict.kind === 'done' ? 0 : row.failures;
  const slowed = needsPerson ? slowedMs(failures) : 0;
  const until = slowed > 0 ? new Date(now + slowed) : resumeAt;
  const next = new Date(nextAfter(schedule, momentName(of), now));
  const end: RowEnd = {
    ...{ at: ended.at, good: verdict.kind === 'done', outcome: ended.outcome, failures, resumeAt: until, size },
    ...{ code: verdict.kind === 'done' ? null : verdict.code, milliseconds: ended.milliseconds },
    ...{ dueAt: until === null || until < next ? next : until, ...(rows === null ? {} : { rows }) },
  };
  await endRow(world.pool, key, end);

  if (verdict.kind === 'done') {
    if (row.failures > 0) await forgetFailures(boss, key);
    return { id: job.id, status: 'completed' };
  }
  const output = { code: verdict.code, at: ended.at };
  if (!needsPerson) {
    if (until === null) return { id: job.id, status: 'failed', output };
    await postpone(boss, job, size, until);
    return { id: job.id, status: 'completed' };
  }
  // One of a connection is enough for a person to see.
  await forgetFailures(boss, key);
  if (until !== null) {
    await boss.insert(queues.failed, [{ data: of, singletonKey: key }]);
    await postpone(boss, job, size, until);
    return { id: job.id, status: 'completed', output };
  }
  return { id: job.id, status: 'deadletter', output };
}

/**
 * The connection has one job at most, so this one ends before the next is made. A worker that dies in between loses
 * nothing: what the schedule makes next finds in the table until when it has to wait.
 */
async function postpone(
  boss: PgBoss,
  { id, retryCount, data }: JobWithMetadata<SyncJob>,
  size: Size,
  until: Date | null,
) {
  await boss.complete(queues.sync, { id, retryCount });
  const { book, source } = data;
  await boss.send(
    queues.sync,
    { book, source },
    {
      ...jobOptions(data, size),
      // A moment long ago would be one at which it was to be forgotten, too.
      ...(until === null ? {} : { startAfter: until }),
    },
  );
}

function measured(ended: Ended): { rows: number | null; milliseconds: number } {
  const { milliseconds } = ended;
  return { rows: ended.outcome === 'failed' ? null : ended.plan.counts.rows, milliseconds };
}

function sizeOf(rows: number, milliseconds: number): Size {
  return rows > large.rows || milliseconds > large.milliseconds ? 'large' : 'small';
}

/** As `AbortSignal.any`, of which the first lives as long as the worker and must not remember every job. pg-boss aborts the other at the end of the job. */
function either(long: AbortSignal, short: AbortSignal): AbortSignal {
  const both = new AbortController();
  const stop = () => both.abort();
  const forget = () => {
    long.removeEventListener('abort', stop);
    stop();
  };
  long.addEventListener('abort', stop, { once: true });
  short.addEventListener('abort', forget, { once: true });
  if (long.aborted || short.aborted) stop();
  return both.signal;
}
