import type { OpenFile } from '../../../packages/connector-csv/src/bytes.js';
import type { Outcome } from './kinds.js';

/** Cells of a file, the headings first. */
export type Table = readonly (readonly string[])[];

export type FileKind = {
  readonly name: string;
  /** The file, for a row at which it strikes (1 is the first below the headings). */
  readonly bytes: (table: Table, row: number) => Buffer;
  /** What opening and reading are like; `at` is a place in the bytes. */
  readonly open?: (bytes: Buffer, at: number) => OpenFile;
  /** `spares`: it is read to its end, and nobody is changed but who would be, nor called missing. */
  readonly outcome: Outcome | 'spares';
};

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const plain = (cell: string) => (/[",;\t\r\n]/.test(cell) ? quoted(cell) : cell);
type Form = { delimiter?: string; end?: string; cell?: (text: string) => string };
const lines = (table: Table, { delimiter = ',', end = '\r\n', cell = plain }: Form = {}) =>
  table.map((cells) => `${cells.map(cell).join(delimiter)}${end}`);
const text = (table: Table, form?: Form): string => lines(table, form).join('');
const utf8 = (make: (table: Table, row: number) => string) => (table: Table, row: number) =>
  Buffer.from(make(table, row));
const right = utf8((table) => text(table));
/** A line in place of the one at the row, or before it. */
const line = (change: (line: string) => string) =>
  utf8((table, row) =>
    lines(table)
      .map((its, index) => (index === row ? change(its) : its))
      .join(''),
  );
const headings = (change: (cell: string, index: number) => string) =>
  utf8((table) => text(table.map((cells, index) => (index === 0 ? cells.map(change) : cells))));
const instead = (bytes: string | Buffer) => () => Buffer.from(bytes);

const fileOf = (
  bytes: Buffer,
  read: (from: number) => Promise<number> | number,
  stat: () => { size: bigint; mtimeNs: bigint },
) => {
  const open: OpenFile = async () => {
    let at = 0;
    return {
      stat: async () => ({ ...stat(), isFile: () => true, isDirectory: () => false }),
      async read(into) {
        const piece = Math.min(await read(at), bytes.byteLength - at, into.byteLength);
        bytes.copy(into, 0, at, at + piece);
        at += piece;
        return { bytesRead: piece, buffer: into };
      },
      close: async () => {},
    };
  };
  return open;
};
const stated = (bytes: Buffer) => ({ size: BigInt(bytes.byteLength), mtimeNs: 1n });
const refused =
  (code: string): NonNullable<FileKind['open']> =>
  () =>
  async () => {
    throw Object.assign(new Error(`${code}: no way to /home/canary`), { code });
  };
const brokenAt =
  (code: string): NonNullable<FileKind['open']> =>
  (bytes, at) =>
    fileOf(
      bytes,
      (from) => {
        if (from >= at) throw Object.assign(new Error(code), { code });
        return at - from;
      },
      () => stated(bytes),
    );
/** The second look at the file, when it was read, finds it changed. */
const changing =
  (after: (bytes: Buffer) => { size: bigint; mtimeNs: bigint }): NonNullable<FileKind['open']> =>
  (bytes) => {
    let looks = 0;
    return fileOf(
      bytes,
      () => 64 * 1024,
      () => {
        looks += 1;
        return looks === 1 ? stated(bytes) : after(bytes);
      },
    );
  };

const passes = (name: string, bytes: FileKind['bytes'], open?: FileKind['open']): FileKind => {
  return { name, bytes, outcome: 'passes', ...(open === undefined ? {} : { open }) };
};
const unreadable = (name: string, bytes: FileKind['bytes']): FileKind => ({
  name,
  bytes,
  outcome: 'source_unreadable',
});
const fails = (name: string, open: FileKind['open'], outcome: FileKind['outcome']): FileKind => {
  return { name, bytes: right, outcome, ...(open === undefined ? {} : { open }) };
};

export const fileKinds: readonly FileKind[] = [
  passes('as it should be', right),
  passes(
    'a byte order mark',
    utf8((table) => `\ufeff${text(table)}`),
  ),
  passes('UTF-16, little end first', (table) => Buffer.from(`\ufeff${text(table)}`, 'utf16le')),
  passes('UTF-16, big end first', (table) => Buffer.from(`\ufeff${text(table)}`, 'utf16le').swap16()),
  passes(
    'semicolons',
    utf8((table) => text(table, { delimiter: ';' })),
  ),
  passes(
    'tabs',
    utf8((table) => text(table, { delimiter: '\t' })),
  ),
  passes(
    'a line that says the delimiter',
    utf8((table) => `sep=;\r\n${text(table, { delimiter: ';' })}`),
  ),
  passes(
    'line feeds',
    utf8((table) => text(table, { end: '\n' })),
  ),
  passes(
    'carriage returns',
    utf8((table) => text(table, { end: '\r' })),
  ),
  passes(
    'a line end of another kind',
    line((its) => its.replace('\r\n', '\n')),
  ),
  passes(
    'no end of the last line',
    utf8((table) => text(table).trimEnd()),
  ),
  passes(
    'an empty line',
    line((its) => `\r\n${its}`),
  ),
  passes(
    'a row without anything',
    line((its) => `,,,,,\r\n${its}`),
  ),
  passes(
    'everything in quotation marks',
    utf8((table) => text(table, { cell: quoted })),
  ),
  passes(
    'formulas that are text',
    utf8((table) => text(table, { cell: (its) => `="${its}"` })),
  ),
  passes(
    'an empty cell too many',
    utf8((table) => text(table.map((cells) => [...cells, '']))),
  ),
  passes(
    'headings in capitals',
    headings((cell) => cell.toUpperCase()),
  ),
  passes(
    'headings with spaces around them',
    headings((cell) => ` ${cell} `),
  ),
  passes(
    'columns the other way round',
    utf8((table) => text(table.map((cells) => cells.toReversed()))),
  ),
  passes(
    'a row twice',
    line((its) => its + its),
  ),
  passes('three bytes at a time', right, (bytes) =>
    fileOf(
      bytes,
      () => 3,
      () => stated(bytes),
    ),
  ),

  unreadable('empty', instead('')),
  unreadable('only a byte order mark', instead('\ufeff')),
  unreadable('a web page', instead('<!DOCTYPE html>\n<html><body>Sign in</body></html>\n')),
  unreadable('JSON', instead('[{"Id":"1","Name":"A","Email":"a@b.example"}]')),
  unreadable('XML', instead('<?xml version="1.0"?>\n<Response/>\n')),
  unreadable('a workbook', instead(Buffer.from('PK\u0003\u0004 and so on', 'latin1'))),
  unreadable('a workbook of old', instead(Buffer.from('d0cf11e0a1b11ae1', 'hex'))),
  unreadable('UTF-16 that does not say so', (table) => Buffer.from(text(table), 'utf16le')),
  unreadable(
    'a null',
    line((its) => its.replace('Person', 'Per\0son')),
  ),
  unreadable('a letter of Windows-1252', (table, row) =>
    Buffer.from(line((its) => its.replace('Person', 'é'))(table, row).toString(), 'latin1'),
  ),
  unreadable(
    'no headings',
    utf8((table) => text(table.slice(1))),
  ),
  unreadable(
    'two columns with an email',
    headings((cell) => (cell === 'City' ? 'E-mail' : cell)),
  ),
  unreadable(
    'no column with an email',
    headings((cell) => (cell === 'Email' ? 'Fax' : cell)),
  ),
  unreadable(
    'no column with a name',
    headings((cell) => (cell === 'Name' ? 'Nick' : cell)),
  ),
  unreadable(
    'a quotation mark in a cell',
    line((its) => its.replace(',', ',"x"y')),
  ),
  unreadable(
    'quotation marks that nothing closes',
    line((its) => its.replace(',', ',"')),
  ),
  unreadable(
    'a row of two million letters',
    line((its) => its.replace('Person', 'x'.repeat(2_000_000))),
  ),
  {
    name: 'cut within a row',
    bytes: (table, row) => {
      const all = lines(table);
      return Buffer.from(all.slice(0, row).join('') + (all[row] ?? '').slice(0, 12));
    },
    outcome: 'source_incomplete',
  },

  { name: 'a row with too few cells', bytes: line((its) => `${its.split(',')[0]},Left Out\r\n`), outcome: 'spares' },
  {
    name: 'a row with too many cells',
    bytes: line((its) => its.replace('\r\n', ',more,than,there,is\r\n')),
    outcome: 'spares',
  },
  {
    name: 'an id twice, with other details',
    bytes: line((its) => its + its.replace('Person', 'Other')),
    outcome: 'spares',
  },
  { name: 'a rounded id', bytes: line((its) => its.replace(/^[^,]*/, '6.14E+10')), outcome: 'spares' },

  fails('no such file', refused('ENOENT'), 'setting_invalid'),
  fails('a folder', refused('EISDIR'), 'setting_invalid'),
  fails('no right to read it', refused('EACCES'), 'source_forbidden'),
  fails('no permission', refused('EPERM'), 'source_forbidden'),
  fails('a disk that fails', refused('EIO'), 'source_unavailable'),
  fails('too many open files', refused('EMFILE'), 'source_unavailable'),
  fails('a disk that fails while it is read', brokenAt('EIO'), 'source_unavailable'),
  fails('a network disk that is gone while it is read', brokenAt('ESTALE'), 'source_unavailable'),
  fails(
    'it grew while it was read',
    changing((bytes) => ({ size: BigInt(bytes.byteLength + 1), mtimeNs: 1n })),
    'source_incomplete',
  ),
  fails(
    'it shrank while it was read',
    changing((bytes) => ({ size: BigInt(bytes.byteLength - 1), mtimeNs: 1n })),
    'source_incomplete',
  ),
  fails(
    'it was written while it was read',
    changing((bytes) => ({ ...stated(bytes), mtimeNs: 2n })),
    'source_incomplete',
  ),
  fails(
    'a terabyte',
    (bytes) =>
      fileOf(
        bytes,
        () => 64 * 1024,
        () => ({ size: 2n ** 40n, mtimeNs: 1n }),
      ),
    'source_too_large',
  ),
  fails(
    'nothing more ever comes',
    (bytes, at) =>
      fileOf(
        bytes,
        (from) => (from >= at ? new Promise<number>(() => {}) : at - from),
        () => stated(bytes),
      ),
    'cancelled',
  ),
];
