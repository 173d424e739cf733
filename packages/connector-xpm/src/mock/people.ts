import type { RawRecord } from '@contact-sync/core';
import type { FakeClient, FakeContact } from './tenant.js';

/** A client with everything a practice may know of it. All numbers are made up; none belongs to anybody. */
export function fakeClient(client: Partial<FakeClient> & { readonly UUID: string; readonly Name: string }): FakeClient {
  return {
    Email: '',
    Address: '1 Quay St\n   Level 2',
    City: 'Sydney',
    Region: 'NSW',
    PostCode: '0800',
    Country: 'Australia',
    ...{ PostalAddress: '', PostalCity: '', PostalRegion: '', PostalPostCode: '', PostalCountry: '' },
    ...{ Phone: '', Fax: '', Website: '', ReferralSource: '', ExportCode: '1003' },
    ...{ IsProspect: 'No', IsArchived: 'No', IsDeleted: 'No' },
    AccountManager: { UUID: '0b7f0f0e-5a0c-4b37-8f6e-0f3f5f0d7a01', Name: 'Pat Partner' },
    JobManager: { UUID: '1c8e1f1e-6b1d-4c48-9a7f-1a4a6a1e8b02', Name: 'Max Manager' },
    TaxNumber: '******123',
    CompanyNumber: '123 456 789',
    BusinessNumber: '',
    BranchNumber: '1',
    BusinessStructure: 'Company',
    ...{ GSTRegistered: 'Yes', PrepareGST: 'No', SignedTaxAuthority: 'No', AgencyStatus: 'Unlinked' },
    ...{ PrepareActivityStatement: 'No', PrepareTaxReturn: 'No', ActiveAtoClient: 'No' },
    AutoBasOptInCriteria: { Annually: 'No', Monthly: 'No', Quarterly: 'No', 'Opt-Out': 'Yes' },
    BankName: 'Bank of Nowhere',
    WebUrl: 'https://practicemanager.xero.com/Client/1000001/Detail',
    contacts: [],
    ...client,
  };
}

/** A client as an integration makes it: no Email element, no managers, no tax block. */
export function bareClient(client: Partial<FakeClient> & { readonly UUID: string; readonly Name: string }): FakeClient {
  return {
    ...{ Address: '', City: '', Region: '', PostCode: '', Country: '' },
    ...{ PostalAddress: '', PostalCity: '', PostalRegion: '', PostalPostCode: '', PostalCountry: '' },
    ...{ Phone: '', Fax: '', Website: '', ReferralSource: '', ExportCode: '' },
    ...{ IsProspect: 'No', IsArchived: 'No', IsDeleted: 'No' },
    contacts: [],
    ...client,
  };
}

export function fakeContact(contact: FakeContact & { readonly UUID: string; readonly Name: string }): FakeContact {
  return {
    ...{ Mobile: '', Email: '', Phone: '', Salutation: '', Addressee: '', Position: '' },
    ...{ IsPrimary: 'No', IsDeleted: 'No' },
    ...contact,
  };
}

/** A practice with one client, a company, whose contacts are read as exactly these records. */
export function exampleTenant(records: readonly RawRecord[]): FakeClient[] {
  const contacts = records.map(({ externalId, name, email, phone }) =>
    fakeContact({ UUID: externalId, Name: name ?? '', Email: email ?? '', Mobile: phone ?? '' }),
  );
  return [fakeClient({ UUID: '5c0f2a2e-6d0b-4c39-9d55-0a4a4d0c1f01', Name: 'Harbour & Co Pty Ltd', contacts })];
}

/** A small practice with one of every kind of client and contact that the connector tells apart. */
export function samplePractice(): FakeClient[] {
  const jane = fakeContact({
    UUID: id('c', 1),
    Name: 'Jane Roe',
    Mobile: '0400 000 001',
    Email: 'jane@harbour.example',
    ...{ Salutation: 'Jane', Addressee: 'Ms J Roe', Position: 'Director', IsPrimary: 'Yes' },
  });
  const several = 'books@harbour.example; owner@harbour.example';
  return [
    fakeClient({
      UUID: id('a', 1),
      Name: 'Harbour & Co Pty Ltd',
      Email: 'accounts@harbour.example',
      Phone: '02 5550 0001',
      ClientCode: 'HARB01',
      contacts: [jane, fakeContact({ UUID: id('c', 2), Name: 'Books Desk', Email: several })],
    }),
    fakeClient({ UUID: id('a', 2), Name: 'Roe Family Trust', BusinessStructure: 'Trust', contacts: [jane] }),
    person(3, 'Kāra', 'Ōtene', { Email: 'kara@otene.example', Phone: '(03) 5550 0003' }),
    person(4, 'José', 'Núñez', {
      Email: 'JOSE@NUNEZ.EXAMPLE',
      contacts: [fakeContact({ UUID: id('c', 3), Name: 'José Núñez', Email: 'jose@nunez.example', Phone: 'none' })],
    }),
    person(5, 'John', 'Roe', { Email: 'john@roe.example', IsArchived: 'Yes' }),
    person(6, 'Wei', '陳', { Email: 'wei@chen.example', IsProspect: 'Yes' }),
    fakeClient({
      UUID: id('a', 7),
      Name: 'Closed Shop Ltd',
      IsDeleted: 'Yes',
      contacts: [fakeContact({ UUID: id('c', 4), Name: 'Old Owner', Email: 'old@closed.example' })],
    }),
    bareClient({ UUID: id('a', 8), Name: 'Made by an integration' }),
    fakeClient({
      UUID: id('a', 9),
      Name: 'Starfish 🐠 Diving',
      contacts: [
        fakeContact({ UUID: id('c', 5), Name: 'Sam Diver', Email: 'sam@starfish.example', Mobile: '0400 000 005' }),
        fakeContact({ UUID: id('c', 6), Name: 'Left Long Ago', Email: 'gone@starfish.example', IsDeleted: 'Yes' }),
        fakeContact({ UUID: id('c', 7), Name: 'No Address' }),
      ],
    }),
  ];
}

function person(number: number, first: string, last: string, rest: Partial<FakeClient>): FakeClient {
  return fakeClient({
    UUID: id('a', number),
    Name: `${last}, ${first}`,
    ...{ FirstName: first, LastName: last, BusinessStructure: 'Individual', DateOfBirth: '1980-02-29T00:00:00' },
    ...rest,
  });
}

function id(kind: 'a' | 'c', number: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
