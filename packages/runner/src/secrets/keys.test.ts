import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { newKey, parseKey } from './keys.js';

const hex = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
// The same 32 bytes, by: echo … | xxd -r -p | base64
const base64 = 'ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=';

test('hex and both kinds of base64 are the same key, with the same name', () => {
  const written = [hex, hex.toUpperCase(), base64, base64.slice(0, -1), base64.replaceAll('/', '_')];
  const keys = written.map(parseKey);
  expect(keys.map((key) => key?.key.export().toString('hex'))).toEqual(written.map(() => hex));
  // echo -n of "contact-sync key id\n" and the 32 bytes, by sha256sum.
  expect(new Set(keys.map((key) => key?.id))).toEqual(new Set(['474eac2d89f6']));
});

test.each(['', 'password', hex.slice(2), `${hex}00`, base64.slice(4), `${base64}=`, `${hex.slice(0, 63)}g`])(
  '%j is no key',
  (text) => expect(parseKey(text)).toBeNull(),
);

test('a new key is a key, and another one each time', () => {
  const made = Array.from({ length: 20 }, newKey);
  expect(new Set(made.map((text) => parseKey(text)?.id)).size).toBe(20);
  expect(made.every((text) => text.length === 44)).toBe(true);
});

test('a key does not show its bytes', () => {
  const key = parseKey(hex);
  const shown = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`;
  expect(shown).not.toMatch(/001122|ABEi|0, 17, 34/);
});
