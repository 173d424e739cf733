import { ContactSyncError } from '@contact-sync/core';
import type { Ended } from '@contact-sync/runner/engine';
import { afterEach, expect, test } from 'vitest';
import { testFleet } from '../test/support.js';
import { fleetMetrics } from './metrics.js';
import { schemas } from './names.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

const firm = 'Quay & "Sons" \\ Pty';

async function aFleet() {
  const fleet = await testFleet();
  over.push(fleet.close);
  const add = (key: string, more: string) =>
    fleet.query(
      `INSERT INTO ${schemas.fleet}.connections (key, book, source, mark, schedule, own_schedule, paused, due_at, code, running_since)
       SELECT $1, $2, 'xpm:' || $1, '', 'hourly', false, ${more}`,
      [key, firm],
    );
  return { fleet, add, metrics: fleetMetrics(fleet.world.pool) };
}

/** The lines of a metric, without their help. */
async function linesOf({ text }: { text: () => Promise<string> }, name: string): Promise<string[]> {
  return (await text()).split('\n').filter((line) => line.startsWith(name));
}

test('a fleet without a connection', async () => {
  const { metrics } = await aFleet();
  expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await metrics.text()).split('\n').filter((line) => line.startsWith('contact_sync_fleet'))).toEqual([
    'contact_sync_fleet_connections{paused="false"} 0',
    'contact_sync_fleet_connections{paused="true"} 0',
    'contact_sync_fleet_running 0',
    'contact_sync_fleet_behind 0',
    'contact_sync_fleet_behind_seconds 0',
  ]);
});

test('how the fleet stands, as the database has it', async () => {
  const { fleet, add, metrics } = await aFleet();
  const inAnHour = `now() + interval '1 hour'`;
  await add('well', `false, ${inAnHour}, NULL, NULL`);
  await add('running', `false, now() - interval '9 minutes', NULL, now()`);
  await add('late', `false, now() - interval '11 minutes', 'source_unavailable', NULL`);
  await add('later', `false, now() - interval '2 hours', 'source_unavailable', NULL`);
  await add('held', `false, ${inAnHour}, 'many_missing', NULL`);
  await add('odd', `false, ${inAnHour}, 'a "b" \\ c', NULL`);
  // Nobody waits for these.
  await add('paused', `true, now() - interval '3 hours', 'source_reconnect', NULL`);
  expect(await linesOf(metrics, 'contact_sync_fleet_connections')).toEqual([
    'contact_sync_fleet_connections{paused="false"} 6',
    'contact_sync_fleet_connections{paused="true"} 1',
  ]);
  expect(await linesOf(metrics, 'contact_sync_fleet_running')).toEqual(['contact_sync_fleet_running 1']);
  expect(await linesOf(metrics, 'contact_sync_fleet_behind ')).toEqual(['contact_sync_fleet_behind 2']);
  const [seconds = ''] = await linesOf(metrics, 'contact_sync_fleet_behind_seconds');
  expect(Number(seconds.split(' ')[1])).toBeGreaterThanOrEqual(7200);
  expect(Number(seconds.split(' ')[1])).toBeLessThan(7300);
  expect(await linesOf(metrics, 'contact_sync_fleet_failing')).toEqual([
    'contact_sync_fleet_failing{code="source_unavailable"} 2',
    'contact_sync_fleet_failing{code="a \\"b\\" \\\\ c"} 1',
    'contact_sync_fleet_failing{code="many_missing"} 1',
  ]);
  // A code that nobody has any more is gone, rather than at its last number.
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET code = NULL WHERE code <> 'many_missing'`);
  expect(await linesOf(metrics, 'contact_sync_fleet_failing')).toEqual([
    'contact_sync_fleet_failing{code="many_missing"} 1',
  ]);
});

function ended(more: Partial<Ended>): Ended {
  const about = { book: firm, source: 'xpm:8c0e', at: '2026-01-01T00:00:00.000Z', milliseconds: 1500, requests: 3 };
  return { ...about, requestsLeft: null, ...more } as Ended;
}

test('what this worker did, by connector, and never by firm', async () => {
  const { add, metrics } = await aFleet();
  await add('well', 'false, now(), NULL, NULL');
  const error = new ContactSyncError('source_timeout', `The read of ${firm} took too long.`, { hint: 'Wait.' });
  metrics.watcher.ended?.(ended({ outcome: 'applied' }));
  metrics.watcher.ended?.(ended({ outcome: 'applied', milliseconds: 400 }));
  metrics.watcher.ended?.(ended({ outcome: 'failed', error, source: 'fyi:north', requests: 1 }));
  expect(await linesOf(metrics, 'contact_sync_runs_total')).toEqual([
    'contact_sync_runs_total{connector="xpm",outcome="applied",code=""} 2',
    'contact_sync_runs_total{connector="fyi",outcome="failed",code="source_timeout"} 1',
  ]);
  expect(await linesOf(metrics, 'contact_sync_requests_total')).toEqual([
    'contact_sync_requests_total{connector="xpm"} 6',
    'contact_sync_requests_total{connector="fyi"} 1',
  ]);
  expect(await linesOf(metrics, 'contact_sync_run_seconds_sum{connector="xpm"}')).toEqual([
    'contact_sync_run_seconds_sum{connector="xpm"} 1.9',
  ]);
  expect(await linesOf(metrics, 'contact_sync_run_seconds_bucket{le="0.5",connector="xpm"}')).toEqual([
    'contact_sync_run_seconds_bucket{le="0.5",connector="xpm"} 1',
  ]);
  const text = await metrics.text();
  for (const name of ['Quay', '8c0e', 'north', 'xpm:']) expect(text).not.toContain(name);
});
