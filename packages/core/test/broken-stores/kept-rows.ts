import { type ContactStore, type KeptRows, type Plan, planChangesBook, planOf } from '@contact-sync/core';
import { broken } from './broken.js';

export const keptRows = [
  broken('kept-rows', 'gives the newest chunk first', (store) =>
    showing(store, (rows) => ({ ...rows, chunks: [...rows.chunks].reverse() })),
  ),
  broken('kept-rows-instead', 'adds chunks that are to be kept instead of others', (store) => ({
    apply: (plan, approval, rows) => store.apply(plan, approval, rows && { ...rows, instead: false }),
  })),
  broken('kept-rows-generation', 'keeps rows whatever they were made from', (store) => ({
    apply: async (plan, approval, rows) => {
      const now = rows && (await store.rows?.(rows.source));
      return store.apply(plan, approval, rows && { ...rows, generation: now?.generation ?? 0 });
    },
  })),
  broken('kept-rows-left-out', 'leaves chunks out for whoever knows any generation', (store) => ({
    rows: async (source, known) => {
      const rows = await rowsIn(store, source);
      return known === undefined ? rows : { ...rows, chunks: [] };
    },
  })),
  broken('kept-rows-of-one-source', 'gives every source the rows of one', (store) => ({
    rows: (_, known) => rowsIn(store, 'xpm:tenant', known),
  })),
  broken('kept-rows-of-a-first-sync', 'keeps no rows with a plan that connects', (store) => ({
    apply: (plan, approval, rows) => store.apply(plan, approval, plan.connections.length > 0 ? undefined : rows),
  })),
  broken('kept-rows-unchanged', 'keeps no rows with a plan that changes nothing', (store) => ({
    apply: (plan, approval, rows) => store.apply(plan, approval, planChangesBook(plan) ? rows : undefined),
  })),
  broken('kept-rows-wholeness', 'keeps rows before it looks whether the plan fits', (store) => ({
    apply: async (plan, approval, rows) => {
      const { version } = await store.head();
      if (rows !== undefined && plan.base !== version) {
        const { kind, source, actor, at, why } = plan;
        await store.apply(planOf({ kind, source, actor, at, why, base: version }, []), undefined, rows);
      }
      return store.apply(plan, approval, rows);
    },
  })),
  broken('kept-rows-after-connections', 'keeps rows whatever becomes of a connection', (store) =>
    holding(store, (plan, rows) => (plan.connections.length > 0 ? rows : null)),
  ),
  broken('kept-rows-after-forgetting', 'keeps rows when somebody is forgotten', (store) => {
    let held: KeptRows | null = null;
    return {
      rows: async (source, known) => held ?? rowsIn(store, source, known),
      forget: async (...person) => {
        held = await rowsIn(store, 'xpm:tenant');
        return store.forget(...person);
      },
    };
  }),
  broken('touched-by-change', 'overlooks contacts that keep their link', (store) =>
    overlooking(store, ({ before, after }) => (before?.link && idOf(before) === idOf(after) ? idOf(after) : null)),
  ),
  broken('touched-by-a-new-link', 'overlooks links that contacts get', (store) =>
    overlooking(store, ({ before, after }) => (idOf(before) === idOf(after) ? null : idOf(after))),
  ),
  broken('touched-by-a-lost-link', 'overlooks links that contacts lose', (store) =>
    overlooking(store, ({ before, after }) => (idOf(before) === idOf(after) ? null : idOf(before))),
  ),
  broken('touched-until-kept', 'never takes a touch back', (store) => {
    const touched = new Set<string>();
    return {
      rows: async (source, known) => {
        const rows = await rowsIn(store, source, known);
        return { ...rows, touched: [...new Set([...rows.touched, ...touched])] };
      },
      apply: async (plan, approval, rows) => {
        const run = await store.apply(plan, approval, rows);
        if (rows === undefined) for (const id of (await rowsIn(store, 'xpm:tenant')).touched) touched.add(id);
        return run;
      },
    };
  }),
  broken('touched-by-many-changes', 'notes a thousand touched contacts, and keeps the chunks', (store) =>
    holding(store, ({ decisions }, rows) =>
      decisions.length > 1000 && rows.chunks.length > 0
        ? { ...rows, touched: decisions.slice(0, 1000).flatMap(({ before }) => idOf(before) ?? []) }
        : null,
    ),
  ),
];

async function rowsIn(store: ContactStore, source: string, known?: number): Promise<KeptRows> {
  const rows = await store.rows?.(source, known);
  if (rows === undefined) throw new Error('The store in memory keeps rows.');
  return rows;
}

function showing(store: ContactStore, show: (rows: KeptRows) => KeptRows): Partial<ContactStore> {
  return { rows: async (source, known) => show(await rowsIn(store, source, known)) };
}

/** After a plan without rows of its own, gives these instead of what there is. */
function holding(store: ContactStore, hold: (plan: Plan, before: KeptRows) => KeptRows | null): Partial<ContactStore> {
  let held: KeptRows | null = null;
  return {
    rows: async (source, known) => held ?? rowsIn(store, source, known),
    apply: async (plan, approval, rows) => {
      const before = await rowsIn(store, 'xpm:tenant');
      const run = await store.apply(plan, approval, rows);
      if (rows === undefined) held = hold(plan, before);
      return run;
    },
  };
}

/** Never notes an id that is overlooked in some decision. */
function overlooking(
  store: ContactStore,
  overlooked: (decision: Plan['decisions'][number]) => string | null,
): Partial<ContactStore> {
  const ids = new Set<string>();
  return {
    rows: async (source, known) => {
      const rows = await rowsIn(store, source, known);
      return { ...rows, touched: rows.touched.filter((id) => !ids.has(id)) };
    },
    apply: async (plan, approval, rows) => {
      if (rows !== undefined) ids.clear();
      for (const decision of plan.decisions) ids.add(overlooked(decision) ?? '');
      return store.apply(plan, approval, rows);
    },
  };
}

function idOf(contact: Plan['decisions'][number]['after']): string | null {
  return contact?.link?.externalId ?? null;
}
