import { expect, test } from 'vitest';
import {
  type Contact,
  type ContactStore,
  type Plan,
  parsePlan,
  planEdit,
  planForceManual,
  planHash,
  planPause,
  planToNdjson,
  planUndo,
} from '../src/index.js';
import { at, bookOf, complete, manual, records, S, synced, tryRun } from './guards-incidents.js';

const ann = { actor: 'ann', why: 'the firm was sold', at: '2026-03-02T00:00:00.000Z' };
/** By hand: of ten synced contacts the source holds four. */
const blockedRun = async (more: readonly Contact[] = []) => {
  const store = await bookOf([...synced(10), ...more]);
  const tried = await tryRun(store, complete(records(4)));
  if (!('plan' in tried) || tried.outcome !== 'blocked') throw new Error('no guard tripped');
  return { store, plan: tried.plan, run: tried.run };
};
const refused = async (store: ContactStore, plan: Plan, run: string, code: string, message: string | RegExp) => {
  const before = [(await store.head()).version, await store.search({ limit: 100 }), await store.runs({ limit: 100 })];
  const work = store.apply(plan, { run, ...ann });
  await expect(work).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  await expect(work).rejects.toHaveProperty('hint', expect.stringMatching(/^Nothing was written\. /));
  const after = [(await store.head()).version, await store.search({ limit: 100 }), await store.runs({ limit: 100 })];
  expect(after).toEqual(before);
};

test('an approval applies exactly the plan that was stopped, and is signed by who approved', async () => {
  const { store, plan, run } = await blockedRun();
  expect(plan.blocked).toMatchObject([{ guard: 'many_missing', count: 6, of: 10 }]);
  const approved = await store.apply(plan, { run: run.id, ...ann });
  expect(approved).toMatchObject({ kind: 'sync', source: S, outcome: 'applied', approves: run.id, ...ann });
  expect(approved.hash).toBe(run.hash);
  expect(approved.hash).toBe(planHash(plan));
  const { contacts } = await store.search({ limit: 100 });
  const marked = contacts.filter(({ missingSince }) => missingSince === at);
  expect(marked.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10]);
  // The run that was stopped stays as it was.
  expect(await store.run(run.id)).toEqual(run);

  const again = await tryRun(store, complete(records(4)));
  expect(again.outcome).toBe('unchanged');
});

test('the plan may come from its text', async () => {
  const { store, plan, run } = await blockedRun();
  const approved = await store.apply(parsePlan(planToNdjson(plan)), { run: run.id, ...ann });
  expect(approved).toMatchObject({ outcome: 'applied', approves: run.id });
});

test('what an approval wrote can be undone, which pauses the connection', async () => {
  const { store, plan, run } = await blockedRun();
  const approved = await store.apply(plan, { run: run.id, ...ann });
  await store.apply(await planUndo(store, approved.id, ann));
  const { contacts } = await store.search({ limit: 100 });
  expect(contacts.filter(({ missingSince }) => missingSince !== null)).toEqual([]);
  expect((await store.head()).connections).toMatchObject([{ source: S, state: 'paused' }]);
});

test('another plan is refused, however little it differs', async () => {
  const { store, plan, run } = await blockedRun();
  const others: Plan[] = [
    { ...plan, actor: 'bob' },
    { ...plan, at: '2026-03-01T00:00:00.001Z' },
    { ...plan, blocked: [] },
    { ...plan, decisions: plan.decisions.slice(1) },
    { ...plan, decisions: [...plan.decisions].reverse() },
    { ...plan, connections: [{ before: null, after: { source: 'fyi:u', kind: 'contact-sync', state: 'connected' } }] },
  ];
  for (const other of others)
    await refused(store, other, run.id, 'plan_invalid', `^Run ${run.id} had another plan\\.$`);
  const read = complete(records(3));
  const later = await tryRun(store, read);
  if (!('plan' in later)) throw new Error('no plan');
  await refused(store, later.plan, run.id, 'plan_invalid', 'had another plan');
  // Each with its own run is good.
  expect(await store.apply(later.plan, { run: later.run.id, ...ann })).toMatchObject({ outcome: 'applied' });
});

test('a second approval is refused', async () => {
  const { store, plan, run } = await blockedRun();
  const { id } = await store.apply(plan, { run: run.id, ...ann });
  await refused(store, plan, run.id, 'plan_invalid', `^Run ${run.id} was approved already, with run ${id}\\.$`);
});

test('an approval for a book that moved on is refused, whatever moved it', async () => {
  const moves: ((store: ContactStore) => Promise<unknown>)[] = [
    async (store) => store.apply(await planForceManual(store, '1', ann)),
    async (store) => store.apply(await planPause(store, S, ann)),
    async (store) => store.apply(await planEdit(store, '99', { name: 'Ann' }, 'AU', ann)),
    async (store) => store.forget('3', ann),
  ];
  const byHand = manual(1).map((contact) => ({ ...contact, id: '99' }));
  for (const move of moves) {
    const { store, plan, run } = await blockedRun(byHand);
    await move(store);
    await refused(store, plan, run.id, 'store_conflict', /^The plan was made for version 1 of the book/);
  }
});

test('a run that no guard stopped, or that is not there, cannot be approved', async () => {
  const store = await bookOf(synced(10));
  const tried = await tryRun(store, complete(records(10)));
  if (!('plan' in tried)) throw new Error('no plan');
  await refused(store, tried.plan, tried.run.id, 'plan_invalid', 'was not stopped by a guard: it is unchanged');
  await refused(store, tried.plan, '99', 'plan_invalid', '^Run 99 is not in this book\\.$');
  const failed = await store.record(tried.plan, {
    outcome: 'failed',
    error: { code: 'source_timeout', message: 'slow' },
  });
  await refused(store, tried.plan, failed.id, 'plan_invalid', 'it is failed');
});
