import {
  type ContactSyncError,
  type Decision,
  differences,
  type Plan,
  planChangesBook,
  planHash,
  type Reason,
  type Run,
  reasonCodes,
  reasons,
  whyNotUndone,
} from '@contact-sync/core';
import { sentencesOf } from '../show/sentences.js';
import type { DecisionView, Group, PlanView, RunView, ShownError } from './types.js';

/** A decision with what people read of it. */
export function decisionView(decision: Decision): DecisionView {
  return { ...decision, ...wordsOf(decision.reason), difference: differences(decision) };
}

export function runView(run: Run): RunView {
  return { ...run, notUndoable: whyNotUndone(run) };
}

export function planView(plan: Plan): PlanView {
  const { kind, source, at, base, counts, blocked, connections, decisions } = plan;
  return {
    ...{ hash: planHash(plan), kind, source, at, base, counts, blocked, connections },
    changesBook: planChangesBook(plan),
    groups: groupsOf(counts, listedOf(decisions)),
  };
}

/** How many decisions there are of each reason. */
export function listedOf(decisions: Iterable<Decision>): Map<Reason, number> {
  const listed = new Map<Reason, number>();
  for (const { reason } of decisions) listed.set(reason, (listed.get(reason) ?? 0) + 1);
  return listed;
}

export function groupsOf(counts: Plan['counts'], listed: ReadonlyMap<Reason, number>): Group[] {
  return reasonCodes.flatMap((reason) => {
    const group = { listed: listed.get(reason) ?? 0, counted: counts.reasons[reason] ?? 0 };
    return group.listed + group.counted === 0 ? [] : [{ reason, ...wordsOf(reason), ...group }];
  });
}

export function shownError({ code, message, hint }: ContactSyncError): ShownError {
  return { code, message, hint };
}

function wordsOf(reason: Reason) {
  const { sentence, hint = null } = sentencesOf(reason);
  return { sentence, hint, action: reasons[reason].action };
}
