import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { campaigns } from './all.js';
import { type Result, runCampaign } from './campaign.js';
import { tableOfModel } from './fleet-table.js';
import { endPostgres } from './postgres.js';
import { table } from './table.js';

const usage = `Usage: npm run campaign -- [NAME …] [--runs N] [--seed N] [--minutes N]
       npm run campaign -- fleet-model    What fleets of other sizes need, worked out from what was measured

  NAME       ${campaigns.map(({ name }) => name).join(', ')}; all of them unless said
  --runs     cases of each campaign; a whole campaign unless said
  --seed     the first seed; the others follow it. The time unless said
  --minutes  ends each campaign after so long, with the cases it has
`;

process.exitCode = await main(process.argv.slice(2));

/** 0: everything held. 1: something broke. 2: the command was not understood. */
async function main(args: string[]): Promise<number> {
  if (args.length === 1 && args[0] === 'fleet-model') {
    const say = (line: string) => void process.stderr.write(`${line}\n`);
    process.stdout.write(`${tableOfModel(say)}\n`);
    return 0;
  }
  const asked = understand(args);
  if (asked === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { names, runs, seed, minutes } = asked;
  const folder = mkdtempSync(join(tmpdir(), 'contact-sync-campaign-'));
  const results: Result[] = [];
  try {
    for (const campaign of campaigns.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const wanted = runs ?? campaign.full;
      process.stderr.write(`${campaign.name}: ${wanted} cases from seed ${seed}\n`);
      const result = await runCampaign(campaign, {
        folder,
        runs: wanted,
        seed,
        deadline: minutes === undefined ? undefined : minutes * 60_000,
        onCase: (done) => {
          if (done % 100 === 0) process.stderr.write(`  ${done} of ${wanted}\n`);
        },
      });
      results.push(result);
      if (result.outcome === 'failed') break;
    }
  } finally {
    await endPostgres();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${table(results)}`);
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

function understand(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { runs: text, seed: text, minutes: text },
    });
    const known = campaigns.map(({ name }) => name);
    const number = (said: string | undefined) => {
      if (said !== undefined && !/^[1-9]\d{0,8}$/.test(said)) throw new TypeError(said);
      return said === undefined ? undefined : Number(said);
    };
    if (positionals.some((name) => !known.includes(name))) return null;
    const seed = number(values.seed) ?? (Date.now() % 100_000_000) + 1;
    return { names: positionals, runs: number(values.runs), seed, minutes: number(values.minutes) };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
