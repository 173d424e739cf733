import { type Contact, fingerprint, nameEmailKey, type RecordType } from '@contact-sync/core';

/** A row of `contacts`, as it is read. */
export type ContactRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly record_type: RecordType;
  readonly forced_manual: 0 | 1;
  readonly source: string | null;
  readonly external_id: string | null;
  readonly missing_since: string | null;
};

export const contactColumns = 'id, name, email, phone, record_type, forced_manual, source, external_id, missing_since';

export function contactOf(row: ContactRow): Contact {
  const { source, external_id: externalId } = row;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    recordType: row.record_type,
    forcedManual: row.forced_manual === 1,
    link: source === null || externalId === null ? null : { source, externalId },
    missingSince: row.missing_since,
  };
}

/** Values for named parameters, one for each column but the book's. */
export function rowOf(contact: Contact) {
  return {
    id: contact.id,
    name: contact.name,
    email: contact.email,
    phone: contact.phone,
    record_type: contact.recordType,
    forced_manual: contact.forcedManual ? 1 : 0,
    source: contact.link?.source ?? null,
    external_id: contact.link?.externalId ?? null,
    missing_since: contact.missingSince,
    name_email_key: nameEmailKey(contact),
    fingerprint: fingerprint(contact),
  };
}
