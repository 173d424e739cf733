import { ContactSyncError, planPause, planResume } from '@contact-sync/core';
import {
  type FirmName,
  nextAfter,
  type Order,
  type OrderKind,
  parseSchedule,
  type Selection,
} from '@contact-sync/runner/engine';
import { postgresStore } from '@contact-sync/storage-postgres';
import type { Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { momentName, schemas } from './names.js';
import type { Row } from './rows.js';
import { selectedBy, selectedSql } from './selected.js';
import { forgetFailures, scheduleSync, syncNow, unschedule } from './take-up.js';

const table = `${schemas.fleet}.connections`;

/** So many books are changed at once. */
const atOnce = 3;
/** A book that is synced meanwhile has moved on, and is looked at anew. */
const tries = 5;

type Place = { readonly pool: Pool; readonly boss: PgBoss };

/** Does it to the selected connections after `after`, by their names, and says which of them changed. */
export async function giveOrder(
  place: Place,
  kind: OrderKind,
  selection: Selection,
  { actor, why, after, limit }: Omit<Order, 'limit'> & { readonly limit: number | null },
): Promise<{ changed: FirmName[]; next: FirmName | null }> {
  const { rows } = await place.pool.query<Row>(
    `SELECT * FROM ${table} WHERE ${selectedSql} AND ($8::text IS NULL OR (book, source) > ($8, $9))
     ORDER BY book, source LIMIT $10`,
    [...selectedBy(selection), after?.book ?? null, after?.source ?? null, limit],
  );
  const changed: FirmName[] = [];
  for (let at = 0; at < rows.length; at += atOnce) {
    const some = rows.slice(at, at + atOnce);
    const done = await Promise.all(some.map((row) => orders[kind](place, row, { actor, why })));
    changed.push(...some.filter((_, index) => done[index]).map(({ book, source }) => ({ book, source })));
  }
  const last = rows.at(-1);
  const next = last === undefined || rows.length !== limit ? null : { book: last.book, source: last.source };
  return { changed, next };
}

type Signed = Pick<Order, 'actor' | 'why'>;

/** Each does it to one connection, and says whether there was anything to do. */
const orders: Readonly<Record<OrderKind, (place: Place, row: Row, signed: Signed) => Promise<boolean>>> = {
  async pause(place, row, signed) {
    if (!(await change(place, row, signed, planPause, 'connected'))) return false;
    // As the workers' next look would have it, for who looks sooner.
    await unschedule(place.boss, row.key);
    await place.pool.query(`UPDATE ${table} SET paused = true, due_at = NULL WHERE key = $1`, [row.key]);
    return true;
  },
  async resume(place, row, signed) {
    if (!(await change(place, row, signed, planResume, 'paused'))) return false;
    const schedule = parseSchedule(row.schedule);
    await scheduleSync(place.boss, row, schedule, row.size);
    const due = new Date(nextAfter(schedule, momentName(row), Date.now()));
    await place.pool.query(`UPDATE ${table} SET paused = false, due_at = $2 WHERE key = $1`, [row.key, due]);
    return true;
  },
  async retry({ pool, boss }, row, { actor }) {
    if (row.paused) return false;
    await pool.query(`UPDATE ${table} SET failures = 0, resume_at = NULL, due_at = now() WHERE key = $1`, [row.key]);
    await forgetFailures(boss, row.key);
    await syncNow(boss, row, row.size, actor);
    return true;
  },
};

/** Pauses or resumes one in its own book, unless it is so already. */
async function change({ pool }: Place, { book, source }: Row, signed: Signed, plan: typeof planPause, from: string) {
  const store = postgresStore({ pool, book });
  for (let left = tries; ; left -= 1) {
    const { connections } = await store.head();
    if (!connections.some((one) => one.source === source && one.state === from)) return false;
    try {
      await store.apply(await plan(store, source, { ...signed, at: new Date().toISOString() }));
      return true;
    } catch (error) {
      if (left === 1 || !ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
    }
  }
}
