import type { Contact, ContactQuery, Fingerprint, Link } from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';
import { type ContactRow, contactColumns, contactOf } from './rows.js';
import { contactSearch } from './search.js';
import { inSnapshot } from './transaction.js';

/** Reads of contacts. `book` is the number of a book. */
export function contactReader(db: DatabaseSync) {
  const select = `SELECT ${contactColumns} FROM contacts`;
  // The conditions on record type and source are those of the indexes, so that SQLite uses them.
  const linked = "source IS NOT NULL AND record_type <> 'external'";
  const externalLinked = "source IS NOT NULL AND record_type = 'external'";
  const statements = prepared(db, {
    byId: `${select} WHERE book = ? AND id = ?`,
    byKey: `${select} WHERE book = ? AND name_email_key = ?`,
    byLink: `${select} WHERE book = ? AND source = ? AND external_id = ? AND ${linked}`,
    byExternalLink: `${select} WHERE book = ? AND source = ? AND external_id = ? AND ${externalLinked}`,
    links: `SELECT external_id, fingerprint FROM contacts WHERE book = ? AND source = ? AND ${linked}`,
    forgotten: 'SELECT hash FROM forgotten WHERE book = ? AND source = ?',
  });

  function byId(book: number, id: string): Contact | undefined {
    const row = statements.byId.get(book, id);
    return row === undefined ? undefined : contactOf(row as ContactRow);
  }

  function find(book: number, { ids = [], links, nameEmailKeys = [] }: ContactQuery): Contact[] {
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

    find,
    ...contactSearch(db, (book, ids) => find(book, { ids })),
  };
}

export type ContactReader = ReturnType<typeof contactReader>;
