import { type VaultHarness, vaultCases } from '@contact-sync/core/testing';
import { describe, expect, test } from 'vitest';
import { harnessOf } from './broken-vault.js';
import { brokenVaults } from './broken-vaults.js';

describe('the vault in memory passes the kit', () => {
  for (const { id, name, run } of vaultCases()) test(`${id}: ${name}`, () => run(harnessOf()));
});

async function failing(harness: () => VaultHarness): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, run } of vaultCases()) await run(harness()).catch(() => ids.push(id));
  return ids;
}

// So no check can be deleted or weakened unnoticed: the broken vault that it is meant for would pass.
describe('every broken vault is caught by the one check meant for it', () => {
  for (const { caughtBy, fault, harness } of brokenVaults) {
    test(`${caughtBy} catches a vault that ${fault}`, { timeout: 10_000 }, async () => {
      expect(await failing(harness)).toEqual([caughtBy]);
    });
  }
});

test('every check has a broken vault', () => {
  const checks = vaultCases().map(({ id }) => id);
  expect(brokenVaults.map(({ caughtBy }) => caughtBy).toSorted()).toEqual(checks.toSorted());
  expect(new Set(checks).size).toBe(checks.length);
  expect(checks.length).toBeGreaterThanOrEqual(12);
});
