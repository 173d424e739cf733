import {
  type Approval,
  type Change,
  type Contact,
  changesOf,
  checkApproval,
  checkBase,
  forgetRunOf,
  isDecimal,
  type Link,
  linkHash,
  linkTaken,
  nextIdAfter,
  noSuchContact,
  type Plan,
  type RowsToKeep,
  type Run,
  runOf,
  type Signature,
  sameLink,
  type Unapplied,
} from '@contact-sync/core';
import type { Books } from './books.js';
import { markForCleaning } from './cleaning.js';
import type { Connections } from './connections.js';
import type { ContactReader } from './contacts.js';
import type { DatabaseSync } from './driver.js';
import { sqliteCode, uniqueConstraint } from './errors.js';
import type { History } from './history.js';
import type { RowsKeeper } from './kept-rows.js';
import { prepared } from './prepared.js';
import { detailValuesOf, valuesOf, writtenColumns } from './rows.js';
import { inTransaction } from './transaction.js';

type Parts = {
  books: Books;
  connections: Connections;
  contacts: ContactReader;
  history: History;
  keptRows: RowsKeeper;
};

/** What writes: a plan is one transaction, and the book's version is looked at inside of it. */
export function planWriter(db: DatabaseSync, parts: Parts) {
  const { books, connections, contacts, history, keptRows } = parts;
  const places = writtenColumns.replace(/\w+/g, '?');
  const statements = prepared(db, {
    remove: 'DELETE FROM contacts WHERE book = ? AND id = ?',
    unlink: 'UPDATE contacts SET source = NULL, external_id = NULL WHERE book = ? AND id = ?',
    insert: `INSERT INTO contacts (${writtenColumns}, book, id) VALUES (${places}, ?, ?)`,
    update: `UPDATE contacts SET (${writtenColumns}) = (${places}) WHERE book = ? AND id = ?`,
    // SQLite writes anew what an index has of a row, also where it stays the same, if one of its columns is named here.
    updateDetails: `UPDATE contacts SET name = ?, email = ?, phone = ?, forced_manual = ?, missing_since = ?, name_email_key = ?,
         fingerprint = ? WHERE book = ? AND id = ?`,
    keepHash: 'INSERT OR IGNORE INTO forgotten (book, source, hash) VALUES (?, ?, ?)',
  });

  /** Links that the plan frees are freed first: it may give them to others, in whatever order. */
  function write(book: number, changes: readonly Change[]): void {
    for (const { before, after } of changes) {
      if (before === null) continue;
      if (after === null) statements.remove.run(book, before.id);
      else if (givesUpLink(before, after)) statements.unlink.run(book, before.id);
    }
    for (const { before, after } of changes) {
      if (after === null) continue;
      if (before !== null && keepsLink(before, after))
        statements.updateDetails.run(...detailValuesOf(after), book, after.id);
      else put(before === null ? statements.insert : statements.update, book, after);
    }
  }

  /** A contact that left the book, without a link that another one has now. */
  function gone(book: number, id: string): Contact | undefined {
    const contact = history.lastKnown(book, id);
    return contact?.link && contacts.isLinked(book, contact.link) ? { ...contact, link: null } : contact;
  }

  return {
    apply(name: string, plan: Plan, approval?: Approval, rows?: RowsToKeep): Run {
      return inTransaction(db, () => {
        const { book, version, nextId } = books.openForWriting(name);
        if (approval !== undefined) {
          const approved = history.find(book, approval.run);
          checkApproval(plan, approval, approved, approved ? history.approvedBy(book, approved.id) : null);
        }
        checkBase(plan, version);
        connections.change(book, plan.connections);
        // An id from the next one on was never used: nobody need look for it.
        const stored = (id: string) => (isFrom(nextId, id) ? undefined : contacts.byId(book, id));
        const changes = [...changesOf(plan.decisions, stored)];
        write(book, changes);
        keptRows.follow(book, changes, plan.connections, rows);
        const changed = changes.length > 0 || plan.connections.length > 0;
        if (changed) {
          const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
          books.move(book, { version: version + 1, nextId: nextIdAfter(nextId, made) });
        }
        const after = changed
          ? ({ outcome: 'applied', version: version + 1 } as const)
          : ({ outcome: 'unchanged', version } as const);
        const id = history.nextId(book);
        const run = runOf(plan, { id, ...after, approval, hash: history.writeDecisions(book, id, plan) });
        history.write(book, run);
        return run;
      });
    },

    record(name: string, plan: Plan, unapplied: Unapplied): Run {
      return inTransaction(db, () => {
        const { book, version } = books.openForWriting(name);
        const error = unapplied.outcome === 'failed' ? unapplied.error : null;
        const id = history.nextId(book);
        const hash = history.writeDecisions(book, id, plan);
        const run = runOf(plan, { id, outcome: unapplied.outcome, version, error, hash });
        history.write(book, run);
        return run;
      });
    },

    /** The file is to be cleaned afterwards. */
    forget(name: string, contactId: string, signature: Signature): Run {
      return inTransaction(db, () => {
        const { book, version, nextId } = books.openForWriting(name);
        const contact = contacts.byId(book, contactId) ?? gone(book, contactId);
        if (contact === undefined) throw noSuchContact(contactId);
        history.forget(book, contact);
        statements.remove.run(book, contactId);
        keptRows.dropAll(book);
        if (contact.link !== null) statements.keepHash.run(book, contact.link.source, linkHash(contact.link));
        books.move(book, { version: version + 1, nextId });
        const run = forgetRunOf({ id: history.nextId(book), base: version, signature });
        history.write(book, run);
        markForCleaning(db);
        return run;
      });
    },

    purge(name: string, before: string): number {
      return inTransaction(db, () => history.purge(books.state(name).book, before));
    },
  };
}

/** Whether an id is a number that is not below the next one. */
function isFrom(nextId: bigint, id: string): boolean {
  return isDecimal(id) && BigInt(id) >= nextId;
}

/** Whether nothing changes that the indexes on links have of the contact. */
function keepsLink(before: Contact, after: Contact): boolean {
  return before.recordType === after.recordType && sameLink(before.link, after.link);
}

/** Whether the contact held a link that others may have afterwards. */
function givesUpLink(before: Contact, after: Contact): boolean {
  const held = heldLink(before);
  return held !== null && !sameLink(held, heldLink(after));
}

/** External contacts hold no link: any number of them may come from one record. */
function heldLink({ recordType, link }: Contact): Link | null {
  return recordType === 'external' ? null : link;
}

function put(statement: ReturnType<DatabaseSync['prepare']>, book: number, contact: Contact): void {
  try {
    statement.run(...valuesOf(contact), book, contact.id);
  } catch (error) {
    if (sqliteCode(error) === uniqueConstraint && contact.link !== null) throw linkTaken(contact.link);
    throw error;
  }
}
