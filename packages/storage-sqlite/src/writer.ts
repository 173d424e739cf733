import {
  type Approval,
  type Change,
  type Contact,
  changesBook,
  changesOf,
  checkApproval,
  checkBase,
  checkBefore,
  type Decision,
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
  sameDetails,
  sameLink,
  type Unapplied,
} from '@contact-sync/core';
import type { Books } from './books.js';
import { isMostContacts, withoutIndexes, withRoomFor } from './bulk.js';
import { markForCleaning } from './cleaning.js';
import type { Connections } from './connections.js';
import type { ContactReader } from './contacts.js';
import type { DatabaseSync } from './driver.js';
import { sqliteCode, uniqueConstraint } from './errors.js';
import type { History } from './history.js';
import type { RowsKeeper } from './kept-rows.js';
import { prepared } from './prepared.js';
import { comparedColumns, comparedValuesOf, detailValuesOf, stateValuesOf, valuesOf, writtenColumns } from './rows.js';
import { inTransaction } from './transaction.js';

type Statement = ReturnType<DatabaseSync['prepare']>;
type Value = string | number | null;

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
  // A contact that is not what the plan says is not found.
  const before = `WHERE book = ? AND id = ? AND (${comparedColumns}) IS (${comparedColumns.replace(/\w+/g, '?')})`;
  const statements = prepared(db, {
    forget: 'DELETE FROM contacts WHERE book = ? AND id = ?',
    remove: `DELETE FROM contacts ${before}`,
    unlink: `UPDATE contacts SET source = NULL, external_id = NULL ${before}`,
    insert: `INSERT INTO contacts (${writtenColumns}, book, id) VALUES (${places}, ?, ?)`,
    update: `UPDATE contacts SET (${writtenColumns}) = (${places}) ${before}`,
    // SQLite writes anew what an index has of a row, also where it stays the same, if one of its columns is named here.
    updateDetails: `UPDATE contacts SET name = ?, email = ?, phone = ?, forced_manual = ?, missing_since = ?,
       name_email_key = ?, fingerprint = ? ${before}`,
    updateState: `UPDATE contacts SET record_type = ?, forced_manual = ?, source = ?, external_id = ?, missing_since = ?,
       fingerprint = ? ${before}`,
    keepHash: 'INSERT OR IGNORE INTO forgotten (book, source, hash) VALUES (?, ?, ?)',
  });

  /** Links that the plan frees are freed first: it may give them to others, in whatever order. */
  function write(book: number, changes: readonly Change[]): void {
    for (const { before, after } of changes) {
      if (before === null) continue;
      if (after === null) change(statements.remove, [], book, before);
      else if (givesUpLink(before, after)) change(statements.unlink, [], book, before);
    }
    for (const { before, after } of inFileOrder(changes)) {
      if (after === null) continue;
      if (before === null) tried(after, () => statements.insert.run(...valuesOf(after), book, after.id));
      else if (keepsLink(before, after)) change(statements.updateDetails, detailValuesOf(after), book, before);
      else {
        const now = givesUpLink(before, after) ? { ...before, link: null } : before;
        if (sameDetails(before, after))
          tried(after, () => change(statements.updateState, stateValuesOf(after), book, now));
        else tried(after, () => change(statements.update, valuesOf(after), book, now));
      }
    }
  }

  function takenTwice(): Error {
    const link = contacts.linkedTwice();
    return link === undefined ? new TypeError('no link is there twice') : linkTaken(link);
  }

  /** Runs a statement on a contact that has to be what the plan says it was. */
  function change(statement: Statement, values: readonly Value[], book: number, before: Contact): void {
    const { changes } = statement.run(...values, book, before.id, ...comparedValuesOf(before));
    if (changes === 0) checkBefore(before, contacts.byId(book, before.id));
  }

  /** A contact that left the book, without a link that another one has now. */
  function gone(book: number, id: string): Contact | undefined {
    const contact = history.lastKnown(book, id);
    return contact?.link && contacts.isLinked(book, contact.link) ? { ...contact, link: null } : contact;
  }

  return {
    apply(name: string, plan: Plan, approval?: Approval, rows?: RowsToKeep): Run {
      const work = () => {
        const { book, version, nextId } = books.openForWriting(name);
        if (approval !== undefined) {
          const approved = history.find(book, approval.run);
          checkApproval(plan, approval, approved, approved ? history.approvedBy(book, approved.id) : null);
        }
        checkBase(plan, version);
        connections.change(book, plan.connections);
        const stored = (id: string, decision: Decision) => {
          if (decision.before !== null && changesBook(decision)) return decision.before;
          // An id from the next one on was never used: nobody need look for it.
          return isFrom(nextId, id) ? undefined : contacts.byId(book, id);
        };
        const changes = [...changesOf(plan.decisions, stored)];
        if (isMostContacts(db, changes.length)) withoutIndexes(db, () => write(book, changes), takenTwice);
        else write(book, changes);
        keptRows.follow(book, changes, plan.connections, rows);
        const changed = changes.length > 0 || plan.connections.length > 0;
        if (changed) {
          books.move(book, { version: version + 1, nextId: nextIdAfter(nextId, idsMade(changes)) });
        }
        const after = changed
          ? ({ outcome: 'applied', version: version + 1 } as const)
          : ({ outcome: 'unchanged', version } as const);
        const id = history.nextId(book);
        const run = runOf(plan, { id, ...after, approval, hash: history.writeDecisions(book, id, plan) });
        history.write(book, run);
        return run;
      };
      return withRoomFor(db, plan.decisions.length, () => inTransaction(db, work));
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
        statements.forget.run(book, contactId);
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

function* idsMade(changes: readonly Change[]): Generator<string, void, void> {
  for (const { before, after } of changes) if (before === null) yield after.id;
}

/**
 * Changes of contacts by their ids as numbers, which mostly is how contacts lie in the file; new contacts come last. Pages
 * are then changed one after the other, and not in the order of the source.
 */
function inFileOrder(changes: readonly Change[]): Change[] {
  const places = Float64Array.from(changes, ({ before }) => (before && Number(before.id)) || Number.MAX_VALUE);
  const order = Uint32Array.from(changes.keys()).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  return Array.from(order, (index) => changes[index]).filter((change) => change !== undefined);
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

/** Gives a contact to the book, where no other one has its link. */
function tried(contact: Contact, put: () => unknown): void {
  try {
    put();
  } catch (error) {
    if (sqliteCode(error) === uniqueConstraint && contact.link !== null) throw linkTaken(contact.link);
    throw error;
  }
}
