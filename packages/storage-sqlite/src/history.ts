import { createHash } from 'node:crypto';
import {
  type Contact,
  type Decision,
  historyMarkAfter,
  isAbout,
  isDecimal,
  lastKnown,
  noSuchRun,
  type Plan,
  parseDecision,
  parseHistoryMark,
  type Run,
  runSchema,
  unknownPage,
  writeDecisions,
} from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';
import { contactOfDecision } from './schema.js';
import { inSnapshot } from './transaction.js';

const decisionsAtOnce = 500;

/** The runs of a book and their decisions. A run's id is its number in the book. */
export function historyOf(db: DatabaseSync) {
  const columns =
    'run, kind, source, actor, why, at, outcome, base, version, hash, connections, approves, purged, counts, blocked, error';
  const statements = prepared(db, {
    last: 'SELECT coalesce(max(run), 0) AS run FROM runs WHERE book = ?',
    run: `SELECT ${columns} FROM runs WHERE book = ? AND run = ?`,
    approvedBy: 'SELECT run FROM runs WHERE book = ? AND approves = ?',
    page: `SELECT ${columns} FROM runs WHERE book = ? AND run < ? ORDER BY run DESC LIMIT ?`,
    decisions:
      'SELECT number, decision FROM decisions WHERE book = ? AND run = ? AND number > ? ORDER BY number LIMIT ?',
    ofContact: `SELECT run, number, decision FROM decisions
       WHERE book = ? AND ${contactOfDecision} = ? AND run <= ? AND (run < ? OR number > ?)
       ORDER BY run DESC, number LIMIT ?`,
    insertRun: `INSERT INTO runs (book, ${columns})
       VALUES (:book, :${columns.replaceAll(', ', ', :')})`,
    insertDecision: 'INSERT INTO decisions (book, run, number, decision) VALUES (?, ?, ?, ?)',
    removeDecision: 'DELETE FROM decisions WHERE book = ? AND run = ? AND number = ?',
    removeOlder: `DELETE FROM decisions WHERE book = :book
       AND run IN (SELECT run FROM runs WHERE book = :book AND at < :before AND purged = 0)`,
    markOlder: 'UPDATE runs SET purged = 1 WHERE book = :book AND at < :before AND purged = 0',
  });

  function find(book: number, id: string): Run | undefined {
    if (!isDecimal(id) || id.length > 15 || String(Number(id)) !== id) return undefined;
    const row = statements.run.get(book, Number(id));
    return row === undefined ? undefined : runFrom(row);
  }

  return {
    find,

    nextId(book: number): string {
      return String(Number(statements.last.get(book)?.run) + 1);
    },

    /** The run that approved the plan of this one. */
    approvedBy(book: number, id: string): string | null {
      const row = statements.approvedBy.get(book, Number(id));
      return row === undefined ? null : String(row.run);
    },

    /** Before the run itself, for the sake of the hash, which is that of the plan. */
    writeDecisions(book: number, id: string, plan: Plan): string {
      const hash = createHash('sha256');
      const run = Number(id);
      const { insertDecision } = statements;
      writeDecisions(plan, hash, (decision, number) => insertDecision.run(book, run, number, decision));
      return hash.digest('hex');
    },

    write(book: number, run: Run): void {
      const { id, connections, approves, purged, counts, blocked, error, ...plain } = run;
      const number = Number(id);
      statements.insertRun.run({
        book,
        run: number,
        ...plain,
        connections: JSON.stringify(connections),
        approves: approves === null ? null : Number(approves),
        purged: purged ? 1 : 0,
        counts: JSON.stringify(counts),
        blocked: JSON.stringify(blocked),
        error: error && JSON.stringify(error),
      });
    },

    runs(book: number, { limit, after }: { limit: number; after?: string }): { runs: Run[]; next: string | null } {
      if (after !== undefined && find(book, after) === undefined) throw unknownPage();
      const rows = statements.page.all(book, after === undefined ? Number.MAX_SAFE_INTEGER : Number(after), limit + 1);
      const runs = rows.slice(0, limit).map(runFrom);
      return { runs, next: rows.length > limit ? (runs.at(-1)?.id ?? null) : null };
    },

    /** What runs decided about a contact. */
    ofContact(book: number, contactId: string, { limit, after }: { limit: number; after?: string | undefined }) {
      const [from, number] = after === undefined ? [Number.MAX_SAFE_INTEGER, 0] : parseHistoryMark(after);
      return inSnapshot(db, () => {
        const rows = statements.ofContact.all(book, contactId, from, from, number, limit + 1);
        const page = rows.slice(0, limit);
        const runs = new Map<unknown, Run>();
        const entries = page.map(({ run: id, decision }) => {
          const run = runs.get(id) ?? find(book, String(id));
          if (run === undefined) throw noSuchRun(String(id));
          runs.set(id, run);
          return { run, decision: parseDecision(String(decision)) };
        });
        const last = page.at(-1);
        const more = last !== undefined && rows.length > limit;
        return { entries, next: more ? historyMarkAfter([Number(last.run), Number(last.number)]) : null };
      });
    },

    /** Some of them, from the one after `number` on; nothing is kept open between two calls. Fails with `not_found`. */
    decisions(book: number, runId: string, number: number): { decisions: Decision[]; last: number | null } {
      if (find(book, runId) === undefined) throw noSuchRun(runId);
      const rows = statements.decisions.all(book, Number(runId), number, decisionsAtOnce);
      const decisions = rows.map((row) => parseDecision(String(row.decision)));
      return { decisions, last: rows.length < decisionsAtOnce ? null : Number(rows.at(-1)?.number) };
    },

    /** A contact that left the book. Looks through all of the history, as forgetting does. */
    lastKnown(book: number, id: string): Contact | undefined {
      const mentions = db.prepare(
        `SELECT decision FROM decisions WHERE book = ? AND instr(decision, ?) > 0 ORDER BY run DESC, number DESC`,
      );
      return lastKnown(
        mentions.all(book, JSON.stringify(id)).map(({ decision }) => parseDecision(String(decision))),
        id,
      );
    },

    /** Removes what the history says of a person. Looks through all of it, which is rare enough to need no index. */
    forget(book: number, contact: Contact): void {
      const mentions = db.prepare(
        `SELECT decisions.run, number, decision, source FROM decisions JOIN runs USING (book, run)
         WHERE book = ? AND (instr(decision, ?) > 0 OR instr(decision, ?) > 0)`,
      );
      const inJson = (text: string) => JSON.stringify(text);
      const { id, link } = contact;
      for (const row of mentions.all(book, inJson(id), inJson(link?.externalId ?? id))) {
        const source = row.source === null ? null : String(row.source);
        if (!isAbout(parseDecision(String(row.decision)), source, contact)) continue;
        statements.removeDecision.run(book, Number(row.run), Number(row.number));
      }
    },

    /** How many runs lost their decisions. */
    purge(book: number, before: string): number {
      statements.removeOlder.run({ book, before });
      return Number(statements.markOlder.run({ book, before }).changes);
    },
  };
}

function runFrom(row: Record<string, unknown>): Run {
  const { run, approves, purged, connections, counts, blocked, error, ...plain } = row;
  return runSchema.parse({
    ...plain,
    id: String(run),
    approves: approves === null ? null : String(approves),
    purged: purged === 1,
    connections: JSON.parse(String(connections)),
    counts: JSON.parse(String(counts)),
    blocked: JSON.parse(String(blocked)),
    error: JSON.parse(String(error)),
  });
}

export type History = ReturnType<typeof historyOf>;
