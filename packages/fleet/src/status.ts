import type { FirmStatus, FleetStatus, Selection } from '@contact-sync/runner/engine';
import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { behindSeconds, codesSql } from './metrics.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';

const table = `${schemas.fleet}.connections`;

/** The worst first. */
const states = ['held', 'retrying', 'waiting', 'new', 'well', 'paused'] as const satisfies FirmStatus['state'][];

const stateSql = `CASE WHEN paused THEN 'paused' WHEN failures > 0 THEN 'held'
  WHEN resume_at > now() THEN 'waiting' WHEN code IS NOT NULL THEN 'retrying'
  WHEN last_at IS NULL THEN 'new' ELSE 'well' END`;
const behindSql = 'CASE WHEN paused THEN 0 ELSE greatest(0, extract(epoch FROM now() - due_at)) END';

/** Of the selected connections: `$1` the book, `$2` how the source begins, `$3` the code; null where any will do. */
export const selectedSql = `($1::text IS NULL OR book = $1) AND ($2::text IS NULL OR starts_with(source, $2))
  AND ($3::text IS NULL OR code = $3)`;

export const selectedBy = ({ book, source, code }: Selection) => [book, source, code];

type Told = Row & { readonly state: FirmStatus['state']; readonly behind: string };

export async function statusOf(
  pool: Pool,
  boss: PgBoss,
  query: Selection & { readonly limit: number },
): Promise<FleetStatus> {
  const { rows: counts } = await pool.query<{ state: FirmStatus['state']; n: string }>(
    `SELECT ${stateSql} AS state, count(*) AS n FROM ${table} GROUP BY 1`,
  );
  const { rows: sums } = await pool.query<
    Record<'at' | 'connections' | 'books' | 'running' | 'behind' | 'oldest', never>
  >(
    `SELECT now() AS at, count(*) AS connections, count(DISTINCT book) AS books,
       count(*) FILTER (WHERE running_since IS NOT NULL) AS running,
       count(*) FILTER (WHERE ${behindSql} > ${behindSeconds}) AS behind,
       extract(epoch FROM now() - min(last_good_at) FILTER (WHERE NOT paused)) AS oldest FROM ${table}`,
  );
  const { rows: codes } = await pool.query<{ code: string; n: string }>(codesSql);
  const { rows } = await pool.query<Told>(
    `SELECT *, ${stateSql} AS state, ${behindSql} AS behind FROM ${table} WHERE ${selectedSql}
     ORDER BY array_position($5::text[], ${stateSql}), behind DESC, last_good_at NULLS FIRST, book, source LIMIT $4`,
    [...selectedBy(query), query.limit, states],
  );
  const count = new Map(counts.map(({ state, n }) => [state, Number(n)]));
  const sum = sums[0];
  const instances = (await boss.getInstances()).filter(({ live, schedule }) => live && schedule);
  return {
    at: iso(sum?.at ?? null) ?? '',
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
    firms: rows.map(firmOf),
  };
}

/** What runs now, the longest first, and after it what took longest the last time. */
export async function topOf(pool: Pool, limit: number): Promise<{ at: string; firms: FirmStatus[] }> {
  const { rows } = await pool.query<Told & { at: Date }>(
    `SELECT *, now() AS at, ${stateSql} AS state, ${behindSql} AS behind FROM ${table}
     ORDER BY running_since NULLS LAST, milliseconds DESC NULLS LAST, book, source LIMIT $1`,
    [limit],
  );
  return { at: (rows[0]?.at ?? new Date()).toISOString(), firms: rows.map(firmOf) };
}

function firmOf(row: Told): FirmStatus {
  const { book, source, state, schedule, size, worker, code, failures, rows, milliseconds } = row;
  return {
    ...{ book, source, state, schedule, size, code, failures, rows, milliseconds },
    running: row.running_since !== null,
    worker: row.running_since === null ? null : worker,
    lastAt: iso(row.last_at),
    lastGoodAt: iso(row.last_good_at),
    nextAt: row.paused ? null : iso(row.due_at),
    behindSeconds: Math.round(Number(row.behind)),
  };
}

function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
