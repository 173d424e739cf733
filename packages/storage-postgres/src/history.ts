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
import type { Ask } from './database.js';

const runSchema = z.object({
  kind: z.enum(planKinds),
  source: z.string().nullable(),
  actor: z.string(),
  why: z.string().nullable(),
  at: z.string(),
  outcome: z.enum(['applied', 'unchanged', 'blocked', 'failed']),
  version: z.number(),
  hash: z.string(),
  counts: countsSchema,
  blocked: z.array(blockSchema),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

type RunRow = { readonly run: string; readonly purged: boolean; readonly decisions: string; readonly line: string };

const decisionsRead = 500;
const decisionsWritten = 1000;

/** A run's id is its number in the book. Call it with the right to write to the book. */
export async function nextRunId(ask: Ask, book: number): Promise<string> {
  const [row] = await ask<{ run: string }>('lastRun', book);
  return String(Number(row?.run) + 1);
}

export async function writeRun(ask: Ask, book: number, run: Run, decisions: readonly Decision[]): Promise<void> {
  const { id, ...line } = run;
  await ask('insertRun', book, id, run.at, run.outcome, null, decisions.length, JSON.stringify(line));
  for (let first = 0; first < decisions.length; first += decisionsWritten) {
    const some = decisions.slice(first, first + decisionsWritten).map(decisionToJson);
    await ask('insertDecisions', book, id, first, some);
  }
}

/** Fails with `not_found`. */
export async function readRun(ask: Ask, book: number, id: string): Promise<Run> {
  return runOfRow(await runRow(ask, book, id));
}

export async function readRuns(
  ask: Ask,
  book: number,
  { limit, after }: { limit: number; after?: string },
): Promise<{ runs: Run[]; next: string | null }> {
  if (after !== undefined && !(isRunId(after) && (await ask('run', book, after)).length > 0)) throw unknownPage();
  const rows = await ask<RunRow>('runs', book, after ?? Number.MAX_SAFE_INTEGER, limit + 1);
  const runs = rows.slice(0, limit).map(runOfRow);
  return { runs, next: rows.length > limit ? (runs.at(-1)?.id ?? null) : null };
}

/** Those with the next numbers; nothing is kept open between two calls. Fails with `not_found`. */
export async function readDecisions(
  ask: Ask,
  book: number,
  runId: string,
  after: number,
): Promise<{ decisions: Decision[]; last: number | null }> {
  const { decisions: count } = await runRow(ask, book, runId);
  const last = after + decisionsRead;
  const rows = await ask<{ decision: string }>('decisions', book, runId, after, last);
  return { decisions: rows.map((row) => parseDecision(row.decision)), last: last < Number(count) ? last : null };
}

async function runRow(ask: Ask, book: number, id: string): Promise<RunRow> {
  const [row] = isRunId(id) ? await ask<RunRow>('run', book, id) : [];
  if (row === undefined) throw noSuchRun(id);
  return row;
}

/** What is no number of ours is not asked for: the database would refuse the text. */
function isRunId(id: string): boolean {
  return isDecimal(id) && id.length < 16 && String(Number(id)) === id;
}

function runOfRow({ run: id, line }: RunRow): Run {
  return { id, ...runSchema.parse(JSON.parse(line)) };
}
