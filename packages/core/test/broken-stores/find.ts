import { type Contact, ContactSyncError, isDecimal, nameEmailKey } from '@contact-sync/core';
import { allOf, broken } from './broken.js';

export const find = [
  broken('find-by-id', 'fails where a word is no id', (store) => ({
    find: async (query) => {
      const found = await store.find(query);
      const lost = (query.ids ?? []).find((id) => !isDecimal(id) && !found.some((contact) => contact.id === id));
      if (lost === undefined) return found;
      throw new ContactSyncError('not_found', `There is no contact ${lost}.`, { hint: 'Look at the list.' });
    },
  })),
  broken('find-by-link', 'finds no external contact by its link', (store) => ({
    find: async (query) => {
      const byOthers = new Set(
        (await store.find({ ...query, links: { source: '', externalIds: [] } })).map(({ id }) => id),
      );
      return (await store.find(query)).filter(({ id, recordType }) => recordType !== 'external' || byOthers.has(id));
    },
  })),
  broken('find-by-link-of-one-source', 'looks for external ids in all sources', (store) => ({
    find: async (query) => {
      const externalIds = query.links?.externalIds ?? [];
      if (externalIds.length === 0 || externalIds.length > 9) return store.find(query);
      const right = new Set((await store.find(query)).map(({ id }) => id));
      return (await allOf(store)).filter(
        ({ id, link }) => right.has(id) || (link !== null && externalIds.includes(link.externalId)),
      );
    },
  })),
  broken('find-by-name-and-email', 'finds one contact for each name and email', (store) => ({
    find: async (query) => {
      const found = await store.find(query);
      if (!query.nameEmailKeys?.length) return found;
      const keys = found.map(nameEmailKey);
      return found.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
    },
  })),
  broken('find-by-folded-key', 'folds the letters of English only', (store) => ({
    find: async (query) => {
      const byOthers = new Set((await store.find({ ...query, nameEmailKeys: [] })).map(({ id }) => id));
      const keyOf = ({ name, email }: Contact) =>
        `${name}\n${email}`.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      const found = await store.find(query);
      return found.filter((contact) => byOthers.has(contact.id) || query.nameEmailKeys?.includes(keyOf(contact)));
    },
  })),
  broken('find-once-by-several', 'looks three times and adds up what it finds', (store) => ({
    find: async ({ ids = [], links = { source: '', externalIds: [] }, nameEmailKeys = [] }) =>
      [await store.find({ ids }), await store.find({ links }), await store.find({ nameEmailKeys })].flat(),
  })),
  broken('find-once-by-repeats', 'looks for every id it is given', (store) => ({
    find: async (query) => {
      const found = await store.find(query);
      const ids = query.ids ?? [];
      const twice = found.filter(({ id }) => ids.indexOf(id) !== ids.lastIndexOf(id));
      return [...found, ...twice];
    },
  })),
  broken('find-nothing', 'takes no condition for every contact', (store) => ({
    find: async (query) => {
      const { ids = [], links, nameEmailKeys = [] } = query;
      return ids.length + (links?.externalIds.length ?? 0) + nameEmailKeys.length === 0
        ? allOf(store)
        : store.find(query);
    },
  })),
  broken('find-thousands', 'looks at the first 999 only', (store) => ({
    find: async ({ ids = [], links, nameEmailKeys = [] }) =>
      store.find({
        ids: ids.slice(0, 999),
        nameEmailKeys: nameEmailKeys.slice(0, 999),
        ...(links && { links: { ...links, externalIds: links.externalIds.slice(0, 999) } }),
      }),
  })),
];
