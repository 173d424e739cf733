import { expect, test } from 'vitest';
import { relative } from './relative.js';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['2026-03-01T11:59:30Z', 'just now'],
  ['2026-03-01T12:00:30Z', 'in a moment'],
  ['2026-03-01T11:58:01Z', '1 minute ago'],
  ['2026-03-01T12:05:00Z', 'in 5 minutes'],
  ['2026-03-01T12:01:59Z', 'in 1 minute'],
  ['2026-03-01T09:30:00Z', '2 hours ago'],
  ['2026-02-28T11:00:00Z', 'yesterday'],
  ['2026-02-25T11:00:00Z', '4 days ago'],
  ['2025-11-01T11:00:00Z', '4 months ago'],
  ['2027-05-01T12:00:00Z', 'in 1 year'],
  ['2026-01-10T12:00:00Z', '1 month ago'],
  ['2023-02-01T11:00:00Z', '3 years ago'],
])('%s is %s', (at, said) => {
  expect(relative(Date.parse(at), now)).toBe(said);
});
