import { ContactSyncError } from './error.js';
import { planHash } from './ndjson.js';
import type { Plan } from './plan.js';
import type { Run, RunOutcome } from './store.js';

/** The history's line for a plan. `version` is the book's after it. */
export function runOf(
  plan: Plan,
  happened: { id: string; outcome: RunOutcome; version: number; error?: Run['error'] },
): Run {
  const { kind, source, actor, why, at, counts, blocked } = plan;
  const { id, outcome, version, error = null } = happened;
  return { id, kind, source, actor, why, at, outcome, version, hash: planHash(plan), counts, blocked, error };
}

export function noSuchRun(id: string): ContactSyncError {
  return new ContactSyncError('not_found', `There is no run ${id} in this book.`, {
    hint: 'The list of runs has them all.',
  });
}
