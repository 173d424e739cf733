import type { Person, Practice } from '@contact-sync/connector-kit/mock';
import type { RawRecord } from '@contact-sync/core';

type Table = readonly (readonly string[])[];

/** A file as programs write it: cells in quotation marks where they must be, and line ends of Windows. */
export function csvText(rows: Table, delimiter = ','): string {
  const special = new RegExp(`["\\r\\n${delimiter}]|^\\s|\\s$`);
  const cell = (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((cells) => `${cells.map(cell).join(delimiter)}\r\n`).join('');
}

export function tableOf(records: readonly RawRecord[]): Table {
  const rows = records.map(({ externalId, name, email, phone }) => [externalId, name ?? '', email ?? '', phone ?? '']);
  return [['Id', 'Name', 'Email', 'Phone'], ...rows];
}

/** The people of a practice as it exports them: with more than anybody asked for, and without those who are gone. */
export function practiceTable({ people }: Practice): Table {
  const headings = ['Contact ID', 'Title', 'Name', 'Email Address', 'Mobile', 'Phone', 'Date of Birth', 'City'];
  const row = ({ id, title, name, email, mobile, phone, born, address }: Person) => [
    ...[id, title, name, email, mobile, phone, born, address.city],
  ];
  return [headings, ...people.filter(({ deleted, deceased }) => !deleted && !deceased).map(row)];
}

type FileFault = { readonly says: string; readonly bytes: (rows: Table) => Buffer };

const utf8 = (make: (rows: Table) => string) => (rows: Table) => Buffer.from(make(rows));
/** The first cell below the headings that is not empty, counted from the right. */
const changed = (rows: Table, change: (cell: string) => string): Table =>
  rows.map((cells, index) =>
    index === 1 ? cells.map((cell, at) => (at === cells.length - 1 ? change(cell) : cell)) : cells,
  );

/** What can be wrong with a file, and what is only unusual about it. */
export const faults: Readonly<Record<string, FileFault>> = {
  semicolons: {
    says: 'Cells are parted by semicolons, and a first line says so.',
    bytes: utf8((rows) => `sep=;\r\n${csvText(rows, ';')}`),
  },
  tabs: { says: 'Cells are parted by tabs.', bytes: utf8((rows) => csvText(rows, '\t')) },
  bom: { says: 'The file begins with a byte order mark.', bytes: utf8((rows) => `\ufeff${csvText(rows)}`) },
  'utf-16': {
    says: 'The file is UTF-16 with a byte order mark.',
    bytes: (rows) => Buffer.from(`\ufeff${csvText(rows)}`, 'utf16le'),
  },
  'empty-rows': {
    says: 'Rows without anything follow the last one.',
    bytes: utf8((rows) => `${csvText(rows)},,,\r\n,,,\r\n`),
  },
  'short-row': {
    says: 'The first row below the headings lacks its last cell.',
    bytes: utf8((rows) => csvText(rows.map((cells, index) => (index === 1 ? cells.slice(0, -1) : cells)))),
  },
  cut: { says: 'The file ends in the middle of a row.', bytes: utf8((rows) => inTheMiddle(csvText(rows))) },
  quote: {
    says: 'A cell holds a quotation mark that fits nowhere.',
    bytes: utf8((rows) => csvText(rows).replace('\r\n', '\r\n"x"y,')),
  },
  'open-quote': {
    says: 'The last row opens quotation marks that nothing closes.',
    bytes: utf8((rows) => `${csvText(rows)}"`),
  },
  'wrong-charset': {
    says: 'The file is Windows-1252, and nobody says so.',
    bytes: (rows) => Buffer.from(csvText(changed(rows, (cell) => `${cell}é`)), 'latin1'),
  },
  nulls: {
    says: 'The file is UTF-16 without a byte order mark.',
    bytes: (rows) => Buffer.from(csvText(rows), 'utf16le'),
  },
  page: {
    says: 'The file is a page of HTML.',
    bytes: utf8(() => '<!DOCTYPE html>\n<html><body><h1>Sign in</h1></body></html>\n'),
  },
  workbook: {
    says: 'The file is a workbook of Excel.',
    bytes: () => Buffer.from('PK\u0003\u0004 and so on', 'latin1'),
  },
  empty: { says: 'The file is empty.', bytes: () => Buffer.alloc(0) },
  'no-headings': { says: 'The file has no first line with headings.', bytes: utf8((rows) => csvText(rows.slice(1))) },
  'two-emails': {
    says: 'Two columns could be the email.',
    bytes: utf8((rows) => csvText(rows.map((cells, index) => [...cells, index === 0 ? 'E-mail' : '']))),
  },
  nobody: { says: 'The file has headings and nobody below them.', bytes: utf8((rows) => csvText(rows.slice(0, 1))) },
};

/** Before the comma of a row in the middle, so that the row lacks cells. */
export function inTheMiddle(text: string): string {
  return text.slice(0, text.lastIndexOf(',', text.length >> 1));
}
