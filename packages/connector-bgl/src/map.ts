import { quotable, type RawRecord, type RowOutcome } from '@contact-sync/core';
import type { Row, WireContact, WirePerson } from './wire.js';

/** Why a row was left out, as people read it in the counts of a run. */
export type Filter =
  | 'contact_company'
  | 'contact_joint_member'
  | 'contact_other_entity'
  | 'corporate_trustee'
  | 'fund'
  | 'fund_not_smsf'
  | 'fund_wound_up'
  | 'member_not_asked'
  | 'person_deceased'
  | 'repeated';

/** What becomes of one row of the wire: exactly one of the three. */
export type Outcome = RowOutcome<Filter>;

/** A contact of CAS 360 that stands for others: what becomes of it is known once all contacts were seen. */
export type JointMember = {
  readonly joint: { readonly id: string | null; readonly representatives: readonly string[] };
};

/** Ids of CAS 360 and of Simple Fund 360 have nothing to do with each other, so each says where it is from. */
export const externalIdOf = {
  /** `cas:1800101` */
  contact: (id: string): string => `cas:${id}`,
  /** `sf:8a9c9e…`, by peopleId. */
  person: (id: string): string => `sf:${id}`,
};

export function contactOutcome(row: Row<WireContact>, wanted: { contacts: 'people' | 'all' }): Outcome | JointMember {
  if (row.value === null) return unreadableContact(row.id, row.problem);
  const contact = row.value;
  switch (contact.contactType?.trim().toLowerCase()) {
    case 'people':
      return { record: recordOf(contact, personName(contact) ?? contact.name) };
    case 'company':
      return wanted.contacts === 'all' ? { record: recordOf(contact, contact.name) } : { skipped: 'contact_company' };
    case 'other entity':
      if (wanted.contacts === 'all') return { record: recordOf(contact, contact.name) };
      return { skipped: 'contact_other_entity' };
    case 'joint member': {
      const representatives = (contact.representativeIds ?? []).filter((id) => id !== null);
      return { joint: { id: contact.id, representatives } };
    }
    default:
      return unreadableContact(contact.id, 'contactType is not one that is known');
  }
}

/**
 * A joint member is no person: its representatives are, by their own rows. One who has none would be lost, and must not
 * be called missing, so its id is reported as one that cannot be read.
 */
export function jointOutcomes({ joint }: JointMember, listed: ReadonlySet<string>): Outcome[] {
  const absent = [...new Set(joint.representatives)].filter((id) => !listed.has(id));
  if (absent.length === 0) return [{ skipped: 'contact_joint_member' }];
  const of = joint.id === null ? 'a joint member' : `joint member ${quotable(joint.id)}`;
  return absent.map((id) => ({
    unreadable: {
      externalId: externalIdOf.contact(id),
      where: `representative ${quotable(id)} of ${of}`,
      problem: 'it is not among the contacts',
    },
  }));
}

function unreadableContact(id: string | null, problem: string): Outcome {
  const where = id === null ? 'a contact without an id' : `contact ${quotable(id)}`;
  return { unreadable: { externalId: id === null ? null : externalIdOf.contact(id), where, problem } };
}

function recordOf(contact: WireContact, name: string | null): RawRecord {
  return {
    externalId: contact.id === null ? '' : externalIdOf.contact(contact.id),
    name,
    email: emailOf(contact.email),
    phone: contact.mobile ?? contact.phone1 ?? contact.phone2,
  };
}

/** First and last name as they stand; no title and no middle name. */
export function personName({ firstName, lastName }: Pick<WirePerson, 'firstName' | 'lastName'>): string | null {
  if (firstName !== null && lastName !== null) return `${firstName} ${lastName}`;
  return firstName ?? lastName;
}

/** An inbox that BGL made collects a fund's documents; nobody reads it. */
export function emailOf(email: string | null): string | null {
  return email !== null && /^[^\s@]*@bglnotes\.com\.au$/i.test(email.trim()) ? null : email;
}
