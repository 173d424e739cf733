import type { Pool } from 'pg';
import { type SyncOf, schemas } from './names.js';

/** How the fleet knows a connection. Times are of the database. */
export type Row = SyncOf & {
  readonly key: string;
  readonly mark: string;
  readonly schedule: string;
  readonly own_schedule: boolean;
  readonly paused: boolean;
  readonly size: Size;
  readonly due_at: Date | null;
  readonly running_since: Date | null;
  readonly worker: string | null;
  readonly last_at: Date | null;
  readonly last_good_at: Date | null;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly failures: number;
  readonly resume_at: Date | null;
  readonly rows: number | null;
  readonly milliseconds: number | null;
};

export type Size = 'small' | 'large';

const table = `${schemas.fleet}.connections`;

export async function allRows(pool: Pool): Promise<Row[]> {
  return (await pool.query<Row>(`SELECT * FROM ${table} ORDER BY book, source`)).rows;
}

export async function putRow(
  pool: Pool,
  row: Pick<Row, 'key' | 'book' | 'source' | 'mark' | 'schedule' | 'own_schedule' | 'paused' | 'due_at'>,
): Promise<void> {
  await pool.query(
    `INSERT INTO ${table} (key, book, source, mark, schedule, own_schedule, paused, due_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (key) DO UPDATE SET schedule = excluded.schedule, own_schedule = excluded.own_schedule,
       paused = excluded.paused, due_at = excluded.due_at,
       failures = CASE WHEN connections.mark = excluded.mark THEN connections.failures ELSE 0 END,
       resume_at = CASE WHEN connections.mark = excluded.mark THEN connections.resume_at END,
       mark = excluded.mark`,
    [row.key, row.book, row.source, row.mark, row.schedule, row.own_schedule, row.paused, row.due_at],
  );
}

export async function removeRow(pool: Pool, key: string): Promise<void> {
  await pool.query(`DELETE FROM ${table} WHERE key = $1`, [key]);
}

/** Says who runs it, and gives what is known. Null: the connection is not stored any more. */
export async function beginRow(pool: Pool, key: string, worker: string): Promise<Row | null> {
  const { rows } = await pool.query<Row>(
    `UPDATE ${table} SET running_since = clock_timestamp(), worker = $2 WHERE key = $1 RETURNING *`,
    [key, worker],
  );
  return rows[0] ?? null;
}

/** How a run ended: what is left out stays as it was. */
export type RowEnd = {
  readonly at?: string;
  readonly good?: boolean;
  readonly outcome?: string;
  readonly code?: string | null;
  readonly failures?: number;
  readonly resumeAt?: Date | null;
  readonly dueAt?: Date | null;
  readonly size?: Size;
  readonly rows?: number;
  readonly milliseconds?: number;
};

export async function endRow(pool: Pool, key: string, end: RowEnd): Promise<void> {
  const set: string[] = ['running_since = NULL'];
  const values: unknown[] = [key];
  const put = (column: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    set.push(`${column} = $${values.length}`);
  };
  put('last_at', end.at);
  if (end.good) put('last_good_at', end.at);
  put('outcome', end.outcome);
  put('code', end.code);
  put('failures', end.failures);
  put('resume_at', end.resumeAt);
  put('due_at', end.dueAt);
  put('size', end.size);
  put('rows', end.rows);
  put('milliseconds', end.milliseconds === undefined ? undefined : Math.round(end.milliseconds));
  await pool.query(`UPDATE ${table} SET ${set.join(', ')} WHERE key = $1`, values);
}
