import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campaigns } from './all.js';
import { type Campaign, runCampaign } from './campaign.js';
import { endPostgres } from './postgres.js';
import { table } from './table.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-campaign-'));
});
afterAll(async () => {
  await endPostgres();
  rmSync(folder, { recursive: true, force: true });
});

const seed = Number(process.env.CAMPAIGN_SEED ?? (Date.now() % 100_000_000) + 1);

describe('a share of each campaign', () => {
  // Signals, and what is known of a stopped process, differ from system to system.
  for (const campaign of campaigns) {
    test.skipIf(process.platform !== 'linux')(
      `${campaign.name}, from seed ${seed}`,
      { timeout: 240_000 },
      async (context) => {
        const result = await runCampaign(campaign, { folder, runs: campaign.share, seed });
        if (result.outcome === 'skipped') context.skip(result.note ?? '');
        expect(result, table([result])).toMatchObject({ outcome: 'held', runs: campaign.share, note: null });
      },
    );
  }
});

function made(one: (seed: number) => Promise<string>, judge?: () => string | null): Campaign {
  const start = async () => ({ one, ...(judge === undefined ? {} : { judge }) });
  return { name: 'made-up', title: 'Made up', full: 10, share: 5, lanes: 2, start };
}

test('the first case that fails ends the campaign, with the command that repeats it', async () => {
  const tried: number[] = [];
  const campaign = made(async (its) => {
    tried.push(its);
    if (its === 12) throw new Error('broken');
    return 'fine';
  });
  const result = await runCampaign(campaign, { folder, runs: 10, seed: 10 });
  expect(result.outcome).toBe('failed');
  expect(result.note).toContain('Error: broken');
  expect(result.note).toContain('npm run campaign -- made-up --runs 1 --seed 12');
  expect(tried.length).toBeLessThan(6);
});

test('a campaign is judged by all its cases, and counts what happened', async () => {
  const campaign = made(
    async (its) => (its % 2 === 0 ? 'even' : 'odd'),
    () => 'too odd',
  );
  const result = await runCampaign(campaign, { folder, runs: 5, seed: 1 });
  expect(result).toMatchObject({ outcome: 'failed', runs: 5, note: 'too odd' });
  expect(Object.fromEntries(result.tally)).toEqual({ odd: 3, even: 2 });
});

test('a campaign that runs out of time says how far it came', async () => {
  const result = await runCampaign(
    made(async () => 'fine'),
    { folder, runs: 7, seed: 1, deadline: -1 },
  );
  expect(result).toMatchObject({ outcome: 'out of time', runs: 0, wanted: 7 });
  expect(table([{ ...result, milliseconds: 61_000 }]).split('\n')[2]).toBe(
    'made-up   0 of 7  61 s  out of time  Made up',
  );
});
