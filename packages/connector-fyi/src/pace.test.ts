import { expect, test } from 'vitest';
import { paceOf } from './pace.js';

const { signal } = new AbortController();

/** A clock that moves only while somebody waits, or is set. */
function clock() {
  const waits: number[] = [];
  let at = 1_000_000;
  const wait = async (ms: number) => {
    waits.push(ms);
    at += ms;
  };
  return { pace: paceOf({ now: () => new Date(at), wait }), waits, pass: (ms: number) => (at += ms) };
}

test('two requests a second at most, and no pause where the time has passed already', async () => {
  const { pace, waits, pass } = clock();
  await pace.turn(signal);
  await pace.turn(signal);
  pass(100);
  await pace.turn(signal);
  pass(500);
  await pace.turn(signal);
  expect(waits).toEqual([500, 400]);
});

test('another try is a request too', async () => {
  const { pace, waits } = clock();
  await pace.turn(signal);
  await pace.pause(20, signal);
  await pace.pause(7000, signal);
  await pace.turn(signal);
  expect(waits).toEqual([500, 7000, 500]);
});

test('reads at the same time share the turns', async () => {
  const waits: number[] = [];
  const pace = paceOf({ now: () => new Date(0), wait: async (ms) => void waits.push(ms) });
  await Promise.all([pace.turn(signal), pace.turn(signal), pace.turn(signal)]);
  expect(waits).toEqual([500, 1000]);
});

test('a clock that is set back stops nobody', async () => {
  const { pace, waits, pass } = clock();
  await pace.turn(signal);
  pass(-3_600_000);
  await pace.turn(signal);
  await pace.turn(signal);
  expect(waits).toEqual([500]);
});

test('a pause ends with the read, and its own failure is not called that', async () => {
  const stop = new AbortController();
  const pace = paceOf({ now: () => new Date(0) });
  await pace.turn(stop.signal);
  const turn = pace.turn(stop.signal);
  stop.abort();
  await expect(turn).rejects.toMatchObject({ code: 'cancelled' });
  const broken = paceOf({ now: () => new Date(0), wait: () => Promise.reject(new Error('no timer')) });
  await broken.turn(signal);
  await expect(broken.turn(signal)).rejects.toThrow('no timer');
});
