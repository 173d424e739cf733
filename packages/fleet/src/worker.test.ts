import { planPause, planResume } from '@contact-sync/core';
import { postgresStore } from '@contact-sync/storage-postgres';
import { afterEach, expect, test } from 'vitest';
import { person } from '../test/practices.js';
import { runWorker } from '../test/running.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { openFleet } from './fleet.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';

const over: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

async function aFleet(): Promise<TestFleet> {
  const fleet = await testFleet();
  over.push(fleet.close);
  return fleet;
}

function aWorker(fleet: TestFleet, more = {}) {
  const worker = runWorker(fleet, more);
  over.push(worker.stop);
  return worker;
}

const rowsOf = (fleet: TestFleet) => fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections ORDER BY book`);
const failedOf = (fleet: TestFleet) =>
  fleet.query<{ book: string }>(`SELECT data->>'book' AS book FROM ${schemas.jobs}.job WHERE name = 'failed'`);
async function peopleOf(fleet: TestFleet, book: string) {
  const store = postgresStore({ pool: fleet.world.pool, book });
  const { contacts } = await store.search({ limit: 1000 });
  return contacts.map(({ name, email, phone, link }) => ({ name, email, phone, externalId: link?.externalId }));
}

test('every stored connection of every book is synced by one of the workers, once', async () => {
  const fleet = await aFleet();
  const all = [];
  for (const book of ['a', 'b', 'c']) {
    const practice = fleet.practices.add(3);
    all.push({ book, practice, source: await fleet.connect(book, practice) });
  }
  const workers = [aWorker(fleet, { atOnce: 8 }), aWorker(fleet, { atOnce: 1 })];
  await until('all are synced', async () => {
    const rows = await rowsOf(fleet);
    return rows.length === 3 && rows.every(({ last_good_at }) => last_good_at !== null);
  });
  for (const { book, practice } of all) {
    expect(await peopleOf(fleet, book)).toEqual([1, 2, 3].map((n) => person(practice, n)));
    expect(practice.answered).toBe(1);
  }
  const schedules = await fleet.query<{ cron: string }>(
    `SELECT cron FROM ${schemas.jobs}.schedule WHERE name = 'sync'`,
  );
  // Each has a second of the hour of its own, always the same.
  expect(new Set(schedules.map(({ cron }) => cron)).size).toBe(3);
  for (const { cron } of schedules) expect(cron).toMatch(/^[1-5]?\d [1-5]?\d \* \* \* \*$/);
  await Promise.all(workers.map(({ stop }) => stop()));
  expect(workers.map(({ lines }) => lines.at(-1)?.text)).toEqual(['ended', 'ended']);
});

test('an outage is tried again, and what a person must see to is not', async () => {
  const fleet = await aFleet();
  const [out, refused] = [fleet.practices.add(2), fleet.practices.add(2)];
  out.fault = 503;
  refused.fault = 401;
  await fleet.connect('out', out);
  await fleet.connect('refused', refused);
  aWorker(fleet);
  await until('both have failed', async () => (await rowsOf(fleet)).filter(({ code }) => code !== null).length === 2);
  const [first, second] = await rowsOf(fleet);
  expect([first?.code, first?.failures]).toEqual(['source_unavailable', 0]);
  expect([second?.code, second?.failures]).toEqual(['source_unauthorized', 1]);
  const waiting = () =>
    fleet.query<{ book: string; state: string }>(
      `SELECT data->>'book' AS book, state FROM ${schemas.jobs}.job WHERE name = 'sync' AND state <= 'active'`,
    );
  await until('both jobs are settled', async () => (await waiting()).every(({ state }) => state !== 'active'));
  expect(await waiting()).toEqual([{ book: 'out', state: 'retry' }]);
  // Nor is it forgotten while it waits.
  const forgotten = `SELECT 1 FROM ${schemas.jobs}.job WHERE name = 'sync' AND keep_until < now() + interval '1 day'`;
  expect(await fleet.query(forgotten)).toEqual([]);
  expect(await failedOf(fleet)).toEqual([{ book: 'refused' }]);
  // Its time comes, and the outage is over.
  out.fault = null;
  await fleet.query(`UPDATE ${schemas.jobs}.job SET start_after = now() WHERE state = 'retry'`);
  await until('it is synced', async () => (await rowsOf(fleet))[0]?.last_good_at != null);
  expect((await rowsOf(fleet))[0]?.code).toBeNull();
});

test('large firms are read one at a time in a worker, and a small one does not wait for them', async () => {
  const fleet = await aFleet();
  const large = [fleet.practices.add(1), fleet.practices.add(1), fleet.practices.add(1)];
  for (const [n, practice] of large.entries()) await fleet.connect(`large-${n}`, practice);
  const small = fleet.practices.add(1);
  await fleet.connect('small', small);
  const worker = runWorker(fleet, { atOnce: 8 });
  over.push(worker.stop);
  const rested = async () =>
    (await rowsOf(fleet)).filter(({ last_good_at, running_since }) => last_good_at && !running_since);
  await until('all are synced', async () => (await rested()).length === 4);
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET size = 'large' WHERE book <> 'small'`);
  // They take so long that they would be read at once, if they could.
  for (const practice of large) practice.delay = 1000;
  const op = await openFleet({
    url: fleet.url,
    env: fleet.env,
    cwd: process.cwd(),
    actor: 'op',
    signal: new AbortController().signal,
  });
  over.push(op.close);
  const all = { book: null, source: null, code: null };
  await op.retry({ ...all, book: 'large-0' });
  await op.retry(all);
  let most = 0;
  let smallFirst = false;
  await until('all were read again', () => {
    most = Math.max(
      most,
      large.reduce((sum, { running }) => sum + running, 0),
    );
    smallFirst ||= small.answered === 2 && large.some(({ answered }) => answered < 2);
    return [...large, small].every(({ answered }) => answered === 2);
  });
  expect(most).toBe(1);
  expect(smallFirst).toBe(true);
});

test('a limit that ends at a moment parks its own connection until then', async () => {
  const fleet = await aFleet();
  const [limited, other] = [fleet.practices.add(1), fleet.practices.add(1)];
  limited.fault = 429;
  limited.headers = { 'x-rate-limit-problem': 'day', 'retry-after': '7200' };
  await fleet.connect('limited', limited);
  await fleet.connect('other', other);
  const before = Date.now();
  aWorker(fleet);
  await until('both have run', async () => (await rowsOf(fleet)).filter(({ last_at }) => last_at).length === 2);
  const [row] = await rowsOf(fleet);
  expect(row?.code).toBe('source_rate_limited');
  expect(row?.resume_at?.getTime()).toBeGreaterThanOrEqual(before + 7_200_000);
  const waiting = () =>
    fleet.query<{ start: Date }>(
      `SELECT start_after AS start FROM ${schemas.jobs}.job WHERE name = 'sync' AND state = 'created'`,
    );
  await until('it waits', async () => (await waiting()).length === 1);
  expect((await waiting())[0]?.start).toEqual(row?.resume_at);
  expect(other.answered).toBe(1);
});

test('what is new, paused, resumed and removed is taken up without a restart', async () => {
  const fleet = await aFleet();
  const worker = aWorker(fleet);
  const practice = fleet.practices.add(1);
  await until('it works', () => worker.lines.some(({ text }) => text === 'started'));
  await until('the fleet was looked after', async () => {
    const [row] = await fleet.query<{ n: string }>(
      `SELECT count(*) AS n FROM ${schemas.jobs}.job WHERE name = 'care' AND state = 'completed'`,
    );
    return Number(row?.n) > 0;
  });
  const source = await fleet.connect('late', practice);
  const askCare = () =>
    fleet.query(`INSERT INTO ${schemas.jobs}.job (name, data) SELECT 'care', '{}' WHERE NOT EXISTS
      (SELECT 1 FROM ${schemas.jobs}.job WHERE name = 'care' AND state < 'active')`);
  await askCare();
  await until('it is synced', () => practice.answered === 1);
  const schedules = () => fleet.query(`SELECT key FROM ${schemas.jobs}.schedule WHERE name = 'sync'`);
  const store = postgresStore({ pool: fleet.world.pool, book: 'late' });
  const signed = { actor: 'person', at: new Date().toISOString(), why: null };
  await until('the run is over', async () => (await rowsOf(fleet))[0]?.running_since === null);
  await store.apply(await planPause(store, source, signed));
  await until('it is not scheduled', async () => {
    await askCare();
    return (await schedules()).length === 0;
  });
  await store.apply(await planResume(store, source, signed));
  await until('it is scheduled again', async () => {
    await askCare();
    return (await schedules()).length === 1;
  });
  await fleet.remove('late', source);
  await until('it is forgotten', async () => {
    await askCare();
    return (await schedules()).length === 0 && (await rowsOf(fleet)).length === 0;
  });
  expect(practice.answered).toBe(1);
});
