import type { ErrorCode } from '@contact-sync/core';
import { describe, expect, test } from 'vitest';
import { type Alert, type AlertEvent, alertsOf, calm } from './alerts.js';

/** Something that happens at a day and an hour of January 2026. */
const day = (n: number, hour = 0) => new Date(Date.UTC(2026, 0, n, hour)).toISOString();
type Happens = AlertEvent extends infer E ? (E extends AlertEvent ? Omit<E, 'at'> : never) : never;

const good: Happens = { type: 'done', rows: 100, rejected: 0 };
const fails = (code: ErrorCode): Happens => ({ type: 'failed', code });
const down = fails('source_unreachable');
const stopped = (...guards: ('many_missing' | 'many_changed' | 'source_empty')[]): Happens => ({
  type: 'blocked',
  run: '7',
  tripped: guards.map((guard) => ({ guard, count: 40, of: 100 })),
});
const rejects = (rejected: number, rows = 100): Happens => ({ type: 'done', rows, rejected });
const grant = (renewed: number, ends: number | null): Happens => ({
  type: 'grant',
  renewedAt: day(renewed),
  endsAt: ends === null ? null : day(ends),
});

/** The alerts in short, with the number of the event that each came from, from 1. */
function told(events: readonly Happens[]): string[] {
  let state = calm;
  return events.flatMap((event, index) => {
    const { alerts, stateAfter } = alertsOf(state, { ...event, at: day(index + 1) } as AlertEvent);
    // As it comes back from where it is stored.
    state = JSON.parse(JSON.stringify(stateAfter)) as typeof state;
    return alerts.map((alert) => `${index + 1} ${short(alert)}`);
  });
}

function short(alert: Alert): string {
  switch (alert.kind) {
    case 'failing':
      return `failing ${alert.failures} ${alert.code}`;
    case 'guard':
      return `guard ${alert.tripped.map(({ guard }) => guard).join('+')}`;
    case 'reconnect':
      return `reconnect ${alert.code}`;
    case 'rejected':
      return `rejected ${alert.rejected}/${alert.rows}`;
    case 'unused':
      return 'unused';
    case 'recovered':
      return `recovered ${Object.keys(alert.from).join('+')}`;
  }
}

describe('alerts', () => {
  test.each<[string, Happens[], string[]]>([
    ['nothing', [good, good, good], []],
    ['two failures', [down, down, good, down, down, good], []],
    [
      'three in a row, then six more, then well again',
      [down, down, down, down, down, down, down, down, down, good, good],
      ['3 failing 3 source_unreachable', '10 recovered failing'],
    ],
    [
      'of different codes: the last is named',
      [down, fails('store_busy'), fails('source_rate_limited')],
      ['3 failing 3 source_rate_limited'],
    ],
    [
      'two incidents are two alerts',
      [down, down, down, good, down, down, down],
      ['3 failing 3 source_unreachable', '4 recovered failing', '7 failing 3 source_unreachable'],
    ],
    [
      'what is nobody’s fault does not count, nor end a row',
      [down, fails('locked'), down, fails('cancelled'), fails('store_conflict'), fails('lock_lost'), down],
      ['7 failing 3 source_unreachable'],
    ],
    [
      'to connect again is told at once, and the failures after it are no news',
      [fails('source_reconnect'), fails('source_reconnect'), fails('source_reconnect'), down, good],
      ['1 reconnect source_reconnect', '5 recovered reconnect'],
    ],
    [
      'a refused token is the same matter',
      [fails('source_unauthorized'), fails('source_reconnect'), good],
      ['1 reconnect source_unauthorized', '3 recovered reconnect'],
    ],
    [
      'failing, and then it turns out that somebody must connect again',
      [down, down, down, fails('source_reconnect'), good],
      ['3 failing 3 source_unreachable', '4 reconnect source_reconnect', '5 recovered failing+reconnect'],
    ],
    [
      'a guard, once, however often it stops the run',
      [stopped('many_missing'), stopped('many_missing'), stopped('many_missing'), good],
      ['1 guard many_missing', '4 recovered guard'],
    ],
    [
      'another guard is news',
      [stopped('many_missing'), stopped('many_missing', 'many_changed'), stopped('many_changed'), good],
      ['1 guard many_missing', '2 guard many_missing+many_changed', '4 recovered guard'],
    ],
    [
      'after a recovery the same guard is told again',
      [stopped('source_empty'), good, stopped('source_empty')],
      ['1 guard source_empty', '2 recovered guard', '3 guard source_empty'],
    ],
    [
      'a failure in between ends no guard; a guard in between ends a row of failures',
      [stopped('many_missing'), down, down, stopped('many_missing'), down, down, down, good],
      ['1 guard many_missing', '7 failing 3 source_unreachable', '8 recovered failing+guard'],
    ],
    [
      'a guard does not end what fails',
      [down, down, down, stopped('many_missing'), down, down, down, good],
      ['3 failing 3 source_unreachable', '4 guard many_missing', '8 recovered failing+guard'],
    ],
    ['ten of a hundred rejected are not above a tenth', [rejects(10), rejects(10)], []],
    [
      'eleven are, once, until they are fewer',
      [rejects(11), rejects(50), rejects(10), rejects(11)],
      ['1 rejected 11/100', '3 recovered rejected', '4 rejected 11/100'],
    ],
    ['nothing read is nothing rejected', [rejects(0, 0)], []],
    [
      'a failure ends no rejections, and both can be over at once',
      [rejects(20), down, down, down, good],
      ['1 rejected 20/100', '4 failing 3 source_unreachable', '5 recovered failing+rejected'],
    ],
    [
      'well again, but too many rejected',
      [down, down, down, rejects(20)],
      ['3 failing 3 source_unreachable', '4 recovered failing', '4 rejected 20/100'],
    ],
    // Events happen on 1, 2, 3 January. Renewed 60 days before it ends, 45 of them are over on the day it says.
    [
      'a sign-in that is unused for 45 of 60 days, until it is renewed',
      [grant(-43, 17), grant(-43, 17), grant(-43, 17), grant(3, 63)],
      ['2 unused', '4 recovered unused'],
    ],
    ['a sign-in that does not end', [grant(-400, null), grant(-400, null)], []],
    [
      'what a sign-in does is no matter of the runs',
      [grant(-50, 10), good, down, down, down, good, grant(7, 67)],
      ['1 unused', '5 failing 3 source_unreachable', '6 recovered failing', '7 recovered unused'],
    ],
  ])('%s', (_, events, expected) => {
    expect(told(events)).toEqual(expected);
  });
});

test('a recovery says since when', () => {
  const failing = { ...calm, failures: 5, open: { failing: day(2), unused: day(1) } };
  expect(alertsOf(failing, { at: day(9), type: 'done', rows: 1, rejected: 0 })).toEqual({
    alerts: [{ kind: 'recovered', at: day(9), from: { failing: day(2) } }],
    stateAfter: { failures: 0, open: { unused: day(1) }, guards: [] },
  });
});

test('settings say how many and how much', () => {
  const settings = { failures: 1, rejectedShare: 0.5, unusedShare: 0.75 };
  const once = (event: Happens) => alertsOf(calm, { ...event, at: day(1) } as AlertEvent, settings).alerts.length;
  expect([once(down), once(rejects(50)), once(rejects(51))]).toEqual([1, 0, 1]);
});
