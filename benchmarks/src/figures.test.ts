import { expect, test } from 'vitest';
import { goalsOf } from './goals.ts';
import { checkAgreement, measure } from './measure.ts';
import type { Measure } from './perform.ts';
import { plan } from './plan.ts';
import { type Result, resultsOf } from './results.ts';
import { exponent, median } from './statistics.ts';
import { tablesOf } from './tables.ts';

const measured: Measure = { time: 100, cpu: 90, memory: 50, parts: {}, counts: null, digest: null, profile: null };

function result(arm: string, values: Partial<Result> = {}): Result {
  return { arm, mix: 'steady', size: 1_000_000, round: 1, ...measured, ...values };
}

test('a median is the middle one, or lies between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([8, 2, 4, 6])).toBe(5);
});

test('what takes twice the time for twice the size grows with exponent 1, and four times with 2', () => {
  expect(exponent({ size: 10, time: 3 }, { size: 20, time: 6 })).toBeCloseTo(1);
  expect(exponent({ size: 10, time: 3 }, { size: 20, time: 12 })).toBeCloseTo(2);
});

test('ratios are taken round by round, of rounds that have both', () => {
  const results = resultsOf([
    result('ours-sqlite', { round: 1, time: 200 }),
    result('parse-json', { round: 1, time: 100 }),
    result('ours-sqlite', { round: 2, time: 900 }),
    result('parse-json', { round: 2, time: 300 }),
    result('ours-sqlite', { round: 3, time: 5 }),
  ]);
  const place = (arm: string) => ({ arm, mix: 'steady', size: 1_000_000 }) as const;
  expect(results.ratio(place('ours-sqlite'), place('parse-json'))).toEqual({
    median: 2.5,
    least: 2,
    most: 3,
    rounds: 2,
  });
});

test('each goal is reached, not reached, or was not measured', () => {
  const goals = goalsOf(
    resultsOf([
      result('ours-sqlite', { time: 300, memory: 250 }),
      result('parse-json', { time: 100 }),
      result('home-made', { time: 6000 }),
      result('node-memory', { size: 1, parts: { memory: 50 } }),
    ]),
  );
  const of = (work: string, said: string) => goals.find((goal) => goal.work === work && goal.goal.includes(said));
  expect(of('Steady sync of 1M from JSON lines into SQLite', 'JSON.parse')).toMatchObject({
    measured: '3.00',
    reached: false,
  });
  expect(of('the same', 'home-made')).toMatchObject({ measured: '20.0', reached: true });
  // 200 MiB above Node's own, for a million records.
  expect(of('Memory of a steady sync of 1M, above Node’s own', '200 bytes')).toMatchObject({
    measured: '210',
    reached: false,
  });
  expect(of('First sync of 1M into SQLite', 'no logic')).toMatchObject({ measured: 'not measured', reached: null });
});

test.each([
  ['counts', { counts: { created: 2 } }, { counts: { created: 1, updated: 1 } }],
  ['books', { digest: '2 contacts aa' }, { digest: '2 contacts ab' }],
])('%s that differ end the measuring', (_, one, other) => {
  const same = result('home-made', one);
  expect(() => checkAgreement([result('ours-sqlite', one), same])).not.toThrow();
  expect(() => checkAgreement([result('ours-sqlite', one), result('home-made', other)])).toThrow('do not agree');
  // Of other records, they may.
  expect(() =>
    checkAgreement([result('ours-sqlite', one), result('home-made', { ...other, mix: 'first' })]),
  ).not.toThrow();
});

test('when there is no time, every line is run once all the same, and kept at once', async () => {
  const lots = plan([10], ['ours-sqlite', 'home-made']);
  const shop = {
    prepare: async () => ({
      task: { mix: 'first' as const, size: 10, input: '', xml: '', book: '', changes: '', folder: '' },
      done: async () => {},
    }),
    forget: async () => {},
    end: async () => {},
  };
  const told: string[] = [];
  const kept: number[] = [];
  const results = await measure(
    lots,
    { rounds: 3, minutes: 0 },
    shop,
    async () => measured,
    (what) => told.push(what),
    (so) => kept.push(so.length),
  );
  expect(kept).toEqual([1, 2, 3, 4]);
  expect(results.map(({ arm, mix, round }) => [arm, mix, round])).toEqual([
    ['ours-sqlite', 'first', 1],
    ['home-made', 'first', 1],
    ['ours-sqlite', 'steady', 1],
    ['home-made', 'steady', 1],
  ]);
  expect(told.at(-1)).toBe('no time for round 2 of 3');
});

test('the tables tell medians, ratios and what each figure includes', () => {
  const text = tablesOf(resultsOf([result('ours-sqlite', { time: 2000 }), result('home-made', { time: 30_000 })]));
  expect(text).toContain('| contact-sync, SQLite | 2,000 |  | 50 |  | 1 |');
  expect(text).toMatch(/\| Home-made: [^|]*\| 30,000 \| {2}\| 50 \| 15.0 \(15.0 to 15.0\) \| 1 \|/);
  expect(text).toMatch(/\| Home-made: [^|]*\| Open the database, [^|]* \|/);
});
