import type { Contact, ContactStore, Fingerprint } from '@contact-sync/core';
import { allOf, broken, showing } from './broken.js';

export const text = [
  broken('text-is-kept', 'composes names', (store) =>
    showing(store, (contact) => ({ ...contact, name: contact.name.normalize('NFC') })),
  ),
  broken('look-alikes-stay-apart', 'composes external ids when it compares them', (store) => ({
    find: async (query) => {
      const { source, externalIds = [] } = query.links ?? {};
      if (externalIds.length === 0 || externalIds.length > 9) return store.find(query);
      const wanted = externalIds.map((id) => id.normalize('NFC'));
      const byOthers = new Set(
        (await store.find({ ...query, links: { source: '', externalIds: [] } })).map(({ id }) => id),
      );
      return (await allOf(store)).filter(
        ({ id, link }) =>
          byOthers.has(id) || (link?.source === source && link && wanted.includes(link.externalId.normalize('NFC'))),
      );
    },
  })),
  broken('long-text-is-kept', 'cuts names after 255 units', (store) =>
    showing(store, (contact) => ({ ...contact, name: contact.name.slice(0, 255) })),
  ),
  broken('empty-is-not-nothing', 'takes an empty phone for none', (store) =>
    showing(store, (contact) => ({ ...contact, phone: contact.phone || null })),
  ),
  broken('digits-are-text', 'keeps digits as a number', (store) =>
    showing(store, (contact) => ({ ...contact, phone: contact.phone?.replace(/^0+(\d+)$/, '$1') ?? null })),
  ),
  broken('ids-are-exact', 'compares contact ids in any case', (store) => ({
    find: async (query) => {
      const lower = new Set((query.ids ?? []).map((id) => id.toLowerCase()));
      const alike = lower.size > 9 ? [] : (await allOf(store)).filter(({ id }) => lower.has(id.toLowerCase()));
      return store.find({ ...query, ids: [...(query.ids ?? []), ...alike.map(({ id }) => id)] });
    },
  })),
  broken('words-of-the-language', 'keeps contacts in an object', (store) => ({
    find: async (query) => {
      const found: Record<string, Contact> = {};
      for (const contact of await store.find(query)) found[contact.id] = contact;
      return Object.values(found);
    },
  })),
  broken('found-contacts-are-copies', 'hands out what it keeps', (store) => {
    const keep = keeping<Contact>(store);
    return {
      find: async (query) => {
        const found = await store.find(query);
        return Promise.all(found.map((contact) => keep(contact.id, contact)));
      },
    };
  }),
  broken('links-are-a-copy', 'hands out the map it keeps', (store) => {
    const keep = keeping<Map<string, Fingerprint | null>>(store);
    return { links: async (source) => keep(source, await store.links(source)) };
  }),
  broken('plans-are-copied', 'keeps the contacts of the plan itself', (store) => {
    const kept = new Map<string, Contact>();
    return {
      find: async (query) =>
        (await store.find(query)).map((contact) => structuredClone(kept.get(contact.id) ?? contact)),
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) {
          if (after !== null && before === null) kept.set(after.id, after);
          else kept.delete(before?.id ?? '');
        }
        return run;
      },
    };
  }),
];

/** Keeps the first of each for as long as the book does not change. */
function keeping<T>(store: ContactStore): (key: string, value: T) => Promise<T> {
  const kept = new Map<string, T>();
  let keptFor = -1;
  return async (key, value) => {
    const { version } = await store.head();
    if (version !== keptFor) kept.clear();
    keptFor = version;
    const first = kept.get(key) ?? value;
    kept.set(key, first);
    return first;
  };
}
