import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { armNames, isArmName } from './arms/registry.ts';
import { writePart, writePicture } from './document.ts';
import { performInChild } from './in-child.ts';
import { measure } from './measure.ts';
import { picture } from './picture.ts';
import { defaultSizes, plan } from './plan.ts';
import { profiles } from './profiles.ts';
import { type Result, resultsOf } from './results.ts';
import { tablesOf } from './tables.ts';
import { workshop } from './workshop.ts';

const usage = `Usage: npm run bench -- [WHICH …] [--sizes 10000,100000] [--rounds 5] [--minutes 23] [--write]
       npm run bench -- --profile [--sizes 100000] [--write]
       npm run bench -- --again [--write]

  WHICH      ${armNames.join(', ')}; all of them unless said
  --sizes    how many records; ${defaultSizes.join(', ')} unless said
  --rounds   how often each is run, in turn; 5 unless said
  --minutes  leaves rounds out when time gets short, first of what no goal needs; 23 unless said
  --profile  shows where the time of contact-sync goes instead
  --again    shows what the last run has measured, and runs nothing
  --write    writes docs/performance.md, which a run of everything does anyway
`;

const reports = '.reports';
const lastRun = join(reports, 'bench.json');

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const asked = understand(args);
  if (asked === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { names, sizes, rounds, minutes, profile, again, write } = asked;
  if (again) return show(JSON.parse(readFileSync(lastRun, 'utf8')), write);
  const folder = mkdtempSync(join(tmpdir(), 'contact-sync-bench-'));
  const shop = workshop(folder, performInChild);
  // The server ends with this process by itself.
  process.once('SIGINT', () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  });
  const tell = (what: string) => process.stderr.write(`${what}\n`);
  try {
    if (profile) {
      const text = await profiles(sizes ?? [100_000], shop, performInChild, tell);
      process.stdout.write(text);
      if (write) await writePart('profiles', text);
      return 0;
    }
    const lots = plan(sizes ?? defaultSizes, names);
    const runOf = (results: readonly Result[]) => ({ machine: machine(), results });
    mkdirSync(reports, { recursive: true });
    const keep = (results: readonly Result[]) => writeFileSync(lastRun, JSON.stringify(runOf(results)));
    const limits = { rounds: rounds ?? 5, minutes: minutes ?? 23 };
    const results = await measure(lots, limits, shop, performInChild, tell, keep);
    return await show(runOf(results), write || (names.length === 0 && sizes === undefined));
  } finally {
    await shop.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function show(run: { machine: string; results: readonly Result[] }, write: boolean): Promise<number> {
  const results = resultsOf(run.results);
  const text = `${run.machine}\n\n${tablesOf(results)}`;
  process.stdout.write(text);
  if (write) {
    await writePart('figures', `![Times of all ways](performance.svg)\n\n${text}`);
    await writePicture(await picture(results));
  }
  return 0;
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const month = new Date().toLocaleDateString('en', { month: 'long', year: 'numeric' });
  return `Measured in ${month} with Node ${process.versions.node} on ${cpus().length} cores (${cpu?.model.trim()}) and ${memory} GiB.`;
}

function understand(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { sizes: text, rounds: text, minutes: text, profile: flag, again: flag, write: flag },
    });
    const number = (said: string) => {
      if (!/^[1-9]\d{0,7}$/.test(said)) throw new TypeError(said);
      return Number(said);
    };
    const { sizes, rounds, minutes, profile, again, write } = values;
    if (positionals.some((name) => !isArmName(name))) return null;
    return {
      names: positionals,
      sizes: sizes?.split(',').map(number),
      rounds: rounds === undefined ? undefined : number(rounds),
      minutes: minutes === undefined ? undefined : number(minutes),
      profile,
      again,
      write,
    };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
