import type { FirmStatus, FleetStatus, Selection } from '@contact-sync/runner/engine';
import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { firmsOf } from './firms.js';
import { codesSql } from './metrics.js';
import { schemas } from './names.js';
import { isBehindSql, stateSql, states } from './selected.js';

const table = `${schemas.fleet}.connections`;

export async function statusOf(
  pool: Pool,
  boss: PgBoss,
  { limit, ...selection }: Selection & { readonly limit: number },
): Promise<FleetStatus> {
  const { rows: counts } = await pool.query<{ state: FirmStatus['state']; n: string }>(
    `SELECT ${stateSql} AS state, count(*) AS n FROM ${table} GROUP BY 1`,
  );
  const { rows: sums } = await pool.query<Sums>(
    `SELECT now() AS at, coalesce(sum(n), 0) AS connections, count(*) AS books, coalesce(sum(running), 0) AS running,
       coalesce(sum(behind), 0) AS behind, extract(epoch FROM now() - min(oldest)) AS oldest
     FROM (SELECT count(*) AS n, count(*) FILTER (WHERE running_since IS NOT NULL) AS running,
       count(*) FILTER (WHERE ${isBehindSql}) AS behind, min(last_good_at) FILTER (WHERE NOT paused) AS oldest
       FROM ${table} GROUP BY book) AS books`,
  );
  const { rows: codes } = await pool.query<{ code: string; n: string }>(codesSql);
  const count = new Map(counts.map(({ state, n }) => [state, Number(n)]));
  const sum = sums[0];
  const instances = (await boss.getInstances()).filter(({ live, schedule }) => live && schedule);
  return {
    at: (sum?.at ?? new Date()).toISOString(),
    connections: Number(sum?.connections ?? 0),
    books: Number(sum?.books ?? 0),
    states: Object.fromEntries(states.map((state) => [state, count.get(state) ?? 0])) as FleetStatus['states'],
    running: Number(sum?.running ?? 0),
    behind: Number(sum?.behind ?? 0),
    oldestGoodSeconds: sum?.oldest == null ? null : Math.round(Number(sum.oldest)),
    codes: codes.map(({ code, n }) => ({ code, connections: Number(n) })),
    workers: instances.map(({ host, pid, workers, heartbeatOn }) => ({
      name: `${host}/${pid}`,
      running: workers.filter(({ queue }) => queue === 'sync').reduce((n, { active }) => n + active, 0),
      heardAt: heartbeatOn.toISOString(),
    })),
    firms: limit === 0 ? [] : (await firmsOf(pool, { ...selection, limit, after: null })).firms,
  };
}

type Sums = { readonly at: Date; readonly oldest: string | null } & Record<
  'connections' | 'books' | 'running' | 'behind',
  string
>;
