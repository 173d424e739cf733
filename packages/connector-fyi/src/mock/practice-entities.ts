import type { Client, ClientContact, ClientKind, Practice } from '@contact-sync/connector-kit/mock';
import { type FakeContact, type FakeEntity, fakeContact, fakeEntity } from './entities.js';

/** A made-up practice as it stands in FYI. */
export function entitiesOf({ clients }: Practice): FakeEntity[] {
  return clients.map(entityOf);
}

const structures: Readonly<Record<ClientKind, string>> = {
  individual: 'Individual',
  company: 'Company',
  trust: 'Trust',
  partnership: 'Partnership',
  'super-fund': 'Superannuation Fund',
};

/** What the practice system has deleted stays in FYI, without a match. */
const statuses: Readonly<Record<Client['status'], string>> = {
  active: 'Active',
  archived: 'Archived',
  prospect: 'Prospect',
  deleted: 'Unmatched',
};

function entityOf({
  number,
  id,
  kind,
  code,
  name,
  person,
  email,
  phone,
  address,
  status,
  contacts,
}: Client): FakeEntity {
  return fakeEntity({
    id: 214_600_000 + number,
    name,
    email: email || null,
    phone: phone || null,
    mobile: person?.mobile || null,
    ...{ address: address.street, city: address.city, region: address.state, postcode: address.postcode },
    business_structure: structures[kind],
    ...(person === null ? {} : { date_of_birth: person.born }),
    status: statuses[status],
    source_id: String(12_000_000 + number),
    details: { client_code: code, uuid: id },
    contacts: contacts.map(contactOf),
  });
}

function contactOf({ person, role, primary }: ClientContact): FakeContact {
  const { number, givenName, familyName, name, email, mobile, phone, deleted } = person;
  return fakeContact({
    id: 314_600_000 + number,
    // Some practice systems have one field for the name, some two.
    ...(number % 2 === 0 ? { name } : { first_name: givenName, last_name: familyName }),
    email: email || null,
    mobile: mobile || null,
    phone: phone || null,
    position: role === 'self' ? null : role,
    salutation: givenName,
    is_primary: primary,
    ...(deleted ? { archived: true } : {}),
  });
}
