import {
  blockSchema,
  countsSchema,
  type Decision,
  decisionToJson,
  isDecimal,
  noSuchRun,
  parseDecision,
  planKinds,
  type Run,
  unknownPage,
} from '@contact-sync/core';
import { z } from 'zod';
import type { DatabaseSync } from './driver.js';

const json = z.string().transform((text) => JSON.parse(text) as unknown);

const runSchema = z.object({
  run: z.number().transform(String),
  kind: z.enum(planKinds),
  source: z.string().nullable(),
  actor: z.string(),
  why: z.string().nullable(),
  at: z.string(),
  outcome: z.enum(['applied', 'unchanged', 'blocked', 'failed']),
  version: z.number(),
  hash: z.string(),
  counts: json.pipe(countsSchema),
  blocked: json.pipe(z.array(blockSchema)),
  error: json.pipe(z.object({ code: z.string(), message: z.string() })).nullable(),
});

const decisionsAtOnce = 500;

/** The runs of a book and their decisions. A run's id is its number in the book. */
export function historyOf(db: DatabaseSync) {
  const columns = 'run, kind, source, actor, why, at, outcome, version, hash, counts, blocked, error';
  const statements = {
    last: db.prepare('SELECT coalesce(max(run), 0) AS run FROM runs WHERE book = ?'),
    exists: db.prepare('SELECT 1 FROM runs WHERE book = ? AND run = ?'),
    page: db.prepare(`SELECT ${columns} FROM runs WHERE book = ? AND run < ? ORDER BY run DESC LIMIT ?`),
    decisions: db.prepare(
      'SELECT number, decision FROM decisions WHERE book = ? AND run = ? AND number > ? ORDER BY number LIMIT ?',
    ),
    insertRun: db.prepare(
      `INSERT INTO runs (book, ${columns})
       VALUES (:book, :run, :kind, :source, :actor, :why, :at, :outcome, :version, :hash, :counts, :blocked, :error)`,
    ),
    insertDecision: db.prepare('INSERT INTO decisions (book, run, number, decision) VALUES (?, ?, ?, ?)'),
  };

  function has(book: number, id: string): boolean {
    return (
      isDecimal(id) &&
      id.length < 16 &&
      String(Number(id)) === id &&
      statements.exists.get(book, Number(id)) !== undefined
    );
  }

  return {
    nextId(book: number): string {
      return String(Number(statements.last.get(book)?.run) + 1);
    },

    write(book: number, run: Run, decisions: readonly Decision[]): void {
      const { id, counts, blocked, error, ...plain } = run;
      const number = Number(id);
      statements.insertRun.run({
        book,
        run: number,
        ...plain,
        counts: JSON.stringify(counts),
        blocked: JSON.stringify(blocked),
        error: error && JSON.stringify(error),
      });
      decisions.forEach((decision, index) => {
        statements.insertDecision.run(book, number, index, decisionToJson(decision));
      });
    },

    runs(book: number, { limit, after }: { limit: number; after?: string }): { runs: Run[]; next: string | null } {
      if (after !== undefined && !has(book, after)) throw unknownPage();
      const rows = statements.page.all(book, after === undefined ? Number.MAX_SAFE_INTEGER : Number(after), limit + 1);
      const runs = rows.slice(0, limit).map((row) => {
        const { run: id, ...rest } = runSchema.parse(row);
        return { id, ...rest };
      });
      return { runs, next: rows.length > limit ? (runs.at(-1)?.id ?? null) : null };
    },

    /** Some of them, from the one after `number` on; nothing is kept open between two calls. Fails with `not_found`. */
    decisions(book: number, runId: string, number: number): { decisions: Decision[]; last: number | null } {
      if (!has(book, runId)) throw noSuchRun(runId);
      const rows = statements.decisions.all(book, Number(runId), number, decisionsAtOnce);
      const decisions = rows.map((row) => parseDecision(String(row.decision)));
      return { decisions, last: rows.length < decisionsAtOnce ? null : Number(rows.at(-1)?.number) };
    },
  };
}

export type History = ReturnType<typeof historyOf>;
