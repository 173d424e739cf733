import { isDecimal } from '@contact-sync/core';
import { allOf, broken, counting } from './broken.js';

export const head = [
  broken('empty-book', 'offers a second page of an empty book', (store) => ({
    search: async (query) => {
      const found = await store.search(query);
      return query.text === undefined && found.contacts.length === 0 ? { ...found, next: 'more' } : found;
    },
  })),
  broken('version-rises', 'does not count a removal as a change', (store) =>
    counting(store, (event, { decisions }) =>
      event === 'applied' && decisions.some(({ after }) => after === null) ? -1 : 0,
    ),
  ),
  broken('version-stays', 'counts every plan as a change', (store) =>
    counting(store, (event) => (event === 'unchanged' ? 1 : 0)),
  ),
  broken('new-ids-rise', 'counts new ids in one byte', (store) => ({
    head: async () => {
      const now = await store.head();
      const ids = Array.from({ length: 256 }, now.newId);
      let given = 0;
      return { ...now, newId: () => ids[given++ % 256] ?? '' };
    },
  })),
  broken('new-ids-are-free', 'goes on from the contact made last, not from the highest', (store) => {
    let last: bigint | null = null;
    return {
      head: async () => {
        const now = await store.head();
        if (last === null) return now;
        let id = last;
        return { ...now, newId: () => String(++id) };
      },
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) {
          if (before === null && after !== null && isDecimal(after.id)) last = BigInt(after.id);
        }
        return run;
      },
    };
  }),
  broken('new-ids-after-removal', 'keeps ids of removed contacts to give them out again', (store) => {
    const freed: string[] = [];
    return {
      head: async () => {
        const now = await store.head();
        const ids = [...freed];
        return { ...now, newId: () => ids.shift() ?? now.newId() };
      },
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        for (const { before, after } of plan.decisions) if (before !== null && after === null) freed.push(before.id);
        return run;
      },
    };
  }),
  broken(
    'new-ids-after-reopening',
    'finds the next id by looking at the contacts when it is opened',
    (store, { by }) =>
      by !== 'reopening'
        ? {}
        : {
            head: async () => {
              const highest = (await allOf(store)).reduce((max, { id }) => Math.max(max, Number(id)), 0);
              let id = highest;
              return { ...(await store.head()), newId: () => String(++id) };
            },
          },
  ),
  broken('new-ids-of-any-size', 'counts ids in floating point', (store) => ({
    head: async () => {
      const now = await store.head();
      let id = Number(now.newId());
      return { ...now, newId: () => String(BigInt(id++)) };
    },
  })),
  broken('new-ids-beside-words', 'takes every id for a number', (store) => ({
    head: async () => {
      const now = await store.head();
      const words = (await allOf(store)).some(({ id }) => Number.isNaN(Number(id)));
      return words ? { ...now, newId: () => 'NaN' } : now;
    },
  })),
];
