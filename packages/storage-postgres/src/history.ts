import { createHash, type Hash } from 'node:crypto';
import {
  type Contact,
  type Decision,
  type HistoryEntry,
  historyMarkAfter,
  isAbout,
  isDecimal,
  lastKnown,
  noSuchRun,
  type Plan,
  parseDecision,
  parseHistoryMark,
  planToLines,
  type Run,
  runSchema,
  unknownPage,
} from '@contact-sync/core';
import { type Bulk, copyText } from './bulk.js';
import { atOnce, chunks } from './chunks.js';
import type { Ask } from './database.js';

/** What the column `line` holds. */
const lineSchema = runSchema.omit({ id: true, purged: true });

type RunRow = { readonly run: string; readonly purged: boolean; readonly decisions: string; readonly line: string };

const decisionsRead = 500;

/** A run's id is its number in the book. Call it with the right to write to the book. */
export async function nextRunId(ask: Ask, book: number): Promise<string> {
  const [row] = await ask<{ run: string }>('lastRun', book);
  return String(Number(row?.run) + 1);
}

export async function writeRun(ask: Ask, book: number, run: Run, decisions: number): Promise<void> {
  const { id, purged: _, ...line } = run;
  await ask('insertRun', book, id, run.at, run.outcome, run.approves, decisions, JSON.stringify(line));
}

/** Before the run itself, for the sake of the hash, which is that of the plan: each decision is made into text once. */
export async function writeDecisions(
  ask: Ask,
  bulk: Bulk | null,
  book: number,
  id: string,
  plan: Plan,
): Promise<string> {
  const hash = createHash('sha256');
  const rows = decisionRows(plan, id, hash);
  if (bulk !== null && plan.decisions.length > atOnce) {
    await bulk.copy(
      'decisions',
      copyText(book, rows, (row) => row),
    );
  } else {
    for (const some of chunks(rows)) {
      const [first] = some;
      const texts = some.map(([, , text]) => text);
      await ask('insertDecisions', book, id, Number(first?.[1]) - 1, texts);
    }
  }
  return hash.digest('hex');
}

/** Of each decision of the plan: the run, its number from 1 on, and its text. The hash is fed all of the plan. */
function* decisionRows(plan: Plan, id: string, hash: Hash): Generator<[string, number, string], void, void> {
  let number = 0;
  let text = '';
  for (const line of planToLines(plan)) {
    if (number > 0 && number <= plan.decisions.length) yield [id, number, line.slice(0, -1)];
    number += 1;
    text += line;
    if (text.length < hashedAtOnce) continue;
    hash.update(text);
    text = '';
  }
  hash.update(text);
}

const hashedAtOnce = 65_536;

/** Fails with `not_found`. */
export async function readRun(ask: Ask, book: number, id: string): Promise<Run> {
  const row = await runRow(ask, book, id);
  if (row === undefined) throw noSuchRun(id);
  return runOfRow(row);
}

/** The run, and the id of the run that approved its plan. */
export async function readApproved(
  ask: Ask,
  book: number,
  id: string,
): Promise<{ run: Run | undefined; approvedBy: string | null }> {
  const row = await runRow(ask, book, id);
  if (row === undefined) return { run: undefined, approvedBy: null };
  const [approval] = await ask<{ run: string }>('approvalOf', book, id);
  return { run: runOfRow(row), approvedBy: approval === undefined ? null : String(approval.run) };
}

export async function readRuns(
  ask: Ask,
  book: number,
  { limit, after }: { limit: number; after?: string },
): Promise<{ runs: Run[]; next: string | null }> {
  if (after !== undefined && (await runRow(ask, book, after)) === undefined) throw unknownPage();
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
  const row = await runRow(ask, book, runId);
  if (row === undefined) throw noSuchRun(runId);
  if (row.purged) return { decisions: [], last: null };
  const last = after + decisionsRead;
  const rows = await ask<{ decision: string }>('decisions', book, runId, after, last);
  return {
    decisions: rows.map(({ decision }) => parseDecision(decision)),
    last: last < Number(row.decisions) ? last : null,
  };
}

/** What runs decided about a contact. */
export async function readHistory(
  ask: Ask,
  book: number,
  contactId: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<{ entries: HistoryEntry[]; next: string | null }> {
  const [from, number] = after === undefined ? [Number.MAX_SAFE_INTEGER, 0] : parseHistoryMark(after);
  const inJson = JSON.stringify(contactId).slice(1, -1);
  type Row = Omit<RunRow, 'decisions'> & { readonly number: string; readonly decision: string };
  const rows = await ask<Row>('decisionsAbout', book, inJson, from, number, limit + 1);
  const page = rows.slice(0, limit);
  const entries = page.map((row) => ({ run: runOfRow(row), decision: parseDecision(row.decision) }));
  const last = page.at(-1);
  const more = last !== undefined && rows.length > limit;
  return { entries, next: more ? historyMarkAfter([Number(last.run), Number(last.number)]) : null };
}

/** A contact that left the book. */
export async function lastMention(ask: Ask, book: number, id: string): Promise<Contact | undefined> {
  const text = JSON.stringify(id);
  const rows = await ask<{ run: string; number: string; decision: string }>('mentions', book, text, text);
  const newestFirst = rows.sort((a, b) => Number(b.run) - Number(a.run) || Number(b.number) - Number(a.number));
  return lastKnown(
    newestFirst.map(({ decision }) => parseDecision(decision)),
    id,
  );
}

/** Removes what the history says of a person. */
export async function removeMentions(ask: Ask, book: number, contact: Contact): Promise<void> {
  const { id, link } = contact;
  const texts = [id, link?.externalId ?? id].map((text) => JSON.stringify(text));
  const rows = await ask<{ run: string; number: string; decision: string; line: string }>('mentions', book, ...texts);
  const found = rows.filter(({ decision, line }) =>
    isAbout(parseDecision(decision), lineSchema.parse(JSON.parse(line)).source, contact),
  );
  const places = [found.map(({ run }) => run), found.map(({ number }) => number)];
  await ask('removeDecisions', book, ...places);
}

/** Deletes the decisions of runs before a moment; gives how many runs it were. */
export async function purgeBefore(ask: Ask, book: number, moment: string): Promise<number> {
  const runs = await ask<{ run: string }>('markOlder', book, moment);
  await ask(
    'removeDecisionsOf',
    book,
    runs.map(({ run }) => run),
  );
  return runs.length;
}

/** What is no number of ours is not asked for: the database would refuse the text. */
async function runRow(ask: Ask, book: number, id: string): Promise<RunRow | undefined> {
  if (!isDecimal(id) || id.length > 15 || String(Number(id)) !== id) return undefined;
  return (await ask<RunRow>('run', book, id))[0];
}

function runOfRow({ run, purged, line }: Omit<RunRow, 'decisions'>): Run {
  return { id: String(run), purged, ...lineSchema.parse(JSON.parse(line)) };
}
