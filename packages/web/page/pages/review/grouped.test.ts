import { expect, test } from 'vitest';
import type { ReviewItem } from '../../lib/types.js';
import { grouped } from './grouped.js';

function item(run: string, reason: ReviewItem['decision']['reason']): ReviewItem {
  const nothing = { before: null, after: null, flags: [], says: null, faults: [], note: null };
  const decision = {
    ...nothing,
    reason,
    externalId: run,
    sentence: `${reason}!`,
    hint: null,
    action: 'x',
    difference: [],
  };
  return { run, source: 'xpm:t', at: '2026-03-01T09:00:00.000Z', decision, candidates: [], actions: [] };
}

test('by reason, in the order in which the reasons come, whatever comes between', () => {
  const items = [
    item('1', 'rejected_email_invalid'),
    item('2', 'held_identity_change'),
    item('3', 'rejected_email_invalid'),
  ];
  expect(grouped(items).map(({ sentence, items: some }) => [sentence, some.map(({ run }) => run)])).toEqual([
    ['rejected_email_invalid!', ['1', '3']],
    ['held_identity_change!', ['2']],
  ]);
  expect(grouped([])).toEqual([]);
});
