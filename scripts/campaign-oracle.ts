/**
 * Compares the engine with the oracle of the rules on a million random worlds, or as many as asked for:
 *
 *     node scripts/campaign-oracle.ts [worlds] [first seed]
 *
 * It runs packages/core/test/oracle.test.ts again and again, each time with another seed, and stops at the first
 * difference; the seed it prints repeats that one.
 */
import { spawnSync } from 'node:child_process';

const chunk = 50_000;
const usage = 'Usage: node scripts/campaign-oracle.ts [worlds, 1000000] [first seed, the time]';

const [wanted, firstSeed, ...more] = process.argv.slice(2);
const worlds = wholeNumber(wanted ?? '1000000');
const start = wholeNumber(firstSeed ?? String(Date.now() % 1_000_000_000));
if (worlds === undefined || start === undefined || worlds === 0 || more.length > 0) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
process.exit(campaign(worlds, start));

/** Fails with 1 at the first difference. */
function campaign(total: number, first: number): number {
  for (let done = 0, seed = first; done < total; done += chunk, seed += 1) {
    const runs = Math.min(chunk, total - done);
    process.stdout.write(`${done} of ${total} worlds agree; the next ${runs} have seed ${seed}\n`);
    if (!agree(runs, seed)) {
      const repeat = `ORACLE_RUNS=${runs} ORACLE_SEED=${seed} npx vitest run packages/core/test/oracle.test.ts`;
      process.stderr.write(`The run with seed ${seed} failed. To repeat it: ${repeat}\n`);
      return 1;
    }
  }
  process.stdout.write(`${total} of ${total} worlds agree\n`);
  return 0;
}

function agree(runs: number, seed: number): boolean {
  const env = { ...process.env, ORACLE_RUNS: String(runs), ORACLE_SEED: String(seed) };
  const vitest = ['exec', 'vitest', 'run', '--reporter=dot', 'packages/core/test/oracle.test.ts'];
  const { status, stdout, stderr, error } = spawnSync('pnpm', vitest, { env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error !== undefined) throw error;
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status === 0;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
