import { expect, test } from 'vitest';
import { windowsOf } from './windows.js';

// By hand: n windows of floor(limit / (n + 2)) each; the first n that gives 95 %.
test.each([
  [10_000, { points: 250, milliseconds: 1579 }],
  [60, { points: 1, milliseconds: 1053 }],
  [1, { points: 1, milliseconds: 180_000 }],
])('%i in a minute', (limit, windows) => {
  expect(windowsOf(limit, 60_000)).toEqual(windows);
});

test.each([3, 7, 60, 100, 999, 5000, 10_000])('%i are never exceeded in any stretch, whenever it begins', (limit) => {
  const { points, milliseconds } = windowsOf(limit, 60_000);
  const touched = Math.ceil(60_000 / milliseconds) + 1;
  expect(points * touched).toBeLessThanOrEqual(limit);
});
