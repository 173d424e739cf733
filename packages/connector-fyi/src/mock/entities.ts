import type { RawRecord } from '@contact-sync/core';

/** JSON as FYI may send it. Any value may stand in any field, also such as no real practice would have. */
type Fields<Name extends string> = { readonly [name in Name]?: unknown };

/** A client with its contacts, by the keys of the wire. */
export type FakeEntity = Fields<
  | ('id' | 'name' | 'email' | 'phone' | 'mobile' | 'address' | 'city' | 'region' | 'postcode' | 'country')
  | ('business_structure' | 'business_number' | 'company_number' | 'tax_file_number' | 'date_of_birth')
  | ('is_client' | 'is_prospect' | 'status' | 'archived' | 'is_archived' | 'archived_at')
  | ('source' | 'source_id' | 'details' | 'entity_group' | 'manager_user' | 'partner_user' | 'contacts')
>;
export type FakeContact = Fields<
  | ('id' | 'uuid' | 'name' | 'first_name' | 'last_name' | 'email' | 'phone' | 'mobile')
  | ('position' | 'salutation' | 'is_primary' | 'status' | 'archived' | 'is_archived' | 'archived_at')
>;

/** A client with everything a practice may know of it. All numbers are made up; none belongs to anybody. */
export function fakeEntity(entity: FakeEntity & { readonly id: unknown; readonly name: unknown }): FakeEntity {
  return {
    email: null,
    phone: null,
    mobile: null,
    ...{ address: '1 Quay St', city: 'Geelong', region: 'VIC', postcode: '3220', country: 'Australia' },
    business_structure: 'Company',
    ...{ business_number: '00 000 000 000', company_number: '000 000 000' },
    is_client: true,
    status: 'Active',
    source: 'XPM',
    source_id: '12345678',
    details: { client_code: 'HARB0001', uuid: '00000000-0000-4000-8000-000000000001' },
    entity_group: { id: 61300001, name: 'Harbour Group' },
    manager_user: { email: 'manager@firm.example' },
    partner_user: { email: 'partner@firm.example' },
    contacts: [],
    ...entity,
  };
}

export function fakeContact(contact: FakeContact): FakeContact {
  return { ...{ mobile: null, phone: null, position: null, salutation: null, is_primary: false }, ...contact };
}

/** Companies, ten contacts each, whose contacts are read as exactly these records. */
export function exampleEntities(records: readonly RawRecord[]): FakeEntity[] {
  return Array.from({ length: Math.ceil(records.length / 10) || 1 }, (_, index) =>
    fakeEntity({
      id: 214600001 + index,
      name: `Harbour & Co ${index + 1} Pty Ltd`,
      contacts: records.slice(10 * index, 10 * index + 10).map(contactOf),
    }),
  );
}

export function contactOf({ externalId, name, email, phone }: RawRecord): FakeContact {
  return fakeContact({ id: externalId, name, email, mobile: phone });
}

/** A small practice with one of every kind of client and contact that the connector tells apart. */
export function sampleEntities(): FakeEntity[] {
  const jane = fakeContact({
    ...{ id: 1001, first_name: 'Jane', last_name: 'Roe', email: 'jane@harbour.example', mobile: '0400 000 001' },
    ...{ position: 'Director', salutation: 'Jane', is_primary: true },
  });
  const several = 'books@harbour.example; owner@harbour.example';
  const individual = { business_structure: 'Individual', date_of_birth: '1980-02-29', tax_file_number: '000 000 000' };
  return [
    fakeEntity({
      ...{ id: 1, name: 'Harbour & Co Pty Ltd', email: 'accounts@harbour.example', phone: '02 5550 0001' },
      contacts: [jane, fakeContact({ id: 1002, name: 'Books Desk', email: several })],
    }),
    fakeEntity({ id: 2, name: 'Roe Family Trust', business_structure: 'Trust', contacts: [jane] }),
    fakeEntity({ ...individual, id: 3, name: 'ŌTENE, Kāra', email: 'kara@otene.example', phone: '(03) 5550 0003' }),
    fakeEntity({
      ...{ ...individual, id: 4, name: 'NÚÑEZ, José', email: 'JOSE@NUNEZ.EXAMPLE' },
      contacts: [fakeContact({ id: 1003, name: 'José Núñez', email: 'jose@nunez.example', phone: 'none' })],
    }),
    fakeEntity({ ...individual, id: 5, name: 'ROE, John', email: 'john@roe.example', status: 'Archived' }),
    fakeEntity({ ...individual, id: 6, name: '陳, Wei', email: 'wei@chen.example', status: 'Prospect' }),
    fakeEntity({
      ...{ id: 7, name: 'Closed Shop Ltd', status: 'Unmatched' },
      contacts: [fakeContact({ id: 1004, name: 'Old Owner', email: 'old@closed.example' })],
    }),
    // As a firm's own list of other entities may have it.
    { id: '8', name: 'Tax Office', is_client: false },
    fakeEntity({
      ...{ id: 9, name: 'Starfish 🐠 Diving' },
      contacts: [
        fakeContact({ id: 1005, name: 'Sam Diver', email: 'sam@starfish.example', mobile: '0400 000 005' }),
        fakeContact({ id: 1006, name: 'Left Long Ago', email: 'gone@starfish.example', archived: true }),
        fakeContact({ id: 1007, name: 'No Address' }),
      ],
    }),
  ];
}
