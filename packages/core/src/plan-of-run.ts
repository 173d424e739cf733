import { ContactSyncError } from './error.js';
import { planHash } from './ndjson.js';
import type { Decision, Plan } from './plan.js';
import type { ContactStore } from './store.js';

/** The plan of a run, as it was shown: to look at again, or to approve. Fails where the history does not have all of it any more. */
export async function planOfRun(store: ContactStore, runId: string): Promise<Plan> {
  const run = await store.run(runId);
  const decisions: Decision[] = [];
  for await (const decision of store.decisions(runId)) decisions.push(decision);
  const { kind, source, actor, why, at, base, connections, counts, blocked, hash } = run;
  const plan: Plan = { kind, source, actor, why, at, base, connections, decisions, counts, blocked };
  if (planHash(plan) === hash) return plan;
  throw new ContactSyncError('plan_invalid', `The plan of run ${runId} is not kept whole any more.`, {
    hint: 'Somebody was forgotten since, or it is older than the book keeps it. Sync again, and use the plan that is shown then.',
  });
}
