import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText, fold, hasForbiddenCharacters, lengthOf, matchKey, nameEmailKey } from './canonical.js';

test.each([
  ['  John \u00a0\u3000 Smith\u2003', 'John Smith'],
  ['Jose\u0301', 'José'],
  ['a  b', 'a b'],
  [' John Smith', 'John Smith'],
  ['John Smith ', 'John Smith'],
  [' ', ''],
  ['', ''],
  ['tab\tstays', 'tab\tstays'],
  ['\ufeffmark', '\ufeffmark'],
])('canonical text of %j is %j', (text, expected) => {
  expect(canonicalText(text)).toBe(expected);
});

test('canonical text is canonical', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const canonical = canonicalText(text);
      expect(canonicalText(canonical)).toBe(canonical);
      expect(canonicalText(`\u00a0${text.normalize('NFD')} `)).toBe(canonical);
    }),
  );
});

test.each([
  ['ÉLODIE', 'élodie'],
  ['STRASSE', 'Straße'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
  ['ﬁnn', 'FINN'],
])('%s and %s fold to the same', (a, b) => {
  expect(fold(a)).toBe(fold(b));
});

test('keys keep name, email and phone apart, and no phone equals no phone', () => {
  expect(nameEmailKey({ name: 'A B', email: 'X@y.z' })).toBe('a b\nx@y.z');
  expect(matchKey({ name: 'A', email: 'b', phone: null })).toBe('a\nb\n');
  expect(matchKey({ name: 'A', email: 'b', phone: '+61400000001' })).toBe('a\nb\n+61400000001');
});

test.each(['a\u0000b', 'a\nb', '\u007f', '\u0085', '\u202e', '\u2066', '\ud800', 'x\udc00'])(
  '%j holds forbidden characters',
  (text) => {
    expect(hasForbiddenCharacters(text)).toBe(true);
  },
);

test.each(['John', 'é', '😀', '\u200d', '\u00a0', 'עברית'])('%j holds none', (text) => {
  expect(hasForbiddenCharacters(text)).toBe(false);
});

test('length counts code points', () => {
  expect(lengthOf('a😀é')).toBe(3);
});
