import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contact } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { sync } from '@contact-sync/runner';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { type Book, bookOf, checkNothingTwice, checkSerial, same } from './book.js';
import type { Campaign, Tally } from './campaign.js';
import { actor, moment, policy, recordsAt } from './practice.js';
import { pause } from './processes.js';
import { random } from './random.js';
import { type Line, type ServiceChild, startCommand } from './service-child.js';
import { checkSqlite } from './target.js';

const firms = ['north', 'south', 'west'] as const;
const sourceOf = (firm: string) => `practice:${firm}`;
const size = 600;
/** How long a service may take to end, in milliseconds; on a busy machine. */
const boundMs = 20_000;

/**
 * What the service reads: a file of records, a page at a time, as slowly as a system answers. One of the firms does not
 * hear that it should stop, and never comes back.
 */
const connectorText = `
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
const parsed = (data) => ({ success: true, data });
export const connector = {
  name: 'practice', title: 'Practice', secrets: {},
  settings: { safeParse: parsed, parse: (data) => data },
  sourceOf: ({ firm }) => 'practice:' + firm,
  create: ({ firm }) => ({
    source: 'practice:' + firm,
    async *read({ signal }) {
      const records = JSON.parse(readFileSync(firm + '.json', 'utf8'));
      for (let at = 0; at < records.length; at += 50) {
        await wait(2, undefined, firm === 'west' ? {} : { signal });
        if (signal.aborted) await wait(3_600_000);
        yield { records: records.slice(at, at + 50), unreadable: [], skipped: {} };
      }
      return { complete: true, tenant: firm };
    },
  }),
};
`;

type World = { readonly folder: string; readonly key: string; readonly after: readonly string[]; spanMs: number };

/** SIGTERM at any moment of a service that syncs three connections at once. */
export const stopsOfService: Campaign = {
  name: 'stop-service',
  title: 'SIGTERM at any moment of serve, SQLite',
  full: 50,
  share: 3,
  lanes: 1,
  async start(folder) {
    const world = await makeWorld(mkdtempSync(join(folder, 'service-')));
    return { one: (seed) => oneStop(world, seed), judge: everywhere };
  },
};

/** A book that three firms were synced to a long time ago; since then all of them changed. */
async function makeWorld(folder: string): Promise<World> {
  const key = randomBytes(32).toString('base64');
  const world = { folder, key };
  const file = join(folder, 'template.db');
  const firmSeed = (firm: string) => firm.length * 31 + firm.charCodeAt(0);
  writeFileSync(join(folder, 'practice.mjs'), connectorText);
  // Due since February, and then not for a year: no hour that ends during a case makes another run due.
  writeFileSync(join(folder, 'contact-sync.config.json'), '{ "schedule": "0 0 1 2 * UTC" }');
  const store = sqliteStore({ file });
  const syncAll = async (to: typeof store, state: number) => {
    for (const firm of firms) {
      const source = sourceOf(firm);
      const records = recordsAt(firmSeed(firm), state, size);
      await sync({ source: memorySource({ source, records }), store: to, actor, policy, now: () => moment(state) });
    }
  };
  await syncAll(store, 0);
  await store.close();
  for (const firm of firms) {
    writeFileSync(join(folder, `${firm}.json`), JSON.stringify(recordsAt(firmSeed(firm), 1, size)));
    const policies = ['--policy', 'manyMissing=1', '--policy', 'manyChanged=1'];
    const connect = ['connect', './practice.mjs', '--set', `firm=${firm}`, ...policies, '--store', `sqlite:${file}`];
    const { code, errors } = await startCommand(connect, folder, key).ended;
    if (code !== 0) throw new Error(`A connection could not be stored: ${errors}`);
  }
  const undisturbed = join(folder, 'after.db');
  copyFileSync(file, undisturbed);
  const alone = sqliteStore({ file: undisturbed });
  await syncAll(alone, 1);
  const after = contentsOf(await bookOf(alone));
  await alone.close();

  // How long an undisturbed service takes for its three runs.
  const trial = join(folder, 'trial.db');
  copyFileSync(file, trial);
  const child = serveBook(trial, world);
  await child.heard(has('started'));
  const begin = performance.now();
  await child.heard((lines) => runsIn(lines).length === firms.length);
  const spanMs = performance.now() - begin;
  await terminated(child);
  return { ...world, after, spanMs };
}

function serveBook(file: string, { folder, key }: Pick<World, 'folder' | 'key'>): ServiceChild {
  // The book's first run is long ago, and is looked at whole.
  const args = ['serve', '--store', `sqlite:${file}`, '--listen', '127.0.0.1:0', '--keep-days', '36500'];
  return startCommand(args, folder, key);
}

async function oneStop(world: World, seed: number): Promise<string> {
  const lot = random(seed);
  const place = join(world.folder, `case-${seed}`);
  mkdirSync(place);
  const file = join(place, 'book.db');
  copyFileSync(join(world.folder, 'template.db'), file);
  try {
    const child = serveBook(file, world);
    await child.heard(has('started'));
    // Somebody who keeps a connection open holds up nothing.
    if (lot.chance(0.3)) await ask(child);
    await pause(lot.share() * world.spanMs);
    await terminated(child);
    const first = await look(file);
    checkWords(first, child.lines);
    const done = runsOf(first).length;

    // The next service makes up for what was cut short, and for nothing else.
    const next = serveBook(file, world);
    await next.heard(
      (lines) => runsIn(lines).length >= firms.length - done && lines.some(({ text }) => text === 'started'),
    );
    await terminated(next);
    const second = await look(file);
    checkWords(second, next.lines);
    same(runsOf(second).toSorted(), firms.map(sourceOf).toSorted(), 'The sources that were synced, each once');
    same(contentsOf(second), world.after, 'The contacts in the end, beside those of a book that nobody disturbed');
    const cancelled = first.history.filter(({ run }) => run.error?.code === 'cancelled').length;
    return cancelled > 0 ? 'in the middle of runs' : done === firms.length ? 'after the runs' : 'between runs';
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function ask(child: ServiceChild): Promise<void> {
  const url = child.lines.find(({ text }) => text === 'started')?.listen;
  const answer = await fetch(`${url}/metrics`);
  if (!answer.ok || !(await answer.text()).includes('contact_sync_healthy')) throw new Error('No metrics.');
}

async function terminated(child: ServiceChild): Promise<void> {
  const begin = performance.now();
  child.terminate();
  const { code, signal, errors } = await child.ended;
  if (code !== 0) throw new Error(`It ended with ${code ?? signal}: ${errors}${JSON.stringify(child.lines.slice(-3))}`);
  if (performance.now() - begin > boundMs) throw new Error('It took too long to end.');
  if (child.lines.at(-1)?.text !== 'ended') throw new Error(`Its last word was ${child.lines.at(-1)?.text}.`);
}

async function look(file: string): Promise<Book> {
  checkSqlite(file);
  const store = sqliteStore({ file, create: false });
  try {
    const book = await bookOf(store);
    checkSerial(book);
    checkNothingTwice(book);
    return book;
  } finally {
    await store.close();
  }
}

/** What the log calls done is in the book, and a run that is not done left nothing but its line. */
function checkWords({ history }: Book, lines: readonly Line[]): void {
  for (const { run: id, source } of runsIn(lines)) {
    const { run } = history.find((entry) => entry.run.id === id) ?? {};
    if (run?.source !== source || !['applied', 'unchanged'].includes(run?.outcome ?? '')) {
      throw new Error(`Run ${id} of ${source} was called done and is not in the book.`);
    }
  }
  for (const { run, decisions } of history) {
    if (run.outcome === 'failed' && (run.error?.code !== 'cancelled' || decisions.length > 0)) {
      throw new Error(`Run ${run.id} failed: ${run.error?.code} ${run.error?.message}`);
    }
  }
}

/** The sources that were synced since the book was made. */
function runsOf({ history }: Book): string[] {
  return history
    .filter(({ run }) => run.outcome !== 'failed' && run.at > moment(1).toISOString())
    .map(({ run }) => run.source ?? '');
}

function runsIn(lines: readonly Line[]): Line[] {
  return lines.filter(({ text }) => text === 'synced' || text === 'nothing to do');
}

function has(word: string) {
  return (lines: readonly Line[]) => lines.some(({ text }) => text === word);
}

/** Without what depends on the moment and the order of the runs: ids, and since when somebody is missing. */
function contentsOf({ contacts }: Book): string[] {
  const shown = ({ name, email, phone, recordType, link, missingSince }: Contact) =>
    JSON.stringify({ name, email, phone, recordType, link, missing: missingSince !== null });
  return contacts.map(shown).sort();
}

function everywhere(tally: Tally, cases: number): string | null {
  const inside = tally.get('in the middle of runs') ?? 0;
  return inside * 4 >= cases || cases < 20 ? null : `Only ${inside} of ${cases} signals came in the middle of runs.`;
}
