import { broken, showingRuns } from './broken.js';

export const runs = [
  broken('run-by-id', 'reads less of a run that it is asked for than of those that it lists', (store) => ({
    run: async (id) => {
      const run = await store.run(id);
      return { ...run, counts: { ...run.counts, skipped: {} } };
    },
  })),
  broken('run-of-no-id', 'reads ids of runs as numbers', (store) => ({
    run: async (id) => store.run(/^0\d/.test(id) ? String(Number(id)) : id),
  })),
  broken(
    'run-base',
    'takes the version after a run for the one before',
    (store) => showingRuns(store, (run) => ({ ...run, base: run.version })),
    ['contact-history'],
  ),
  broken('run-connections', 'orders the connections of a run by their sources', (store) =>
    showingRuns(store, (run) => ({
      ...run,
      connections: run.connections.toSorted((a, b) => ((a.after?.source ?? '') < (b.after?.source ?? '') ? -1 : 1)),
    })),
  ),
];
