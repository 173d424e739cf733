import {
  type Change,
  type Contact,
  changesOf,
  checkBase,
  linkTaken,
  nextIdAfter,
  type Plan,
  type Run,
  runOf,
  sameLink,
  type Unapplied,
} from '@contact-sync/core';
import type { Books } from './books.js';
import type { ContactReader } from './contacts.js';
import type { DatabaseSync } from './driver.js';
import { sqliteCode, uniqueConstraint } from './errors.js';
import type { History } from './history.js';
import { valuesOf, writtenColumns } from './rows.js';
import { inTransaction } from './transaction.js';

/** What writes: a plan is one transaction, and the book's version is looked at inside of it. */
export function planWriter(db: DatabaseSync, parts: { books: Books; contacts: ContactReader; history: History }) {
  const { books, contacts, history } = parts;
  const places = writtenColumns.replace(/\w+/g, '?');
  const statements = {
    remove: db.prepare('DELETE FROM contacts WHERE book = ? AND id = ?'),
    unlink: db.prepare('UPDATE contacts SET source = NULL, external_id = NULL WHERE book = ? AND id = ?'),
    insert: db.prepare(`INSERT INTO contacts (${writtenColumns}, book, id) VALUES (${places}, ?, ?)`),
    update: db.prepare(`UPDATE contacts SET (${writtenColumns}) = (${places}) WHERE book = ? AND id = ?`),
  };

  /** Links that the plan frees are freed first: it may give them to others, in whatever order. */
  function write(book: number, changes: readonly Change[]): void {
    for (const { before, after } of changes) {
      if (before === null) continue;
      if (after === null) statements.remove.run(book, before.id);
      else if (before.link !== null && !sameLink(before.link, after.link)) statements.unlink.run(book, before.id);
    }
    for (const { before, after } of changes) {
      if (after !== null) put(before === null ? statements.insert : statements.update, book, after);
    }
  }

  return {
    apply(name: string, plan: Plan): Run {
      return inTransaction(db, () => {
        const { book, version, nextId } = books.openForWriting(name);
        checkBase(plan, version);
        const changes = [...changesOf(plan.decisions, (id) => contacts.byId(book, id))];
        write(book, changes);
        const changed = changes.length > 0;
        if (changed) {
          const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
          books.move(book, { version: version + 1, nextId: nextIdAfter(nextId, made) });
        }
        const outcome = changed ? 'applied' : 'unchanged';
        const run = runOf(plan, { id: history.nextId(book), outcome, version: changed ? version + 1 : version });
        history.write(book, run, plan.decisions);
        return run;
      });
    },

    record(name: string, plan: Plan, unapplied: Unapplied): Run {
      return inTransaction(db, () => {
        const { book, version } = books.openForWriting(name);
        const error = unapplied.outcome === 'failed' ? unapplied.error : null;
        const run = runOf(plan, { id: history.nextId(book), outcome: unapplied.outcome, version, error });
        history.write(book, run, plan.decisions);
        return run;
      });
    },
  };
}

function put(statement: ReturnType<DatabaseSync['prepare']>, book: number, contact: Contact): void {
  try {
    statement.run(...valuesOf(contact), book, contact.id);
  } catch (error) {
    if (sqliteCode(error) === uniqueConstraint && contact.link !== null) throw linkTaken(contact.link);
    throw error;
  }
}
