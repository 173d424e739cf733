import type { DatabaseSync } from 'node:sqlite';
import {
  type Contact,
  contactIdOf,
  type Decision,
  decisionToJson,
  type HistoryEntry,
  historyMarkAfter,
  isAbout,
  noSuchRun,
  parseDecision,
  parseHistoryMark,
  type Run,
} from '@contact-sync/core';

/** The runs of a firm and what they decided, as JSON. Core writes and reads it. */
export function historyOf(db: DatabaseSync, firm: string) {
  const statements = {
    last: db.prepare('SELECT coalesce(max(number), 0) AS number FROM sync_runs WHERE firm = ?'),
    insertRun: db.prepare('INSERT INTO sync_runs (firm, number, at, approves, run) VALUES (?, ?, ?, ?, ?)'),
    run: db.prepare('SELECT run, purged FROM sync_runs WHERE firm = ? AND number = ?'),
    page: db.prepare('SELECT run, purged FROM sync_runs WHERE firm = ? AND number < ? ORDER BY number DESC LIMIT ?'),
    approvedBy: db.prepare('SELECT number FROM sync_runs WHERE firm = ? AND approves = ?'),
    insert: db.prepare('INSERT INTO sync_decisions (firm, run, position, decision) VALUES (?, ?, ?, ?)'),
    ofRun: db.prepare('SELECT decision FROM sync_decisions WHERE firm = ? AND run = ? ORDER BY position'),
    newestFirst: db.prepare('SELECT * FROM sync_decisions WHERE firm = ? ORDER BY run DESC, position DESC'),
    inOrder: db.prepare('SELECT * FROM sync_decisions WHERE firm = ? AND run <= ? ORDER BY run DESC, position'),
    remove: db.prepare('DELETE FROM sync_decisions WHERE firm = ? AND run = ? AND position = ?'),
    purge: db.prepare(`DELETE FROM sync_decisions WHERE firm = :firm
      AND run IN (SELECT number FROM sync_runs WHERE firm = :firm AND at < :before AND purged = 0)`),
    mark: db.prepare('UPDATE sync_runs SET purged = 1 WHERE firm = :firm AND at < :before AND purged = 0'),
  };
  const runOf = ({ run, purged }: Record<string, unknown>): Run => ({
    ...(JSON.parse(String(run)) as Run),
    purged: purged === 1,
  });
  const find = (id: string): Run | undefined =>
    /^[1-9]\d{0,14}$/.test(id) ? statements.run.all(firm, Number(id)).map(runOf)[0] : undefined;

  return {
    find,
    nextId: () => String(Number(statements.last.get(firm)?.number) + 1),
    page: (before: number, limit: number) => statements.page.all(firm, before, limit).map(runOf),
    approvedBy: (id: string) => statements.approvedBy.all(firm, id).map(({ number }) => String(number))[0] ?? null,
    decisions: (id: string) => statements.ofRun.all(firm, Number(id)).map(({ decision }) => String(decision)),

    write(run: Run, decisions: readonly Decision[]): Run {
      statements.insertRun.run(firm, Number(run.id), run.at, run.approves, JSON.stringify(run));
      decisions.forEach((decision, position) => {
        statements.insert.run(firm, Number(run.id), position, decisionToJson(decision));
      });
      return run;
    },

    *newestFirst(): Generator<Decision, void, void> {
      for (const { decision } of statements.newestFirst.iterate(firm)) yield parseDecision(String(decision));
    },

    /** What runs decided about somebody, the newest run first. Mind an index on the contact where there is much of it. */
    about(id: string, limit: number, after: string | undefined) {
      const [from, passed] = after === undefined ? [Number.MAX_SAFE_INTEGER, 0] : parseHistoryMark(after);
      const found: { run: number; position: number; decision: Decision }[] = [];
      for (const row of statements.inOrder.iterate(firm, from)) {
        const place = { run: Number(row.run), position: Number(row.position) };
        const decision = parseDecision(String(row.decision));
        if (contactIdOf(decision) !== id || (place.run === from && place.position <= passed)) continue;
        found.push({ ...place, decision });
        if (found.length > limit) break;
      }
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const entries = page.map(({ run, decision }): HistoryEntry => {
        const known = find(String(run));
        if (known === undefined) throw noSuchRun(String(run));
        return { run: known, decision };
      });
      const more = last !== undefined && found.length > limit;
      return { entries, next: more ? historyMarkAfter([last.run, last.position]) : null };
    },

    forget(contact: Contact): void {
      for (const { run, position, decision } of statements.newestFirst.all(firm)) {
        const source = find(String(run))?.source ?? null;
        if (isAbout(parseDecision(String(decision)), source, contact)) {
          statements.remove.run(firm, Number(run), Number(position));
        }
      }
    },

    purge(before: string): number {
      statements.purge.run({ firm, before });
      return Number(statements.mark.run({ firm, before }).changes);
    },
  };
}
