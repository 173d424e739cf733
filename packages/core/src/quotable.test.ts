import { expect, test } from 'vitest';
import { quotable } from './quotable.js';

test.each([
  ['plain é 漢 😀', 'plain é 漢 😀'],
  ['\u001b[31mred\u202e\r\nnext', '[31mred next'],
  ['  a\u00a0\u2003b  ', 'a b'],
  ['x'.repeat(200), 'x'.repeat(200)],
  ['😀'.repeat(201), `${'😀'.repeat(199)}…`],
  ['x'.repeat(1_000_000), `${'x'.repeat(199)}…`],
])('%#', (text, shown) => {
  expect(quotable(text)).toBe(shown);
});
