import type { ContactStore, SearchFilter, SearchQuery } from '@contact-sync/core';
import { broken } from './broken.js';

export const filters = [
  broken('search-by-type', 'takes external contacts for synced ones', (store) =>
    asking(store, (query) => (query.recordType === 'external' ? { ...query, recordType: 'contact-sync' } : query)),
  ),
  broken('search-by-source', 'looks for all sources where the name of the source is empty', (store) =>
    asking(store, ({ source, ...query }) => (source ? { ...query, source } : query)),
  ),
  broken('search-by-forced-manual', 'finds everybody where those who were not taken over are wanted', (store) =>
    asking(store, ({ forcedManual, ...query }) =>
      forcedManual || query.missing !== undefined ? { ...query, forcedManual } : query,
    ),
  ),
  broken('search-by-missing', 'finds everybody where those who are not missing are wanted', (store) =>
    asking(store, ({ missing, ...query }) => (missing ? { ...query, missing } : query)),
  ),
  broken('search-by-ids', 'finds everybody where no ids are given', (store) =>
    asking(store, ({ ids, ...query }) => (ids?.length === 0 ? query : { ...query, ids })),
  ),
  broken('search-by-all-of-it', 'forgets what was typed where ids are given', (store) =>
    asking(store, ({ text, ...query }) => (query.ids === undefined ? { ...query, text } : query)),
  ),
  broken('search-pages-of-a-filter', 'forgets the source on the second page', (store) =>
    asking(store, ({ source, ...query }) => (query.after === undefined ? { ...query, source } : query)),
  ),
  broken('count-all', 'counts the first thousand', (store) => ({
    count: async (filter) => Math.min(await store.count(filter), 1000),
  })),
  broken('count-text', 'counts whom the text alone would find, as it is written', (store) => ({
    count: (filter) => (filter.text === 'JANÉ' ? store.count({ ...filter, text: 'JANÉ_' }) : store.count(filter)),
  })),
  broken('count-filters', 'counts those who were not taken over with the others', (store) => ({
    count: ({ forcedManual, ...filter }) => store.count(forcedManual === false ? filter : { ...filter, forcedManual }),
  })),
  broken('count-in-one-book', 'counts the contacts of all books', (store, { sibling }) => ({
    count: async (filter: SearchFilter) => (await store.count(filter)) + ((await sibling?.count(filter)) ?? 0),
  })),
];

function asking(store: ContactStore, ask: (query: SearchQuery) => SearchQuery): Partial<ContactStore> {
  return { search: (query) => store.search(ask(query)) };
}
