import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContactStore, ContactSyncError } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { bookOf, checkSerial, contentsOf, digest, same } from './book.js';
import type { Campaign } from './campaign.js';
import { startBook, syncState } from './practice.js';
import { type Random, random } from './random.js';
import { checkSqlite, openAt } from './target.js';

const size = 60;
const states = 6;
/** A frame of the log is a page and a header: https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const frame = 24 + 4096;

/** The log beside the file is cut, or bits of it are flipped; then the book is opened. */
export const tornLogs: Campaign = {
  name: 'torn-log',
  title: 'Torn and bit-flipped logs, SQLite',
  full: 1000,
  share: 25,
  lanes: 1,
  async start(folder) {
    const { file, committed, ends } = await bookWithLog(folder);
    const log = readFileSync(`${file}-wal`);
    return {
      async one(seed) {
        const place = mkdtempSync(join(folder, 'torn-'));
        const copy = join(place, 'book.db');
        copyFileSync(file, copy);
        const [what, damaged] = damage(log, random(seed));
        writeFileSync(`${copy}-wal`, damaged);
        try {
          return `${what}: ${await openDamaged(copy, committed, lastWhole(log, damaged, ends))}`;
        } finally {
          rmSync(place, { recursive: true });
        }
      },
    };
  },
};

/** A book whose last runs are in the log alone, all the states it went through, and where in the log each ends. */
async function bookWithLog(folder: string): Promise<{ file: string; committed: Map<string, number>; ends: number[] }> {
  const place = mkdtempSync(join(folder, 'log-'));
  const live = join(place, 'live.db');
  const first = sqliteStore({ file: live });
  await startBook(first, 1, size);
  await first.close();

  const committed = new Map<string, number>();
  const store = sqliteStore({ file: live });
  committed.set(digest(await bookOf(store)), 0);
  const ends = [0];
  for (let state = 1; state <= states; state += 1) {
    await syncState(store, 1, state, size);
    committed.set(digest(await bookOf(store)), state);
    ends.push(statSync(`${live}-wal`).size);
  }
  // Both files as a crash would leave them: closing would merge them.
  const file = join(place, 'book.db');
  copyFileSync(live, file);
  copyFileSync(`${live}-wal`, `${file}-wal`);
  await store.close();
  if (committed.size !== states + 1) throw new Error('The states of the book are not different ones.');
  return { file, committed, ends };
}

function damage(log: Buffer, lot: Random): [string, Buffer] {
  const tail = log.length - lot.below(log.length);
  const somewhere = () => tail + lot.below(log.length - tail);
  const copy = Buffer.from(log);
  const kinds: readonly [string, ...string[]] = [
    'cut',
    'cut at a frame',
    'bits flipped',
    'zeros',
    'noise',
    'cut and noise',
  ];
  const kind = lot.of(kinds);
  if (kind === 'cut') return [kind, copy.subarray(0, lot.below(log.length + 1))];
  if (kind === 'cut at a frame')
    return [kind, copy.subarray(0, 32 + frame * lot.below(Math.floor(log.length / frame) + 1))];
  if (kind === 'zeros') return [kind, copy.fill(0, somewhere())];
  if (kind === 'cut and noise') {
    const noise = Buffer.from(Array.from({ length: lot.below(2 * frame) }, () => lot.below(256)));
    return [kind, Buffer.concat([copy.subarray(0, lot.below(log.length)), noise])];
  }
  for (let n = 1 + lot.below(kind === 'noise' ? 200 : 5); n > 0; n -= 1) {
    const at = somewhere();
    copy[at] = kind === 'noise' ? lot.below(256) : (copy[at] ?? 0) ^ (1 << lot.below(8));
  }
  return [kind, copy];
}

/** The last state that is in the log as it was written. */
function lastWhole(log: Buffer, damaged: Buffer, ends: readonly number[]): number {
  let whole = 0;
  while (whole < log.length && log[whole] === damaged[whole]) whole += 1;
  return ends.findLastIndex((end) => end <= whole);
}

async function openDamaged(file: string, committed: ReadonlyMap<string, number>, whole: number): Promise<string> {
  let store: ContactStore;
  try {
    store = await openAt({ store: 'sqlite', file });
  } catch (error) {
    return clearly(error);
  }
  try {
    const book = await bookOf(store);
    const state = committed.get(digest(book));
    if (state === undefined) throw new Error(`The book is in no state it ever was in; its version is ${book.version}.`);
    if (state < whole)
      throw new Error(`State ${whole} was in the log undamaged, and the book opened at state ${state}.`);
    // It goes on from there.
    await syncState(store, 1, states + 1, size);
    const next = await bookOf(store);
    checkSerial(next);
    await store.close();
    const again = await openAt({ store: 'sqlite', file });
    same(contentsOf(await bookOf(again)), contentsOf(next), 'The book opened again');
    await again.close();
    checkSqlite(file);
    return state === states ? 'the last state' : 'an earlier state';
  } catch (error) {
    return clearly(error);
  } finally {
    await store.close();
  }
}

/** The code of an error that people can do something with; throws any other. */
function clearly(error: unknown): string {
  if (!ContactSyncError.is(error) || error.code === 'internal') throw error;
  if (!error.code.startsWith('store_') || error.hint === '') throw error;
  return error.code;
}
