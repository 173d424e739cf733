import { type Contact, nameEmailKey } from '@contact-sync/core';
import { bookDigest, type PlainContact } from '../digest.ts';

/*
 * The book that all peers work on: one table, as anybody would make it, with an index for each of the two ways in which
 * contacts are found. It has no history; ours writes one besides.
 */

export const plainColumns = [
  'id',
  'name',
  'email',
  'phone',
  'record_type',
  'forced_manual',
  'source',
  'external_id',
  'key',
] as const;

export const plainTable = `
  CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    record_type TEXT NOT NULL,
    forced_manual BOOLEAN NOT NULL,
    source TEXT,
    external_id TEXT,
    -- Name and email, in the form in which they are compared.
    key TEXT NOT NULL
  )`;

export const plainIndexes = [
  "CREATE UNIQUE INDEX contacts_link ON contacts (source, external_id) WHERE record_type <> 'external'",
  'CREATE INDEX contacts_key ON contacts (key)',
];

export type PlainRow = {
  id: number;
  name: string;
  email: string;
  phone: string | null;
  record_type: 'manual' | 'contact-sync' | 'external';
  forced_manual: boolean;
  source: string | null;
  external_id: string | null;
  key: string;
};

export function plainRow({ id, name, email, phone, recordType, forcedManual, link }: Contact): PlainRow {
  return {
    id: Number(id),
    name,
    email,
    phone,
    record_type: recordType,
    forced_manual: forcedManual,
    source: link?.source ?? null,
    external_id: link?.externalId ?? null,
    key: plainKey({ name, email }),
  };
}

/** Name and email as they are compared. A bar between them, for a line feed ends a row of tab-separated values. */
export function plainKey(details: Pick<Contact, 'name' | 'email'>): string {
  return nameEmailKey(details).replace('\n', '|');
}

/** A row as an engine gives it: whole numbers may be big, and truth a number. */
type FoundRow = Omit<PlainRow, 'id' | 'forced_manual'> & {
  id: number | bigint;
  forced_manual: boolean | number | bigint;
};

function plainContact(row: FoundRow): PlainContact {
  return {
    id: Number(row.id),
    name: row.name,
    email: row.email,
    phone: row.phone,
    recordType: row.record_type,
    forcedManual: Boolean(row.forced_manual),
    source: row.source,
    externalId: row.external_id,
  };
}

export function plainDigest(rows: Iterable<unknown>): string {
  const digest = bookDigest();
  for (const row of rows) digest.add(plainContact(row as FoundRow));
  return digest.end();
}

/** A line of tab-separated values, which no value here holds; null is `\N`. PostgreSQL, DuckDB and polars read it. */
export function tabbed(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map((value) => (value === null ? '\\N' : String(value))).join('\t')}\n`;
}
