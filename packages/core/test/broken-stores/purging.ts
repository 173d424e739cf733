import type { ContactStore, Decision } from '@contact-sync/core';
import { broken, counting, listOf, showingRuns } from './broken.js';

export const purging = [
  broken('purge-deletes-decisions', 'marks runs and keeps the decisions of those that changed the book', (store) =>
    remembering(store, 'applied'),
  ),
  broken('purge-marks-runs', 'does not mark the second of two runs', (store) =>
    showingRuns(store, (run) => (run.id === '2' ? { ...run, purged: false } : run)),
  ),
  broken('purge-only-older', 'purges the runs of that moment too', (store) => ({
    purge: async (before) => store.purge(new Date(Date.parse(before) + 1).toISOString()),
  })),
  broken('purge-what-was-stopped', 'keeps the decisions of runs that were stopped', (store) =>
    remembering(store, 'blocked'),
  ),
  broken('purge-counts-once', 'counts runs that were purged before again', (store) => ({
    purge: async (before) => {
      await store.purge(before);
      return (await store.runs({ limit: 99 })).runs.filter(({ at }) => at < before).length;
    },
  })),
  broken('purge-keeps-runs', 'empties the counts of purged runs', (store) =>
    showingRuns(store, (run) => (run.purged ? { ...run, counts: { ...run.counts, reasons: {} } } : run)),
  ),
  broken(
    'purge-keeps-the-book',
    'raises the version when it purges',
    (store) => {
      let purges = 0;
      return {
        ...counting(store, () => 0),
        head: async () => {
          const head = await store.head();
          return { ...head, version: head.version + purges };
        },
        purge: async (before) => {
          purges += 1;
          return store.purge(before);
        },
      };
    },
    ['contact-history-purged'],
  ),
  broken('purged-stays', 'marks runs in memory', (store, { by }) =>
    by === 'reopening' ? showingRuns(store, (run) => ({ ...run, purged: false })) : {},
  ),
  broken('purge-in-one-book', 'purges all books', (store, { sibling }) => ({
    purge: async (before) => {
      await sibling?.purge(before);
      return store.purge(before);
    },
  })),
];

/** Keeps the decisions of runs with this outcome. */
function remembering(store: ContactStore, outcome: 'applied' | 'blocked'): Partial<ContactStore> {
  const remembered = new Map<string, Decision[]>();
  return {
    async *decisions(id) {
      yield* remembered.get(id) ?? store.decisions(id);
    },
    purge: async (before) => {
      for (const run of (await store.runs({ limit: 99 })).runs) {
        if (run.outcome === outcome) remembered.set(run.id, await listOf(store.decisions(run.id)));
      }
      return store.purge(before);
    },
  };
}
