import { ContactSyncError } from '@contact-sync/core';
import type { Count, FirmName, FirmStatus, Firms, Selection } from '@contact-sync/runner/engine';
import type { Pool } from 'pg';
import { z } from 'zod';
import { connectionKey, schemas } from './names.js';
import type { Row } from './rows.js';
import { selectedBy, selectedSql, stateSql, states } from './selected.js';

const table = `${schemas.fleet}.connections`;

/** How a row is told to people: the columns, how it stands, and for how many seconds it is due. Asked of the rows that are shown alone. */
const toldSql = `connections.*, ${stateSql} AS state,
  CASE WHEN paused THEN 0 ELSE greatest(0, extract(epoch FROM now() - due_at)) END AS behind`;

type Told = Row & { readonly state: FirmStatus['state']; readonly behind: string };

/** By what the list is ordered, of the last row of a part; the first is the moment at which the list was begun. */
const placeSchema = z.tuple([z.string(), z.int(), z.string(), z.string(), z.string(), z.string()]);

/**
 * A part of the selected connections: the worst state first, then what is due for longest, then what had a good sync
 * longest ago. All parts of a list are of the moment at which it was begun, so that what comes due meanwhile moves nothing.
 */
export async function firmsOf(
  pool: Pool,
  { limit, after, ...selection }: Selection & { readonly limit: number; readonly after: string | null },
): Promise<Firms> {
  const [at, ...place] = after === null ? [null, null, null, null, null, null] : placeOf(after);
  const { rows } = await pool.query<Told & { at: Date; place: unknown }>(
    `WITH began AS (SELECT coalesce($9::timestamptz, now()) AS at),
       ranked AS (
         SELECT key, book, source, at, array_position($8::text[], ${stateSql}) AS rank,
           CASE WHEN paused THEN at ELSE least(due_at, at) END AS due, coalesce(last_good_at, '-infinity') AS good
         FROM ${table}, began WHERE ${selectedSql}),
       part AS (
         SELECT key, at, rank, due, good FROM ranked
         WHERE $10::int IS NULL OR (rank, due, good, book, source) > ($10, $11::timestamptz, $12::timestamptz, $13, $14)
         ORDER BY rank, due, good, book, source LIMIT $15)
     SELECT ${toldSql}, at, jsonb_build_array(at::text, rank, due::text, good::text, book, source) AS place
     FROM part JOIN ${table} USING (key) ORDER BY rank, due, good, book, source`,
    [...selectedBy(selection), states, at, ...place, limit],
  );
  const last = rows.at(-1);
  return {
    at: (rows[0]?.at ?? new Date()).toISOString(),
    firms: rows.map(firmOf),
    next:
      last === undefined || rows.length < limit ? null : Buffer.from(JSON.stringify(last.place)).toString('base64url'),
  };
}

function placeOf(after: string): z.output<typeof placeSchema> {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch (cause) {
    throw new ContactSyncError('usage', 'The list does not go on there.', {
      hint: 'Send `next` of the part before, as it is.',
      cause,
    });
  }
}

export async function countOf(pool: Pool, selection: Selection): Promise<Count> {
  const { rows } = await pool.query<Record<keyof Count, string>>(
    `SELECT coalesce(sum(n), 0) AS connections, count(*) AS books, coalesce(sum(paused), 0) AS paused
     FROM (SELECT count(*) AS n, count(*) FILTER (WHERE paused) AS paused FROM ${table}
       WHERE ${selectedSql} GROUP BY book) AS books`,
    [...selectedBy(selection)],
  );
  const [count] = rows;
  return {
    connections: Number(count?.connections ?? 0),
    books: Number(count?.books ?? 0),
    paused: Number(count?.paused ?? 0),
  };
}

/** Those that are called so, as they stand now, by their names. */
export async function namedFirms(pool: Pool, names: readonly FirmName[]): Promise<FirmStatus[]> {
  const { rows } = await pool.query<Told>(
    `SELECT ${toldSql} FROM ${table} WHERE key = ANY ($1) ORDER BY book, source`,
    [names.map(connectionKey)],
  );
  return rows.map(firmOf);
}

/** What runs now, the longest first, and after it what took longest the last time. */
export async function topOf(pool: Pool, limit: number): Promise<{ at: string; firms: FirmStatus[] }> {
  const { rows } = await pool.query<Told & { at: Date }>(
    `WITH connections AS (
       SELECT * FROM ${table} ORDER BY running_since NULLS LAST, milliseconds DESC NULLS LAST, book, source LIMIT $1)
     SELECT ${toldSql}, now() AS at FROM connections
     ORDER BY running_since NULLS LAST, milliseconds DESC NULLS LAST, book, source`,
    [limit],
  );
  return { at: (rows[0]?.at ?? new Date()).toISOString(), firms: rows.map(firmOf) };
}

function firmOf(row: Told): FirmStatus {
  const { book, source, state, schedule, size, worker, code, failures, rows, milliseconds } = row;
  return {
    ...{ book, source, state, schedule, size, code, failures, rows, milliseconds },
    running: row.running_since !== null,
    runningSince: iso(row.running_since),
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
