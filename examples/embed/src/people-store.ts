import type { DatabaseSync } from 'node:sqlite';
import {
  type Change,
  type Connection,
  type Contact,
  type ContactStore,
  changesOf,
  checkApproval,
  checkBase,
  checkConnections,
  connectionSchema,
  countIn,
  type Fingerprint,
  forgetRunOf,
  idsFrom,
  lastKnown,
  linkHash,
  linkTaken,
  nextIdAfter,
  noSuchContact,
  noSuchRun,
  parseDecision,
  type Run,
  runOf,
  searchIn,
  unknownPage,
} from '@contact-sync/core';
import { historyOf } from './history.js';
import { peopleOf, textOf } from './people.js';

/** A firm's people in the host's own table, as a contact book. The database is the host's: closing the book leaves it open. */
export function peopleStore(db: DatabaseSync, firm: string): ContactStore {
  const people = peopleOf(db, firm);
  const history = historyOf(db, firm);
  const statements = {
    book: db.prepare('SELECT version, next_id FROM sync_books WHERE firm = ?'),
    move: db.prepare(`INSERT INTO sync_books (firm, version, next_id) VALUES (?, ?, ?)
      ON CONFLICT (firm) DO UPDATE SET version = excluded.version, next_id = excluded.next_id`),
    connections: db.prepare('SELECT connection FROM sync_connections WHERE firm = ? ORDER BY source'),
    connect: db.prepare('INSERT OR REPLACE INTO sync_connections (firm, source, connection) VALUES (?, ?, ?)'),
    disconnect: db.prepare('DELETE FROM sync_connections WHERE firm = ? AND source = ?'),
    forgotten: db.prepare('SELECT hash FROM sync_forgotten WHERE firm = ? AND source = ?'),
    forget: db.prepare('INSERT OR IGNORE INTO sync_forgotten (firm, source, hash) VALUES (?, ?, ?)'),
  };

  function transaction<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => T): T {
    db.exec(begin);
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  const reading = <T>(work: () => T) => transaction('BEGIN', work);
  const writing = <T>(work: () => T) => transaction('BEGIN IMMEDIATE', work);

  function book(): { version: number; nextId: bigint } {
    const row = statements.book.get(firm);
    return { version: Number(row?.version ?? 0), nextId: BigInt(textOf(row?.next_id) ?? '1') };
  }

  function connections(): Connection[] {
    return statements.connections
      .all(firm)
      .map(({ connection }) => connectionSchema.parse(JSON.parse(String(connection))));
  }

  /** Links pass from one to another: all that change are free before any is given. */
  function write(changes: readonly Change[]): void {
    for (const { before, after } of changes) {
      if (after === null) people.remove(before.id);
      else if (before !== null) people.unlink(before.id);
    }
    for (const { after } of changes) if (after !== null) put(after);
  }

  function put(contact: Contact): void {
    try {
      people.put(contact);
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('UNIQUE constraint failed');
      throw taken && contact.link !== null ? linkTaken(contact.link) : error;
    }
  }

  /** Somebody who left the book, without a link that another has now. */
  function gone(id: string): Contact | undefined {
    const contact = lastKnown(history.newestFirst(), id);
    if (contact?.link == null) return contact;
    const { source, externalId } = contact.link;
    const taken = people.find({ links: { source, externalIds: [externalId] } }).length > 0;
    return taken ? { ...contact, link: null } : contact;
  }

  return {
    async head() {
      return reading(() => {
        const { version, nextId } = book();
        return { version, newId: idsFrom(nextId), connections: connections() };
      });
    },

    async links(source) {
      const rows = people.links(source);
      return new Map(rows.map((row) => [String(row.external_id), textOf(row.fingerprint) as Fingerprint | null]));
    },

    async find(query) {
      return reading(() => people.find(query));
    },

    // A firm's people fit into memory. With millions of them, let the database look.
    async search(query) {
      return searchIn(people.all(), query);
    },

    async count(filter) {
      return countIn(people.all(), filter);
    },

    async apply(plan, approval) {
      return writing(() => {
        if (approval !== undefined) {
          checkApproval(plan, approval, history.find(approval.run), history.approvedBy(approval.run));
        }
        const { version, nextId } = book();
        checkBase(plan, version);
        const known = new Map(connections().map((connection) => [connection.source, connection]));
        checkConnections(plan.connections, (source) => known.get(source) ?? null);
        const changes = [...changesOf(plan.decisions, people.byId)];
        write(changes);
        for (const { before, after } of plan.connections) {
          if (after !== null) statements.connect.run(firm, after.source, JSON.stringify(after));
          else if (before !== null) statements.disconnect.run(firm, before.source);
        }
        const changed = changes.length > 0 || plan.connections.length > 0;
        const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
        if (changed) statements.move.run(firm, version + 1, String(nextIdAfter(nextId, made)));
        const outcome = changed ? 'applied' : 'unchanged';
        const happened = { id: history.nextId(), outcome, version: changed ? version + 1 : version, approval } as const;
        return history.write(runOf(plan, happened), plan.decisions);
      });
    },

    async record(plan, unapplied) {
      return writing(() => {
        const error = unapplied.outcome === 'failed' ? unapplied.error : null;
        const happened = { id: history.nextId(), outcome: unapplied.outcome, version: book().version, error };
        return history.write(runOf(plan, happened), plan.decisions);
      });
    },

    async run(id) {
      const run = history.find(id);
      if (run === undefined) throw noSuchRun(id);
      return run;
    },

    async runs({ limit, after }) {
      if (after !== undefined && history.find(after) === undefined) throw unknownPage();
      const found = history.page(after === undefined ? Number.MAX_SAFE_INTEGER : Number(after), limit + 1);
      const runs: Run[] = found.slice(0, limit);
      return { runs, next: found.length > limit ? (runs.at(-1)?.id ?? null) : null };
    },

    async history(contactId, { limit, after }) {
      return reading(() => history.about(contactId, limit, after));
    },

    async *decisions(runId) {
      if (history.find(runId) === undefined) throw noSuchRun(runId);
      for (const decision of history.decisions(runId)) yield parseDecision(decision);
    },

    async forgotten(source) {
      return new Set(statements.forgotten.all(firm, source).map(({ hash }) => String(hash)));
    },

    async forget(contactId, signature) {
      return writing(() => {
        const contact = people.byId(contactId) ?? gone(contactId);
        if (contact === undefined) throw noSuchContact(contactId);
        history.forget(contact);
        people.remove(contactId);
        if (contact.link !== null) statements.forget.run(firm, contact.link.source, linkHash(contact.link));
        const { version, nextId } = book();
        statements.move.run(firm, version + 1, String(nextId));
        return history.write(forgetRunOf({ id: history.nextId(), base: version, signature }), []);
      });
    },

    async purge(before) {
      return writing(() => history.purge(before));
    },

    async close() {},
  };
}
