import { postgresStore } from '@contact-sync/storage-postgres';
import { afterEach, expect, test } from 'vitest';
import { short, startChild } from '../test/children.js';
import { person } from '../test/practices.js';
import { runWorker } from '../test/running.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

async function aFleet(): Promise<TestFleet> {
  const fleet = await testFleet();
  over.push(fleet.close);
  return fleet;
}

function aChild(fleet: TestFleet) {
  const child = startChild(fleet);
  over.push(() => {
    child.signal('SIGKILL');
    return child.ended;
  });
  return child;
}

/** Answers wait from now on, until it is called. */
function shut(fleet: TestFleet): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  fleet.practices.gate = promise;
  return () => {
    resolve();
    fleet.practices.gate = Promise.resolve();
  };
}

const rowOf = async (fleet: TestFleet) =>
  (await fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections`))[0] ?? null;

async function phonesOf(fleet: TestFleet, book: string) {
  const store = postgresStore({ pool: fleet.world.pool, book });
  return (await store.search({ limit: 10 })).contacts.map(({ phone }) => phone);
}

test('the job of a worker that was killed is taken up by another within its lease', async () => {
  const fleet = await aFleet();
  const practice = fleet.practices.add(2);
  await fleet.connect('book', practice);
  const open = shut(fleet);
  const child = aChild(fleet);
  await until('it reads', () => practice.running === 1);
  child.signal('SIGKILL');
  expect((await child.ended).signal).toBe('SIGKILL');
  open();
  const killed = performance.now();
  const worker = runWorker(fleet, {}, short);
  over.push(worker.stop);
  await until('another has done it', async () => (await rowOf(fleet))?.last_good_at != null);
  // The lease of 10 s, a second to notice, and at most ten until the first retry: and a busy machine.
  expect(performance.now() - killed).toBeLessThan(40_000);
  expect(await phonesOf(fleet, 'book')).toEqual([1, 2].map((n) => person(practice, n).phone));
  const runs = await fleet.query<{ outcome: string }>('SELECT outcome FROM contact_sync.runs');
  expect(runs).toEqual([{ outcome: 'applied' }]);
});

test('a worker that was frozen past its lease writes nothing old over what another has written', async () => {
  const fleet = await aFleet();
  const practice = fleet.practices.add(2);
  await fleet.connect('book', practice);
  const open = shut(fleet);
  const child = aChild(fleet);
  await until('it reads', () => practice.running === 1);
  child.signal('SIGSTOP');
  // What it waits for is sent, and is old by the time it can read it.
  open();
  await until('it was answered', () => practice.answered === 1);
  practice.version = 2;
  const worker = runWorker(fleet, {}, short);
  over.push(worker.stop);
  await until('another has done it', async () => (await rowOf(fleet))?.last_good_at != null);
  const phones = [1, 2].map((n) => person(practice, n).phone);
  expect(await phonesOf(fleet, 'book')).toEqual(phones);
  child.signal('SIGCONT');
  await until('it has noticed', () => child.lines.some(({ text }) => text === 'sync failed'));
  const failure = child.lines.find(({ text }) => text === 'sync failed');
  expect(['lock_lost', 'store_conflict', 'cancelled']).toContain(failure?.error?.code);
  expect(await phonesOf(fleet, 'book')).toEqual(phones);
  const applied = await fleet.query(`SELECT 1 FROM contact_sync.runs WHERE outcome = 'applied'`);
  expect(applied.length).toBe(1);
});

test('SIGTERM ends a worker with 0, and what it was reading is read by another at once', async () => {
  const fleet = await aFleet();
  const practice = fleet.practices.add(2);
  await fleet.connect('book', practice);
  const open = shut(fleet);
  const child = aChild(fleet);
  await until('it reads', () => practice.running === 1);
  const begin = performance.now();
  child.signal('SIGTERM');
  expect((await child.ended).code).toBe(0);
  expect(performance.now() - begin).toBeLessThan(20_000);
  const [job] = await fleet.query(
    `SELECT state, start_after <= now() AS due FROM ${schemas.jobs}.job WHERE name = 'sync' AND state <= 'active'`,
  );
  expect(job).toEqual({ state: 'created', due: true });
  open();
  const worker = runWorker(fleet, {}, short);
  over.push(worker.stop);
  await until('another has done it', async () => (await rowOf(fleet))?.last_good_at != null);
});
