import type { Watcher } from '@contact-sync/runner/engine';
import type { Pool } from 'pg';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { schemas } from './names.js';

/** Due for longer than this is behind schedule, in seconds. */
export const behindSeconds = 600;

/**
 * What Prometheus can watch. A worker tells of what it did itself, and of the fleet as a whole as the database has it, the
 * same from each: take the greatest. No label names a firm, for there are too many of them.
 */
export function fleetMetrics(pool: Pool) {
  const registry = new Registry();
  const registers = [registry];
  const runs = new Counter({
    name: 'contact_sync_runs_total',
    help: 'Runs of this worker by connector and outcome; code: of the error of a failed run',
    labelNames: ['connector', 'outcome', 'code'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'contact_sync_run_seconds',
    help: 'How long runs of this worker took',
    labelNames: ['connector'] as const,
    buckets: [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    registers,
  });
  const requests = new Counter({
    name: 'contact_sync_requests_total',
    help: 'HTTP requests that runs of this worker made',
    labelNames: ['connector'] as const,
    registers,
  });
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name: `contact_sync_fleet_${name}`, help, labelNames, registers });
  const connections = gauge('connections', 'Connections of the whole fleet; paused: until a person resumes them', [
    'paused',
  ]);
  const running = gauge('running', 'Syncs that are under way in the whole fleet');
  const behind = gauge('behind', `Connections due for more than ${behindSeconds} s`);
  const behindMost = gauge('behind_seconds', 'For how long the connection is due that is due for longest');
  const failing = gauge('failing', 'Connections whose last run did not go well, by code', ['code']);

  const watcher: Watcher = {
    ended(ended) {
      const connector = ended.source.slice(0, ended.source.indexOf(':'));
      const code = ended.outcome === 'failed' ? ended.error.code : '';
      runs.inc({ connector, outcome: ended.outcome, code });
      duration.observe({ connector }, ended.milliseconds / 1000);
      requests.inc({ connector }, ended.requests);
    },
  };

  return {
    watcher,
    contentType: registry.contentType,
    async text(): Promise<string> {
      const [now] = (await pool.query<Now>(nowSql)).rows;
      connections.set({ paused: 'false' }, Number(now?.connections ?? 0) - Number(now?.paused ?? 0));
      connections.set({ paused: 'true' }, Number(now?.paused ?? 0));
      running.set(Number(now?.running ?? 0));
      behind.set(Number(now?.behind ?? 0));
      behindMost.set(Math.max(0, Number(now?.behind_most ?? 0)));
      failing.reset();
      for (const { code, n } of (await pool.query<{ code: string; n: string }>(codesSql)).rows)
        failing.set({ code }, Number(n));
      return await registry.metrics();
    },
  };
}

type Now = Record<'connections' | 'paused' | 'running' | 'behind' | 'behind_most', string | null>;

const nowSql = `
  SELECT count(*) AS connections, count(*) FILTER (WHERE paused) AS paused,
    count(*) FILTER (WHERE running_since IS NOT NULL) AS running,
    count(*) FILTER (WHERE NOT paused AND due_at < now() - interval '${behindSeconds} s') AS behind,
    extract(epoch FROM now() - min(due_at) FILTER (WHERE NOT paused)) AS behind_most
  FROM ${schemas.fleet}.connections`;

/** Of connections that somebody still wants synced. */
export const codesSql = `
  SELECT code, count(*) AS n FROM ${schemas.fleet}.connections WHERE code IS NOT NULL AND NOT paused GROUP BY code
  ORDER BY 2 DESC, 1`;
