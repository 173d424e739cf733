import { ContactSyncError } from '@contact-sync/core';
import { broken, contactOf, holderOf, rewriting, showing } from './broken.js';

const invalid = () => new ContactSyncError('plan_invalid', 'It is taken.', { hint: 'Make the plan again.' });

export const books = [
  broken('contacts-stay', 'does not save since when a contact is missing', (store, { by }) =>
    by === 'reopening' ? showing(store, (contact) => ({ ...contact, missingSince: null })) : {},
  ),
  broken('links-stay', 'does not save fingerprints', (store, { by }) =>
    by !== 'reopening'
      ? {}
      : { links: async (source) => new Map([...(await store.links(source)).keys()].map((id) => [id, null])) },
  ),
  broken('version-stays-when-closed', 'counts versions anew when it is opened', (store, { by }) =>
    by !== 'reopening'
      ? {}
      : {
          head: async () => ({ ...(await store.head()), version: 0 }),
          apply: async (plan, approval, rows) =>
            store.apply({ ...plan, base: plan.base + (await store.head()).version }, approval, rows),
        },
  ),
  broken('history-stays', 'keeps the history in memory', (_, { by }) =>
    by === 'reopening' ? { runs: async () => ({ runs: [], next: null }) } : {},
  ),
  broken('writing-goes-on', 'opens a file that is there for reading', (store, { by }) =>
    by !== 'reopening'
      ? {}
      : rewriting(store, () => {
          throw new ContactSyncError('store_unusable', 'It may not be written to.', { hint: 'Open another.' });
        }),
  ),
  broken('books-have-own-contacts', 'finds contacts of all books by id', (store, { sibling }) => ({
    find: async (query) => {
      const found = await store.find(query);
      const lost = (query.ids ?? []).filter((id) => !found.some((contact) => contact.id === id));
      return [...found, ...((await sibling?.find({ ids: lost })) ?? [])];
    },
  })),
  broken('books-have-own-search', 'searches all books', (store, { sibling }) => ({
    search: async (query) => {
      const found = await store.search(query);
      return { ...found, contacts: [...found.contacts, ...((await sibling?.search(query))?.contacts ?? [])] };
    },
  })),
  broken(
    'books-have-own-ids',
    'gives an id out once in all books',
    (store, { sibling }) =>
      rewriting(store, async (plan) => {
        for (const { before, after } of plan.decisions) {
          if (sibling && before === null && after && (await contactOf(sibling, after.id))) throw invalid();
        }
        return plan;
      }),
    ['contact-history-in-one-book'],
  ),
  broken('books-have-own-links', 'gives a link out once in all books', (store, { sibling }) =>
    rewriting(store, async (plan) => {
      for (const { after } of plan.decisions) {
        if (sibling && after && (await holderOf(sibling, after.link))) throw invalid();
      }
      return plan;
    }),
  ),
  broken('books-have-own-versions', 'counts one version for all books', (store, { sibling }) => {
    const others = async () => (await sibling?.head())?.version ?? 0;
    return {
      head: async () => {
        const head = await store.head();
        return { ...head, version: head.version + (await others()) };
      },
      apply: async (plan, approval, rows) =>
        store.apply({ ...plan, base: plan.base - (await others()) }, approval, rows),
    };
  }),
  broken('books-have-own-history', 'has one history for all books', (store, { sibling }) => ({
    runs: async (query) => {
      const { runs, next } = await store.runs(query);
      return { runs: [...runs, ...((await sibling?.runs(query))?.runs ?? [])], next };
    },
  })),
];
