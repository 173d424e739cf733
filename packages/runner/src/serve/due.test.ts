import { expect, test } from 'vitest';
import { dueAt, mayResync, type Standing } from './due.js';
import { offsetOf, parseSchedule } from './schedule.js';

const at = (text: string) => Date.parse(`2026-03-02T${text}Z`);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().slice(5, 19));

// "abc" has the second 3519 of each hour: 58:39.
const standing: Standing = {
  name: 'abc',
  schedule: parseSchedule('hourly'),
  state: 'connected',
  storedAt: at('00:00:00'),
  last: { at: null, goodAt: null, disconnectedAt: null },
  triedAt: null,
  resumeAt: null,
};
const ran = (text: string) => ({ ...standing.last, at: at(text) });
const nightly = parseSchedule('0 3 * * * UTC');

test.each<[string, Partial<Standing>, string | null]>([
  ['a new one: now', {}, '03-02T00:00:00'],
  ['a new one with a cron expression: at its time', { schedule: nightly }, '03-02T03:00:00'],
  ['an hour after a run at its moment', { last: ran('07:58:39') }, '03-02T08:58:39'],
  ['a run a little late changes no moment', { last: ran('07:59:30') }, '03-02T08:58:39'],
  ['a run by hand changes no moment', { last: ran('08:20:00') }, '03-02T08:58:39'],
  ['a try that the history does not know counts', { last: ran('07:58:39'), triedAt: at('08:58:40') }, '03-02T09:58:39'],
  [
    'the history counts where others ran it later',
    { last: ran('09:58:39'), triedAt: at('08:58:40') },
    '03-02T10:58:39',
  ],
  ['the end of a limit, before the next moment', { last: ran('07:58:39'), resumeAt: at('08:10:00') }, '03-02T08:10:00'],
  ['the end of a limit, after several moments', { last: ran('07:58:39'), resumeAt: at('20:00:00') }, '03-02T20:00:00'],
  ['a limit that a later run left behind', { last: ran('08:11:00'), resumeAt: at('08:10:00') }, '03-02T08:58:39'],
  [
    'a limit without end is tried after 25 hours',
    { last: ran('07:58:39'), resumeAt: Date.parse('2027-01-01T00:00:00Z') },
    '03-03T08:58:39',
  ],
  ['paused', { state: 'paused' }, null],
  ['disconnected', { state: 'disconnected', last: { ...ran('07:00:00'), disconnectedAt: at('08:00:00') } }, null],
  [
    'disconnected, and connected again',
    { state: 'disconnected', storedAt: at('09:00:00'), last: { ...ran('07:00:00'), disconnectedAt: at('08:00:00') } },
    '03-02T07:58:39',
  ],
  ['disconnected, nobody knows when', { state: 'disconnected', last: ran('07:00:00') }, null],
  ['a cron expression', { schedule: nightly, last: ran('03:00:00') }, '03-03T03:00:00'],
])('%s', (_, change, expected) => {
  expect(offsetOf('abc')).toBe(3519_000);
  expect(iso(dueAt({ ...standing, ...change }))).toBe(expected);
});

test('who connected anew after a run need not wait', () => {
  const mended = { ...standing, last: ran('08:00:00'), storedAt: at('08:01:00') };
  expect(mayResync(mended, at('08:01:00'))).toEqual({ started: true });
  expect(mayResync({ ...mended, triedAt: at('08:01:00') }, at('08:01:01'))).toMatchObject({ why: 'too_soon' });
});

test('a person may sync five minutes after the last run, and not before', () => {
  const before = { ...standing, last: ran('08:00:00') };
  expect(mayResync(before, at('08:05:00'))).toEqual({ started: true });
  expect(mayResync(before, at('08:04:59'))).toEqual({
    started: false,
    why: 'too_soon',
    possibleAt: '2026-03-02T08:05:00.000Z',
  });
  expect(mayResync({ ...before, triedAt: at('08:03:00') }, at('08:05:00'))).toMatchObject({
    possibleAt: '2026-03-02T08:08:00.000Z',
  });
  expect(mayResync({ ...before, resumeAt: at('11:00:00') }, at('09:00:00'))).toEqual({
    started: false,
    why: 'rate_limited',
    possibleAt: '2026-03-02T11:00:00.000Z',
  });
  expect(mayResync({ ...before, state: 'paused' }, at('09:00:00'))).toMatchObject({ why: 'paused', possibleAt: null });
});
