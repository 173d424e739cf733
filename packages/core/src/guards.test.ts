import { expect, test } from 'vitest';
import { guards, type Vitals } from './guards.js';
import { defaultPolicy } from './policy.js';

function tripped(vitals: Partial<Vitals>, policy = defaultPolicy) {
  const calm = { source: 'xpm:t', tenant: 't', validRecords: 100, synced: 100, missing: 0, changed: 0 };
  return guards({ ...calm, ...vitals }, policy).map(({ guard, count, of }) => [guard, count, of]);
}

test('a calm run trips none', () => {
  expect(tripped({})).toEqual([]);
  expect(tripped({ tenant: null })).toEqual([]);
});

test.each([
  [{ missing: 30 }, []],
  [{ missing: 31 }, [['many_missing', 31, 100]]],
  [{ changed: 30 }, []],
  [{ changed: 31 }, [['many_changed', 31, 100]]],
  // More than 30 %, and more than 5.
  [{ synced: 6, missing: 5 }, []],
  [{ synced: 6, missing: 6 }, [['many_missing', 6, 6]]],
  [{ synced: 20, changed: 6 }, []],
  [{ synced: 19, changed: 6 }, [['many_changed', 6, 19]]],
])('%j trips %j', (vitals, expected) => {
  expect(tripped(vitals)).toEqual(expected);
});

test('a source without a valid record stops the run where there is something to lose', () => {
  expect(tripped({ validRecords: 0 })).toEqual([['source_empty', 100, 100]]);
  expect(tripped({ validRecords: 0, synced: 1 })).toEqual([['source_empty', 1, 1]]);
  expect(tripped({ validRecords: 0, synced: 0 })).toEqual([]);
});

test('another tenant stops the run, whatever the book holds', () => {
  expect(tripped({ tenant: 'other', synced: 0 })).toEqual([['tenant_changed', 0, 0]]);
});

test('the thresholds are settings', () => {
  expect(tripped({ missing: 31, changed: 31 }, { ...defaultPolicy, manyMissing: 0.5, manyChanged: 1 })).toEqual([]);
  expect(tripped({ missing: 2, synced: 3 }, { ...defaultPolicy, atLeast: 1 })).toEqual([['many_missing', 2, 3]]);
});

test('the message has the numbers', () => {
  const [block] = guards(
    { source: 'xpm:t', tenant: null, validRecords: 69, synced: 100, missing: 31, changed: 0 },
    { ...defaultPolicy, manyMissing: 0.125 },
  );
  expect(block?.message).toBe('31 of 100 synced contacts would be marked missing; more than 12.5 % is suspicious.');
});

test('one contact is not contacts', () => {
  const [block] = guards(
    { source: 'xpm:t', tenant: null, validRecords: 0, synced: 1, missing: 0, changed: 0 },
    defaultPolicy,
  );
  expect(block?.message).toBe('The source has no valid record, and the book has 1 synced contact of it.');
});

test('every message says its numbers', () => {
  const vitals = { source: 'xpm:t', tenant: 'u', validRecords: 0, synced: 20, missing: 0, changed: 7 };
  expect(guards(vitals, defaultPolicy).map(({ message }) => message)).toEqual([
    'The connection was made for tenant t, and now u answers.',
    'The source has no valid record, and the book has 20 synced contacts of it.',
    '7 of 20 synced contacts would be changed; more than 30 % is suspicious.',
  ]);
});
