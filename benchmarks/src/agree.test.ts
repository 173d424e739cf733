import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmName, loadArm, syncNames } from './arms/registry.ts';
import { type Mix, mixes } from './data/mix.ts';
import { type Measure, perform } from './perform.ts';
import { workshop } from './workshop.ts';

// A benchmark of ways that do different things is worth nothing: here every way does a small work, and all results are
// the same. What it is, is worked out by hand from the shares of the mixes.

const size = 1000;
const expected = {
  first: {
    // 40 % linked: every 20th forced manual, every 10th (offset by one) with other details.
    relinked_forced_manual: 20,
    relinked_updated: 40,
    relinked: 340,
    matched_profile: 300,
    // 30 % new: of ten, one External, two with another phone.
    created_external_ignored: 30,
    created_partial_match: 60,
    created: 210,
  },
  steady: { unchanged: 995, updated: 4, created: 1 },
} as const;

let folder = '';
let shop: ReturnType<typeof workshop>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-bench-'));
  shop = workshop(folder, perform);
});
afterAll(async () => {
  await shop.end();
  rmSync(folder, { recursive: true, force: true });
});

async function runOnce(name: ArmName, mix: Mix): Promise<Measure> {
  const arm = await loadArm(name);
  const { task, done } = await shop.prepare(arm, mix, size);
  const measure = await perform(arm, task, { digest: true, profile: false });
  await done();
  return measure;
}

describe.each(mixes)('%s', (mix) => {
  let ours: Measure;
  beforeAll(async () => {
    ours = await runOnce('ours-sqlite', mix);
  });

  test.each(syncNames)('%s decides the same, and ends in the same book', async (name) => {
    const { counts, digest } = await runOnce(name, mix);
    expect(counts).toEqual(expected[mix]);
    expect(digest).toBe(ours.digest);
    expect(digest).toMatch(mix === 'first' ? /^1090 contacts / : /^1000 contacts /);
  });

  test.each(['ours-decision', 'duckdb-decision'] as const)('%s decides the same', async (name) => {
    expect((await runOnce(name, mix)).counts).toEqual(expected[mix]);
  });

  test.each(['rewrite-sqlite', 'rewrite-postgres'] as const)('%s ends in the same book', async (name) => {
    expect((await runOnce(name, mix)).digest).toBe(ours.digest);
  });
});
