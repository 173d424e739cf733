import { type Connection, type ContactStore, ContactSyncError, type Plan } from '@contact-sync/core';
import { broken, counting, rewriting } from './broken.js';

export const connections = [
  broken('connections-are-set', 'takes every connection for one that syncs contacts', (store) =>
    showing(store, (shown) => shown.map((one) => ({ ...one, kind: 'contact-sync' }))),
  ),
  broken('connections-change', 'inserts connections and never updates them', (store) =>
    keeping(store, ({ before, after }, kept) => {
      if (before !== null && after !== null) kept.set(before.source, before);
    }),
  ),
  broken('connections-end', 'keeps connections that are removed as disconnected', (store) =>
    keeping(store, ({ before, after }, kept) => {
      if (before !== null && after === null) kept.set(before.source, { ...before, state: 'disconnected' });
    }),
  ),
  broken('connections-are-not-contacts', 'counts the sources of synced contacts as connected', (store) => {
    const sources = new Set<string>();
    return {
      head: async () => {
        const head = await store.head();
        const known = head.connections.map(({ source }) => source);
        const more = [...sources].filter((source) => !known.includes(source));
        return {
          ...head,
          connections: [
            ...head.connections,
            ...more.map((source) => ({ source, kind: 'contact-sync', state: 'connected' }) as const),
          ],
        };
      },
      apply: async (plan, approval, rows) => {
        for (const { after } of plan.decisions)
          if (after?.link?.source.startsWith('fyi:else')) sources.add(after.link.source);
        return store.apply(plan, approval, rows);
      },
    };
  }),
  broken('connections-stay', 'keeps connections in memory', (store, { by }) =>
    by === 'reopening' ? showing(store, () => []) : {},
  ),
  broken('connection-raises-version', 'looks at contacts only to see whether a plan changes the book', (store) =>
    counting(store, (event, plan) =>
      event === 'applied' && plan.decisions.length === 0 && plan.connections.length > 0 ? -1 : 0,
    ),
  ),
  broken('connection-that-is-there', 'overwrites a connection that is there', (store) =>
    each(store, (before, stored) => before ?? stored),
  ),
  broken('connection-that-is-not-there', 'makes a connection that it cannot find', (store) =>
    each(store, (before, stored) => stored && before),
  ),
  broken('connection-that-differs', 'finds connections by their source alone', (store) =>
    each(store, (before, stored) => before && stored && { ...stored }, { orElse: 'before' }),
  ),
  broken('connection-changed-twice', 'lets the last of several changes of a connection win', (store) =>
    rewriting(store, (plan) => {
      const first = plan.connections[0];
      const last = plan.connections.at(-1);
      const again = first && last && first !== last && first.after?.source === last.before?.source;
      return again ? { ...plan, connections: [{ before: first.before, after: last.after }] } : plan;
    }),
  ),
  broken('connection-of-another-source', 'takes a change of the source for an end and a beginning', (store) =>
    rewriting(store, (plan) => ({
      ...plan,
      connections: plan.connections.flatMap(({ before, after }) =>
        before && after && before.source !== after.source
          ? [
              { before, after: null },
              { before: null, after },
            ]
          : [{ before, after }],
      ),
    })),
  ),
  broken('connection-misfit-changes-nothing', 'writes contacts, and then looks at connections', (store) =>
    onRefusal(store, (plan) => ({ ...plan, connections: [] })),
  ),
  broken('misfit-leaves-connections', 'writes connections, and then looks at contacts', (store) =>
    onRefusal(store, (plan) => ({ ...plan, decisions: [] })),
  ),
  broken('record-leaves-connections', 'changes connections also where a plan is only recorded', (store) => {
    const made: Connection[] = [];
    return {
      ...showing(store, (shown) => [...shown, ...made]),
      record: async (plan, unapplied) => {
        for (const { after } of plan.connections) if (after) made.push(after);
        return store.record(plan, unapplied);
      },
    };
  }),
  broken('books-have-own-connections', 'knows the connections of all books', (store, { sibling }) => ({
    head: async () => {
      const head = await store.head();
      return { ...head, connections: [...head.connections, ...((await sibling?.head())?.connections ?? [])] };
    },
  })),
];

type Change = Plan['connections'][number];

function showing(
  store: ContactStore,
  show: (connections: readonly Connection[]) => readonly Connection[],
): Partial<ContactStore> {
  return {
    head: async () => {
      const head = await store.head();
      return { ...head, connections: show(head.connections) };
    },
  };
}

/** Shows connections as they were kept when a plan changed them. */
function keeping(
  store: ContactStore,
  keep: (change: Change, kept: Map<string, Connection>) => void,
): Partial<ContactStore> {
  const kept = new Map<string, Connection>();
  return {
    ...showing(store, (shown) => [...shown.filter(({ source }) => !kept.has(source)), ...kept.values()]),
    apply: async (plan, approval, rows) => {
      const run = await store.apply(plan, approval, rows);
      for (const change of plan.connections) keep(change, kept);
      return run;
    },
  };
}

/** Takes something else for what a connection is said to have been. */
function each(
  store: ContactStore,
  before: (said: Connection | null, stored: Connection | null) => Connection | null,
  { orElse }: { orElse?: 'before' } = {},
): Partial<ContactStore> {
  return rewriting(store, async (plan) => {
    if (plan.connections.length !== 1) return plan;
    const { connections: known } = await store.head();
    return {
      ...plan,
      connections: plan.connections.map((change) => {
        const source = (change.before ?? change.after)?.source;
        const stored = known.find((one) => one.source === source) ?? null;
        const taken = before(change.before, stored);
        return { ...change, before: taken === null && orElse ? change[orElse] : taken };
      }),
    };
  });
}

/** Applies a part of a plan that was refused. */
function onRefusal(store: ContactStore, part: (plan: Plan) => Plan): Partial<ContactStore> {
  return {
    apply: async (plan, approval, rows) => {
      try {
        return await store.apply(plan, approval, rows);
      } catch (error) {
        const both = plan.connections.length > 0 && plan.decisions.length > 0;
        if (both && ContactSyncError.is(error)) await Promise.allSettled([store.apply(part(plan))]);
        throw error;
      }
    },
  };
}
