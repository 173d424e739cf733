import type { FleetAlert, Sink } from '@contact-sync/runner/engine';
import { afterEach, expect, test } from 'vitest';
import { type TestFleet, testFleet } from '../test/support.js';
import { schemas } from './names.js';
import { isMany, watchFleet } from './watch.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

/** A fleet of so many connections, and what is told of it. */
async function watched(connections: number) {
  const fleet: TestFleet = await testFleet();
  over.push(fleet.close);
  await fleet.query(
    `INSERT INTO ${schemas.fleet}.connections (key, book, source, mark, schedule, own_schedule, paused, due_at)
     SELECT n::text, 'book ' || n, 'xpm:t', '', 'hourly', false, false, now() + interval '1 hour'
     FROM generate_series(1, $1::int) AS n`,
    [connections],
  );
  const told: FleetAlert[] = [];
  const state = { down: false };
  const sink: Sink = {
    name: 'mail',
    async send({ alert }) {
      if (state.down) throw new Error('Not now.');
      told.push(alert as FleetAlert);
    },
  };
  const nothing = () => undefined;
  const log = { error: nothing, warn: nothing, info: nothing, debug: nothing };
  const { signal } = new AbortController();
  const look = () => watchFleet({ world: fleet.world, log, sinks: [sink], now: Date.now, signal });
  const fail = (n: number, code: string | null) =>
    fleet.query(`UPDATE ${schemas.fleet}.connections SET code = $2 WHERE key::int <= $1`, [n, code]);
  return { fleet, told, state, look, fail, many: (code: string) => isMany(fleet.world.pool, code) };
}

test('many that fail for one reason are one alert, once, until it is over', async () => {
  const { told, look, fail, many } = await watched(1000);
  await fail(9, 'source_unavailable');
  await look();
  expect([told, await many('source_unavailable')]).toEqual([[], false]);
  await fail(700, 'source_unavailable');
  expect(await many('source_unavailable')).toBe(true);
  await look();
  await look();
  expect(told).toMatchObject([{ kind: 'many_failing', connections: 700, code: 'source_unavailable' }]);
  expect(await many('source_unauthorized')).toBe(false);
  await fail(1000, null);
  // Those that become well before the fleet is told to be are part of it.
  expect(await many('source_unavailable')).toBe(true);
  await look();
  await look();
  expect(told.slice(1)).toMatchObject([{ kind: 'fleet_recovered', from: 'failing source_unavailable' }]);
  expect(await many('source_unavailable')).toBe(false);
});

test('what is due for more than ten minutes is behind schedule, unless it is paused', async () => {
  const { fleet, told, look } = await watched(3);
  const late = (minutes: number) =>
    fleet.query(
      `UPDATE ${schemas.fleet}.connections SET due_at = now() - $1::int * interval '1 minute' WHERE key = '1'`,
      [minutes],
    );
  await late(9);
  await look();
  expect(told).toEqual([]);
  await late(20);
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET paused = true WHERE key = '1'`);
  await look();
  expect(told).toEqual([]);
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET paused = false WHERE key = '1'`);
  await look();
  expect(told).toMatchObject([{ kind: 'behind', connections: 1 }]);
});

test('what nobody took is told with the next look', async () => {
  const { told, state, look, fail } = await watched(5);
  await fail(5, 'source_timeout');
  state.down = true;
  await look();
  state.down = false;
  await look();
  await look();
  expect(told.map(({ kind }) => kind)).toEqual(['many_failing']);
});
