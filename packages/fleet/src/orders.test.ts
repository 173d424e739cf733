import { postgresStore } from '@contact-sync/storage-postgres';
import { afterEach, expect, test } from 'vitest';
import { runWorker } from '../test/running.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { openFleet } from './fleet.js';
import { schemas } from './names.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

const all = { book: null, source: null, code: null };

async function actors({ world: { pool } }: TestFleet): Promise<string[]> {
  const { runs } = await postgresStore({ pool, book: 'a' }).runs({ limit: 10 });
  return runs.map(({ kind, actor }) => `${kind} ${actor}`);
}

test('each order is signed by who gave it, also the sync that a retry asks for; what is ordered is seen at once', async () => {
  const fleet = await testFleet();
  over.push(fleet.close);
  const practice = fleet.practices.add(3);
  await fleet.connect('a', practice, '0 0 29 2 * UTC');
  const op = await openFleet({
    ...{ url: fleet.url, env: fleet.env, cwd: process.cwd(), actor: 'op', signal: new AbortController().signal },
  });
  over.push(op.close);
  const worker = runWorker(fleet);
  over.push(worker.stop);
  await until('it is synced', async () => (await op.status({ ...all, limit: 0 })).states.well === 1);
  await worker.stop();

  const order = { actor: 'ada', why: 'It moves', after: null, limit: 10 };
  const paused = await op.order('pause', all, order);
  expect(paused).toMatchObject({ firms: [{ book: 'a', state: 'paused', nextAt: null }], next: null });
  expect(await fleet.query(`SELECT 1 FROM ${schemas.jobs}.schedule WHERE name = 'sync'`)).toEqual([]);
  expect((await op.order('pause', all, order)).firms).toEqual([]);
  expect((await op.order('retry', all, order)).firms).toEqual([]);

  const resumed = await op.order('resume', all, { ...order, actor: 'bea', why: null });
  // The next leap day.
  expect(resumed.firms[0]).toMatchObject({ state: 'well', nextAt: expect.stringMatching(/^\d{4}-02-29T00:00:00/) });
  expect(await fleet.query(`SELECT 1 FROM ${schemas.jobs}.schedule WHERE name = 'sync'`)).toHaveLength(1);

  practice.version += 1;
  expect((await op.order('retry', all, { ...order, actor: 'cid' })).firms).toHaveLength(1);
  const second = runWorker(fleet);
  over.push(second.stop);
  await until('it is synced again', async () => (await actors(fleet)).length === 4);
  expect(await actors(fleet)).toEqual(['sync cid', 'resume bea', 'pause ada', 'sync worker']);
});
