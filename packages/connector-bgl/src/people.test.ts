import { expect, test } from 'vitest';
import type { Outcome } from './map.js';
import { type Copy, outcomesOfPeople } from './people.js';
import { personRow } from './wire.js';

const member = (fund: string, fields: Record<string, unknown>): Copy => ({
  as: 'member',
  fund,
  row: personRow(fields),
});
const trustee = (fund: string, fields: Record<string, unknown>): Copy => ({
  as: 'trustee',
  fund,
  row: personRow(fields),
});
const record = (externalId: string, name: string | null, email: string | null, phone: string | null): Outcome => ({
  record: { externalId, name, email, phone },
});
const skipped = (filter: Extract<Outcome, { skipped: unknown }>['skipped']): Outcome => ({ skipped: filter });
const unreadable = (externalId: string | null, where: string, problem: string): Outcome => ({
  unreadable: { externalId, where, problem },
});

const alex = { peopleId: 'p1', firstName: 'Alex', lastName: 'Nguyen', email: 'alex@example.com' };
const withMobile = { ...alex, mobile: '61400000001' };
const alexRecord = record('sf:p1', 'Alex Nguyen', 'alex@example.com', '61400000001');
const otherKind = 'email is of another kind than it should be';
const dead = { dateOfDeath: '2025-03-01' };
const another = 'another row of the same person cannot be read';

/** Each row: what it is about, the rows of all funds, what becomes of them, of members and trustees together. */
const rows: [string, Copy[], Outcome[]][] = [
  ['nobody', [], []],
  ['a member', [member('f1', withMobile)], [alexRecord]],
  [
    'a member without a mobile',
    [member('f1', { ...alex, phone: '03 1' })],
    [record('sf:p1', 'Alex Nguyen', alex.email, '03 1')],
  ],
  ['mobile before phone', [member('f1', { ...withMobile, phone: '03 1' })], [alexRecord]],
  ['a trustee', [trustee('f1', { ...alex, phone: '03 1' })], [record('sf:p1', 'Alex Nguyen', alex.email, '03 1')]],
  ['a member of two funds', [member('f1', withMobile), member('f2', withMobile)], [alexRecord, skipped('repeated')]],
  ['a member who is trustee', [member('f1', withMobile), trustee('f1', alex)], [alexRecord, skipped('repeated')]],
  [
    'a trustee of one and member of another',
    [trustee('f1', alex), member('f2', withMobile)],
    [alexRecord, skipped('repeated')],
  ],
  [
    'what a member lacks, a trustee’s row tells',
    [member('f1', { ...alex, email: null }), trustee('f1', { ...alex, phone: '03 1' })],
    [record('sf:p1', 'Alex Nguyen', alex.email, '03 1'), skipped('repeated')],
  ],
  [
    'a mobile before the phone that only a trustee’s row has',
    [trustee('f1', { ...alex, phone: '03 1' }), member('f1', withMobile)],
    [alexRecord, skipped('repeated')],
  ],
  [
    'rows that say different things',
    [member('f1', withMobile), member('f2', { ...withMobile, email: 'other@example.com' })],
    [alexRecord, record('sf:p1', 'Alex Nguyen', 'other@example.com', '61400000001')],
  ],
  [
    'two people with the same details',
    [member('f1', withMobile), member('f1', { ...withMobile, peopleId: 'p2' })],
    [alexRecord, record('sf:p2', 'Alex Nguyen', 'alex@example.com', '61400000001')],
  ],
  ['somebody who has died', [member('f1', { ...withMobile, ...dead })], [skipped('person_deceased')]],
  [
    'who has died in one fund has died in all',
    [trustee('f0', alex), member('f1', { ...withMobile, ...dead }), member('f2', withMobile)],
    [skipped('person_deceased'), skipped('person_deceased'), skipped('person_deceased')],
  ],
  ['"null" is no date', [member('f1', { ...withMobile, dateOfDeath: 'null' })], [alexRecord]],
  ['an empty date', [member('f1', { ...withMobile, dateOfDeath: '' })], [alexRecord]],
  [
    'an inbox that BGL made',
    [member('f1', { ...alex, email: 'x@bglnotes.com.au' })],
    [record('sf:p1', 'Alex Nguyen', null, null)],
  ],
  [
    'an inbox is not told by another row either',
    [member('f1', { ...alex, email: 'x@bglnotes.com.au' }), trustee('f1', { ...alex, email: 'x@bglnotes.com.au' })],
    [record('sf:p1', 'Alex Nguyen', null, null), skipped('repeated')],
  ],
  [
    'an address before an inbox',
    [member('f1', { ...alex, email: 'x@bglnotes.com.au' }), trustee('f1', alex)],
    [record('sf:p1', 'Alex Nguyen', alex.email, null), skipped('repeated')],
  ],
  [
    'no peopleId, but a memberRefKey',
    [member('f1', { ...withMobile, peopleId: null, memberRefKey: 'QUJDREVGRzg=' })],
    [record('sf:QUJDREVGRzg=', 'Alex Nguyen', alex.email, '61400000001')],
  ],
  ['both ids', [member('f1', { ...withMobile, memberRefKey: 'QUJDREVGRzg=' })], [alexRecord]],
  [
    'no id: nobody is merged',
    [member('f1', { ...withMobile, peopleId: '' }), member('f1', { ...withMobile, peopleId: 'null' })],
    [record('', 'Alex Nguyen', alex.email, '61400000001'), record('', 'Alex Nguyen', alex.email, '61400000001')],
  ],
  ['a member without an id who has died', [member('f1', { ...dead, firstName: 'x' })], [skipped('person_deceased')]],
  [
    'a name of one part',
    [member('f1', { peopleId: 'p1', lastName: 'Nguyen' })],
    [record('sf:p1', 'Nguyen', null, null)],
  ],
  [
    'a name that only another row has',
    [member('f1', { ...withMobile, firstName: '', lastName: 'null' }), trustee('f1', alex)],
    [alexRecord, skipped('repeated')],
  ],
  ['nothing but an id', [member('f1', { peopleId: 'p1' })], [record('sf:p1', null, null, null)]],
  [
    'a row that cannot be read',
    [member('f1', { ...alex, email: 5 })],
    [unreadable('sf:p1', 'member p1 of fund f1', otherKind)],
  ],
  [
    'a row that cannot be read, and a copy',
    [member('f1', { ...alex, email: 5 }), trustee('f2', alex)],
    [unreadable('sf:p1', 'member p1 of fund f1', otherKind), unreadable('sf:p1', 'trustee p1 of fund f2', another)],
  ],
  [
    'a row that cannot be read, without an id',
    [trustee('f1', { email: 5 }), member('f1', withMobile)],
    [unreadable(null, 'a trustee without an id of fund f1', otherKind), alexRecord],
  ],
  [
    'a row that is no object',
    [member('f1', [] as never)],
    [unreadable(null, 'a member without an id of fund f1', 'it is no object')],
  ],
];

test.each(rows)('%s', (_, copies, outcomes) => {
  expect(outcomesOfPeople(copies, { members: true, trustees: true })).toEqual(outcomes);
});

test.each<[string, { members: boolean; trustees: boolean }, Outcome[]]>([
  [
    'members only',
    { members: true, trustees: false },
    [alexRecord, record('sf:p2', 'Kim', null, null), skipped('person_deceased')],
  ],
  [
    'trustees only: their details are the same',
    { members: false, trustees: true },
    [
      alexRecord,
      skipped('member_not_asked'),
      skipped('member_not_asked'),
      skipped('person_deceased'),
      skipped('person_deceased'),
    ],
  ],
])('%s', (_, wanted, outcomes) => {
  const members = [
    member('f1', withMobile),
    member('f1', { peopleId: 'p2', firstName: 'Kim' }),
    member('f1', { peopleId: 'p3', ...dead }),
  ];
  const trustees = [trustee('f1', alex), trustee('f1', { peopleId: 'p3' })];
  expect(outcomesOfPeople(wanted.trustees ? [...members, ...trustees] : members, wanted)).toEqual(outcomes);
});
