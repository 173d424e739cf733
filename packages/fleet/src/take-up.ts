import { createHash } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import {
  type BookSettings,
  errorFacts,
  ifItOpens,
  nextAfter,
  offsetOf,
  parseSchedule,
  type Schedule,
  type ServeLog,
  type StoredConnection,
  scheduleText,
} from '@contact-sync/runner/engine';
import type { PgBoss, SendOptions } from 'pg-boss';
import { storedOf } from './job-book.js';
import { connectionKey, momentName, queues, type SyncJob, type SyncOf } from './names.js';
import { allRows, putRow, type Row, removeRow, type Size } from './rows.js';
import { restingNames, type StoredName, storedNames } from './stored.js';
import type { World } from './world.js';

export type TakingUp = {
  readonly world: World;
  readonly boss: PgBoss;
  readonly log: ServeLog;
  readonly settingsOf: (book: string) => BookSettings;
};

/** So many are taken up at once: each takes some round trips to the database. */
const atOnce = 6;

/** Sees which connections are new, changed, paused and gone, whoever did it, and has pg-boss's schedules follow. */
export async function takeUp({ world, boss, log, settingsOf }: TakingUp): Promise<void> {
  const { pool } = world;
  const [names, resting, known] = [await storedNames(pool), await restingNames(pool), await allRows(pool)];
  const rows = new Map(known.map((row) => [row.key, row]));
  const states = new Map(resting.map((one) => [connectionKey(one), one.state]));
  for (let at = 0; at < names.length; at += atOnce) {
    await Promise.all(names.slice(at, at + atOnce).map(takeUpSafely));
  }
  for (const { key } of rows.values()) {
    await unschedule(boss, key);
    await removeRow(pool, key);
  }

  /** What is wrong with one keeps back none of the others. */
  async function takeUpSafely(name: StoredName): Promise<void> {
    const key = connectionKey(name);
    const row = rows.get(key) ?? null;
    rows.delete(key);
    try {
      await takeUpOne(name, row, states.get(key) ?? null);
    } catch (error) {
      const facts = ContactSyncError.is(error) ? errorFacts(error) : { code: 'internal' };
      log.error({ book: name.book, source: name.source, error: facts }, 'a connection could not be taken up');
    }
  }
  async function takeUpOne(name: StoredName, row: Row | null, state: string | null): Promise<void> {
    const usual = scheduleText(parseSchedule(settingsOf(name.book).schedule ?? 'hourly'));
    const key = connectionKey(name);
    const isSame = row?.mark.startsWith(`${name.sealed} `) === true;
    if (isSame && row.paused === (state !== null) && (row.own_schedule || row.schedule === usual)) return;
    // One that is new and does not open is scheduled, so that its run fails and is told. Of one that is known nothing is
    // concluded from what cannot be read: it stays as it is.
    const reading = storedOf(world, name.book, name.source);
    const stored = row === null ? await ifItOpens(reading) : await reading;
    const schedule = scheduleOf(stored, usual);
    const mark = `${name.sealed} ${contentMark(stored)}`;
    // Encrypting anew, with another key, changes nothing for anybody.
    const isNew = row === null || row.mark.split(' ')[1] !== contentMark(stored);
    // What somebody disconnected is left alone, until somebody connects it again.
    const paused = state === 'paused' || (state === 'disconnected' && !(row !== null && isNew));
    const due = paused ? null : new Date(isNew ? Date.now() : nextAfter(schedule.is, momentName(name), Date.now()));
    if (paused) await unschedule(boss, key);
    else await scheduleSync(boss, name, schedule.is, row?.size ?? 'small');
    await putRow(pool, {
      ...{ key, book: name.book, source: name.source, mark, due_at: due, paused },
      ...{ schedule: scheduleText(schedule.is), own_schedule: schedule.own },
    });
    if (paused || !isNew) return;
    if (row !== null) await forgetFailures(boss, key);
    // A sync that waits for its time, or for its next try, is due now.
    await syncNow(boss, name, row?.size ?? 'small');
  }
}

/** Has pg-boss sync it on its schedule; once for all that was missed while no worker ran. */
export async function scheduleSync(boss: PgBoss, of: SyncOf, schedule: Schedule, size: Size): Promise<void> {
  const { cron, tz } = cronOf(schedule, momentName(of));
  const key = connectionKey(of);
  const { book, source } = of;
  await boss.schedule(queues.sync, cron, { book, source }, { key, tz, missed: 'once', ...jobOptions(of, size) });
}

/** Has it synced now, unless it runs: a job that waits is brought forward. `by`: the person who asked for it. */
export async function syncNow(boss: PgBoss, of: SyncOf, size: Size, by?: string): Promise<void> {
  const { book, source } = of;
  const data: SyncJob = { book, source, ...(by === undefined ? {} : { by }) };
  await boss.upsert(queues.sync, data, { ...jobOptions(of, size), startAfter: 0 });
}

/** Large ones are of one group, so that they can be kept from taking every place; the others are of none. */
export function jobOptions(of: SyncOf, size: Size): Pick<SendOptions, 'singletonKey' | 'group'> {
  return { singletonKey: connectionKey(of), ...(size === 'large' ? { group: { id: size } } : {}) };
}

/** Has pg-boss forget it: its schedule, what waits, and what a person had to see to. */
export async function unschedule(boss: PgBoss, key: string): Promise<void> {
  await boss.unschedule(queues.sync, key);
  // One that runs ends by itself.
  const idle = (await boss.findJobs(queues.sync, { key })).filter(({ state }) => state !== 'active');
  if (idle.length > 0)
    await boss.deleteJob(
      queues.sync,
      idle.map(({ id }) => id),
    );
  await forgetFailures(boss, key);
}

/** What a person had to see to is over. */
export async function forgetFailures(boss: PgBoss, key: string): Promise<void> {
  const failed = await boss.findJobs(queues.failed, { key });
  if (failed.length === 0) return;
  await boss.deleteJob(
    queues.failed,
    failed.map(({ id }) => id),
  );
}

function scheduleOf(stored: StoredConnection | null, usual: string): { is: Schedule; own: boolean } {
  if (stored?.schedule == null) return { is: parseSchedule(usual), own: false };
  try {
    return { is: parseSchedule(stored.schedule), own: true };
  } catch {
    // It was checked when it was stored; another version may know more of schedules.
    return { is: parseSchedule(usual), own: true };
  }
}

function cronOf(schedule: Schedule, name: string): { cron: string; tz: string } {
  if (schedule.kind === 'cron') return { cron: schedule.expression, tz: schedule.timeZone };
  const second = offsetOf(name) / 1000;
  return { cron: `${second % 60} ${Math.floor(second / 60)} * * * *`, tz: 'UTC' };
}

/** Of what a person says of a connection; null secrets and all: they are not in it. */
function contentMark(stored: StoredConnection | null): string {
  if (stored === null) return 'closed';
  const { connector, settings, signIn, policy, kind, schedule, at } = stored;
  const said = JSON.stringify([connector, settings, signIn?.grant ?? null, policy, kind, schedule, at]);
  return createHash('sha256').update(said).digest('hex').slice(0, 32);
}
