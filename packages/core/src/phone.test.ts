import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalPhone, libraryPhone, validPhone } from './phone.js';

test.each([
  ['0400 000 001', 'AU', '+61400000001'],
  ['(02) 9000 0001', 'AU', '+61290000001'],
  ['+61 400 000 001', 'NZ', '+61400000001'],
  ['021 234 567', 'NZ', '+6421234567'],
  ['1300 000 000', 'AU', '+611300000000'],
  ['0400 000 00', 'AU', null],
  ['ask reception', 'AU', null],
  ['0400 000 001', 'ZZ', null],
  ['', 'AU', null],
  // In the shapes of the fast path, and not valid.
  ['(02) 4150 0001', 'AU', null],
  ['+61 480 300 001', 'AU', '+61480300001'],
  ['+61 483 400 001', 'AU', null],
])('%s in %s is %s', (text, region, expected) => {
  expect(validPhone(text, region)).toBe(expected);
});

test.each([
  [null, null],
  ['  ', null],
  [' 0400 000 001 ', '+61400000001'],
  ['ext  12', 'ext 12'],
])('canonical form of %o is %o', (text, expected) => {
  expect(canonicalPhone(text, 'AU')).toBe(expected);
});

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const separator = fc.constantFrom('', ' ', '-', '  ', '.', '/');
const australian = fc
  .record({
    prefix: fc.constantFrom('0', '(0', '+61', '+61 ', '+610', '0061', '61', '+61(0)'),
    area: fc.constantFrom('2', '3', '4', '7', '8', '1', '5', '851', '891', '241', '349', '495'),
    close: fc.constantFrom('', '', ')', ' '),
    rest: digits(8),
    a: separator,
    b: separator,
  })
  .map(({ prefix, area, close, rest, a, b }) => {
    const tail = rest.slice(0, 9 - area.length);
    return prefix + area + close + tail.slice(0, 3) + a + tail.slice(3, 6) + b + tail.slice(6);
  });
const messy = fc.string({ unit: fc.constantFrom(...'0123456789+() -.x'), maxLength: 16 });
/** Mostly words, with a digit now and then, of other scripts too. */
const note = fc.string({ unit: fc.constantFrom(...'abcx ;=+-.٠٤７０¹²Ⅳ1'), maxLength: 16 });

test('the fast path agrees with the library', () => {
  fc.assert(
    fc.property(fc.oneof(australian, messy, note), fc.constantFrom('AU', 'NZ', 'GB', 'CX'), (text, region) => {
      expect(validPhone(text, region)).toBe(libraryPhone(text, region));
    }),
    { numRuns: Number(process.env.PHONE_RUNS ?? 20_000) },
  );
});

test('the first digits decide, wherever the number lies in its range', { timeout: 60_000 }, () => {
  const differing: string[] = [];
  const compare = (national: string) => {
    const number = `+61${national}`;
    if (validPhone(number, 'AU') !== libraryPhone(number, 'AU')) differing.push(number);
  };
  for (let beginning = 800_000; beginning < 900_000; beginning += 1)
    compare(`${beginning}${String(beginning % 999).padStart(3, '0')}`);
  for (const area of '2347') {
    for (let rest = 0; rest < 100_000_000; rest += 4_999) compare(area + String(rest).padStart(8, '0'));
  }
  expect(differing).toEqual([]);
});
