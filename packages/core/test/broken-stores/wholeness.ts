import { type Contact, ContactSyncError, sameContact } from '@contact-sync/core';
import { broken, contactOf, counting, holderOf, withDecisions } from './broken.js';

export const wholeness = [
  broken('misfit-changes-nothing', 'applies decisions until one does not fit', (store) => ({
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        let good = 0;
        for (const { before } of plan.decisions) {
          const now: Contact | undefined = before ? await contactOf(store, before.id) : undefined;
          if (!before || !now || !sameContact(before, now)) break;
          good += 1;
        }
        if (good > 0) await store.apply(withDecisions(plan, plan.decisions.slice(0, good)));
        throw error;
      }
    },
  })),
  broken('taken-link-changes-nothing', 'finds a taken link when the others are written', (store) => ({
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        const holders = await Promise.all(plan.decisions.map(({ after }) => holderOf(store, after?.link ?? null)));
        const free = plan.decisions.filter((_, index) => holders[index] === undefined);
        const clash = free.length > 0 && free.length < plan.decisions.length;
        if (clash && plan.base === (await store.head()).version) await store.apply(withDecisions(plan, free));
        throw error;
      }
    },
  })),
  broken('refused-plan-leaves-version', 'moves the version on before it looks at the decisions', (store) =>
    counting(store, (event, { decisions }) => (event === 'refused' && decisions.length > 1 ? 1 : 0)),
  ),
  broken('refused-plan-leaves-no-run', 'writes the history first', (store) => ({
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        await store.record(plan, { outcome: 'blocked' });
        throw error;
      }
    },
  })),
  broken(
    'works-after-a-refusal',
    'leaves its transaction open where one of several decisions does not fit',
    (store) => {
      let open = false;
      return {
        apply: async (plan, approval, rows) => {
          if (open)
            throw new ContactSyncError('store_busy', 'A transaction is open.', { hint: 'Open the store again.' });
          try {
            return await store.apply(plan, approval, rows);
          } catch (error) {
            open = plan.decisions.length > 1;
            throw error;
          }
        },
      };
    },
  ),
  broken('another-handle-sees-it', 'keeps what it read until it writes itself', (store) => {
    const kept = new Map<string, unknown>();
    const keeping = async <T>(key: string, read: () => Promise<T>): Promise<T> => {
      if (!kept.has(key)) kept.set(key, await read());
      return structuredClone(kept.get(key)) as T;
    };
    return {
      links: (source) => keeping(`links ${source}`, () => store.links(source)),
      find: (query) => keeping(JSON.stringify(query), () => store.find(query)),
      apply: async (plan, approval, rows) => {
        kept.clear();
        return store.apply(plan, approval, rows);
      },
      forget: async (...person) => {
        kept.clear();
        return store.forget(...person);
      },
    };
  }),
  broken('stale-plan-of-another-handle', 'remembers the version it saw last', (store) => {
    let seen: number | null = null;
    return {
      head: async () => {
        const head = await store.head();
        seen = head.version;
        return head;
      },
      apply: async (plan, approval, rows) => {
        const { version } = await store.head();
        const run = await store.apply(plan.base === seen ? { ...plan, base: version } : plan, approval, rows);
        seen = run.version;
        return run;
      },
      forget: async (...person) => {
        const run = await store.forget(...person);
        seen = run.version;
        return run;
      },
    };
  }),
  broken('one-of-two-at-once', 'looks at the version, and writes a moment later', (store) => ({
    apply: async (plan, approval, rows) => {
      if (plan.base !== (await store.head()).version) return store.apply(plan, approval, rows);
      // Another one has looked, too, and written by now.
      for (;;) {
        try {
          return await store.apply({ ...plan, base: (await store.head()).version }, approval, rows);
        } catch (error) {
          if (!ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
        }
      }
    },
  })),
];
