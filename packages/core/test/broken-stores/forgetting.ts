import {
  type Contact,
  type ContactStore,
  ContactSyncError,
  type Decision,
  isAbout,
  type Link,
  linkHash,
  type Run,
} from '@contact-sync/core';
import { broken, contactOf, counting, listOf, rewriting } from './broken.js';

export const forgetting = [
  broken('forget-removes', 'keeps the link of a person who was forgotten in the map', (store) => {
    const old = new Set<string>();
    return {
      links: async (source) => {
        const links = await store.links(source);
        for (const externalId of old) links.set(externalId, links.get(externalId) ?? null);
        return links;
      },
      forget: async (id, signature) => {
        const contact = await contactOf(store, id);
        const run = await store.forget(id, signature);
        if (contact?.link) old.add(contact.link.externalId);
        return run;
      },
    };
  }),
  broken('forget-is-a-run', 'does not say why somebody was forgotten', (store) => ({
    forget: async (...person) => ({ ...(await store.forget(...person)), why: null }),
  })),
  broken('forget-raises-version', 'leaves the version when somebody is forgotten', (store) =>
    counting(store, (event) => (event === 'forgotten' ? -1 : 0)),
  ),
  broken('forget-nobody', 'is content where there is nobody to forget', (store) => ({
    forget: async (id, signature) => {
      const known = (await contactOf(store, id)) !== undefined || (await formerLinks(store, id)).length > 0;
      if (known) return store.forget(id, signature);
      const [run] = (await store.runs({ limit: 1 })).runs;
      if (run === undefined) throw new Error('The book has no run.');
      return { ...run, ...signature };
    },
  })),
  broken('forget-who-left', 'keeps no hash of the record of a contact that left the book', (store) => {
    const left = new Set<string>();
    return {
      forgotten: async (source) => new Set([...(await store.forgotten(source))].filter((hash) => !left.has(hash))),
      forget: async (id, signature) => {
        const gone = (await contactOf(store, id)) === undefined;
        for (const link of gone ? await formerLinks(store, id) : []) left.add(linkHash(link));
        return store.forget(id, signature);
      },
    };
  }),
  broken('forget-keeps-the-heir', 'forgets the record of a contact that left the book, whoever has it now', (store) => {
    const hashes = new Set<string>();
    return {
      forgotten: async (source) => new Set([...(await store.forgotten(source)), ...hashes]),
      forget: async (id, signature) => {
        const gone = (await contactOf(store, id)) === undefined;
        for (const link of gone ? await formerLinks(store, id) : []) hashes.add(linkHash(link));
        return store.forget(id, signature);
      },
    };
  }),
  broken('forget-clears-history', 'looks at what contacts became only', (store) =>
    remembering(store, ({ before, after }, run, contact) =>
      run.outcome === 'applied' && before?.id === contact.id ? after === null : undefined,
    ),
  ),
  broken('forget-clears-what-was-stopped', 'clears the runs that were applied', (store) =>
    remembering(store, (_, run) => (run.outcome === 'applied' ? undefined : true)),
  ),
  broken('forget-clears-rows', 'does not look at decisions about no contact', (store) =>
    remembering(store, ({ before, after }) => (before === null && after === null ? true : undefined)),
  ),
  broken('forget-clears-the-record', 'looks at the ids of contacts only', (store) =>
    remembering(store, ({ before, after }, _, { id }) =>
      before === after || before?.id === id || after?.id === id ? undefined : true,
    ),
  ),
  broken('forget-keeps-others', 'compares external ids and forgets their source', (store) =>
    remembering(store, ({ externalId }, _, { link }) =>
      link !== null && externalId === link.externalId ? false : undefined,
    ),
  ),
  broken('forget-keeps-link-hash', 'has one list of hashes for all sources', (store) => {
    const hashes = new Set<string>();
    return {
      forgotten: async (source) => new Set([...(await store.forgotten(source)), ...hashes]),
      forget: async (id, signature) => {
        const contact = await contactOf(store, id);
        if (contact?.link) hashes.add(linkHash(contact.link));
        return store.forget(id, signature);
      },
    };
  }),
  broken('forget-keeps-every-link-hash', 'keeps no hash of external contacts', (store) => {
    const external = new Set<string>();
    return {
      forgotten: async (source) => new Set([...(await store.forgotten(source))].filter((hash) => !external.has(hash))),
      forget: async (id, signature) => {
        const contact = await contactOf(store, id);
        if (contact?.link && contact.recordType === 'external') external.add(linkHash(contact.link));
        return store.forget(id, signature);
      },
    };
  }),
  broken('forget-without-link', 'keeps the hash of an empty link', (store) => {
    let empty = false;
    return {
      forgotten: async (source) =>
        empty && source === '' ? new Set([linkHash({ source: '', externalId: '' })]) : store.forgotten(source),
      forget: async (id, signature) => {
        empty ||= (await contactOf(store, id))?.link === null;
        return store.forget(id, signature);
      },
    };
  }),
  broken('forgotten-stays', 'keeps the hashes in memory', (_, { by }) =>
    by === 'reopening' ? { forgotten: async () => new Set<string>() } : {},
  ),
  broken('forgotten-id', 'gives the id of a person who was forgotten to the next one', (store) => {
    const freed: string[] = [];
    return {
      head: async () => {
        const now = await store.head();
        const ids = [...freed];
        return { ...now, newId: () => ids.shift() ?? now.newId() };
      },
      forget: async (id, signature) => {
        const run = await store.forget(id, signature);
        freed.push(id);
        return run;
      },
    };
  }),
  broken('forgotten-link-is-free', 'refuses the links of those who were forgotten', (store) =>
    rewriting(store, async (plan) => {
      for (const { after } of plan.decisions) {
        if (!after?.link || !(await store.forgotten(after.link.source)).has(linkHash(after.link))) continue;
        throw new ContactSyncError('plan_invalid', 'The person was forgotten.', { hint: 'Make the plan again.' });
      }
      return plan;
    }),
  ),
  broken('forget-in-one-book', 'forgets a person of this id in all books', (store, { sibling }) => ({
    forget: async (id, signature) => {
      const run = await store.forget(id, signature);
      if (sibling && (await contactOf(sibling, id))) await sibling.forget(id, signature);
      return run;
    },
  })),
  broken('books-have-own-forgotten', 'has one list of hashes for all books', (store, { sibling }) => ({
    forgotten: async (source) =>
      new Set([...(await store.forgotten(source)), ...((await sibling?.forgotten(source)) ?? [])]),
  })),
];

/** The links that the history knows of a contact. */
async function formerLinks(store: ContactStore, id: string): Promise<Link[]> {
  const { runs } = await store.runs({ limit: 99 });
  const decisions = (await Promise.all(runs.map((run) => listOf(store.decisions(run.id))))).flat();
  return decisions.flatMap(({ before }) => (before?.id === id ? (before.link ?? []) : []));
}

/**
 * Remembers decisions that are to go, or loses others: `stays` says so of each decision as it was before somebody was
 * forgotten, and nothing where the store is to be right.
 */
function remembering(
  store: ContactStore,
  stays: (decision: Decision, run: Run, contact: Contact) => boolean | undefined,
): Partial<ContactStore> {
  const remembered = new Map<string, Decision[]>();
  return {
    async *decisions(id) {
      yield* remembered.get(id) ?? store.decisions(id);
    },
    forget: async (id, signature) => {
      const contact = await contactOf(store, id);
      for (const run of contact ? (await store.runs({ limit: 99 })).runs : []) {
        const decisions = await listOf(store.decisions(run.id));
        remembered.set(
          run.id,
          decisions.filter(
            (decision) => contact && (stays(decision, run, contact) ?? !isAbout(decision, run.source, contact)),
          ),
        );
      }
      return store.forget(id, signature);
    },
  };
}
