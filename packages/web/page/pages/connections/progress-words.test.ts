import { expect, test } from 'vitest';
import { limitsWords, progressWords } from './progress-words.js';

test('how far a read has come, with the limits as the system names them', () => {
  expect(progressWords(null)).toBe('Beginning to read…');
  expect(progressWords({ rows: 1, pages: 1, requestsLeft: null })).toBe('1 row in 1 page read');
  expect(progressWords({ rows: 1240, pages: 5, requestsLeft: { minute: 0, day: 4812 } })).toBe(
    '1,240 rows in 5 pages read · requests left: 0 (minute), 4,812 (day)',
  );
  expect(limitsWords({})).toBeNull();
});
