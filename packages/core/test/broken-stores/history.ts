import {
  type Contact,
  type ContactStore,
  ContactSyncError,
  checkBase,
  type Decision,
  type Run,
} from '@contact-sync/core';
import { broken, listOf, showing, showingRuns } from './broken.js';

export const history = [
  broken('run-says-what-the-plan-said', 'folds the name of who did it', (store) =>
    showingRuns(store, (run) => ({ ...run, actor: run.actor.toLowerCase() })),
  ),
  broken(
    'run-version',
    'says which version the plan was for',
    (store) => ({
      apply: async (plan, approval, rows) => ({ ...(await store.apply(plan, approval, rows)), version: plan.base }),
    }),
    ['contact-history'],
  ),
  broken('runs-are-listed', 'lists runs without what was skipped', (store) =>
    listing(store, (runs) => runs.map((run) => ({ ...run, counts: { ...run.counts, skipped: {} } }))),
  ),
  broken('runs-newest-first', 'lists runs by the time in their plans', (store) =>
    listing(store, (runs) => runs.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))),
  ),
  broken('runs-pages', 'orders the ids of runs as text', (store) =>
    listing(store, (runs) => runs.toSorted((a, b) => (a.id < b.id ? 1 : -1))),
  ),
  broken('runs-last-page', 'offers another page whenever one is full', (store) => ({
    runs: async (query) => {
      const { runs } = await store.runs(query);
      return { runs, next: runs.length === query.limit ? (runs.at(-1)?.id ?? null) : null };
    },
  })),
  broken('decisions-are-kept', 'does not keep the note of a decision', (store) =>
    relating(store, (decisions) => decisions.map((decision) => ({ ...decision, note: null }))),
  ),
  broken('decisions-in-order', 'orders the numbers of decisions as text', (store) =>
    relating(store, (decisions) =>
      decisions
        .map((decision, number) => ({ decision, number: String(number) }))
        .sort((a, b) => (a.number < b.number ? -1 : 1))
        .map(({ decision }) => decision),
    ),
  ),
  broken('decisions-of-an-unchanged-book', 'keeps no decisions where the book does not change', (store) =>
    relating(store, async (decisions, id) => ((await runOf(store, id))?.outcome === 'unchanged' ? [] : decisions)),
  ),
  broken('decisions-of-one-run', 'gives the decisions of earlier runs too', (store) =>
    relating(store, async (decisions, id) =>
      id === '1' ? decisions : [...(await listOf(store.decisions('1'))), ...decisions],
    ),
  ),
  broken('decisions-of-no-run', 'knows no decisions of a run that it does not know', (store) => ({
    async *decisions(id) {
      if ((await runOf(store, id)) !== undefined) yield* store.decisions(id);
    },
  })),
  broken('decisions-read-in-part', 'writes nothing until somebody has read to the end', (store) => {
    let reading = false;
    return {
      async *decisions(id) {
        for await (const decision of store.decisions(id)) {
          reading = true;
          yield decision;
        }
        reading = false;
      },
      apply: async (plan, approval, rows) => {
        if (!reading) return store.apply(plan, approval, rows);
        throw new ContactSyncError('store_busy', 'Somebody reads the history.', { hint: 'Try again in a moment.' });
      },
    };
  }),
  broken('blocked-is-recorded', 'does not say which guard stopped a plan', (store) => ({
    record: async (plan, unapplied) => ({ ...(await store.record(plan, unapplied)), blocked: [] }),
  })),
  broken('failed-is-recorded', 'keeps the first line of an error', (store) =>
    showingRuns(store, (run) => ({
      ...run,
      error: run.error && { ...run.error, message: run.error.message.split('\n')[0] ?? '' },
    })),
  ),
  broken('record-changes-nothing', 'shows contacts as a plan that was only recorded would have them', (store) => {
    const planned = new Map<string, Contact>();
    return {
      ...showing(store, (contact) => planned.get(contact.id) ?? contact),
      record: async (plan, unapplied) => {
        for (const { before, after } of plan.decisions) if (before && after) planned.set(after.id, after);
        return store.record(plan, unapplied);
      },
    };
  }),
  broken('record-fits-always', 'records plans for the version of now only', (store) => ({
    record: async (plan, unapplied) => {
      checkBase(plan, (await store.head()).version);
      return store.record(plan, unapplied);
    },
  })),
  broken('approved-plan', 'refuses plans that guards speak against, but for those of a run', (store) => ({
    apply: async (plan, approval, rows) => {
      if (plan.blocked.length === 0 || approval) return store.apply(plan, approval, rows);
      throw new ContactSyncError('plan_invalid', 'A guard stopped the plan.', { hint: 'Approve it.' });
    },
  })),
];

/** Lists runs in a way of its own, page by page. */
function listing(store: ContactStore, list: (runs: Run[]) => Run[]): Partial<ContactStore> {
  return {
    runs: async (query) => {
      const { runs, next } = await store.runs(query);
      return { runs: list(runs), next };
    },
  };
}

function relating(
  store: ContactStore,
  relate: (decisions: Decision[], id: string) => Decision[] | Promise<Decision[]>,
): Partial<ContactStore> {
  return {
    async *decisions(id) {
      yield* await relate(await listOf(store.decisions(id)), id);
    },
  };
}

async function runOf(store: ContactStore, id: string): Promise<Run | undefined> {
  return (await store.runs({ limit: 1000 })).runs.find((run) => run.id === id);
}
