import { manyTouched } from '../../known/touched.js';
import type { Plan } from '../../plan.js';
import type { ContactStore, KeptRows, RowsToKeep } from '../../store.js';
import {
  apply,
  applyConnections,
  bookOf,
  type Check,
  change,
  check,
  connect,
  connection,
  create,
  ignoreRefusal,
  linkTo,
  person,
  planOf,
  reopened,
  same,
  source,
  synced,
  twoBooks,
  versionOf,
} from '../store-kit.js';

const elsewhere = 'fyi:elsewhere';

/** What a store keeps of rows, if it does: a sync goes by it without a look at the contacts. */
export const keptRows: readonly Check[] = [
  {
    id: 'kept-rows',
    name: 'rows are kept with their seed, and their chunks in the order in which they came',
    check: optional(async (kit, open) => {
      const store = await open();
      await keep(store, [1, 2]);
      await keep(store, [3], { instead: false });
      const rows = await rowsOf(await reopened(kit, store));
      same(chunksIn(rows), [[1], [2], [3]], 'the chunks');
      same([...rows.seed], [...seed], 'the seed');
    }),
  },
  {
    id: 'kept-rows-instead',
    name: 'rows that are kept instead of others take their place',
    check: optional(async (_, open) => {
      const store = await open();
      await keep(store, [1]);
      await keep(store, [2]);
      same(chunksIn(await rowsOf(store)), [[2]], 'the chunks');
    }),
  },
  {
    id: 'kept-rows-generation',
    name: 'rows that were made from another generation are not kept',
    check: optional(async (_, open) => {
      const store = await open();
      const { generation } = await rowsOf(store);
      await keep(store, [1]);
      await keep(store, [2], { generation });
      same(chunksIn(await rowsOf(store)), [[1]], 'the chunks');
    }),
  },
  {
    id: 'kept-rows-left-out',
    name: 'chunks are left out for whoever has those of the generation, and for nobody else',
    check: optional(async (_, open) => {
      const store = await open();
      await keep(store, [1]);
      const { generation } = await rowsOf(store);
      same(chunksIn(await rowsOf(store, source, generation)), [], 'the chunks of the known generation');
      same(chunksIn(await rowsOf(store, source, generation - 1)), [[1]], 'the chunks of another generation');
    }),
  },
  {
    id: 'kept-rows-of-one-source',
    name: 'rows are those of one source, in one book',
    check: optional(async (kit) => {
      const { one, other } = await twoBooks(kit);
      await keep(one, [1]);
      same(chunksIn(await rowsOf(one, elsewhere)), [], 'the chunks of another source');
      same(chunksIn(await rowsOf(other)), [], 'the chunks of another book');
    }),
  },
  {
    id: 'kept-rows-of-a-first-sync',
    name: 'the plan that connects a source can keep its rows',
    check: optional(async (_, open) => {
      const store = await open();
      await keep(store, [1], {}, { connections: [connect(connection())] });
      same(chunksIn(await rowsOf(store)), [[1]], 'the chunks');
    }),
  },
  {
    id: 'kept-rows-unchanged',
    name: 'a plan that changes no contact can keep rows',
    check: optional(async (_, open) => {
      const store = await open();
      await store.apply(planOf(await versionOf(store), []), undefined, await toKeep(store, [1]));
      same(chunksIn(await rowsOf(store)), [[1]], 'the chunks');
    }),
  },
  {
    id: 'kept-rows-wholeness',
    name: 'a plan that is refused leaves the kept rows as they were',
    check: optional(async (_, open) => {
      const store = await open();
      const stale = planOf((await versionOf(store)) + 7, [create(person('9'))]);
      await ignoreRefusal(store.apply(stale, undefined, await toKeep(store, [1])));
      same(chunksIn(await rowsOf(store)), [], 'the chunks');
    }),
  },
  {
    id: 'kept-rows-after-connections',
    name: 'no rows are kept once the connection to their source changes',
    check: optional(async (_, open) => {
      const store = await open();
      await applyConnections(store, connect(connection()));
      await keep(store, [1]);
      const paused = { before: connection(), after: connection({ state: 'paused' }) };
      const { generation } = await rowsOf(store);
      await applyConnections(store, paused);
      await dropped(store, generation);
    }),
  },
  {
    id: 'kept-rows-after-forgetting',
    name: 'no rows are kept once somebody was forgotten',
    check: optional(async (kit) => {
      const store = await bookOf(kit, synced('1'));
      if (store.rows === undefined) return;
      await keep(store, [1]);
      const { generation } = await rowsOf(store);
      await store.forget('1', { actor: 'kit', why: null, at: '2026-03-01T09:30:00.000Z' });
      await dropped(store, generation);
    }),
  },
  {
    id: 'touched-by-change',
    name: 'a linked contact that changes is touched',
    check: touching([synced('1')], async (store) => apply(store, change(synced('1'), { forcedManual: true })), [
      'record-1',
    ]),
  },
  {
    id: 'touched-by-a-new-link',
    name: 'a contact that gets a link is touched',
    check: touching(
      [person('1')],
      async (store) => apply(store, change(person('1'), { link: linkTo('new') }), create(synced('2'))),
      ['new', 'record-2'],
    ),
  },
  {
    id: 'touched-by-a-lost-link',
    name: 'a contact that loses its link is touched',
    check: touching(
      [synced('1')],
      async (store) => apply(store, change(synced('1'), { recordType: 'manual', link: null })),
      ['record-1'],
    ),
  },
  {
    id: 'touched-until-kept',
    name: 'with rows that are kept nothing is touched any more, not even by their own plan',
    check: optional(async (kit) => {
      const store = await bookOf(kit, synced('1'), synced('2'));
      if (store.rows === undefined) return;
      await keep(store, [1]);
      await apply(store, change(synced('1'), { forcedManual: true }));
      const plan = planOf(await versionOf(store), [change(synced('2'), { name: 'Person Two' })]);
      await store.apply(plan, undefined, await toKeep(store, [2]));
      same((await rowsOf(store)).touched, [], 'the touched ids');
    }),
  },
  {
    id: 'touched-by-many-changes',
    name: 'where one plan changes very many, all of them are touched, or nothing is kept',
    check: optional(async (kit) => {
      const many = Array.from({ length: manyTouched + 1 }, (_, index) => synced(String(index + 1)));
      const store = await bookOf(kit, ...many);
      if (store.rows === undefined) return;
      await keep(store, [1]);
      await apply(store, ...many.map((contact) => change(contact, { recordType: 'manual' })));
      const { chunks, touched } = await rowsOf(store);
      check(
        chunks.length === 0 || new Set(touched).size === many.length,
        `after ${many.length} changes: chunks are kept, and ${touched.length} ids are touched`,
      );
    }),
  },
];

const seed = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 250, 251, 252, 253);

/** A store may do without; it then has no `rows`. */
function optional(
  check: (kit: Parameters<Check['check']>[0], open: () => Promise<ContactStore>) => Promise<void>,
): Check['check'] {
  return async (kit) => {
    if ((await kit.open()).rows !== undefined) await check(kit, kit.open);
  };
}

function touching(
  contacts: Parameters<typeof create>[0][],
  act: (store: ContactStore) => Promise<unknown>,
  expected: readonly string[],
): Check['check'] {
  return optional(async (kit) => {
    const store = await bookOf(kit, ...contacts);
    await keep(store, [1]);
    await act(store);
    same([...(await rowsOf(store)).touched].sort(), expected, 'the touched ids');
  });
}

let made = 0;

/** Keeps chunks of one byte each, with a plan that makes a contact which has nothing to do with them. */
async function keep(
  store: ContactStore,
  chunks: readonly number[],
  values: Partial<RowsToKeep> = {},
  plan: Partial<Plan> = {},
): Promise<void> {
  made += 1;
  const decisions = [create(person(`kept ${made}`))];
  const rows = { ...(await toKeep(store, chunks)), ...values };
  await store.apply(planOf(await versionOf(store), decisions, plan), undefined, rows);
}

async function toKeep(store: ContactStore, chunks: readonly number[]): Promise<RowsToKeep> {
  const { generation } = await rowsOf(store);
  return { source, generation, seed, instead: true, chunks: chunks.map((byte) => Uint8Array.of(byte)) };
}

async function rowsOf(store: ContactStore, of = source, known?: number): Promise<KeptRows> {
  const rows = await store.rows?.(of, known);
  check(rows !== undefined, 'the store keeps rows, and has none');
  return rows;
}

function chunksIn({ chunks }: KeptRows): number[][] {
  return chunks.map((chunk) => [...chunk]);
}

async function dropped(store: ContactStore, before: number): Promise<void> {
  const rows = await rowsOf(store);
  same(chunksIn(rows), [], 'the chunks');
  check(rows.generation !== before, 'chunks were dropped, and the generation is the same');
}
