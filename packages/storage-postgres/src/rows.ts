import { hash } from 'node:crypto';
import { type Contact, fingerprint, isDecimal, nameEmailKey, type RecordType } from '@contact-sync/core';

/** A row of `contacts`, as it is read. */
export type ContactRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly record_type: RecordType;
  readonly forced_manual: boolean;
  readonly source: string | null;
  readonly external_id: string | null;
  readonly missing_since: string | null;
};

export function contactOf(row: ContactRow): Contact {
  const { source, external_id: externalId } = row;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    recordType: row.record_type,
    forcedManual: row.forced_manual,
    link: source === null || externalId === null ? null : { source, externalId },
    missingSince: row.missing_since,
  };
}

const sha256 = (text: string) => hash('sha256', text);

export function rowOf(contact: Contact) {
  return {
    id: contact.id,
    name: contact.name,
    email: contact.email,
    phone: contact.phone,
    record_type: contact.recordType,
    forced_manual: contact.forcedManual,
    source: contact.link?.source ?? null,
    external_id: contact.link?.externalId ?? null,
    missing_since: contact.missingSince,
    name_email_key: nameEmailKey(contact),
    id_key: idKey(contact.id),
    fingerprint: fingerprint(contact, sha256),
  };
}

/** A text that the database sorts as `compareContactIds` does: numbers first and as numbers, then the others. */
export function idKey(id: string): string {
  if (!isDecimal(id)) return `1${id}`;
  const number = id.replace(/^0+/, '');
  return `0${String(number.length).padStart(9, '0')}${number} ${id}`;
}

/** Whether PostgreSQL can hold a text as it is: its encoding has no NUL, and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
