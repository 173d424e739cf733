import type { Client, ClientContact, ClientKind, Person, Practice } from '@contact-sync/connector-kit/mock';
import { bareClient, fakeClient, fakeContact } from './people.js';
import type { FakeClient, FakeContact } from './tenant.js';

/** A made-up practice as it stands in Practice Manager. */
export function clientsOf({ clients }: Practice): FakeClient[] {
  return clients.map(clientOf);
}

const structures: Readonly<Record<ClientKind, string>> = {
  individual: 'Individual',
  company: 'Company',
  trust: 'Trust',
  partnership: 'Partnership',
  // Practices make their own list.
  'super-fund': 'Superannuation Fund',
};

function clientOf(client: Client): FakeClient {
  const { number, id, kind, name, email, phone, address, status, contacts, person } = client;
  const fields = {
    UUID: id,
    Name: name,
    Email: email,
    Phone: phone,
    IsArchived: status === 'archived' ? 'Yes' : 'No',
    IsDeleted: status === 'deleted' ? 'Yes' : 'No',
    IsProspect: status === 'prospect' ? 'Yes' : 'No',
    contacts: contacts.map(contactOf),
  };
  // Now and then one that an integration made: it has no structure, nor first and last names.
  if (person === null && number % 20 === 0) return bareClient(fields);
  return fakeClient({
    ...fields,
    ...personal(person),
    ...{ Address: address.street, City: address.city, Region: address.state, PostCode: address.postcode },
    ExportCode: String(1000 + number),
    TaxNumber: '******123',
    BusinessStructure: structures[kind],
    ClientCode: client.code,
    WebUrl: `https://practicemanager.xero.com/Client/${1_000_000 + number}/Detail`,
  });
}

function personal(person: Person | null): Partial<FakeClient> {
  if (person === null) return {};
  const { title, givenName, familyName, born } = person;
  return { Title: title, FirstName: givenName, LastName: familyName, DateOfBirth: `${born}T00:00:00` };
}

const positions: Readonly<Record<ClientContact['role'], string>> = {
  ...{ self: '', spouse: 'Spouse', director: 'Director', trustee: 'Trustee', beneficiary: 'Beneficiary' },
  ...{ partner: 'Partner', member: 'Member', bookkeeper: 'Bookkeeper' },
};

function contactOf({ person, role, primary }: ClientContact): FakeContact {
  return fakeContact({
    UUID: person.id,
    Name: person.name,
    Mobile: person.mobile,
    Email: person.email,
    Phone: person.phone,
    Salutation: person.givenName,
    Addressee: `${person.title} ${person.givenName} ${person.familyName}`,
    Position: positions[role],
    IsPrimary: primary ? 'Yes' : 'No',
    IsDeleted: person.deleted ? 'Yes' : 'No',
  });
}
