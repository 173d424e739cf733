import { expect, test } from 'vitest';
import type { WireClient, WireContact } from './list.js';
import { type Outcome, outcomesOf, type Wanted } from './map.js';

type Made = WireContact['fields'] & { faults?: Record<string, string> };
const made = ({ faults = {}, ...fields }: Made): WireContact => ({ fields, faults: new Map(Object.entries(faults)) });

function client(fields: WireClient['fields'] & { faults?: Record<string, string> }, ...contacts: Made[]): WireClient {
  const { faults = {}, ...rest } = fields;
  return { number: 7, fields: rest, faults: new Map(Object.entries(faults)), contacts: contacts.map(made) };
}

const usual: Wanted = { clients: 'individuals', prospects: false, archived: false };
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

const company = { UUID: 'k', Name: 'Harbour & Co', Email: 'office@h.example', BusinessStructure: 'Company' };
const john = {
  UUID: 'k',
  Name: 'Roe, John',
  FirstName: 'John',
  LastName: 'Roe',
  Email: 'john@roe.example',
  Phone: '02 5550 0001',
  BusinessStructure: 'Individual',
};
const jane = { UUID: 'c', Name: 'Jane Roe', Email: 'jane@roe.example' };
const janeRecord = record('c', 'Jane Roe', 'jane@roe.example');
const johnRecord = record('k', 'John Roe', 'john@roe.example', '02 5550 0001');
const notPerson = skipped('client_not_individual');
const twice = { Email: 'Email is there twice' };

/** Each row: what it is about, the client with its contacts, what becomes of the client and then of each contact. */
const rows: [string, WireClient, Outcome[]][] = [
  // Contacts
  ['a contact of a company', client(company, jane), [notPerson, janeRecord]],
  ['a client without contacts', client(company), [notPerson]],
  [
    'mobile before phone',
    client(company, { ...jane, Mobile: '0400 1', Phone: '02 2' }),
    [notPerson, record('c', 'Jane Roe', 'jane@roe.example', '0400 1')],
  ],
  [
    'phone without mobile',
    client(company, { ...jane, Phone: '02 2' }),
    [notPerson, record('c', 'Jane Roe', 'jane@roe.example', '02 2')],
  ],
  [
    'a phone of letters only',
    client(company, { ...jane, Mobile: 'none' }),
    [notPerson, record('c', 'Jane Roe', 'jane@roe.example', 'none')],
  ],
  ['a contact without email', client(company, { UUID: 'c', Name: 'Jane' }), [notPerson, record('c', 'Jane', null)]],
  [
    'a contact without name',
    client(company, { UUID: 'c', Email: 'x@y.example' }),
    [notPerson, record('c', null, 'x@y.example')],
  ],
  [
    'a contact without id',
    client(company, { Name: 'Jane', Email: 'x@y.example' }),
    [notPerson, record('', 'Jane', 'x@y.example')],
  ],
  [
    'several addresses in one field',
    client(company, { ...jane, Email: 'a@b.example; c@d.example' }),
    [notPerson, record('c', 'Jane Roe', 'a@b.example; c@d.example')],
  ],
  [
    'upper case and outer spaces',
    client(company, { UUID: ' C ', Name: ' JANE ', Email: 'NEW@EMAIL.COM ' }),
    [notPerson, record(' C ', ' JANE ', 'NEW@EMAIL.COM ')],
  ],
  [
    'names that are equal',
    client(company, jane, { ...jane, UUID: 'd' }),
    [notPerson, janeRecord, record('d', 'Jane Roe', 'jane@roe.example')],
  ],
  ['the same contact twice under one client', client(company, jane, jane), [notPerson, janeRecord, janeRecord]],
  ['a deleted contact', client(company, { ...jane, IsDeleted: 'Yes' }), [notPerson, skipped('contact_deleted')]],
  ['a contact that is not deleted', client(company, { ...jane, IsDeleted: 'No' }), [notPerson, janeRecord]],
  [
    'marks in any case',
    client({ ...company, IsArchived: 'NO', IsDeleted: ' no ' }, { ...jane, IsDeleted: 'yEs' }),
    [notPerson, skipped('contact_deleted')],
  ],
  [
    'marks as true and false',
    client({ ...company, IsArchived: 'false' }, { ...jane, IsDeleted: 'True' }),
    [notPerson, skipped('contact_deleted')],
  ],
  [
    'marks as 1 and 0',
    client({ ...company, IsProspect: '0' }, { ...jane, IsDeleted: '1' }),
    [notPerson, skipped('contact_deleted')],
  ],
  [
    'a mark that says neither',
    client(company, { ...jane, IsDeleted: 'Maybe' }),
    [notPerson, unreadable('c', 'contact c of client k', 'IsDeleted is neither Yes nor No')],
  ],
  [
    'a field twice',
    client(company, { ...jane, faults: twice }),
    [notPerson, unreadable('c', 'contact c of client k', 'Email is there twice')],
  ],
  [
    'an id twice',
    client(company, { ...jane, faults: { UUID: 'UUID is there twice' } }),
    [notPerson, unreadable(null, 'contact no. 1 of client k', 'UUID is there twice')],
  ],
  [
    'a fault and no id',
    client(company, jane, { Name: 'x', faults: twice }),
    [notPerson, janeRecord, unreadable(null, 'contact no. 2 of client k', 'Email is there twice')],
  ],
  [
    'a mark twice',
    client(company, { ...jane, IsDeleted: 'Yes', faults: { IsDeleted: 'IsDeleted is there twice' } }),
    [notPerson, unreadable('c', 'contact c of client k', 'IsDeleted is there twice')],
  ],
  [
    'a fault in a deleted contact',
    client(company, { ...jane, IsDeleted: 'Yes', faults: twice }),
    [notPerson, skipped('contact_deleted')],
  ],
  // Clients that are left out, with all their contacts
  [
    'an archived client',
    client({ ...john, IsArchived: 'Yes' }, jane),
    [skipped('client_archived'), skipped('client_archived')],
  ],
  [
    'a deleted client',
    client({ ...john, IsDeleted: 'Yes' }, jane),
    [skipped('client_deleted'), skipped('client_deleted')],
  ],
  [
    'a prospect',
    client({ ...john, IsProspect: 'Yes' }, jane),
    [skipped('client_prospect'), skipped('client_prospect')],
  ],
  [
    'an archived, deleted prospect',
    client({ ...john, IsProspect: 'Yes', IsArchived: 'Yes', IsDeleted: 'Yes' }, jane),
    [skipped('client_deleted'), skipped('client_deleted')],
  ],
  [
    'a deleted contact of an archived client',
    client({ ...john, IsArchived: 'Yes' }, { ...jane, IsDeleted: 'Yes' }),
    [skipped('client_archived'), skipped('client_archived')],
  ],
  [
    'a client whose mark says neither',
    client({ ...company, IsArchived: 'Y' }, jane),
    [
      unreadable('k', 'client k', 'IsArchived is neither Yes nor No'),
      unreadable('c', 'contact c of client k', 'of its client, IsArchived is neither Yes nor No'),
    ],
  ],
  [
    'a client whose mark is there twice',
    client({ ...company, faults: { IsDeleted: 'IsDeleted is there twice' } }, jane),
    [
      unreadable('k', 'client k', 'IsDeleted is there twice'),
      unreadable('c', 'contact c of client k', 'of its client, IsDeleted is there twice'),
    ],
  ],
  [
    'a client with two names',
    client({ ...company, faults: { Name: 'Name is there twice' } }, jane),
    [unreadable('k', 'client k', 'Name is there twice'), janeRecord],
  ],
  [
    'a client without id and with a fault',
    client({ Name: 'x', faults: twice }),
    [unreadable(null, 'client no. 7', 'Email is there twice')],
  ],
  // Individuals
  ['an individual', client(john), [johnRecord]],
  [
    'an individual without a first name',
    client({ ...john, FirstName: undefined }),
    [record('k', 'Roe, John', 'john@roe.example', '02 5550 0001')],
  ],
  [
    'an individual without a last name',
    client({ ...john, LastName: undefined }),
    [record('k', 'Roe, John', 'john@roe.example', '02 5550 0001')],
  ],
  [
    'an individual by its structure only',
    client({ UUID: 'k', Name: 'John Roe', BusinessStructure: ' INDIVIDUAL ' }),
    [record('k', 'John Roe', null)],
  ],
  ['an individual by its names only', client({ ...john, BusinessStructure: undefined }), [johnRecord]],
  ['a practice with its own word for individuals', client({ ...john, BusinessStructure: 'Sole trader' }), [johnRecord]],
  ['an individual with a last name only', client({ UUID: 'k', LastName: 'Roe' }), [record('k', 'Roe', null)]],
  ['a client of no known structure', client({ UUID: 'k', Name: 'Roe' }), [notPerson]],
  [
    'an individual without id',
    client({ ...john, UUID: undefined }),
    [record('', 'John Roe', 'john@roe.example', '02 5550 0001')],
  ],
  [
    'an individual whose contact has its email',
    client(john, { ...jane, Email: 'JOHN@Roe.example ' }),
    [skipped('client_has_contact'), record('c', 'Jane Roe', 'JOHN@Roe.example ')],
  ],
  ['an individual whose contact has another email', client(john, jane), [johnRecord, janeRecord]],
  [
    'an individual whose deleted contact has its email',
    client(john, { ...jane, Email: 'john@roe.example', IsDeleted: 'Yes' }),
    [johnRecord, skipped('contact_deleted')],
  ],
  [
    'neither the individual nor its contact has an email',
    client({ ...john, Email: undefined }, { UUID: 'c', Name: 'Jane' }),
    [record('k', 'John Roe', null, '02 5550 0001'), record('c', 'Jane', null)],
  ],
  [
    'an email that is equal once folded',
    client({ ...john, Email: 'strasse@ROE.example' }, { ...jane, Email: 'straße@roe.example' }),
    [skipped('client_has_contact'), record('c', 'Jane Roe', 'straße@roe.example')],
  ],
  [
    'an individual with an unreadable contact',
    client(john, { ...jane, faults: twice }),
    [
      unreadable('k', 'client k', 'a contact that may stand for it cannot be read'),
      unreadable('c', 'contact c of client k', 'Email is there twice'),
    ],
  ],
  [
    'an individual with an unreadable contact and one that stands for it',
    client(john, { ...jane, faults: twice }, { UUID: 'd', Name: 'J', Email: 'john@roe.example' }),
    [
      skipped('client_has_contact'),
      unreadable('c', 'contact c of client k', 'Email is there twice'),
      record('d', 'J', 'john@roe.example'),
    ],
  ],
];

test.each(rows)('%s', (_, row, outcomes) => {
  expect(outcomesOf(row, usual)).toEqual(outcomes);
});

test.each<[string, Partial<Wanted>, WireClient, Outcome[]]>([
  [
    'archived clients on request',
    { archived: true },
    client({ ...john, IsArchived: 'Yes' }, jane),
    [johnRecord, janeRecord],
  ],
  [
    'deleted clients never',
    { archived: true, prospects: true },
    client({ ...john, IsArchived: 'Yes', IsDeleted: 'Yes' }),
    [skipped('client_deleted')],
  ],
  ['prospects on request', { prospects: true }, client({ ...john, IsProspect: 'Yes' }, jane), [johnRecord, janeRecord]],
  [
    'an archived prospect needs both',
    { prospects: true },
    client({ ...john, IsProspect: 'Yes', IsArchived: 'Yes' }),
    [skipped('client_archived')],
  ],
  [
    'all clients',
    { clients: 'all' },
    client(company, jane),
    [record('k', 'Harbour & Co', 'office@h.example'), janeRecord],
  ],
  [
    'all clients but those a contact stands for',
    { clients: 'all' },
    client(company, { ...jane, Email: 'Office@h.example' }),
    [skipped('client_has_contact'), record('c', 'Jane Roe', 'Office@h.example')],
  ],
  ['no clients', { clients: 'none' }, client(john, jane), [skipped('client_not_asked'), janeRecord]],
  [
    'no clients, and a fault in one',
    { clients: 'none' },
    client({ ...john, faults: twice }),
    [skipped('client_not_asked')],
  ],
])('%s', (_, wanted, row, outcomes) => {
  expect(outcomesOf(row, { ...usual, ...wanted })).toEqual(outcomes);
});

test('an id is told in one line, and not longer than fits in one', () => {
  const [outcome] = outcomesOf(client({ UUID: `a\n\u202eb${'x'.repeat(500)}`, faults: twice }), usual);
  expect(outcome).toMatchObject({ unreadable: { where: `client a b${'x'.repeat(196)}…` } });
});
