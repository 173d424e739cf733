import {
  type Approval,
  type ContactStore,
  ContactSyncError,
  checkBase,
  type Plan,
  planHash,
  type Run,
} from '@contact-sync/core';
import { broken, showingRuns } from './broken.js';

export const approvals = [
  broken('approval-applies', 'says that an approved plan was approved, and not that it was applied', (store) => ({
    apply: async (plan, approval, rows) => {
      const run = await store.apply(plan, approval, rows);
      return approval && run.outcome === 'applied' ? { ...run, outcome: 'unchanged' } : run;
    },
  })),
  broken('approval-signs', 'keeps who approved, and forgets when', (store) =>
    showingRuns(store, (run) => (run.approves === null ? run : { ...run, at: '2026-03-01T09:30:00.000Z' })),
  ),
  broken('approval-of-no-run', 'applies a plan whose run it cannot find', (store) =>
    lenient(store, (_, approved) => approved === undefined),
  ),
  broken('approval-of-what-was-not-stopped', 'lets failed runs be approved', (store) =>
    lenient(store, (plan, approved) => approved?.outcome === 'failed' && approved.hash === planHash(plan)),
  ),
  broken('approval-of-another-plan', 'compares the decisions of plans by their number', (store) =>
    lenient(
      store,
      (plan, approved) =>
        approved?.outcome === 'blocked' && plan.why === approved.why && approved.hash !== planHash(plan),
    ),
  ),
  broken('approval-only-once', 'counts approvals that changed the book only, while it is open', (store, { by }) =>
    by === 'reopening' ? {} : lenient(store, (plan, approved, once) => sameAgain(plan, approved) && once),
  ),
  broken('approval-of-a-stale-plan', 'takes an approval for the word that a plan fits', (store) => ({
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        if (!approval || !ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
        return store.apply({ ...plan, base: (await store.head()).version });
      }
    },
  })),
  broken('refused-approval-changes-nothing', 'uses an approval up when it looks at it', (store) => {
    const used = new Set<string>();
    return {
      apply: async (plan, approval, rows) => {
        if (approval && used.has(approval.run)) throw invalid();
        try {
          return await store.apply(plan, approval, rows);
        } catch (error) {
          if (approval) used.add(approval.run);
          throw error;
        }
      },
    };
  }),
  broken('approvals-stay', 'remembers in memory what was approved', (store, { by }) =>
    by === 'reopening' ? lenient(store, (plan, approved, once) => sameAgain(plan, approved) && once) : {},
  ),
  broken('books-have-own-approvals', 'looks for the approved run in all books', (store, { sibling }) => ({
    apply: async (plan, approval, rows) => {
      const [theirs] = sibling && approval ? await Promise.allSettled([sibling.run(approval.run)]) : [];
      return store.apply(plan, theirs?.status === 'fulfilled' ? undefined : approval, rows);
    },
  })),
];

const invalid = () => new ContactSyncError('plan_invalid', 'It was approved.', { hint: 'Make the plan again.' });

function sameAgain(plan: Plan, approved: Run | undefined): boolean {
  return approved?.outcome === 'blocked' && approved.hash === planHash(plan);
}

/** Applies what is approved wrongly as if nobody had said anything, where the book still stands where it stood. */
function lenient(
  store: ContactStore,
  overlooks: (plan: Plan, approved: Run | undefined, once: boolean) => boolean,
): Partial<ContactStore> {
  const findRun = async ({ run }: Approval) => (await store.runs({ limit: 99 })).runs.find(({ id }) => id === run);
  return {
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        if (!approval || !ContactSyncError.is(error) || error.code !== 'plan_invalid') throw error;
        const { runs } = await store.runs({ limit: 99 });
        const once = runs.some(({ approves }) => approves === approval.run);
        if (!overlooks(plan, await findRun(approval), once)) throw error;
        checkBase(plan, (await store.head()).version);
        return store.apply(plan);
      }
    },
  };
}
