import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Answer, differences, engine, mustAgree } from './engine.js';
import { mutations } from './mutations.js';
import { oracle, type World } from './oracle.js';
import { worlds } from './worlds.js';

/*
 * A comparison is worth what it notices. For each way to get a rule wrong there must be a world, of those that the
 * comparison draws from, on which an oracle with that fault no longer agrees with the engine.
 */

const cases: { world: World; answer: Answer }[] = [];

beforeAll(async () => {
  for (const world of fc.sample(worlds, { numRuns: 16_000, seed: 20260203 })) {
    cases.push({ world, answer: await engine(world) });
  }
}, 120_000);

test('without a fault the oracle agrees on all of these worlds', () => {
  expect(cases.length).toBeGreaterThan(1000);
  for (const { world, answer } of cases) mustAgree(world, differences(oracle(world), answer), 'no fault');
});

test.each(mutations)('%s is noticed', { timeout: 60_000 }, (mutation) => {
  expect(cases.some(({ world, answer }) => differences(oracle(world, mutation), answer).length > 0)).toBe(true);
});
