import { type StoreHarness, storeCases } from '@contact-sync/core/testing';
import { describe, expect, test } from 'vitest';
import { brokenStores } from './broken-stores/index.js';

/** The checks that find fault with a store. */
async function failing(harness: () => StoreHarness): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, run } of storeCases()) {
    await run(harness()).catch(() => ids.push(id));
  }
  return ids;
}

// So no check can be deleted or weakened unnoticed: the broken store that it is meant for would pass.
describe('every broken store is caught by the one check meant for it', () => {
  for (const { caughtBy, fault, also, harness } of brokenStores) {
    test(`${caughtBy} catches a store that ${fault}`, { timeout: 30_000 }, async () => {
      expect((await failing(harness)).toSorted()).toEqual([caughtBy, ...also].toSorted());
    });
  }
});

test('every check has a broken store, and the kit has its size', () => {
  const checks = storeCases().map(({ id }) => id);
  expect(brokenStores.map(({ caughtBy }) => caughtBy).toSorted()).toEqual(checks.toSorted());
  expect(new Set(checks).size).toBe(checks.length);
  expect(checks.length).toBeGreaterThanOrEqual(60);
  for (const id of checks) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
