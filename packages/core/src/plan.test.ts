import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { differences } from './difference.js';
import { changesBook, checkCounts } from './plan.js';

const contact: Contact = {
  id: '1',
  name: 'John',
  email: 'j@x.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: 'A' },
  missingSince: null,
};

test.each([
  ['an id', { id: '2' }],
  ['a name', { name: 'Jon' }],
  ['an email', { email: 'k@x.com' }],
  ['a phone', { phone: '+61400000001' }],
  ['a type', { recordType: 'manual' }],
  ['a flag', { forcedManual: true }],
  ['a link', { link: { source: 'xpm:t', externalId: 'B' } }],
  ['a source', { link: { source: 'xpm:u', externalId: 'A' } }],
  ['no link', { link: null }],
  ['a mark', { missingSince: '2026-01-31T00:00:00Z' }],
] as const)('%s more or less changes the book', (_, change) => {
  const other: Contact = { ...contact, ...change };
  const decision = { reason: 'updated', externalId: 'A', flags: [], says: null, faults: [], note: null } as const;
  expect(changesBook({ ...decision, before: contact, after: other })).toBe(true);
  expect(changesBook({ ...decision, before: contact, after: { ...contact } })).toBe(false);
  expect(changesBook({ ...decision, before: null, after: other })).toBe(true);
  expect(changesBook({ ...decision, before: other, after: null })).toBe(true);
  expect(changesBook({ ...decision, before: null, after: null })).toBe(false);
});

test('differences name the fields that change, in the order people read them', () => {
  const after: Contact = {
    ...contact,
    name: 'Jon',
    forcedManual: true,
    link: null,
    missingSince: '2026-01-31T00:00:00Z',
  };
  expect(differences({ before: contact, after })).toEqual([
    { field: 'name', before: 'John', after: 'Jon' },
    { field: 'forced manual', before: null, after: 'yes' },
    { field: 'link', before: 'xpm:t A', after: null },
    { field: 'missing since', before: null, after: '2026-01-31T00:00:00Z' },
  ]);
  expect(differences({ before: null, after: contact }).map(({ field }) => field)).toEqual([
    'name',
    'email',
    'type',
    'link',
  ]);
  expect(differences({ before: contact, after: contact })).toEqual([]);
});

test('counts add up over records and skipped rows; contacts do not count as rows', () => {
  const counts = {
    rows: 6,
    reasons: { created: 2, rejected_name_missing: 1, missing: 9 },
    flags: {},
    skipped: { archived: 3 },
  };
  expect(() => checkCounts(counts)).not.toThrow();
  expect(() => checkCounts({ ...counts, rows: 7 })).toThrow('7 rows were read, 3 decided and 3 skipped');
  expect(() => checkCounts({ ...counts, rows: 5 })).toThrow('The counts do not add up');
});
