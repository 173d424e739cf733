import { createHash } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import { Cron } from 'croner';

/** When a connection is synced: once an hour at a moment of its own, or as a cron expression says, in a time zone. */
export type Schedule =
  | { readonly kind: 'hourly' }
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string };

const hour = 3_600_000;

/**
 * `hourly`, or five fields of cron and perhaps a time zone of IANA: `30 7 * * 1-5 Australia/Sydney`. UTC unless said.
 *
 * @throws ContactSyncError `setting_invalid`
 */
export function parseSchedule(text: string): Schedule {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && words[0] === 'hourly') return { kind: 'hourly' };
  if (words.length < 5 || words.length > 6) throw invalid(text, 'it has not five fields');
  const schedule = { kind: 'cron', expression: words.slice(0, 5).join(' '), timeZone: words[5] ?? 'UTC' } as const;
  if (!isTimeZone(schedule.timeZone)) throw invalid(text, `${schedule.timeZone} is no time zone`);
  let next: Date | null;
  try {
    next = cronOf(schedule).nextRun();
  } catch (error) {
    throw invalid(text, error instanceof Error ? error.message.replace(/^CronPattern: /, '') : 'it is not one', error);
  }
  if (next === null) throw invalid(text, 'that moment never comes');
  return schedule;
}

/** The same as text, as it is stored. */
export function scheduleText(schedule: Schedule): string {
  return schedule.kind === 'hourly' ? 'hourly' : `${schedule.expression} ${schedule.timeZone}`;
}

/**
 * The first moment of the schedule after another; milliseconds since 1970.
 *
 * @param name of the connection: each has its own second of the hour, always the same, so that firms spread
 */
export function nextAfter(schedule: Schedule, name: string, after: number): number {
  if (schedule.kind === 'cron') {
    return cronOf(schedule).nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY;
  }
  const offset = offsetOf(name);
  return Math.floor((after - offset) / hour) * hour + hour + offset;
}

/** A whole second of the hour, in milliseconds. */
export function offsetOf(name: string): number {
  return (createHash('sha256').update(name).digest().readUInt32BE() % 3600) * 1000;
}

function cronOf({ expression, timeZone }: Schedule & { kind: 'cron' }): Cron {
  return new Cron(expression, { timezone: timeZone, paused: true });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function invalid(text: string, problem: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('setting_invalid', `"${text.slice(0, 80)}" is no schedule: ${problem}.`, {
    hint: 'Write hourly, or a cron expression and a time zone: "30 7 * * 1-5 Australia/Sydney".',
    cause,
  });
}
