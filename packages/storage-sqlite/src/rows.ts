import { hash } from 'node:crypto';
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

/** Everything that is written of a contact but book and id, in the order of `valuesOf`. */
export const writtenColumns =
  'name, email, phone, record_type, forced_manual, source, external_id, missing_since, name_email_key, fingerprint';

const sha256 = (text: string) => hash('sha256', text);

/** By place and not by name, which node:sqlite binds much more slowly. */
export function valuesOf(contact: Contact): (string | number | null)[] {
  return [
    contact.name,
    contact.email,
    contact.phone,
    contact.recordType,
    contact.forcedManual ? 1 : 0,
    contact.link?.source ?? null,
    contact.link?.externalId ?? null,
    contact.missingSince,
    nameEmailKey(contact),
    fingerprint(contact, sha256),
  ];
}

/** Everything that is written but link and type, in the order of the columns. */
export function detailValuesOf(contact: Contact): (string | number | null)[] {
  return [
    contact.name,
    contact.email,
    contact.phone,
    contact.forcedManual ? 1 : 0,
    contact.missingSince,
    nameEmailKey(contact),
    fingerprint(contact, sha256),
  ];
}
