import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bookOf, checkNothingTwice, checkSerial, contentsOf, same } from './book.js';
import type { Campaign } from './campaign.js';
import { postgresTarget } from './postgres.js';
import { startBook, syncNow } from './practice.js';
import { type Child, pause, startChild } from './processes.js';
import { random } from './random.js';
import { type MakeTarget, openAt, type Place, sqliteTarget } from './target.js';
import type { SyncsTask } from './tasks.js';

const size = 80;
/** How many syncs each of the two processes makes. */
const syncs = 3;

/** Two processes sync one connection; one is frozen at some moment, and wakes up later. */
function twoProcesses(name: string, title: string, makeTarget: MakeTarget): Campaign {
  return {
    name,
    title,
    full: 500,
    share: 3,
    lanes: 1,
    async start(folder) {
      const target = await makeTarget(folder);
      const template = await target.template((store) => startBook(store, 1, size));
      let next = [startChild('syncs'), startChild('syncs')];
      return {
        async one(seed) {
          const children = next;
          next = [startChild('syncs'), startChild('syncs')];
          const states = mkdtempSync(join(folder, 'states-'));
          const place = await template.copy();
          try {
            const task: SyncsTask = { address: place.address, seed: 1, size, syncs, states };
            await schedule(children, task, seed);
            return await checkAll(template, place, children);
          } finally {
            await place.remove();
            rmSync(states, { recursive: true });
          }
        },
        async end() {
          for (const child of next) child.signal('SIGKILL');
          await Promise.all(next.map(({ ended }) => ended));
          await target.end();
        },
      };
    },
  };
}

export const twoProcessesOnSqlite = twoProcesses(
  'two-processes-sqlite',
  'Two processes, one frozen, SQLite',
  sqliteTarget,
);
export const twoProcessesOnPostgres = twoProcesses(
  'two-processes-postgres',
  'Two processes, one frozen, PostgreSQL',
  postgresTarget,
);

async function schedule(children: readonly Child[], task: SyncsTask, seed: number): Promise<void> {
  const lot = random(seed);
  const [frozen, other] = lot.chance(0.5) ? children : children.toReversed();
  if (frozen === undefined || other === undefined) throw new Error('Two processes are needed.');
  for (const child of children) child.begin(task);
  await frozen.said('ready');
  // At any time, or with a plan in its hands.
  if (lot.chance(0.5)) await frozen.said('applying');
  await pause(lot.below(40));
  frozen.signal('SIGSTOP');
  await frozen.stopped();
  // Until the other one has written, or has ended, or just for a while.
  const until = lot.of(['a while', 'applied', 'done']);
  await Promise.race([until === 'a while' ? pause(lot.below(100)) : other.said(until), pause(1000)]);
  frozen.signal('SIGCONT');
  await Promise.all(children.map(({ ended }) => ended));
}

async function checkAll(
  template: { copy(): Promise<Place> },
  place: Place,
  children: readonly Child[],
): Promise<string> {
  for (const child of children) {
    const { code, signal, errors } = await child.ended;
    if (code !== 0) throw new Error(`A process ended with ${code ?? signal}: ${child.words.join(', ')} ${errors}`);
  }
  const store = await openAt(place.address);
  const book = await bookOf(store);
  await store.close();
  checkSerial(book);
  checkNothingTwice(book);

  // What a process was told to be written is written, once.
  const words = children.flatMap((child) => child.words);
  const written = new Map(
    words.flatMap((word) => {
      const [, state, run] = /^wrote (\d+) as (\d+)$/.exec(word) ?? [];
      return state === undefined || run === undefined ? [] : [[run, Number(state)]];
    }),
  );
  const runs = book.history.slice(2).filter(({ run }) => run.outcome === 'applied');
  same([...written.keys()].toSorted(), runs.map(({ run }) => run.id).toSorted(), 'What was written');

  // The same states, one after the other, by nobody else disturbed.
  const states = runs.map(({ run }) => written.get(run.id) ?? 0);
  const serial = await template.copy();
  const alone = await openAt(serial.address);
  for (const state of states) await syncNow(alone, 1, size, () => state);
  same(contentsOf(book), contentsOf(await bookOf(alone)), 'The book, beside that of the same syncs in turn');
  await alone.close();
  await serial.remove();
  place.check();

  const old = states.some((state, index) => state < Math.max(0, ...states.slice(0, index)));
  if (old) throw new Error(`An older read was written after a newer: ${states.join(', ')}`);
  return words.includes('overtaken') ? 'serial; somebody was overtaken, and gave up' : 'serial; nobody was overtaken';
}
