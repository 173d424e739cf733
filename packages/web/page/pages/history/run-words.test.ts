import { expect, test } from 'vitest';
import { countsWords, kindWords } from './run-words.js';

const none = { rows: 0, reasons: {}, flags: {}, skipped: {} };

test('counts are summed by what was done, and nothing is left out', () => {
  const reasons = { created: 2, created_partial_match: 1, unchanged: 1200, held_identity_change: 1, updated: 4 };
  expect(countsWords({ counts: { ...none, rows: 1212, reasons, skipped: { archived: 3, prospect: 1 } } })).toBe(
    '3 created, 4 updated, 1 held, 1,200 unchanged, 4 left out',
  );
  expect(countsWords({ counts: none })).toBeNull();
});

test('a sync that was approved is called so', () => {
  expect(kindWords({ kind: 'sync', approves: null })).toBe('Sync');
  expect(kindWords({ kind: 'sync', approves: '7' })).toBe('Sync, approved');
});
