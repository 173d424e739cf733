import type { ContactStore, Run } from '@contact-sync/core';
import { runsSince } from '../changes-since.js';
import type { RunDetail } from './types.js';

/** Whether the plan of a run that a guard stopped can still be approved, and who did. */
export async function approvalOf(
  store: ContactStore,
  run: Run,
): Promise<Pick<RunDetail, 'notApprovable' | 'approvedBy'>> {
  const { id, outcome, base } = run;
  if (outcome !== 'blocked') return { notApprovable: `Run ${id} was not stopped by a guard.`, approvedBy: null };
  for await (const later of runsSince(store, id)) {
    if (later.approves !== id) continue;
    return { notApprovable: `Run ${id} was approved already, with run ${later.id}.`, approvedBy: later.id };
  }
  const { version } = await store.head();
  const moved = `The book changed since run ${id}: its plan was made for version ${base}, and it is at version ${version}.`;
  if (version !== base) return { notApprovable: moved, approvedBy: null };
  const purged = `The plan of run ${id} is older than the book keeps it.`;
  return { notApprovable: run.purged ? purged : null, approvedBy: null };
}
