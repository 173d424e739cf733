import { expect, test } from 'vitest';
import { printable } from './printable.js';

test.each([
  ['plain é 漢 😀', 'plain é 漢 😀'],
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['a\nb\tc', 'a\\u{a}b\\u{9}c'],
  ['\u202eevil', '\\u{202e}evil'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['half \ud800', 'half \\u{d800}'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('emoji that are joined of several stay one', () => {
  expect(printable('An 👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1')).toBe('An 👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1');
  expect(printable('a\u200db')).toBe('a\\u{200d}b');
});
