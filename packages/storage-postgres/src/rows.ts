import { hash } from 'node:crypto';
import { type Contact, fingerprint, isDecimal, nameEmailKey, type RecordType } from '@contact-sync/core';
import type { Value } from './bulk.js';

/** The columns of `contacts` that say all of one, but for its id. */
export const comparedColumns = [
  ...(['name', 'email', 'phone', 'record_type'] as const),
  ...(['forced_manual', 'source', 'external_id', 'missing_since'] as const),
];
export const contactColumns = ['id', ...comparedColumns, 'name_email_key', 'id_key'] as const;
/** Those that a change writes: an id stays. */
export const changedColumns = [...comparedColumns, 'name_email_key', 'fingerprint'] as const;

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

/** What is written of a contact. */
export function rowOf(contact: Contact) {
  return {
    id: contact.id,
    ...comparedOf(contact),
    name_email_key: nameEmailKey(contact),
    id_key: idKey(contact.id),
    fingerprint: fingerprint(contact, sha256),
  };
}

/** The values of a row for those that copy it: of a new contact. */
export function newRow(contact: Contact): Value[] {
  const row = rowOf(contact);
  return [...contactColumns.map((column) => row[column]), row.fingerprint];
}

/** Of one that is changed, with what it was before. */
export function changedRow(before: Contact, after: Contact): Value[] {
  const [row, was] = [rowOf(after), comparedOf(before)];
  return [row.id, ...changedColumns.map((column) => row[column]), ...comparedColumns.map((column) => was[column])];
}

function comparedOf(contact: Contact) {
  return {
    name: contact.name,
    email: contact.email,
    phone: contact.phone,
    record_type: contact.recordType,
    forced_manual: contact.forcedManual,
    source: contact.link?.source ?? null,
    external_id: contact.link?.externalId ?? null,
    missing_since: contact.missingSince,
  };
}

/** A text that the database sorts as `compareContactIds` does: numbers first and as numbers, then the others. */
export function idKey(id: string): string {
  if (!isDecimal(id)) return `1${id}`;
  const number = id.replace(/^0+/, '');
  return `0${String(number.length).padStart(9, '0')}${number} ${id}`;
}

/** Whether PostgreSQL can hold each text of a contact. */
export function isStorableContact({ id, name, email, phone, link, missingSince }: Contact): boolean {
  const texts = [id, name, email, phone, link?.source, link?.externalId, missingSince];
  return texts.every((text) => text == null || isStorable(text));
}

/** Whether PostgreSQL can hold a text as it is: its encoding has no NUL, and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
