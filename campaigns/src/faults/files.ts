import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connector as csv } from '@contact-sync/connector-csv';
import { type Contact, readSettings } from '@contact-sync/core';
import { same } from '../book.js';
import { type Books, booksOf, checkUntouched, peopleIn, type Ran } from './books.js';
import { canaries } from './canaries.js';
import { type Position, positions } from './http.js';
import { type FileKind, fileKinds, type Table } from './kinds-files.js';
import { peopleOf } from './people.js';

export type FileCase = { readonly kind: FileKind; readonly position: Position };

export const fileCases: readonly FileCase[] = fileKinds.flatMap((kind) =>
  positions.map((position) => ({ kind, position })),
);

export type FileBench = {
  readonly folder: string;
  readonly books: Books;
  readonly people: ReturnType<typeof peopleOf>;
};

export async function fileBenchOf(folder: string): Promise<FileBench> {
  const people = peopleOf((number) => `record-${number}`);
  return { folder, people, books: await booksOf(folder, 'csv:contacts', people.before) };
}

/** With the columns of a practice's export, more than anybody may read among them. */
function tableOf({ now }: FileBench['people']): Table {
  const rows = now.map(({ externalId, name, email, phone }) => {
    return [externalId, name ?? '', email ?? '', phone ?? '', 'Geelong', canaries.born, canaries.taxNumber];
  });
  return [['Id', 'Name', 'Email', 'Phone', 'City', 'Date of birth', 'Tax file number'], ...rows];
}

/** Throws where the promise is broken; otherwise says what came of it. */
export async function runFileCase(bench: FileBench, { kind, position }: FileCase): Promise<string> {
  const { books, people } = bench;
  const table = tableOf(people);
  const step = positions.indexOf(position) / 2;
  const bytes = kind.bytes(table, 1 + Math.round(step * (table.length - 2)));
  const file = join(bench.folder, 'contacts.csv');
  // What only the bytes tell is tried with a real file.
  if (kind.open === undefined) writeFileSync(file, bytes);
  const open = kind.open?.(bytes, Math.max(1, Math.round(step * (bytes.byteLength - 1))));
  const source = csv.create(readSettings(csv, { file, name: 'contacts', ...(open === undefined ? {} : { open }) }));
  // Somebody who waits in vain ends it.
  const cancel = new AbortController();
  if (kind.outcome === 'cancelled') setTimeout(() => cancel.abort(), 200);
  const ran = await books.run(source, cancel.signal);
  const code = ran.error?.code ?? 'passes';
  const expected = kind.outcome === 'spares' ? 'passes' : kind.outcome;
  if (code !== expected) throw new Error(`It ended with ${code}, not ${expected}: ${ran.error?.message ?? ''}`);
  if (ran.error !== null) checkUntouched(books, ran);
  else if (kind.outcome === 'spares') checkSpared(bench, ran, await books.right(people.now));
  else same(peopleIn(ran.book), await books.right(people.now), 'The book');
  return `csv: ${ran.error?.code ?? (kind.outcome === 'spares' ? 'a row is left out' : 'the right book')}`;
}

/** All but one are as they should be; that one is as it was; and nobody is called missing who was not read. */
function checkSpared({ books }: FileBench, { book }: Ran, right: unknown): void {
  const byId = (contacts: readonly Contact[]) =>
    new Map(contacts.map((contact) => [contact.link?.externalId, contact]));
  const [was, is] = [byId(books.before.contacts), byId(book.contacts)];
  const should = new Map(Object.entries(right as Readonly<Record<string, Contact>>));
  let others = 0;
  for (const id of new Set([...was.keys(), ...is.keys(), ...should.keys()])) {
    const [before, after, expected] = [was.get(id), is.get(id), should.get(id ?? '')];
    const details = ({ name, email, phone }: Contact) => JSON.stringify([name, email, phone]);
    // Who is gone is not called so where a row could not be read.
    if (after?.missingSince != null && expected?.missingSince == null) throw new Error(`${id} is called missing`);
    if (after !== undefined && expected !== undefined && details(after) === details(expected)) continue;
    if (after !== undefined && (before === undefined || details(after) !== details(before))) {
      throw new Error(`${id} is wrong in the book`);
    }
    others += 1;
  }
  if (others > 1) throw new Error(`${others} people are not as they should be, for one row`);
}
