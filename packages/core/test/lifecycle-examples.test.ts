import { describe, expect, test } from 'vitest';
import { type ContactStore, type Decision, memoryStore, type Plan } from '../src/index.js';
import { exampleCases } from '../src/testing/index.js';

describe('the worked examples on the store in memory', () => {
  for (const { id, name, run } of exampleCases()) test(`${id}: ${name}`, () => run(async () => memoryStore()));
});

test('there are four checks of each of the two examples, with ids of their own', () => {
  const ids = exampleCases().map(({ id }) => id);
  expect(new Set(ids).size).toBe(8);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

/** A store that writes each plan of a sync or an undo as something else. */
function spoiled(spoil: (decisions: readonly Decision[], plan: Plan) => readonly Decision[]): ContactStore {
  const store = memoryStore();
  const spoiledPlan = (plan: Plan) =>
    plan.kind === 'import' ? plan : { ...plan, decisions: spoil(plan.decisions, plan) };
  return { ...store, apply: (plan) => store.apply(spoiledPlan(plan)) };
}

async function failing(open: () => ContactStore): Promise<string[]> {
  const failed: string[] = [];
  for (const { id, run } of exampleCases()) {
    const what = id.slice(id.lastIndexOf('-') + 1);
    await run(async () => open()).catch(() => failed.push(what));
  }
  return [...new Set(failed)].sort();
}

test('a broken store fails', async () => {
  const skipsOne = () => spoiled((decisions, { kind }) => (kind === 'sync' ? decisions.slice(1) : decisions));
  expect(await failing(skipsOne)).toEqual(['again', 'book']);
  expect(await failing(() => spoiled((decisions, { kind }) => (kind === 'undo' ? [] : decisions)))).toEqual(['undo']);
  // One that finds nobody by name and email.
  const forgetsKeys = (): ContactStore => {
    const store = memoryStore();
    return { ...store, find: async (query) => store.find({ ...query, nameEmailKeys: [] }) };
  };
  expect(await failing(forgetsKeys)).toContain('rows');
  const neverUnchanged = (): ContactStore => {
    const store = memoryStore();
    return { ...store, apply: async (plan) => ({ ...(await store.apply(plan)), outcome: 'applied' }) };
  };
  expect(await failing(neverUnchanged)).toEqual(['again']);
});
