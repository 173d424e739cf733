import { expect, test } from 'vitest';
import { type Measured, measured } from './fleet-measured.js';
import { type Imagined, simulate } from './fleet-model.js';

const second = 1000;
const hour = 3_600_000;

const quiet: Imagined = {
  ...{ firms: 1000, everyMs: hour, lastsMs: hour, workers: 1, places: 1000, serverCores: 1 },
  contacts: { median: 500, spread: 0 },
  ...{ lostAfterMs: Number.POSITIVE_INFINITY, restartMs: 60 * second, outage: null },
  ...{ appPerMinute: Number.MAX_SAFE_INTEGER, tenantPerDay: 5000, seed: 1 },
};
/** Costs nothing, and answers at once. */
const nothing: Measured = {
  ...{ worker: { each: 0, perThousand: 0 }, server: { each: 0, perThousand: 0 } },
  ...{ practice: { least: 0, most: 0 }, outageMs: 0, lookMs: 0 },
};

test('one server, equal times: the wait of the textbook (Pollaczek and Khinchine)', () => {
  // The third of the time before the read is what is waited for: 0.1 s each, at 80 % of one server.
  const world = { ...quiet, firms: 12_000, everyMs: 1500 * second, lastsMs: 1500 * second };
  const { waitedMs } = simulate(world, { ...nothing, server: { each: 100, perThousand: 0 } }, { direct: true });
  // All of a sync are two times of service of the same queue, of a third and of two thirds of 100 ms. Their mean wait is
  // that of M/G/1: rate × E[S²] / 2 / (1 - use) = 16/s × (0.0333² + 0.0667²)/2 /s² / 2 / 0.2, for all services.
  const mean = (16 * ((100 / 3) ** 2 + (200 / 3) ** 2)) / 2 / second / 2 / 0.2;
  expect(waitedMs - 100 / 3).toBeGreaterThan(mean * 0.8);
  expect(waitedMs - 100 / 3).toBeLessThan(mean * 1.2);
});

test('two servers, equal times: within an eighth of what is known of M/D/2', () => {
  // A practice that takes an hour lets only the first third be seen: 300 ms / 3 = 100 ms, at 16 a second of two servers: 80 %.
  const world = { ...quiet, firms: 20_000, everyMs: 1250 * second, lastsMs: 1250 * second };
  const wide = { ...world, serverCores: 2, places: 100_000 };
  const { waitedMs } = simulate(
    wide,
    { ...nothing, server: { each: 300, perThousand: 0 }, practice: { least: hour, most: hour } },
    { direct: true },
  );
  // M/M/2 at 80 %: C = 0.7111, wait C × 100 / (2 × 0.2) = 177.8 ms. M/D/2 is 0.507 of it (Cosmetatos): 90.1 ms.
  expect(waitedMs - 100).toBeGreaterThan(90.1 * 0.875);
  expect(waitedMs - 100).toBeLessThan(90.1 * 1.125);
});

test('how busy all is follows from the arithmetic', () => {
  const costs = {
    ...nothing,
    worker: { each: 20, perThousand: 20 },
    server: { each: 12, perThousand: 0 },
    lookMs: 0.1,
  };
  const outcome = simulate({ ...quiet, firms: 20_000, workers: 2, serverCores: 1 }, costs);
  // 20,000 × 30 ms and 120 looks × 2 s, of two hours; 20,000 × 12 ms of one.
  expect(outcome.workerUse).toBeCloseTo((600 + 240) / 7200, 2);
  expect(outcome.serverUse).toBeCloseTo(240 / 3600, 2);
  // The look comes each half minute, so half of the syncs begin more than a quarter of a minute late.
  expect(outcome.late.p50).toBeGreaterThan(14 * second);
  expect(outcome.late.p50).toBeLessThan(22 * second);
  expect(outcome.givenUp).toBe(0);
});

test('no more requests than the app may make, and those beyond wait', () => {
  const outcome = simulate({ ...quiet, firms: 6000, lastsMs: hour, appPerMinute: 76 }, nothing, { direct: true });
  // 100 a minute are due, and 38 windows of 2 let 76 pass.
  expect(outcome.mostInMinute).toBeLessThanOrEqual(76);
  expect(outcome.syncs).toBeGreaterThan(60 * 74);
  expect(outcome.late.most).toBeGreaterThan(13 * 60 * second);
});

test('an outage of twenty minutes is made up for, and a worker that is lost loses nothing', () => {
  const costs = {
    ...nothing,
    worker: { each: 30, perThousand: 0 },
    practice: { least: 100, most: 200 },
    outageMs: 2000,
  };
  const world = { ...quiet, firms: 3600, lastsMs: 3 * hour, workers: 4, places: 8 };
  const outage = { from: hour, until: hour + 20 * 60 * second };
  const without = simulate(world, costs);
  const through = simulate({ ...world, outage }, costs);
  // Each firm three times, but for those of the last half minute.
  expect(without.syncs).toBeGreaterThan(3 * 3600 - 60);
  expect(without.syncs).toBeLessThanOrEqual(3 * 3600);
  // Whoever was due while nobody answered begins once, later: none is lost but those that were given up.
  expect(through.syncs + through.givenUp).toBeGreaterThan(3 * 3600 - 80);
  expect(through.late.most).toBeGreaterThan(10 * 60 * second);

  const lossy = simulate({ ...world, lostAfterMs: hour / 4 }, costs);
  expect(lossy.syncs).toBeGreaterThan(3 * 3600 - 80);
  expect(lossy.late.p50).toBeLessThan(25 * second);
});

test('as in the campaign that was measured', () => {
  // 300 firms of 500 contacts, 4.94 due a second, 4 workers of 8 places: half within 15.2 s of their moment, 99 in 100
  // within 31 s (22 November 2026).
  const world = { ...quiet, firms: 300, everyMs: (300 / 4.94) * second, workers: 4, places: 8, serverCores: 2 };
  const { late, waitedMs } = simulate(world, measured);
  expect(late.p50 / second).toBeGreaterThan(13.5);
  expect(late.p50 / second).toBeLessThan(17);
  expect(late.p99 / second).toBeGreaterThan(29);
  expect(late.p99 / second).toBeLessThan(33);
  expect(waitedMs).toBeLessThan(2 * second);
});

test('the same seed, the same outcome', () => {
  const world = { ...quiet, contacts: { median: 300, spread: 1 }, lostAfterMs: hour };
  const costs = { ...nothing, worker: { each: 20, perThousand: 10 } };
  expect(simulate(world, costs)).toEqual(simulate(world, costs));
  expect(simulate({ ...world, seed: 2 }, costs)).not.toEqual(simulate(world, costs));
});
