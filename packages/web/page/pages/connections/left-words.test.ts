import { expect, test } from 'vitest';
import { leftWords } from './left-words.js';

test.each([
  [9, '0:09'],
  [249, '4:09'],
  [3600, '1:00:00'],
  [46_805, '13:00:05'],
])('%d seconds are %s', (seconds, words) => {
  expect(leftWords(seconds)).toBe(words);
});
