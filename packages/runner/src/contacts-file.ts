import {
  type Contact,
  ContactSyncError,
  canonicalPhone,
  canonicalText,
  emailFault,
  hasForbiddenCharacters,
  type Link,
  nameFault,
  reasons,
  recordTypes,
  tenantOf,
} from '@contact-sync/core';
import { type CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { fromCell, toCell } from './spreadsheet.js';

/*
 * Contacts in a file, as `contacts export` writes them and `contacts import` reads them: JSON, an array of objects, or CSV
 * with a heading line. Columns: id, name, email, phone, recordType, forcedManual, metadata (the external id), and where
 * a file says more than its reader could: source, missingSince.
 */

export type FileFormat = 'json' | 'csv';

const columns = [
  'id',
  'name',
  'email',
  'phone',
  'recordType',
  'forcedManual',
  'metadata',
  'source',
  'missingSince',
] as const;

// Empty is the same as not there; a CSV file has no other way to say it.
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullish());
const text = optional(z.string()).transform((value) => value ?? null);
const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true', 'yes', '1'], falsy: ['false', 'no', '0'] })]);
const rowSchema = z.strictObject({
  id: optional(z.union([z.string(), z.int().transform(String)])).transform((value) => value ?? null),
  name: z.string(),
  email: z.string(),
  phone: text,
  recordType: optional(z.enum(recordTypes, `is one of ${recordTypes.join(', ')}`)).transform(
    (value) => value ?? 'manual',
  ),
  forcedManual: optional(flag).transform((value) => value ?? false),
  metadata: text,
  source: text,
  missingSince: optional(z.iso.datetime('is a date like 2026-01-31T00:00:00Z')).transform((value) => value ?? null),
});
type Row = z.output<typeof rowSchema>;

/** A row of the file and where it is: `line 3`, `contact 3`. */
type Place = { readonly where: string; readonly value: unknown };

export type ParseOptions = {
  readonly format: FileFormat;
  /** What the metadata belongs to, where the file does not say. */
  readonly source: string | null;
  readonly region: string;
  /** Ids for the contacts that have none. */
  readonly newId: () => string;
};

/** All contacts of the file, canonical, or an `import_invalid` error that lists what is wrong with it. */
export function parseContacts(text: string, options: ParseOptions): Contact[] {
  const rows = options.format === 'csv' ? csvRows(text) : jsonRows(text);
  const faults: string[] = [];
  const ids = new Map<string, string>();
  const links = new Map<string, string>();
  const claim = (taken: Map<string, string>, key: string, what: string, where: string) => {
    const earlier = taken.get(key);
    if (earlier === undefined) taken.set(key, where);
    else faults.push(`${where}: ${what} is that of ${earlier} too`);
  };

  const parsed = rows.flatMap(({ where, value }) => {
    const result = rowSchema.safeParse(value);
    if (!result.success) {
      faults.push(...result.error.issues.map((issue) => `${where}: ${sayIssue(issue)}`));
      return [];
    }
    const row = canonicalRow(result.data, options.region);
    faults.push(...rowFaults(row, options.source).map((fault) => `${where}: ${fault}`));
    if (row.id !== null) claim(ids, row.id, 'the id', where);
    const link = linkOf(row, options.source);
    if (link !== null && row.recordType !== 'external') claim(links, JSON.stringify(link), 'the metadata', where);
    return [{ row, link }];
  });
  if (faults.length > 0) throw invalid(faults);

  // Ids that the file gives are not given again to the contacts that have none.
  const freeId = (): string => {
    const id = options.newId();
    return ids.has(id) ? freeId() : id;
  };
  return parsed.map(({ row, link }) => ({
    id: row.id ?? freeId(),
    name: row.name,
    email: row.email,
    phone: row.phone,
    recordType: row.recordType,
    forcedManual: row.forcedManual,
    link,
    missingSince: row.missingSince,
  }));
}

/** The file that `parseContacts` reads back as the same contacts. */
export function formatContacts(contacts: readonly Contact[], format: FileFormat): string {
  const rows = contacts.map(({ id, name, email, phone, recordType, forcedManual, link, missingSince }) => ({
    id,
    name,
    email,
    phone,
    recordType,
    forcedManual,
    metadata: link?.externalId ?? null,
    source: link?.source ?? null,
    missingSince,
  }));
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const safe = rows.map((row) => columns.map((column) => toCell(String(row[column] ?? ''))));
  return stringify([[...columns], ...safe]);
}

function csvRows(text: string): Place[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      columns: columnsOf,
      delimiter: delimiterOf(text),
      info: true,
      skip_empty_lines: true,
      cast: (value, { header }) => (header ? value : fromCell(value)),
    }) as unknown as typeof records;
  } catch (error) {
    if (ContactSyncError.is(error)) throw error;
    const { code, lines } = error as CsvError;
    throw invalid([`line ${lines ?? '?'}: not a CSV line like the others (${code ?? 'unreadable'})`], error);
  }
  if (records.length === 0) throw invalid(['it has no contacts: a heading line and at least one line are needed']);
  return records.map(({ record, info }) => ({ where: `line ${info.lines}`, value: record }));
}

/** Excel writes semicolons where the comma is the decimal sign. The heading line tells, for no column's name has either. */
function delimiterOf(text: string): string {
  const heading = text.split('\n', 1)[0] ?? '';
  return [',', ';', '\t'].find((delimiter) => heading.includes(delimiter)) ?? ',';
}

/** The columns of a heading line by their own names, whatever capitals it uses. What is wrong with it is said once. */
function columnsOf(heading: readonly string[]): string[] {
  const named = heading.map(
    (name) => columns.find((column) => column.toLowerCase() === name.trim().toLowerCase()) ?? name.trim(),
  );
  const unknown = named.filter((name) => !columns.some((column) => column === name));
  const twice = named.filter((name, index) => named.indexOf(name) < index);
  const faults = [
    ...unknown.map((name) => `line 1: there is no column "${name}"; there are ${columns.join(', ')}`),
    ...twice.map((name) => `line 1: the column ${name} is there twice`),
  ];
  if (faults.length > 0) throw invalid(faults);
  return named;
}

function jsonRows(text: string): Place[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw invalid(['it is not JSON'], error);
  }
  if (!Array.isArray(value)) throw invalid(['it is not a list of contacts: [ { "name": …, "email": … }, … ]']);
  if (value.length === 0) throw invalid(['it has no contacts']);
  return value.map((row: unknown, index) => ({ where: `contact ${index + 1}`, value: row }));
}

function canonicalRow(row: Row, region: string): Row {
  return {
    ...row,
    name: canonicalText(row.name),
    email: canonicalText(row.email),
    phone: canonicalPhone(row.phone, region),
  };
}

function rowFaults(row: Row, source: string | null): string[] {
  const faults: string[] = [];
  for (const fault of [nameFault(row.name), emailFault(row.email)]) {
    if (fault !== null) faults.push(reasons[fault].sentence);
  }
  for (const field of ['id', 'phone', 'metadata', 'source'] as const) {
    if (hasForbiddenCharacters(row[field] ?? '')) faults.push(`${field} holds control characters`);
  }
  if (row.metadata !== null && (row.source ?? source) === null)
    faults.push('it is not said which source the metadata belongs to');
  const from = row.source ?? source;
  if (from !== null && !/^[a-z][a-z0-9-]*:\S+$/.test(normalSource(from)))
    faults.push(`"${from}" is not a source: a connector and a tenant, like xpm:8c0e…`);
  if (row.metadata === null && row.recordType === 'contact-sync') faults.push('a contact-sync contact needs metadata');
  return faults;
}

function linkOf(row: Row, fallback: string | null): Link | null {
  const source = row.source ?? fallback;
  return row.metadata === null || source === null ? null : { source: normalSource(source), externalId: row.metadata };
}

/** The case of a UUID means nothing; connectors write it small, and sources are compared letter by letter. */
function normalSource(source: string): string {
  return z.guid().safeParse(tenantOf(source)).success ? source.toLowerCase() : source;
}

function sayIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `there is no "${issue.keys.join('", "')}"; there are ${columns.join(', ')}`;
  const field = issue.path.join('.');
  if (field === '') return 'not a contact';
  if (field === 'forcedManual') return 'forcedManual is true or false';
  const said = issue.code === 'invalid_value' || issue.code === 'invalid_format';
  return said ? `${field} ${issue.message}` : `${field} is missing, or no text`;
}

const shown = 20;

function invalid(faults: readonly string[], cause?: unknown): ContactSyncError {
  const more = faults.length > shown ? `\n  … and ${faults.length - shown} more` : '';
  const list = faults.slice(0, shown).map((fault) => `\n  ${fault}`);
  return new ContactSyncError('import_invalid', `The file cannot be imported:${list.join('')}${more}`, {
    hint: 'Nothing was imported. Correct the file, and give --source CONNECTOR:TENANT if it has metadata.',
    cause,
  });
}
