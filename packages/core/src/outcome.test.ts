import { expect, test } from 'vitest';
import { pageOf } from './outcome.js';

const record = { externalId: 'A', name: 'Ann', email: 'ann@example.com', phone: null };
const unreadable = { externalId: null, where: 'line 3', problem: 'it is cut off' };

test('a page has each row in one place, in the order of the rows', () => {
  const other = { ...record, externalId: 'B' };
  const rows = [{ skipped: 'archived' }, { record: other }, { unreadable }, { skipped: 'archived' }, { record }];
  expect(pageOf(rows)).toStrictEqual({ records: [other, record], unreadable: [unreadable], skipped: { archived: 2 } });
});

test('what is left of the limits is said where it is known', () => {
  expect(pageOf([], { minute: 59 })).toStrictEqual({
    records: [],
    unreadable: [],
    skipped: {},
    requestsLeft: { minute: 59 },
  });
});
