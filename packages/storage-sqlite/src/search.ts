import {
  type Contact,
  compareMarks,
  countIn,
  fitsPhone,
  fitsSearch,
  nameEmailKey,
  type PlainSearch,
  parseSearchMark,
  plainSearch,
  type SearchFilter,
  type SearchQuery,
  type SearchTerms,
  searchIn,
  searchMarkAfter,
  searchTerms,
} from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { type ContactRow, contactColumns, contactOf } from './rows.js';
import { oddContact } from './schema.js';
import { inSnapshot } from './transaction.js';

type Value = string | number;
type Statement = ReturnType<DatabaseSync['prepare']>;
/** The end of a statement that begins with its columns, and what is bound in it. */
type Found = { readonly from: string; readonly values: readonly Value[] };

// An id that is all digits, without zeros in front.
const number = "CASE WHEN id <> '' AND ltrim(id, '0123456789') = '' THEN ltrim(id, '0') END";
// The order of compareContactIds: numbers first and as numbers, then the others, which are no number but NULL.
const inOrder = `ORDER BY name_email_key, length(${number}) NULLS LAST, ${number}, id`;

/** Searches. `book` is the number of a book; `byIds` gives the contacts with these ids. */
export function contactSearch(db: DatabaseSync, byIds: (book: number, ids: readonly string[]) => Contact[]) {
  const prepared = new Map<string, Statement>();
  function statement(sql: string): Statement {
    const known = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, known);
    return known;
  }

  /** The rows of contacts that fit, but for what is typed of a name, an email or a phone. */
  function apart(book: number, plain: PlainSearch, terms: SearchTerms): number[] {
    const rows: number[] = [];
    const add = (sql: string, ...values: Value[]) => {
      for (const { row } of statement(sql).iterate(book, ...values)) rows.push(Number(row));
    };
    for (const id of terms.whole) add('SELECT rowid AS row FROM contacts WHERE book = ? AND id = ?', id);
    for (const kind of ["record_type <> 'external'", "record_type = 'external'"]) {
      const linked = `book = ? AND source IS NOT NULL AND ${kind}`;
      const next = statement(`SELECT source FROM contacts WHERE ${linked} AND source > ? ORDER BY source LIMIT 1`);
      const least = statement(`SELECT source FROM contacts WHERE ${linked} ORDER BY source LIMIT 1`);
      // From source to source in the index of links: they are few, and the contacts of each are many.
      for (let at = least.get(book)?.source; typeof at === 'string'; at = next.get(book, at)?.source) {
        for (const id of terms.whole) {
          add(`SELECT rowid AS row FROM contacts WHERE ${linked} AND source = ? AND external_id = ?`, at, id);
        }
      }
    }
    const odd = statement(
      `SELECT rowid AS row, phone, name_email_key AS key FROM contacts WHERE book = ? AND ${oddContact}`,
    );
    for (const { row, phone, key } of odd.iterate(book)) {
      const fits = String(key).includes(plain.inKey) || (phone !== null && fitsPhone(String(phone), terms));
      if (fits) rows.push(Number(row));
    }
    return rows;
  }

  /** Exactly the contacts that fit, unless text is given that only core can compare: then more. */
  function found(book: number, { recordType, source, forcedManual, missing }: SearchFilter, terms: SearchTerms | null) {
    const conditions: string[] = [];
    const values: Value[] = [];
    const demand = (condition: string, ...bound: Value[]) => {
      conditions.push(condition);
      values.push(...bound);
    };
    demand('book = ?', book);
    if (recordType !== undefined) demand('record_type = ?', recordType);
    if (source !== undefined) demand('source = ?', source);
    if (forcedManual !== undefined) demand('forced_manual = ?', forcedManual ? 1 : 0);
    if (missing !== undefined) demand(`missing_since IS ${missing ? 'NOT NULL' : 'NULL'}`);
    const plain = terms && plainSearch(terms);
    if (terms !== null && plain !== null) {
      const { sql, bound } = textCondition(plain, apart(book, plain, terms));
      demand(sql, ...bound);
    }
    const from: Found = {
      from: `FROM contacts INDEXED BY contacts_name_email WHERE ${conditions.join(' AND ')}`,
      values,
    };
    return { ...from, exact: terms === null || plain !== null };
  }

  return {
    search(book: number, query: SearchQuery): { contacts: Contact[]; next: string | null } {
      const { limit, after, ids } = query;
      if (ids !== undefined) return searchIn(byIds(book, ids), query);
      const terms = searchTerms(query.text);
      const mark = after === undefined ? null : parseSearchMark(after);
      return inSnapshot(db, () => {
        const { from, values } = found(book, query, terms);
        const rows = statement(`SELECT ${contactColumns} ${from} AND name_email_key >= ? ${inOrder}`);
        const contacts: Contact[] = [];
        for (const row of rows.iterate(...values, mark?.[0] ?? '')) {
          const contact = contactOf(row as ContactRow);
          if (mark !== null && compareMarks([nameEmailKey(contact), contact.id], mark) <= 0) continue;
          if (terms !== null && !fitsSearch(contact, terms)) continue;
          if (contacts.length < limit) contacts.push(contact);
          else return { contacts, next: nextAfter(contacts) };
        }
        return { contacts, next: null };
      });
    },

    count(book: number, filter: SearchFilter): number {
      if (filter.ids !== undefined) return countIn(byIds(book, filter.ids), filter);
      const terms = searchTerms(filter.text);
      return inSnapshot(db, () => {
        const { from, values, exact } = found(book, filter, terms);
        if (exact) return Number(statement(`SELECT count(*) AS n ${from}`).get(...values)?.n);
        return countIn(contactsOf(statement(`SELECT ${contactColumns} ${from}`).iterate(...values)), filter);
      });
    },
  };
}

function textCondition({ inKey, inPhone, national }: PlainSearch, rows: readonly number[]) {
  const conditions = ['instr(name_email_key, ?) > 0'];
  const bound: Value[] = [inKey];
  if (inPhone !== null && national === null) {
    conditions.push('instr(phone, ?) > 0');
    bound.push(inPhone);
  }
  if (inPhone !== null && national !== null) {
    // What most phones lack comes first. Three digits after the plus, so that each stands where a country code ends.
    const places = [3, 4, 5].map((place) => `substr(phone, ${place}, ${national.length}) = ?`).join(' OR ');
    const afterCode = `phone GLOB '+[0-9]*' AND substr(phone, 3, 2) NOT GLOB '*[^0-9]*' AND (${places})`;
    conditions.push(`(instr(phone, ?) > 0 AND (instr(phone, ?) > 0 OR (${afterCode})))`);
    bound.push(national, inPhone, national, national, national);
  }
  if (rows.length > 0) {
    conditions.push('rowid IN (SELECT value FROM json_each(?))');
    bound.push(JSON.stringify(rows));
  }
  return { sql: `(${conditions.join(' OR ')})`, bound };
}

function* contactsOf(rows: Iterable<Record<string, unknown>>): Generator<Contact, void, void> {
  for (const row of rows) yield contactOf(row as ContactRow);
}

function nextAfter(contacts: readonly Contact[]): string | null {
  const last = contacts.at(-1);
  return last === undefined ? null : searchMarkAfter(last);
}
