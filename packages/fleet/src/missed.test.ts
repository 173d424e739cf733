import { offsetOf } from '@contact-sync/runner/engine';
import { afterEach, expect, test } from 'vitest';
import { runWorker } from '../test/running.js';
import { testFleet, until } from '../test/support.js';
import { momentName, schemas } from './names.js';
import type { Row } from './rows.js';

const hour = 3_600_000;

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

/** Whether the moment of the hour that is a connection's own is a quarter of an hour away and more. */
function isFar(tenantId: string): boolean {
  const ahead =
    (offsetOf(momentName({ book: 'hourly', source: `xpm:${tenantId}` })) - (Date.now() % hour) + hour) % hour;
  return ahead > hour / 4 && ahead < (3 * hour) / 4;
}

test('after hours without a worker each connection is synced once, however often it was due', async () => {
  const fleet = await testFleet();
  over.push(fleet.close);
  const rows = () => fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections ORDER BY book`);
  // Three times an hour, every hour, and once a day at a time that was not missed; never while this test runs.
  const minute = new Date().getUTCMinutes();
  const thrice = [20, 30, 40].map((ahead) => (minute + ahead) % 60).join();
  const day = `${(minute + 30) % 60} ${(new Date().getUTCHours() + 3) % 24}`;
  const practices = { often: fleet.practices.add(1), hourly: fleet.practices.add(1), daily: fleet.practices.add(1) };
  while (!isFar(practices.hourly.tenantId)) practices.hourly = fleet.practices.add(1);
  await fleet.connect('often', practices.often, `${thrice} * * * * UTC`);
  await fleet.connect('hourly', practices.hourly);
  await fleet.connect('daily', practices.daily, `${day} * * * UTC`);
  const first = runWorker(fleet);
  await until('all are synced', async () => {
    const all = await rows();
    return all.length === 3 && all.every(({ last_good_at, running_since }) => last_good_at && !running_since);
  });
  await first.stop();
  // As if they had ended five hours ago.
  const ago = `interval '5 hours'`;
  await fleet.query(`UPDATE ${schemas.jobs}.version SET cron_on = cron_on - ${ago}`);
  await fleet.query(`UPDATE ${schemas.jobs}.schedule SET created_on = created_on - ${ago}`);
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET last_at = last_at - ${ago}, due_at = due_at - ${ago}`);
  await fleet.query(`DELETE FROM ${schemas.jobs}.job WHERE state = 'completed'`);
  const workers = [runWorker(fleet), runWorker(fleet)];
  for (const { stop } of workers) over.push(stop);
  await until('the others are synced again', () => practices.often.answered > 1 && practices.hourly.answered > 1);
  const settled = async () =>
    (await fleet.query(`SELECT 1 FROM ${schemas.jobs}.job WHERE name <> 'care' AND state <= 'active'`)).length === 0;
  await until('nothing waits', settled);
  const answered = Object.entries(practices).map(([name, practice]) => [name, practice.answered]);
  expect(Object.fromEntries(answered)).toEqual({ often: 2, hourly: 2, daily: 1 });
});
