import { z } from 'zod';
import { type ConnectionChange, connectionChangeSchema, sameConnection } from './connection.js';
import type { Contact, Link } from './contact.js';
import { ContactSyncError } from './error.js';
import { planHash } from './ndjson.js';
import { blockSchema, countsSchema, type Decision, type Plan, planKinds, planOf, type Signature } from './plan.js';
import { unknownPage } from './search.js';
import type { Approval, Run, RunOutcome } from './store.js';

/** For stores that keep runs as text or in columns. */
export const runSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(planKinds),
  source: z.string().nullable(),
  actor: z.string(),
  why: z.string().nullable(),
  at: z.string(),
  outcome: z.enum(['applied', 'unchanged', 'blocked', 'failed']),
  base: z.int().min(0),
  version: z.int().min(0),
  hash: z.string(),
  connections: z.array(connectionChangeSchema),
  approves: z.string().nullable(),
  purged: z.boolean(),
  counts: countsSchema,
  blocked: z.array(blockSchema),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
}) satisfies z.ZodType<Run>;

/** The history's line for a plan. `version` is the book's after it; `hash` is that of the plan, where it is known already. */
export function runOf(
  plan: Plan,
  happened: {
    id: string;
    outcome: RunOutcome;
    version: number;
    error?: Run['error'];
    approval?: Approval | undefined;
    hash?: string;
  },
): Run {
  const { kind, source, base, counts, blocked, connections } = plan;
  const { id, outcome, version, error = null, approval } = happened;
  const { actor, why, at } = approval ?? plan;
  const approves = approval?.run ?? null;
  const hash = happened.hash ?? planHash(plan);
  return {
    id,
    kind,
    source,
    actor,
    why,
    at,
    outcome,
    base,
    version,
    hash,
    connections,
    approves,
    purged: false,
    counts,
    blocked,
    error,
  };
}

/** The history's line for a person who was forgotten: who asked for it and when, and nothing of the person. */
export function forgetRunOf(happened: { id: string; base: number; signature: Signature }): Run {
  const { id, base, signature } = happened;
  const plan = planOf({ kind: 'forget', source: null, base, ...signature }, []);
  const counts = { ...plan.counts, reasons: { forgotten_contact: 1 } };
  return runOf({ ...plan, counts }, { id, outcome: 'applied', version: base + 1 });
}

/** The contact that a decision is about; no plan gives a contact another id. */
export function contactIdOf({ before, after }: Pick<Decision, 'before' | 'after'>): string | null {
  return before?.id ?? after?.id ?? null;
}

/** A place in the history of a contact: the number of a run, and that of a decision in it. */
export type HistoryMark = readonly [run: number, decision: number];

/** The `next` of a page of a contact's history that ends with this decision. */
export function historyMarkAfter(mark: HistoryMark): string {
  return mark.join('.');
}

/** Fails with `usage` on text that `historyMarkAfter` did not make. */
export function parseHistoryMark(after: string): HistoryMark {
  const [, run, decision] = /^([0-9]{1,15})\.([0-9]{1,15})$/.exec(after) ?? [];
  if (run === undefined || decision === undefined) throw unknownPage();
  return [Number(run), Number(decision)];
}

/** A contact that left the book, as the last decision about it knows it. */
export function lastKnown(newestFirst: Iterable<Decision>, id: string): Contact | undefined {
  for (const { before, after } of newestFirst) {
    const known = [after, before].find((side) => side?.id === id);
    if (known) return known;
  }
  return undefined;
}

/** Whether a decision of a run tells something of this person. */
export function isAbout(decision: Decision, runSource: string | null, { id, link }: Contact): boolean {
  const { before, after, externalId } = decision;
  const sides = [before, after].filter((side) => side !== null);
  if (sides.some((side) => side.id === id)) return true;
  if (link === null) return false;
  const sameRecord = (other: Link | null) => other?.source === link.source && other.externalId === link.externalId;
  return (externalId === link.externalId && runSource === link.source) || sides.some((side) => sameRecord(side.link));
}

/** Fails with `plan_invalid` unless the approval is for exactly this plan. `approvedBy`: the run that approved it already. */
export function checkApproval(plan: Plan, approval: Approval, run: Run | undefined, approvedBy: string | null): void {
  const hint = 'Nothing was written. Sync again, and approve the plan that is shown then.';
  const refuse = (problem: string) => new ContactSyncError('plan_invalid', `Run ${approval.run} ${problem}.`, { hint });
  if (run === undefined) throw refuse('is not in this book');
  if (run.outcome !== 'blocked') throw refuse(`was not stopped by a guard: it is ${run.outcome}`);
  if (approvedBy !== null) throw refuse(`was approved already, with run ${approvedBy}`);
  if (run.hash !== planHash(plan)) throw refuse('had another plan');
}

/** Fails with `plan_invalid` where a connection is not what the plan says it is. */
export function checkConnections(
  changes: readonly ConnectionChange[],
  stored: (source: string) => ConnectionChange['before'],
): void {
  const seen = new Set<string>();
  for (const { before, after } of changes) {
    const source = before?.source ?? after?.source ?? '';
    const fits =
      !seen.has(source) && (after === null || after.source === source) && sameConnection(before, stored(source));
    seen.add(source);
    if (fits) continue;
    throw new ContactSyncError('plan_invalid', `The connection to ${source} is not what the plan says.`, {
      hint: 'Nothing was written. Make the plan again.',
    });
  }
}

export function noSuchRun(id: string): ContactSyncError {
  return new ContactSyncError('not_found', `There is no run ${id} in this book.`, {
    hint: 'The list of runs has them all.',
  });
}

export function noSuchContact(id: string): ContactSyncError {
  return new ContactSyncError('not_found', `The book has no contact ${id}.`, {
    hint: 'See them with: contact-sync contacts list',
  });
}
