import { expect, test } from 'vitest';
import { cronOf, duesFor, latenesses, momentsOf, quantile } from './fleet-load.js';

const second = 1000;
const minute = 60 * second;

test('schedules are mixed so that the wanted number is due in a second', () => {
  // 120 firms: each once a minute is 2 a second, once in two minutes 1.
  expect(duesFor(120, 2, () => 0).every(({ every }) => every === 1)).toBe(true);
  expect(duesFor(120, 1, () => 0).every(({ every }) => every === 2)).toBe(true);
  // Half of them a minute, half of them two: (60 + 30) / 60 = 1.5.
  expect(duesFor(120, 1.5, () => 0).filter(({ every }) => every === 1)).toHaveLength(60);
  // More than once a minute is asked of nobody.
  expect(duesFor(120, 9, () => 0).every(({ every }) => every === 1)).toBe(true);
});

test('a schedule of pg-boss and its moments are the same', () => {
  const due = { every: 20, minute: 5, second: 7 };
  expect(cronOf(due)).toBe('7 5,25,45 * * * *');
  const noon = Date.UTC(2026, 0, 1, 12);
  expect(momentsOf(due, noon, noon + 60 * minute)).toEqual(
    [5, 25, 45].map((past) => noon + past * minute + 7 * second),
  );
  expect(momentsOf(due, noon + 5 * minute + 7 * second, noon + 25 * minute + 7 * second)).toEqual([
    noon + 5 * minute + 7 * second,
  ]);
});

test('how late a firm was read', () => {
  expect(latenesses([0, 60, 120], [10, 130])).toEqual([10, 70, 10]);
  expect(latenesses([0, 60], [])).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('a share of all lies below', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect([0, 0.5, 0.9, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 5, 9, 10, 10]);
});
