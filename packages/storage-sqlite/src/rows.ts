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

/** The same as a list, in the order of `contactColumns`, and the key. */
export type ListedRow = readonly [
  ...[id: string, name: string, email: string, phone: string | null, type: RecordType, forced: 0 | 1],
  ...[source: string | null, externalId: string | null, missingSince: string | null, key: string],
];

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

const sha256 = (text: string) => hash('sha256', text);

/**
 * All that is compared to find a contact as a plan says it is, but book and id, in the order of `comparedValuesOf`: by place and
 * not by name, which node:sqlite binds much more slowly.
 */
export const comparedColumns = 'name, email, phone, record_type, forced_manual, source, external_id, missing_since';

export function comparedValuesOf(contact: Contact): (string | number | null)[] {
  return [
    contact.name,
    contact.email,
    contact.phone,
    contact.recordType,
    contact.forcedManual ? 1 : 0,
    contact.link?.source ?? null,
    contact.link?.externalId ?? null,
    contact.missingSince,
  ];
}

/** Everything that is written of a contact but book and id, in the order of `valuesOf`. */
export const writtenColumns = `${comparedColumns}, name_email_key, fingerprint`;

export function valuesOf(contact: Contact): (string | number | null)[] {
  return [...comparedValuesOf(contact), nameEmailKey(contact), fingerprint(contact, sha256)];
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

/** Everything that is written but details, in the order of the columns. */
export function stateValuesOf(contact: Contact): (string | number | null)[] {
  return [
    contact.recordType,
    contact.forcedManual ? 1 : 0,
    contact.link?.source ?? null,
    contact.link?.externalId ?? null,
    contact.missingSince,
    fingerprint(contact, sha256),
  ];
}
