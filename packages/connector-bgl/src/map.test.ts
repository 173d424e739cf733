import { expect, test } from 'vitest';
import { contactOutcome, jointOutcomes, type Outcome } from './map.js';
import { contactRow } from './wire.js';

type Contact = Record<string, unknown>;

const record = (
  externalId: string,
  name: string | null,
  email: string | null,
  phone: string | null = null,
): Outcome => ({
  record: { externalId, name, email, phone },
});
const skipped = (filter: Extract<Outcome, { skipped: unknown }>['skipped']): Outcome => ({ skipped: filter });
const unreadable = (externalId: string | null, where: string, problem: string): Outcome => ({
  unreadable: { externalId, where, problem },
});

/** As in the API document. */
const alex = {
  ...{ id: 1800101, contactType: 'People', title: 'Ms', firstName: 'Alex', middleName: 'J', lastName: 'Nguyen' },
  ...{ name: null, sex: 'Female', email: 'alex.nguyen@example.com', mobile: null, phone1: null, phone2: null },
  ...{ addressId: 929001, representativeIds: null, taxNumber: null, birthday: '1980-02-29', birthPlace: 'Geelong' },
};
const company = { id: 1800102, contactType: 'Company', name: 'NGUYEN HOLDINGS PTY LTD', email: 'office@n.example' };
const trust = { id: 1800105, contactType: 'Other Entity', name: 'Nguyen Family Trust', email: null, phone1: '03 1' };
const email = 'alex.nguyen@example.com';
const id = 'cas:1800101';
const unknownType = 'contactType is not one that is known';

/** Each row: what it is about, a contact as it is sent, and what becomes of it with `contacts: 'people'`. */
const rows: [string, Contact, Outcome][] = [
  ['a person', alex, record(id, 'Alex Nguyen', email)],
  ['a title and a middle name', { ...alex, title: 'Dr', middleName: 'Jo' }, record(id, 'Alex Nguyen', email)],
  ['a first name only', { ...alex, lastName: null }, record(id, 'Alex', email)],
  ['a last name only', { ...alex, firstName: '' }, record(id, 'Nguyen', email)],
  ['the text null for a name', { ...alex, firstName: 'null' }, record(id, 'Nguyen', email)],
  ['somebody called Null', { ...alex, lastName: 'Null' }, record(id, 'Alex Null', email)],
  ['no names, but a name', { ...alex, firstName: null, lastName: '', name: 'Alex N' }, record(id, 'Alex N', email)],
  ['names and a name', { ...alex, name: 'NGUYEN, Alex' }, record(id, 'Alex Nguyen', email)],
  ['no name at all', { ...alex, firstName: null, lastName: 'null' }, record(id, null, email)],
  ['upper case', { ...alex, firstName: 'ALEX', lastName: 'NGUYEN' }, record(id, 'ALEX NGUYEN', email)],
  ['outer spaces', { ...alex, firstName: ' Alex', lastName: 'Nguyen ' }, record(id, ' Alex Nguyen ', email)],
  ['no email, as null', { ...alex, email: null }, record(id, 'Alex Nguyen', null)],
  ['no email, as ""', { ...alex, email: '' }, record(id, 'Alex Nguyen', null)],
  ['no email, as "null"', { ...alex, email: 'null' }, record(id, 'Alex Nguyen', null)],
  ['no email, as spaces', { ...alex, email: '  ' }, record(id, 'Alex Nguyen', null)],
  ['several emails', { ...alex, email: 'a@b.c; d@e.f' }, record(id, 'Alex Nguyen', 'a@b.c; d@e.f')],
  ['an email in spaces', { ...alex, email: ' A@B.example ' }, record(id, 'Alex Nguyen', ' A@B.example ')],
  ['an inbox that BGL made', { ...alex, email: 'NguyenSuperFund@bglnotes.com.au' }, record(id, 'Alex Nguyen', null)],
  ['such an inbox in upper case', { ...alex, email: ' N@BGLNOTES.COM.AU ' }, record(id, 'Alex Nguyen', null)],
  [
    'an address that only looks so',
    { ...alex, email: 'a@notbglnotes.com.au' },
    record(id, 'Alex Nguyen', 'a@notbglnotes.com.au'),
  ],
  [
    'an inbox beside an address',
    { ...alex, email: 'a@b.c;n@bglnotes.com.au' },
    record(id, 'Alex Nguyen', 'a@b.c;n@bglnotes.com.au'),
  ],
  [
    'mobile before phones',
    { ...alex, mobile: '0400 000 001', phone1: '03 1', phone2: '03 2' },
    record(id, 'Alex Nguyen', email, '0400 000 001'),
  ],
  [
    'the first phone',
    { ...alex, mobile: '', phone1: '(03) 1', phone2: '03 2' },
    record(id, 'Alex Nguyen', email, '(03) 1'),
  ],
  [
    'the second phone',
    { ...alex, mobile: 'null', phone1: ' ', phone2: '03 2' },
    record(id, 'Alex Nguyen', email, '03 2'),
  ],
  ['no plus sign', { ...alex, mobile: '61400000001' }, record(id, 'Alex Nguyen', email, '61400000001')],
  ['a phone as a number', { ...alex, mobile: 61_400_000_001 }, record(id, 'Alex Nguyen', email, '61400000001')],
  ['a phone of words', { ...alex, mobile: 'ask Kim' }, record(id, 'Alex Nguyen', email, 'ask Kim')],
  ['an id as text', { ...alex, id: '1800101' }, record(id, 'Alex Nguyen', email)],
  ['no id', { ...alex, id: null }, record('', 'Alex Nguyen', email)],
  ['keys that are not known', { ...alex, din: 'x', preferredName: 'Al' }, record(id, 'Alex Nguyen', email)],
  ['keys that are missing', { id: 7, contactType: 'People', firstName: 'Jo' }, record('cas:7', 'Jo', null)],
  ['the kind in lower case', { ...alex, contactType: ' people ' }, record(id, 'Alex Nguyen', email)],
  ['a company', company, skipped('contact_company')],
  ['another entity', trust, skipped('contact_other_entity')],
  ['a new kind', { ...alex, contactType: 'Robot' }, unreadable(id, 'contact 1800101', unknownType)],
  ['no kind', { ...alex, contactType: 'null' }, unreadable(id, 'contact 1800101', unknownType)],
  ['a new kind without an id', { contactType: 'Robot' }, unreadable(null, 'a contact without an id', unknownType)],
  [
    'an email of another kind',
    { ...alex, email: { work: 'Canary' } },
    unreadable(id, 'contact 1800101', 'email is of another kind than it should be'),
  ],
  [
    'an id of another kind',
    { ...alex, id: [7] },
    unreadable(null, 'a contact without an id', 'id is of another kind than it should be'),
  ],
];

test.each(rows)('contacts: %s', (_, contact, outcome) => {
  expect(contactOutcome(contactRow(contact), { contacts: 'people' })).toEqual(outcome);
});

test.each<[string, Contact, Outcome]>([
  ['a person', alex, record(id, 'Alex Nguyen', email)],
  ['a company', company, record('cas:1800102', 'NGUYEN HOLDINGS PTY LTD', 'office@n.example')],
  ['another entity', trust, record('cas:1800105', 'Nguyen Family Trust', null, '03 1')],
  ['an entity without a name', { ...trust, name: 'null' }, record('cas:1800105', null, null, '03 1')],
  [
    'a company with a contact’s names',
    { ...company, firstName: 'Al' },
    record('cas:1800102', company.name, company.email),
  ],
  ['a new kind', { ...alex, contactType: 'Robot' }, unreadable(id, 'contact 1800101', unknownType)],
])('all contacts: %s', (_, contact, outcome) => {
  expect(contactOutcome(contactRow(contact), { contacts: 'all' })).toEqual(outcome);
});

const missing = (representative: string, of = 'joint member 1800103'): Outcome =>
  unreadable(`cas:${representative}`, `representative ${representative} of ${of}`, 'it is not among the contacts');

test.each<[string, Contact, Outcome[]]>([
  ['all listed', { representativeIds: [1800101, 1800104] }, [skipped('contact_joint_member')]],
  ['as text', { representativeIds: ['1800101'] }, [skipped('contact_joint_member')]],
  ['none', { representativeIds: [] }, [skipped('contact_joint_member')]],
  ['null', { representativeIds: null }, [skipped('contact_joint_member')]],
  ['nothing in the list', { representativeIds: [null, '', 'null'] }, [skipped('contact_joint_member')]],
  ['one not listed', { representativeIds: [1800101, 7] }, [missing('7')]],
  ['two not listed', { representativeIds: [7, 8] }, [missing('7'), missing('8')]],
  ['one not listed, twice', { representativeIds: [7, 7] }, [missing('7')]],
  ['one not listed, and no id', { id: null, representativeIds: [7] }, [missing('7', 'a joint member')]],
])('the representatives of a joint member: %s', (_, contact, outcomes) => {
  const row = contactRow({ id: 1800103, contactType: 'Joint Member', email: 'joint@example.com', ...contact });
  const outcome = contactOutcome(row, { contacts: 'all' });
  if (!('joint' in outcome)) throw new Error('it is no joint member');
  expect(jointOutcomes(outcome, new Set(['1800101', '1800104']))).toEqual(outcomes);
});
