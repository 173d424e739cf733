import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { typed } from './typed.js';

test.each([
  ['xpm:8c0e-1_2', 'xpm:8c0e-1_2'],
  ['./my-xpm.js', './my-xpm.js'],
  ['ann@example.com', 'ann@example.com'],
  ['csv:two words', "'csv:two words'"],
  ["O'Brien & Co", "'O'\\''Brien & Co'"],
  ['$HOME', "'$HOME'"],
  ['`id`;#*', "'`id`;#*'"],
  ['Zoë', "'Zoë'"],
  ['', "''"],
])('%j', (word, shown) => {
  expect(typed(word)).toBe(shown);
  // And a shell makes of it what it was.
  expect(execFileSync('sh', ['-c', `printf %s ${typed(word)}`], { encoding: 'utf8' })).toBe(word);
});
