import {
  type Contact,
  type ContactQuery,
  compareMarks,
  type Fingerprint,
  fitsSearch,
  type Link,
  nameEmailKey,
  parseSearchMark,
  type SearchQuery,
  searchMarkAfter,
  searchTerms,
} from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { type ContactRow, contactColumns, contactOf } from './rows.js';
import { inSnapshot } from './transaction.js';

/** Reads of contacts. `book` is the number of a book. */
export function contactReader(db: DatabaseSync) {
  const select = `SELECT ${contactColumns} FROM contacts`;
  // The conditions on record type and source are those of the indexes, so that SQLite uses them.
  const linked = "source IS NOT NULL AND record_type <> 'external'";
  const externalLinked = "source IS NOT NULL AND record_type = 'external'";
  // An id that is all digits, without zeros in front.
  const number = "CASE WHEN id <> '' AND ltrim(id, '0123456789') = '' THEN ltrim(id, '0') END";
  const statements = {
    byId: db.prepare(`${select} WHERE book = ? AND id = ?`),
    byKey: db.prepare(`${select} WHERE book = ? AND name_email_key = ?`),
    byLink: db.prepare(`${select} WHERE book = ? AND source = ? AND external_id = ? AND ${linked}`),
    byExternalLink: db.prepare(`${select} WHERE book = ? AND source = ? AND external_id = ? AND ${externalLinked}`),
    links: db.prepare(`SELECT external_id, fingerprint FROM contacts WHERE book = ? AND source = ? AND ${linked}`),
    forgotten: db.prepare('SELECT hash FROM forgotten WHERE book = ? AND source = ?'),
    // The order of compareContactIds: numbers first and as numbers, then the others, which are no number but NULL.
    inOrder: db.prepare(
      `${select} WHERE book = ? AND name_email_key >= ?
       ORDER BY name_email_key, length(${number}) NULLS LAST, ${number}, id`,
    ),
  };

  function byId(book: number, id: string): Contact | undefined {
    const row = statements.byId.get(book, id);
    return row === undefined ? undefined : contactOf(row as ContactRow);
  }

  return {
    byId,

    links(book: number, source: string): Map<string, Fingerprint | null> {
      const links = new Map<string, Fingerprint | null>();
      for (const row of statements.links.iterate(book, source)) {
        links.set(row.external_id as string, row.fingerprint as Fingerprint | null);
      }
      return links;
    },

    forgotten(book: number, source: string): Set<string> {
      return new Set(statements.forgotten.all(book, source).map(({ hash }) => String(hash)));
    },

    isLinked(book: number, { source, externalId }: Link): boolean {
      const { byLink, byExternalLink } = statements;
      return [byLink, byExternalLink].some((statement) => statement.get(book, source, externalId) !== undefined);
    },

    find(book: number, { ids = [], links, nameEmailKeys = [] }: ContactQuery): Contact[] {
      const found = new Map<string, Contact>();
      const add = (row: Record<string, unknown>) => {
        const contact = contactOf(row as ContactRow);
        found.set(contact.id, contact);
      };
      return inSnapshot(db, () => {
        for (const id of ids) statements.byId.all(book, id).forEach(add);
        for (const externalId of links?.externalIds ?? []) {
          statements.byLink.all(book, links?.source ?? '', externalId).forEach(add);
          statements.byExternalLink.all(book, links?.source ?? '', externalId).forEach(add);
        }
        for (const key of nameEmailKeys) statements.byKey.all(book, key).forEach(add);
        return [...found.values()];
      });
    },

    search(book: number, { text, limit, after }: SearchQuery): { contacts: Contact[]; next: string | null } {
      const terms = searchTerms(text);
      const mark = after === undefined ? null : parseSearchMark(after);
      const contacts: Contact[] = [];
      for (const row of statements.inOrder.iterate(book, mark?.[0] ?? '')) {
        const contact = contactOf(row as ContactRow);
        if (mark !== null && compareMarks([nameEmailKey(contact), contact.id], mark) <= 0) continue;
        if (terms !== null && !fitsSearch(contact, terms)) continue;
        if (contacts.length < limit) contacts.push(contact);
        else return { contacts, next: nextAfter(contacts) };
      }
      return { contacts, next: null };
    },
  };
}

function nextAfter(contacts: readonly Contact[]): string | null {
  const last = contacts.at(-1);
  return last === undefined ? null : searchMarkAfter(last);
}

export type ContactReader = ReturnType<typeof contactReader>;
