import type { ContactStore, HistoryEntry } from '@contact-sync/core';
import { broken, contactOf } from './broken.js';

export const contactHistory = [
  broken('contact-history', 'gives the runs without what they counted', (store) =>
    telling(store, (entries) =>
      entries.map((entry) => ({ ...entry, run: { ...entry.run, counts: { ...entry.run.counts, reasons: {} } } })),
    ),
  ),
  broken('contact-history-of-what-was-held', 'leaves out what was stopped', (store) =>
    telling(store, (entries) => entries.filter(({ run }) => run.outcome !== 'blocked')),
  ),
  broken('contact-history-of-who-left', 'knows nothing of contacts that are not in the book', (store) => ({
    history: async (id, query) =>
      (await contactOf(store, id)) ? store.history(id, query) : { entries: [], next: null },
  })),
  broken('contact-history-of-nobody', 'trims ids', (store) => ({
    history: (id, query) => store.history(id.trim(), query),
  })),
  broken('contact-history-pages', 'goes on with the run after the last one of a page', (store) => ({
    history: async (id, { limit, after }) => {
      const { entries, next } = await store.history(id, { limit, after });
      return { entries, next: next && `${next.split('.')[0]}.999999` };
    },
  })),
  broken('contact-history-of-no-page', 'begins anew where it does not know the page', (store) => ({
    history: async (id, { limit, after }) =>
      store.history(id, /^\d+\.\d+$/.test(after ?? '') ? { limit, after } : { limit }),
  })),
  broken('contact-history-of-the-forgotten', 'remembers the history of who was forgotten', (store) => {
    const remembered = new Map<string, Awaited<ReturnType<ContactStore['history']>>>();
    return {
      history: async (id, query) => remembered.get(id) ?? store.history(id, query),
      forget: async (id, signature) => {
        const history = await store.history(id, { limit: 99 });
        const run = await store.forget(id, signature);
        remembered.set(id, history);
        return run;
      },
    };
  }),
  broken('contact-history-purged', 'remembers what was purged', (store) => {
    const purged: HistoryEntry[] = [];
    return {
      history: async (id, query) => {
        const { entries, next } = await store.history(id, query);
        return { entries: [...entries, ...purged], next };
      },
      purge: async (before) => {
        purged.push(...(await store.history('1', { limit: 99 })).entries);
        return store.purge(before);
      },
    };
  }),
  broken('contact-history-stays', 'keeps the index of the history in memory', (store, { by }) =>
    by === 'reopening' ? telling(store, () => []) : {},
  ),
  broken('contact-history-in-one-book', 'tells the history of all books', (store, { sibling }) => ({
    history: async (id, query) => {
      const { entries, next } = await store.history(id, query);
      return { entries: [...entries, ...((await sibling?.history(id, query))?.entries ?? [])], next };
    },
  })),
];

function telling(store: ContactStore, tell: (entries: HistoryEntry[]) => HistoryEntry[]): Partial<ContactStore> {
  return {
    history: async (id, query) => {
      const { entries, next } = await store.history(id, query);
      return { entries: tell(entries), next };
    },
  };
}
