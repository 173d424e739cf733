import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ContactStore,
  ContactSyncError,
  memoryStore,
  type Plan,
  parsePlan,
  planAdd,
  planDisconnect,
  planImport,
  planOfRun,
  planPause,
  planToNdjson,
} from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { preview, sync } from '@contact-sync/runner';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import fc from 'fast-check';
import type { World } from '../../packages/core/test/oracle.js';
import { worlds } from '../../packages/core/test/worlds.js';
import { bookOf, checkSerial, same } from './book.js';
import type { Campaign } from './campaign.js';
import { type Random, random } from './random.js';

const actor = 'campaign';

function worldOf(seed: number): World {
  const [world] = fc.sample(worlds, { seed, numRuns: 1 });
  if (world === undefined) throw new Error('There is no world.');
  return world;
}

async function fill(store: ContactStore, { contacts, at }: World): Promise<void> {
  await store.apply(planImport(contacts, { base: (await store.head()).version, at, actor }));
}

function optionsOf({ read, connected, policy, at }: World, store: ContactStore) {
  return { source: memorySource(read), store, actor, policy, connected, now: () => new Date(at) };
}

/** Whatever book there is and however it is open, a preview leaves the files as they are. */
export const untouched: Campaign = {
  name: 'plan-bytes',
  title: 'A plan changes no byte of the files, SQLite',
  full: 1000,
  share: 25,
  lanes: 1,
  async start(folder) {
    return {
      async one(seed) {
        const world = worldOf(seed);
        const lot = random(seed);
        const place = mkdtempSync(join(folder, 'plan-'));
        const live = join(place, 'book.db');
        const writer = sqliteStore({ file: live });
        await fill(writer, world);
        if (lot.chance(0.5)) await sync(optionsOf({ ...worldOf(seed + 1), policy: world.policy }, writer));
        const state = lot.of(['closed', 'left by a crash', 'open in another program']);
        let file = live;
        if (state === 'closed') await writer.close();
        if (state === 'left by a crash') {
          file = join(mkdtempSync(join(place, 'crash-')), 'book.db');
          copyFileSync(live, file);
          copyFileSync(`${live}-wal`, `${file}-wal`);
          if (lot.chance(0.5)) copyFileSync(`${live}-shm`, `${file}-shm`);
        }
        // `-shm` is no data: in it readers note that they read, and SQLite makes it anew where no program has the file open.
        const looked = state === 'closed' ? undefined : ['book.db', 'book.db-wal'];
        const before = hashes(join(file, '..'), looked);
        const reader = sqliteStore({ file, create: false, readOnly: true });
        await preview(optionsOf(world, reader));
        await reader.close();
        same(hashes(join(file, '..'), looked), before, `The files of a book that was ${state}`);
        await writer.close();
        rmSync(place, { recursive: true });
        return state;
      },
    };
  },
};

function hashes(folder: string, looked?: readonly string[]): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && (looked?.includes(entry.name) ?? true),
  );
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.map(({ name }) => [name, hash(name)]));
}

/** One of two equal books gets a plan, written down, read again and applied; the other one is synced. */
export const equalRuns: Campaign = {
  name: 'plan-equals',
  title: 'A plan applied equals a run; a stale one is refused',
  full: 10_000,
  share: 150,
  lanes: 1,
  async start(folder) {
    const file = join(mkdtempSync(join(folder, 'equal-')), 'books.db');
    return {
      async one(seed) {
        const world = worldOf(seed);
        const inSqlite = seed % 20 === 0;
        const open = (book: string) => (inSqlite ? sqliteStore({ file, book: `${book} ${seed}` }) : memoryStore());
        const planned = open('planned');
        const direct = open('direct');
        const before = random(seed + 1).of(['only contacts', 'synced before', 'synced before with other records']);
        const earlier = before === 'synced before' ? world : { ...worldOf(seed + 1), policy: world.policy };
        for (const store of [planned, direct]) {
          await fill(store, world);
          if (before !== 'only contacts') await sync(optionsOf(earlier, store));
        }

        const plan = parsePlan(planToNdjson(await preview(optionsOf(world, planned))));
        const blocked = plan.blocked.length > 0;
        if (blocked) await planned.record(plan, { outcome: 'blocked' });
        else await planned.apply(plan);
        const { outcome, run } = await sync(optionsOf(world, direct));
        same(await bookOf(planned), await bookOf(direct), 'The book by the plan, beside that of the run');
        if (blocked && run !== null) {
          const approval = { run: run.id, actor: 'a person', why: 'it is right', at: world.at };
          await planned.apply(plan, approval);
          await direct.apply(await planOfRun(direct, run.id), approval);
          same(await bookOf(planned), await bookOf(direct), 'The approved plan, beside the approved run');
        }
        await refusesStale(direct, plan, world, random(seed));
        checkSerial(await bookOf(direct));
        for (const store of [planned, direct]) await store.close();
        return `${inSqlite ? 'SQLite' : 'memory'}, ${outcome}`;
      },
      judge: (tally, cases) =>
        tally.size >= 6 || cases < 1000 ? null : `Not all outcomes came up: ${[...tally.keys()].join('; ')}.`,
    };
  },
};

/** Two plans are made for one version; after the one, the other does not fit any more, nor do those of before. */
async function refusesStale(store: ContactStore, old: Plan, world: World, lot: Random): Promise<void> {
  const fresh = await preview(optionsOf(world, store));
  await moveOn(store, world, lot);
  const book = await bookOf(store);
  const stale = old.base < fresh.base ? [old, fresh] : [fresh];
  for (const plan of stale) {
    try {
      await store.apply(plan);
    } catch (error) {
      if (!ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
      continue;
    }
    throw new Error(`A plan for version ${plan.base} was applied to version ${book.version}.`);
  }
  same(await bookOf(store), book, 'The book after stale plans were refused');
}

async function moveOn(store: ContactStore, { at, read }: World, lot: Random): Promise<void> {
  const signature = { at, actor, why: null };
  const { connections, version } = await store.head();
  const [connection] = connections.filter(({ state }) => state === 'connected');
  const how = lot.of(['add', 'sync another', 'pause', 'disconnect']);
  if (how === 'pause' && connection !== undefined)
    await store.apply(await planPause(store, connection.source, signature));
  else if (how === 'disconnect' && connection !== undefined)
    await store.apply(await planDisconnect(store, connection.source, signature));
  else if (how === 'sync another') {
    const records = [{ externalId: '1', name: 'Somebody New', email: 'new@example.com', phone: null }];
    await sync({ source: memorySource({ source: 'bgl:other', records }), store, actor, now: () => new Date(at) });
  } else {
    const details = { name: `Added to ${read.source}`, email: 'added@example.com', phone: null };
    await store.apply(await planAdd(store, details, 'AU', signature));
  }
  if ((await store.head()).version !== version + 1) throw new Error(`The book did not move on by: ${how}.`);
}
