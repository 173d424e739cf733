import { expect, test } from 'vitest';
import { memoryStore } from '../memory-store.js';
import { planRead, planSync } from '../plan-sync.js';
import { defaultPolicy } from '../policy.js';
import { readAll } from '../read.js';
import type { RawRecord } from '../source.js';
import { memorySource } from '../testing/memory-source.js';
import { rowComparison } from './take-rows.js';

// Each way in which a row that is passed over can matter to another one; that nothing else does, the walks look after.

const source = 'xpm:t';
const about = { policy: { ...defaultPolicy, atLeast: 100 }, at: '2026-02-01T00:00:00.000Z', actor: 'test' };
const record = (externalId: string, name: string, phone: string | null = null): RawRecord => {
  return { externalId, name, email: `${name.toLowerCase()}@x.au`, phone };
};
const [ann, bob, cy] = [record('A', 'Ann'), record('B', 'Bob'), record('C', 'Cy')];

/** Of a second sync, after one of Ann, Bob and Cy: its flags and reasons, and how many rows were passed over. */
async function second(records: readonly RawRecord[], lookUp: 'each' | 'all', before = [ann, bob, cy]) {
  const store = memoryStore();
  const compared = async (rows: readonly RawRecord[]) => {
    const kept = await store.rows?.(source);
    if (kept === undefined) throw new Error('The store in memory keeps rows.');
    const comparison = rowComparison(kept, about.policy);
    return readAll(memorySource({ source, tenant: 't', records: rows }), { comparison });
  };
  const first = await planRead(store, { ...about, read: await compared(before) });
  if (first === null) throw new Error('Nothing was passed over, and yet nothing was planned.');
  await store.apply(first.plan, undefined, first.rowsToKeep() ?? undefined);

  const read = await compared(records);
  const plan = (await planRead(store, { ...about, read, lookUp }))?.plan;
  const whole = await planSync(store, {
    ...about,
    read: await readAll(memorySource({ source, tenant: 't', records })),
  });
  expect(plan).toEqual(whole);
  const decided = whole.decisions.map(({ externalId, reason, flags }) => [externalId, reason, ...flags].join(' '));
  return { decided, unchanged: whole.counts.reasons.unchanged ?? 0, passed: read.compared?.known.passed() };
}

test.each(['each', 'all'] as const)('found one by one, or by all links: %s', async (lookUp) => {
  expect(await second([ann, bob, cy], lookUp)).toEqual({ decided: [], unchanged: 3, passed: 3 });
  // In another order than the last time, too.
  expect(await second([cy, bob, ann], lookUp)).toEqual({ decided: [], unchanged: 3, passed: 3 });
  // Bob now says what Ann says: Ann, who did not change, is flagged too, and where she stands in the list.
  expect((await second([cy, { ...ann, externalId: 'B' }, ann], lookUp)).decided).toEqual([
    'B updated equal_details identity_changed',
    'A unchanged equal_details',
  ]);
  // A second row with Ann's id that differs: both are rejected.
  expect((await second([ann, { ...ann, name: 'Anna' }, bob, cy], lookUp)).decided).toEqual([
    'A rejected_duplicate_id',
    'A rejected_duplicate_id',
  ]);
  // The same row twice counts as what it is, though neither was read.
  expect(await second([ann, bob, ann, cy], lookUp)).toEqual({ decided: [], unchanged: 3, passed: 3 });
  // A new Bob is no twin of one who is there, and is one of an Ann who is not.
  expect((await second([ann, bob, cy, { ...bob, externalId: 'D', phone: '0400 000 001' }], lookUp)).decided).toEqual([
    'D created',
  ]);
  expect((await second([bob, cy, { ...ann, externalId: 'D' }], lookUp)).decided).toEqual([
    'D created twin_of_missing',
    'A missing',
  ]);
});

test('no row is known once a policy that rows are judged by is another', async () => {
  const store = memoryStore();
  const kept = await store.rows?.(source);
  if (kept === undefined) throw new Error('The store in memory keeps rows.');
  const keyOf = (policy: Partial<typeof defaultPolicy>, mapping: string | null = null) =>
    rowComparison(kept, { ...defaultPolicy, ...policy }).keyOf(mapping);
  expect(keyOf({ manyMissing: 0.5, identityChange: 'hold' })).toEqual(keyOf({}));
  expect(keyOf({ region: 'NZ' })).not.toEqual(keyOf({}));
  expect(keyOf({ invalidPhone: 'reject' })).not.toEqual(keyOf({}));
  expect(keyOf({}, 'lines 1')).not.toEqual(keyOf({}));
  expect(keyOf({}, 'lines 1')).not.toEqual(keyOf({}, 'lines 2'));
});
