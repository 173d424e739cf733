import type { Pool } from 'pg';
import { z } from 'zod';
import type { SyncOf } from './names.js';

/** A stored connection, without what it holds. `sealed` changes with every way in which it is written. */
export type StoredName = SyncOf & { readonly sealed: string };

const prefix = 'secret:connection:';

/** Which connections are stored in the whole database: one question, however many books there are. */
export async function storedNames(pool: Pool): Promise<StoredName[]> {
  const { rows } = await pool.query<{ key: string; sealed: string }>(
    `SELECT key, md5(value) AS sealed FROM contact_sync.vault WHERE value IS NOT NULL AND starts_with(key, $1) ORDER BY key`,
    [prefix],
  );
  return rows.map(({ key, sealed }) => {
    const [book, source] = z.tuple([z.string(), z.string()]).parse(JSON.parse(key.slice(prefix.length)));
    return { book, source, sealed };
  });
}

/** Those that somebody paused or disconnected. */
export async function restingNames(pool: Pool): Promise<(SyncOf & { readonly state: string })[]> {
  const { rows } = await pool.query<SyncOf & { state: string }>(
    `SELECT books.name AS book, source, state FROM contact_sync.connections JOIN contact_sync.books USING (book)
     WHERE state IN ('paused', 'disconnected')`,
  );
  return rows;
}
