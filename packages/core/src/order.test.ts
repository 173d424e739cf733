import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareCodePoints, compareContactIds } from './order.js';

const sorted = (ids: string[]) => [...ids].sort(compareContactIds);

test('ids that are all digits compare as numbers and come first', () => {
  expect(sorted(['b', '10', 'B', '9', '01', '1', '12345678901234567890', '1a'])).toEqual([
    '01',
    '1',
    '9',
    '10',
    '12345678901234567890',
    '1a',
    'B',
    'b',
  ]);
});

test('code points are not UTF-16 units', () => {
  expect(compareCodePoints('\uff5e', '😀')).toBeLessThan(0);
  expect('\uff5e' < '😀').toBe(false);
});

const id = fc.oneof(
  fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', '-'), maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

test('both are orders: antisymmetric, transitive, and equal only for the same id', () => {
  for (const compare of [compareCodePoints, compareContactIds]) {
    fc.assert(
      fc.property(id, id, id, (a, b, c) => {
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
        expect(compare(a, b) === 0).toBe(a === b);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  }
});

test('the order of code points is that of UTF-8 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test.each([
  ['100', '20', 1],
  ['1000', '200', 1],
  ['0010', '9', 1],
  ['000', '0', 1],
  ['a1', '2', 1],
  ['1a', 'a1', -1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareContactIds(a, b))).toBe(sign);
});

test('the first and the last half of a surrogate pair come after every character that is one unit', () => {
  for (const half of ['\ud800', '\udfff']) {
    expect(compareCodePoints(half, '\uffff')).toBeGreaterThan(0);
    expect(compareCodePoints('\ue000', half)).toBeLessThan(0);
    expect(compareCodePoints(half, '\ud7ff')).toBeGreaterThan(0);
  }
});
