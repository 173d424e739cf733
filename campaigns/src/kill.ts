import { type Book, bookOf, checkNothingTwice, checkSerial, contentsOf, same, withoutFailures } from './book.js';
import type { Campaign, Tally } from './campaign.js';
import { postgresTarget } from './postgres.js';
import { startBook, syncState } from './practice.js';
import { type Child, pause, startChild } from './processes.js';
import { random } from './random.js';
import { type MakeTarget, openAt, type Place, sqliteTarget, type Target } from './target.js';
import type { SyncTask } from './tasks.js';

const practices = 3;

/** Records of a practice. */
const size = 300;

/** What a kill may leave behind, and what it may not: from undisturbed runs. */
type World = {
  readonly seed: number;
  copy(): Promise<Place>;
  readonly before: Book;
  readonly after: Book;
};

/** What is killed: the program that syncs, or what works for it in the server. */
type Victim = 'client' | 'backend';

/** A process is killed somewhere in a sync of 300 records; then the book is looked at, and synced again. */
function kills(
  name: string,
  title: string,
  cases: Pick<Campaign, 'full' | 'share'>,
  victim: Victim,
  makeTarget: MakeTarget,
): Campaign {
  return {
    name,
    title,
    ...cases,
    // Looking at a book takes this process longer than a kill may be late.
    lanes: 1,
    async start(folder) {
      const target = await makeTarget(folder);
      const worlds: World[] = [];
      for (let seed = 0; seed < practices; seed += 1) worlds.push(await worldOf(target, seed));
      const spans: Spans = { planning: 0, writing: 0, looks: 0 };
      const first = worlds[0];
      if (first !== undefined) await measure(first, spans);
      // The next process starts while the book of the one before is looked at.
      let next = startChild('sync');
      return {
        one(seed) {
          const child = next;
          next = startChild('sync');
          return oneKill(worlds[seed % practices] ?? worlds[0], child, { spans, victim, seed });
        },
        judge: mostlyInside,
        async end() {
          next.signal('SIGKILL');
          await next.ended;
          await target.end();
        },
      };
    },
  };
}

export const killsOnSqlite = kills(
  'kill-sqlite',
  'kill -9 during a sync, SQLite',
  { full: 2000, share: 20 },
  'client',
  sqliteTarget,
);
// With PostgreSQL two may die: together as many cases as with SQLite.
export const killsOnPostgres = kills(
  'kill-postgres',
  'kill -9 during a sync, PostgreSQL',
  { full: 1000, share: 5 },
  'client',
  postgresTarget,
);
export const killsOfBackends = kills(
  'kill-backend',
  'Server backend ended during a sync, PostgreSQL',
  { full: 1000, share: 5 },
  'backend',
  postgresTarget,
);

async function worldOf(target: Target, seed: number): Promise<World> {
  const { copy } = await target.template((store) => startBook(store, seed, size));
  const place = await copy();
  const store = await openAt(place.address);
  const before = await bookOf(store);
  await syncState(store, seed, 1, size);
  const after = await bookOf(store);
  checkSerial(after);
  checkNothingTwice(after);
  await store.close();
  await place.remove();
  return { seed, copy, before, after };
}

/** How long a child plans and writes, in milliseconds, and how often the store looks at the decisions it writes. */
type Spans = { planning: number; writing: number; looks: number };

async function measure(world: World, spans: Spans): Promise<void> {
  const place = await world.copy();
  const child = startChild('sync');
  child.begin(taskFor(place, world));
  await child.said('ready');
  const ready = performance.now();
  await child.said('applying');
  const applying = performance.now();
  await child.said('applied');
  spans.planning = applying - ready;
  spans.writing = performance.now() - applying;
  await child.ended;
  spans.looks = Number(child.words.find((word) => word.startsWith('looks '))?.slice('looks '.length));
  await place.remove();
}

function taskFor({ address }: Place, { seed }: World): SyncTask {
  return { address, seed, state: 1, size };
}

async function oneKill(
  world: World | undefined,
  child: Child,
  how: { spans: Spans; victim: Victim; seed: number },
): Promise<string> {
  if (world === undefined) throw new Error('There is no world to try.');
  const { spans, victim, seed } = how;
  const lot = random(seed);
  const place = await world.copy();
  try {
    // At any time of the run; at any place of the transaction; at any time of it; just when it is being written out.
    const aim = lot.of<'run' | 'look' | 'write' | 'log'>(['look', 'look', 'look', 'run', 'write', 'log']);
    const stopAtLook = aim === 'look' ? 1 + lot.below(spans.looks) : 0;
    child.begin({ ...taskFor(place, world), stopAtLook } satisfies SyncTask);
    await child.said(aim === 'run' ? 'ready' : 'applying');
    if (aim === 'look') await child.stopped();
    if (aim === 'log') while (place.logGrows?.() === false && !child.words.includes('done')) await pause(0);
    const span = { run: spans.planning + spans.writing, look: 0, write: spans.writing, log: 4 }[aim];
    await pauseExactly(lot.share() * span);
    const phase = await killAndTell(child, place, victim);
    if (aim === 'write') spans.writing = clamp(spans.writing * (phase.startsWith('in the') ? 1.01 : 0.97));
    const committed = await checkBook(world, place, child.words, victim);
    place.check();
    return phase === 'beside the transaction' ? (committed ? 'after the commit' : 'before the transaction') : phase;
  } finally {
    await place.remove();
  }
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 5), 2000);
}

/** To a fraction of a millisecond, which timers do not offer. */
async function pauseExactly(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  if (milliseconds > 3) await pause(milliseconds - 2);
  while (performance.now() < end);
}

/** Stops the process first, so that it can be said where it stood when it was killed. */
async function killAndTell(child: Child, place: Place, victim: Victim): Promise<string> {
  child.signal('SIGSTOP');
  await child.stopped();
  const writing = child.words.includes('done') ? 'nothing' : await place.writing();
  if (victim === 'client') child.signal('SIGKILL');
  else await place.endServerSide?.();
  child.signal('SIGCONT');
  const { signal, errors, code } = await child.ended;
  await place.settled();
  const clear = code === 0 || (victim === 'backend' && child.words.at(-1)?.startsWith('failed store_'));
  if (signal !== 'SIGKILL' && !clear) throw new Error(`It failed by itself: ${child.words.join(', ')} ${errors}`);
  if (writing === 'a transaction') return 'in the transaction';
  if (writing === 'a written transaction') return 'in the transaction, partly written';
  if (child.words.includes('applied')) return 'after the commit';
  return child.words.includes('applying') ? 'beside the transaction' : 'reading and planning';
}

/** Whether the killed run is in the book. */
async function checkBook(world: World, place: Place, words: readonly string[], victim: Victim): Promise<boolean> {
  const store = await openAt(place.address);
  try {
    const book = await bookOf(store);
    const committed = book.version !== world.before.version;
    const told = (told: Book) => (victim === 'backend' ? withoutFailures(told) : told);
    same(told(book), committed ? world.after : world.before, 'The book after the kill');
    if (words.includes('applied') && !committed) throw new Error('A run that the store called applied was lost.');
    if (!words.includes('applying') && committed) throw new Error('A run was applied before the store was asked to.');

    // The run that was killed is made again, and ends as it would have ended; one that was done already changes nothing.
    const { outcome } = await syncState(store, world.seed, 1, size);
    same(outcome, committed ? 'unchanged' : 'applied', 'The outcome of the next run');
    const again = await bookOf(store);
    same(contentsOf(again), contentsOf(world.after), 'The book after the next run');
    const lines = linesOf(told(again)).slice(0, world.after.history.length);
    same(lines, linesOf(world.after), 'The history after the next run');
    return committed;
  } finally {
    await store.close();
  }
}

/** The history without the numbers of runs: a run that failed has one too. */
function linesOf({ history }: Book) {
  return history.map(({ run: { id: _, ...run }, decisions }) => ({ run, decisions }));
}

function mostlyInside(tally: Tally): string | null {
  let inside = 0;
  let all = 0;
  for (const [phase, n] of tally) {
    all += n;
    if (phase.startsWith('in the transaction')) inside += n;
  }
  return inside * 2 >= all || all < 200 ? null : `Only ${inside} of ${all} kills came inside the writing transaction.`;
}
