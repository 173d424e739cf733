import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Contact,
  type ContactStore,
  changesBook,
  type Decision,
  parsePlan,
  planForceManual,
  planRelease,
  planToNdjson,
  planUndo,
} from '../src/index.js';
import { bookOf, planFor, showWorld, storeOf } from './engine.js';
import { checkBook, checkUndo, snapshotOf } from './lifecycle-laws.js';
import type { World } from './oracle.js';
import { worlds } from './worlds.js';

/** The figures of the life cycle: `PROPERTY_RUNS` raises them. */
const runs = Number(process.env.PROPERTY_RUNS ?? 500);
const signature = { actor: 'ann', why: 'a mistake', at: '2026-02-04T00:00:00.000Z' };

function law(name: string, keeps: (world: World, random: number) => Promise<void>): void {
  test(`${name}, in ${runs} worlds`, { timeout: 60_000 + runs * 20 }, async () => {
    const property = fc.asyncProperty(worlds, fc.nat(), async (world, random) => {
      try {
        await keeps(world, random);
      } catch (error) {
        throw new Error(`${String(error)}\n${showWorld(world)}`, { cause: error });
      }
    });
    await fc.assert(property, { numRuns: runs });
  });
}

async function sync(store: ContactStore, world: World) {
  return await store.apply(await planFor(store, world));
}

law('undo gives back the same contacts and links; version and ids move on', async (world) => {
  const store = await storeOf(world);
  const before = await snapshotOf(store);
  const links = await store.links(world.read.source);
  const run = await sync(store, world);
  if (run.outcome !== 'applied') return;
  const after = await snapshotOf(store);
  const undone = await store.apply(await planUndo(store, run.id, signature));

  const now = await snapshotOf(store);
  expect(now.book).toEqual(before.book);
  expect(inOrder(await store.links(world.read.source))).toEqual(inOrder(links));
  expect(now.version).toBe(undone.version);
  expect(now.nextId).toBe(after.nextId);
  const connection = now.connections.find(({ source }) => source === world.read.source);
  expect(connection?.state).toBe('paused');

  // And undoing that does it all again.
  if (undone.outcome !== 'applied') return;
  await store.apply(await planUndo(store, undone.id, signature));
  expect((await snapshotOf(store)).book).toEqual(after.book);
  expect((await snapshotOf(store)).connections).toEqual(after.connections);
});

law('undo keeps what people did since', async (world, random) => {
  const store = await storeOf(world);
  const run = await sync(store, world);
  if (run.outcome !== 'applied') return;
  const decisions: Decision[] = [];
  for await (const decision of store.decisions(run.id)) decisions.push(decision);
  // Every second one, or third, of what the run changed is changed by hand.
  const touched: Contact[] = [];
  for (const [index, { after }] of decisions.filter(changesBook).entries()) {
    if (after === null || after.recordType === 'external' || index % (2 + (random % 2)) !== 0) continue;
    const plan = after.forcedManual ? planRelease : planForceManual;
    await store.apply(await plan(store, after.id, signature));
    touched.push({ ...after, forcedManual: !after.forcedManual });
  }
  const before = await snapshotOf(store);
  const plan = await planUndo(store, run.id, signature);
  await store.apply(plan);
  const now = await snapshotOf(store);
  checkBook(now);
  checkUndo(decisions, before, now);
  for (const contact of touched) expect(now.book).toContainEqual(contact);
  const left = plan.decisions.filter(({ flags }) => flags.includes('changed_since')).map(({ after }) => after?.id);
  expect(left).toEqual(expect.arrayContaining(touched.map(({ id }) => id)));
});

law('applying a plan from its text is the same as running directly, and planning writes nothing', async (world) => {
  const [direct, byText] = [await storeOf(world), await storeOf(world)];
  const before = await snapshotOf(byText);
  const text = planToNdjson(await planFor(byText, world));
  expect(await snapshotOf(byText)).toEqual(before);
  const runs = [await sync(direct, world), await byText.apply(parsePlan(text))];
  expect(runs[1]).toEqual(runs[0]);
  expect(await snapshotOf(byText)).toEqual(await snapshotOf(direct));
});

law('a stale plan is refused', async (world) => {
  const store = await storeOf(world);
  const plan = await planFor(store, world);
  const [contact] = (await bookOf(store)).filter(({ recordType }) => recordType !== 'external');
  if (contact === undefined) return;
  const change = contact.forcedManual ? planRelease : planForceManual;
  await store.apply(await change(store, contact.id, signature));
  const before = await snapshotOf(store);
  await expect(store.apply(plan)).rejects.toMatchObject({ code: 'store_conflict' });
  expect(await snapshotOf(store)).toEqual(before);
});

function inOrder(links: ReadonlyMap<string, string | null>): [string, string | null][] {
  return [...links].sort(([a], [b]) => (a < b ? -1 : 1));
}
