import type { Contact, ContactQuery, Fingerprint, Link } from '@contact-sync/core';
import { isMostContacts } from './bulk.js';
import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';
import { type ContactRow, contactColumns, contactOf, type ListedRow } from './rows.js';
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

  function find(book: number, query: ContactQuery): Contact[] {
    const { ids = [], links, nameEmailKeys = [] } = query;
    const asked = ids.length + (links?.externalIds.length ?? 0) + nameEmailKeys.length;
    return inSnapshot(db, () => (isMostContacts(db, asked) ? scan(db, book, query) : findEach(book, query)));
  }

  function findEach(book: number, { ids = [], links, nameEmailKeys = [] }: ContactQuery): Contact[] {
    const found = new Map<string, Contact>();
    const add = (row: Record<string, unknown>) => {
      const contact = contactOf(row as ContactRow);
      found.set(contact.id, contact);
    };
    for (const id of ids) statements.byId.all(book, id).forEach(add);
    for (const externalId of links?.externalIds ?? []) {
      statements.byLink.all(book, links?.source ?? '', externalId).forEach(add);
      statements.byExternalLink.all(book, links?.source ?? '', externalId).forEach(add);
    }
    for (const key of nameEmailKeys) statements.byKey.all(book, key).forEach(add);
    return [...found.values()];
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

    /** A link that two contacts have, while there is no index that sees to it. */
    linkedTwice(): Link | undefined {
      const row = db
        .prepare(
          `SELECT source, external_id FROM contacts WHERE ${linked} GROUP BY book, source, external_id HAVING count(*) > 1`,
        )
        .get();
      return row && { source: String(row.source), externalId: String(row.external_id) };
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

/** Reads all contacts in the order in which they lie in the file, and keeps those that are asked for. */
function scan(db: DatabaseSync, book: number, { ids = [], links, nameEmailKeys = [] }: ContactQuery): Contact[] {
  const wantedIds = new Set(ids);
  const wantedLinks = new Set(links?.externalIds);
  const wantedKeys = new Set(nameEmailKeys);
  const statement = db.prepare(`SELECT ${contactColumns}, name_email_key FROM contacts NOT INDEXED WHERE book = ?`);
  // Rows as arrays take two thirds of the time.
  statement.setReturnArrays(true);
  const found: Contact[] = [];
  const isLinked = (source: string | null, externalId: string | null) =>
    externalId !== null && source === links?.source && wantedLinks.has(externalId);
  for (const row of statement.iterate(book) as Iterable<unknown>) {
    const [id, name, email, phone, record_type, forced_manual, source, external_id, missing_since, key] =
      row as ListedRow;
    if (!isLinked(source, external_id) && !wantedKeys.has(key) && !wantedIds.has(id)) continue;
    found.push(contactOf({ id, name, email, phone, record_type, forced_manual, source, external_id, missing_since }));
  }
  return found;
}
