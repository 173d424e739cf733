import { expect, test } from 'vitest';
import { nextAfter, offsetOf, parseSchedule, scheduleText } from './schedule.js';

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

test('hourly is once in each hour, at a second of its own', () => {
  const offset = offsetOf('default xpm:a');
  const start = at('2026-03-01T00:00:00Z');
  const hourly = parseSchedule('hourly');
  for (let after = start; after < start + 7_200_000; after += 61_000) {
    const next = nextAfter(hourly, 'default xpm:a', after);
    expect(next).toBeGreaterThan(after);
    expect(next - after).toBeLessThanOrEqual(3_600_000);
    expect(next % 3_600_000).toBe(offset);
  }
  const slot = start + offset;
  expect(nextAfter(hourly, 'default xpm:a', slot)).toBe(slot + 3_600_000);
  expect(nextAfter(hourly, 'default xpm:a', slot - 1)).toBe(slot);
});

test('connections spread over the hour, and stay where they are', () => {
  const offsets = Array.from({ length: 600 }, (_, n) => offsetOf(`default xpm:${n}`));
  const perTenMinutes = [0, 1, 2, 3, 4, 5].map(
    (ten) => offsets.filter((ms) => Math.floor(ms / 600_000) === ten).length,
  );
  for (const n of perTenMinutes) expect(n).toBeGreaterThan(60);
  expect(offsets.every((ms) => ms >= 0 && ms < 3_600_000 && ms % 1000 === 0)).toBe(true);
  // The first four bytes of SHA-256 of "abc" are ba7816bf = 3128432319 = 869008 · 3600 + 3519.
  expect(offsetOf('abc')).toBe(3_519_000);
});

test.each([
  // Sydney is UTC+11 until 2026-04-05 03:00, then UTC+10.
  ['30 7 * * 1-5 Australia/Sydney', '2026-04-03T00:00:00Z', '2026-04-05T21:30:00.000Z'],
  ['30 7 * * 1-5 Australia/Sydney', '2026-04-01T20:30:00Z', '2026-04-02T20:30:00.000Z'],
  ['0 6 * * *', '2026-01-31T06:00:00Z', '2026-02-01T06:00:00.000Z'],
  ['*/15 * * * * UTC', '2026-01-31T06:07:00Z', '2026-01-31T06:15:00.000Z'],
])('%s after %s', (text, after, expected) => {
  expect(iso(nextAfter(parseSchedule(text), 'x', at(after)))).toBe(expected);
});

test.each([
  ['', 'it has not five fields'],
  ['daily', 'it has not five fields'],
  ['* * * * * * UTC', 'it has not five fields'],
  ['0 25 * * *', ''],
  ['0 6 * * * Mars/Olympus', 'Mars/Olympus is no time zone'],
  ['0 6 30 2 *', 'that moment never comes'],
  ['a b c d e', ''],
])('%j is no schedule', (text, problem) => {
  expect(() => parseSchedule(text)).toThrow(problem);
  expect(() => parseSchedule(text)).toThrow('is no schedule');
});

test('a schedule is written as it is read', () => {
  for (const text of ['hourly', '30 7 * * 1-5 Australia/Sydney']) expect(scheduleText(parseSchedule(text))).toBe(text);
  expect(scheduleText(parseSchedule(' 0  6 * * * '))).toBe('0 6 * * * UTC');
});
