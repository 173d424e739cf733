import type { Client, Person, Practice } from '@contact-sync/connector-kit/mock';
import { type FakeContact, type FakeFund, fakeContact, fakeFund, fakeMember, fakeTrustee } from './firm.js';
import type { JsonObject } from './json.js';
import type { FakeFirm } from './people.js';

/** A made-up practice as it stands in CAS 360 and Simple Fund 360. What was deleted is in neither. */
export function firmOf({ people, clients }: Practice): FakeFirm {
  const present = clients.filter(({ status }) => status !== 'deleted');
  const contacts = [
    ...people.filter(({ deleted }) => !deleted).map(personContact),
    ...present.filter(({ kind }) => kind !== 'individual').map(entityContact),
    ...present.filter(({ kind }) => kind === 'super-fund').flatMap(jointContact),
  ];
  const funds = present.filter(({ kind }) => kind === 'super-fund' || kind === 'trust').map(fundOf);
  return { contacts, funds };
}

/** Names are often in upper case. */
function namesOf({ number, givenName, familyName, title }: Person): JsonObject {
  const lastName = number % 5 === 0 ? familyName.toUpperCase() : familyName;
  return { title, firstName: number % 10 === 0 ? givenName.toUpperCase() : givenName, lastName };
}

function personContact(person: Person): FakeContact {
  const { number, email, mobile, phone, born } = person;
  return fakeContact({ id: 1_800_000 + number, ...namesOf(person), email, mobile, phone1: phone, birthday: born });
}

function entityContact({ number, kind, name, email, phone }: Client): FakeContact {
  const contactType = kind === 'company' ? 'Company' : 'Other Entity';
  const personal = { sex: null, birthday: null, birthPlace: null, birthState: null, birthCountry: null, skype: null };
  return fakeContact({ id: 2_800_000 + number, contactType, name, email, phone1: phone, ...personal });
}

/** The members of a fund together. */
function jointContact({ number, contacts }: Client): FakeContact[] {
  const people = contacts.filter(({ person }) => !person.deleted).map(({ person }) => 1_800_000 + person.number);
  if (people.length < 2) return [];
  return [fakeContact({ id: 3_800_000 + number, contactType: 'Joint Member', representativeIds: people })];
}

function fundOf({ id, name, kind, status, contacts, trustee }: Client): FakeFund {
  const people = contacts.filter(({ person }) => !person.deleted).map(({ person }) => person);
  const smsf = kind === 'super-fund';
  return fakeFund({
    id: hex(id),
    name,
    entityType: smsf ? 'SMSF' : 'BillableTrust',
    entity: { windUpDate: status === 'archived' ? '2025-06-30' : null },
    members: smsf ? people.map(memberOf) : [],
    trustees: people.filter(({ deceased }) => !deceased).map(trusteeOf),
    corporate: trustee !== null,
  });
}

function memberOf(person: Person): JsonObject {
  const { id, email, mobile, phone, born, deceased } = person;
  const dateOfDeath = deceased ? '2025-03-01' : null;
  return fakeMember({ peopleId: hex(id), ...namesOf(person), email, mobile, phone, dob: born, dateOfDeath });
}

function trusteeOf(person: Person): JsonObject {
  const { id, email, phone, born } = person;
  return fakeTrustee({ peopleId: hex(id), ...namesOf(person), email, phone, dob: born });
}

/** A UUID as the 32 digits that Simple Fund 360 has. */
function hex(uuid: string): string {
  return uuid.replaceAll('-', '');
}
