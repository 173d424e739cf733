import { expect, test } from 'vitest';
import { type Filter, type Outcome, outcomesOf, type Wanted } from './map.js';
import { clientOf } from './rows.js';

type Json = Readonly<Record<string, unknown>>;

const usual: Wanted = { clients: 'individuals', prospects: false, archived: false, unmatched: false };
const place = 'no. 3 of page 2';
const record = (
  externalId: string,
  name: string | null,
  email: string | null,
  phone: string | null = null,
): Outcome => ({
  record: { externalId, name, email, phone },
});
const skipped = (filter: Filter): Outcome => ({ skipped: filter });
const unreadable = (externalId: string | null, where: string, problem: string): Outcome => ({
  unreadable: { externalId, where, problem },
});

const company = { id: 7, name: 'Harbour & Co', email: 'office@h.example', business_structure: 'Company' };
const john = {
  ...{ id: 7, name: 'ROE, John', email: 'john@roe.example', phone: '02 5550 0001' },
  business_structure: 'Individual',
};
const jane = { id: 41, first_name: 'Jane', last_name: 'Roe', email: 'jane@roe.example' };
const janeRecord = record('41', 'Jane Roe', 'jane@roe.example');
const johnRecord = record('client:7', 'ROE, John', 'john@roe.example', '02 5550 0001');
const notPerson = skipped('client_not_individual');
const of = (client: Json, ...contacts: unknown[]): Json => ({ ...client, contacts });
/** printf 'jane roe\njane@roe.example' | sha256sum */
const janeKey = 'key:7d3c0e4082402274818de0c7532e04a0';

/** Each row: what it is about, the client as it comes, what becomes of it and then of each contact. */
const rows: [string, unknown, Outcome[]][] = [
  // Contacts
  ['a contact of a company', of(company, jane), [notPerson, janeRecord]],
  ['a client without contacts', of(company), [notPerson]],
  ['a client whose contacts are null', { ...company, contacts: null }, [notPerson]],
  ['a client whose contacts are missing', company, [notPerson]],
  ['ids that are text', of({ ...company, id: '7' }, { ...jane, id: '41' }), [notPerson, janeRecord]],
  [
    'an id with spaces',
    of(company, { ...jane, id: ' 41 ' }),
    [notPerson, record(' 41 ', 'Jane Roe', 'jane@roe.example')],
  ],
  ['a name in one field', of(company, { id: 41, name: 'Jane Roe', email: jane.email }), [notPerson, janeRecord]],
  ['names in both forms', of(company, { ...jane, name: 'ROE, Jane' }), [notPerson, janeRecord]],
  [
    'a name and only a first name',
    of(company, { id: 41, name: 'ROE, Jane', first_name: 'Jane', email: jane.email }),
    [notPerson, record('41', 'ROE, Jane', 'jane@roe.example')],
  ],
  [
    'only a last name',
    of(company, { id: 41, last_name: 'Roe', email: jane.email }),
    [notPerson, record('41', 'Roe', 'jane@roe.example')],
  ],
  [
    'no name',
    of(company, { id: 41, name: '', first_name: ' ', last_name: null, email: 'x@y.example' }),
    [notPerson, record('41', null, 'x@y.example')],
  ],
  ['no email', of(company, { id: 41, name: 'Jane', email: '' }), [notPerson, record('41', 'Jane', null)]],
  [
    'mobile before phone',
    of(company, { ...jane, mobile: '0400 1', phone: '02 2' }),
    [notPerson, record('41', 'Jane Roe', 'jane@roe.example', '0400 1')],
  ],
  [
    'phone where mobile is empty',
    of(company, { ...jane, mobile: ' ', phone: '02 2' }),
    [notPerson, record('41', 'Jane Roe', 'jane@roe.example', '02 2')],
  ],
  [
    'a phone that is a number',
    of(company, { ...jane, mobile: 400000001 }),
    [notPerson, record('41', 'Jane Roe', 'jane@roe.example', '400000001')],
  ],
  [
    'several addresses in one field',
    of(company, { ...jane, email: 'a@x.example; b@y.example' }),
    [notPerson, record('41', 'Jane Roe', 'a@x.example; b@y.example')],
  ],
  [
    'upper case and outer spaces',
    of(company, { id: 41, name: ' JANE ', email: 'NEW@EMAIL.COM ' }),
    [notPerson, record('41', ' JANE ', 'NEW@EMAIL.COM ')],
  ],
  ['the same contact twice under one client', of(company, jane, jane), [notPerson, janeRecord, janeRecord]],
  // Contacts without an id of their own
  [
    'a contact with a uuid only',
    of(company, { ...jane, id: null, uuid: 'u-1' }),
    [notPerson, record('u-1', 'Jane Roe', 'jane@roe.example')],
  ],
  [
    'a contact without any id',
    of(company, { ...jane, id: null, mobile: '0400 1' }),
    [notPerson, record(janeKey, 'Jane Roe', 'jane@roe.example', '0400 1')],
  ],
  [
    'the same contact without an id under another client, spelled differently',
    of({ ...company, id: 8 }, { name: ' JANE  roe', email: 'Jane@Roe.example ' }),
    [notPerson, record(janeKey, ' JANE  roe', 'Jane@Roe.example ')],
  ],
  [
    'no id and no name',
    of(company, { email: 'x@y.example' }),
    [notPerson, record('key:ec8a1b3fb8df0ca9e4a9865d06233d6f', null, 'x@y.example')],
  ],
  [
    'no id and no email',
    of(company, { name: 'Jane' }),
    [notPerson, record('key:7581ad7dc15ac26d5693cc7d2a042538', 'Jane', null)],
  ],
  [
    'no id, no name and no email',
    of(company, { mobile: '0400 1', position: 'x' }),
    [notPerson, skipped('contact_without_identity')],
  ],
  // Contacts that are left out, or cannot be read
  ['an archived contact', of(company, { ...jane, archived: true }), [notPerson, skipped('contact_archived')]],
  [
    'a contact archived in other words',
    of(company, { ...jane, is_archived: 'Yes' }),
    [notPerson, skipped('contact_archived')],
  ],
  [
    'a contact with a time of archiving',
    of(company, { ...jane, archived_at: '2026-01-01' }),
    [notPerson, skipped('contact_archived')],
  ],
  [
    'a contact that is inactive',
    of(company, { ...jane, status: 'INACTIVE' }),
    [notPerson, skipped('contact_archived')],
  ],
  [
    'a deleted contact',
    of(company, { ...jane, status: 'Deleted', email: {} }),
    [notPerson, skipped('contact_deleted')],
  ],
  ['a contact that is not archived', of(company, { ...jane, archived: 0, archived_at: '' }), [notPerson, janeRecord]],
  [
    'a mark that says neither',
    of(company, { ...jane, archived: 'Maybe' }),
    [notPerson, unreadable('41', 'contact 41 of client 7', 'archived is neither true nor false')],
  ],
  [
    'a status of contacts that is not known',
    of(company, { ...jane, status: 'Unmatched' }),
    [notPerson, unreadable('41', 'contact 41 of client 7', 'status is a word that is not known')],
  ],
  [
    'an email that is an object',
    of(company, { ...jane, email: { value: 'x' } }),
    [notPerson, unreadable('41', 'contact 41 of client 7', 'email is neither text nor a whole number')],
  ],
  [
    'no id, and an email that is a list',
    of(company, { name: 'Jane', email: ['x'] }),
    [notPerson, unreadable(null, 'contact no. 1 of client 7', 'email is neither text nor a whole number')],
  ],
  [
    'an id that lost its last digits on the way',
    of(company, { ...jane, id: JSON.parse('9007199254740993') }),
    [notPerson, unreadable(null, 'contact no. 1 of client 7', 'id is neither text nor a whole number')],
  ],
  [
    'contacts that are no objects',
    of(company, null, 'Jane', jane),
    [
      notPerson,
      unreadable(null, 'contact no. 1 of client 7', 'it is no object'),
      unreadable(null, 'contact no. 2 of client 7', 'it is no object'),
      janeRecord,
    ],
  ],
  [
    'contacts that are no list',
    { ...company, contacts: { 41: jane } },
    [notPerson, unreadable(null, 'contacts of client 7', 'they are no list')],
  ],
  ['a row that is no object', 'x', [unreadable(null, `client ${place}`, 'it is no object')]],
  // Clients that are left out, with all their contacts
  [
    'an archived client',
    of({ ...john, status: 'Archived' }, jane),
    [skipped('client_archived'), skipped('client_archived')],
  ],
  [
    'a client archived by a mark',
    of({ ...john, archived: true }, jane),
    [skipped('client_archived'), skipped('client_archived')],
  ],
  ['a client archived by another mark', { ...john, is_archived: 1 }, [skipped('client_archived')]],
  [
    'a client with a time of archiving',
    { ...john, status: 'Active', archived_at: '2026-01-01T00:00:00Z' },
    [skipped('client_archived')],
  ],
  [
    'an unmatched client',
    of({ ...john, status: 'Unmatched' }, jane),
    [skipped('client_unmatched'), skipped('client_unmatched')],
  ],
  ['a prospect', of({ ...john, status: ' prospect ' }, jane), [skipped('client_prospect'), skipped('client_prospect')]],
  ['a prospect by a mark', { ...john, is_prospect: true, is_client: false }, [skipped('client_prospect')]],
  ['a deleted, archived client', { ...john, status: 'Deleted', archived: true }, [skipped('client_deleted')]],
  [
    'an archived client whose contacts are no list',
    { ...john, status: 'Archived', contacts: 'x' },
    [skipped('client_archived'), skipped('client_archived')],
  ],
  [
    'what is no client',
    of({ ...john, is_client: false }, jane),
    [skipped('entity_not_client'), skipped('entity_not_client')],
  ],
  [
    'what is a client',
    of({ ...john, is_client: 'true', status: 'Active', archived_at: null }, jane),
    [johnRecord, janeRecord],
  ],
  [
    'a client whose status is not known',
    of({ ...company, status: 'Perhaps' }, jane, { name: 'X' }, null),
    [
      unreadable('client:7', 'client 7', 'status is a word that is not known'),
      unreadable('41', 'contact 41 of client 7', 'of its client, status is a word that is not known'),
      unreadable(
        'key:73cb3858a687a8494ca3323053016282',
        'contact no. 2 of client 7',
        'of its client, status is a word that is not known',
      ),
      unreadable(null, 'contact no. 3 of client 7', 'it is no object'),
    ],
  ],
  [
    'a client whose mark says neither',
    of({ ...company, is_client: 'y' }, jane),
    [
      unreadable('client:7', 'client 7', 'is_client is neither true nor false'),
      unreadable('41', 'contact 41 of client 7', 'of its client, is_client is neither true nor false'),
    ],
  ],
  [
    'a client whose name is a list',
    of({ ...john, name: ['x'] }, jane),
    [unreadable('client:7', 'client 7', 'name is neither text nor a whole number'), janeRecord],
  ],
  [
    'a client whose id is an object',
    of({ ...john, id: {} }, jane),
    [unreadable(null, `client ${place}`, 'id is neither text nor a whole number'), janeRecord],
  ],
  // Individuals
  ['an individual', john, [johnRecord]],
  [
    'an individual with a mobile',
    { ...john, mobile: '0400 1' },
    [record('client:7', 'ROE, John', 'john@roe.example', '0400 1')],
  ],
  ['an individual in other letters', { ...john, business_structure: ' INDIVIDUAL ' }, [johnRecord]],
  ['a client of no structure', { ...john, business_structure: null }, [notPerson]],
  ['an individual without an id', { ...john, id: null }, [record('', 'ROE, John', 'john@roe.example', '02 5550 0001')]],
  [
    'an individual whose contact has its email',
    of(john, { ...jane, email: 'JOHN@Roe.example ' }),
    [skipped('client_has_contact'), record('41', 'Jane Roe', 'JOHN@Roe.example ')],
  ],
  ['an individual whose contact has another email', of(john, jane), [johnRecord, janeRecord]],
  [
    'an individual whose archived contact has its email',
    of(john, { ...jane, email: 'john@roe.example', archived: true }),
    [johnRecord, skipped('contact_archived')],
  ],
  [
    'an individual with several addresses, one of which its contact has',
    of({ ...john, email: 'john@roe.example, jane@roe.example' }, jane),
    [record('client:7', 'ROE, John', 'john@roe.example, jane@roe.example', '02 5550 0001'), janeRecord],
  ],
  [
    'neither the individual nor its contact has an email',
    of({ ...john, email: null }, { id: 41, name: 'Jane' }),
    [record('client:7', 'ROE, John', null, '02 5550 0001'), record('41', 'Jane', null)],
  ],
  [
    'an individual with an unreadable contact',
    of(john, { ...jane, email: 1.5 }),
    [
      unreadable('client:7', 'client 7', 'a contact that may stand for it cannot be read'),
      unreadable('41', 'contact 41 of client 7', 'email is neither text nor a whole number'),
    ],
  ],
  [
    'an individual whose contacts are no list',
    { ...john, contacts: 'x' },
    [
      unreadable('client:7', 'client 7', 'a contact that may stand for it cannot be read'),
      unreadable(null, 'contacts of client 7', 'they are no list'),
    ],
  ],
  [
    'an individual with an unreadable contact and one that stands for it',
    of(john, 'x', { id: 42, name: 'J', email: 'john@roe.example' }),
    [
      skipped('client_has_contact'),
      unreadable(null, 'contact no. 1 of client 7', 'it is no object'),
      record('42', 'J', 'john@roe.example'),
    ],
  ],
];

test.each(rows)('%s', (_, row, outcomes) => {
  expect(outcomesOf(clientOf(row), place, usual)).toEqual(outcomes);
});

test.each<[string, Partial<Wanted>, Json, Outcome[]]>([
  [
    'archived clients on request',
    { archived: true },
    of({ ...john, status: 'Archived' }, jane),
    [johnRecord, janeRecord],
  ],
  [
    'archived contacts on request',
    { archived: true },
    of(company, { ...jane, archived: true }),
    [notPerson, janeRecord],
  ],
  [
    'deleted clients and contacts never',
    { archived: true, prospects: true, unmatched: true },
    of({ ...company, archived: true }, { ...jane, status: 'Deleted' }),
    [notPerson, skipped('contact_deleted')],
  ],
  [
    'unmatched clients on request',
    { unmatched: true },
    of({ ...john, status: 'Unmatched' }, jane),
    [johnRecord, janeRecord],
  ],
  [
    'an archived, unmatched client needs both',
    { unmatched: true },
    { ...john, status: 'Unmatched', archived: true },
    [skipped('client_archived')],
  ],
  [
    'prospects on request, though FYI may not call them clients',
    { prospects: true },
    of({ ...john, status: 'Prospect', is_client: false }, jane),
    [johnRecord, janeRecord],
  ],
  [
    'what is no client never',
    { prospects: true, archived: true },
    { ...john, is_client: false },
    [skipped('entity_not_client')],
  ],
  [
    'all clients',
    { clients: 'all' },
    of(company, jane),
    [record('client:7', 'Harbour & Co', 'office@h.example'), janeRecord],
  ],
  [
    'all clients but those a contact stands for',
    { clients: 'all' },
    of(company, { ...jane, email: 'Office@h.example' }),
    [skipped('client_has_contact'), record('41', 'Jane Roe', 'Office@h.example')],
  ],
  ['no clients', { clients: 'none' }, of(john, jane), [skipped('client_not_asked'), janeRecord]],
  ['no clients, and a fault in one', { clients: 'none' }, { ...john, email: {} }, [skipped('client_not_asked')]],
])('%s', (_, wanted, row, outcomes) => {
  expect(outcomesOf(clientOf(row), place, { ...usual, ...wanted })).toEqual(outcomes);
});

test('an id is told in one line, and not longer than fits in one', () => {
  const [outcome] = outcomesOf(clientOf({ ...john, id: `a\n\u202eb${'x'.repeat(500)}`, email: {} }), place, usual);
  expect(outcome).toMatchObject({ unreadable: { where: `client a b${'x'.repeat(196)}…` } });
});
