import { compareCodePoints, compareContactIds } from '@contact-sync/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idKey, isStorable } from './rows.js';

const ids = fc.oneof(
  fc.stringMatching(/^[0-9]{1,12}$/),
  fc.stringMatching(/^0{0,3}[0-3]{1,2}$/),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
  fc.constantFrom('a', 'aa', 'b', '1a', '9'.repeat(30), `${'9'.repeat(30)}0`, '\uffff', '\u{10000}'),
);

test('the texts that the database sorts by are in the order of contact ids', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      expect(Math.sign(compareCodePoints(idKey(a), idKey(b)))).toBe(Math.sign(compareContactIds(a, b)));
    }),
    { numRuns: 20_000 },
  );
});

test('what PostgreSQL cannot hold is known', () => {
  expect(['', 'a', '\u{1f469}', '\ufffd', '\u0001'].map(isStorable)).toEqual([true, true, true, true, true]);
  expect(['a\0', '\ud83d', '\ude00x'].map(isStorable)).toEqual([false, false, false]);
});
