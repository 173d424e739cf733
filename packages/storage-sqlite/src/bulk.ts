import type { DatabaseSync } from './driver.js';
import { sqliteCode, uniqueConstraint } from './errors.js';

/*
 * What a sync does with most of a book, it does as a whole: reads all contacts in one go, gives SQLite room for its pages,
 * and makes indexes anew once everything is written.
 */

/** Below this, nothing is worth the trouble. */
const many = 1000;

/** Whether so many contacts are so large a part of the file that to go through all of it takes less than to go to each. */
export function isMostContacts(db: DatabaseSync, count: number): boolean {
  if (count < many) return false;
  // Rowids rise: there are no more contacts than that.
  const highest = db.prepare('SELECT max(rowid) AS highest FROM contacts').get()?.highest;
  return count * 4 > Number(highest);
}

/** How much memory pages may take during such work, in KiB: what a changed contact needs, and the most. */
const room = { each: 8, most: 262_144 };

/**
 * SQLite may keep more pages while many contacts change, up to 256 MiB instead of two. With less it writes and reads pages
 * again and again, since indexes are changed in no order.
 */
export function withRoomFor<T>(db: DatabaseSync, changes: number, work: () => T): T {
  if (changes < many) return work();
  db.exec(`PRAGMA cache_size = -${Math.min(changes * room.each, room.most)}`);
  try {
    return work();
  } finally {
    db.exec('PRAGMA cache_size = -2000; PRAGMA shrink_memory');
  }
}

/**
 * Work that writes most contacts, without the indexes of their table: to sort them once takes a fraction of the time of
 * changing them row by row. The primary key's stays. Call it inside of a transaction: nobody else sees the table without.
 * Where two contacts turn out to have one link, `taken` makes the error.
 */
export function withoutIndexes(db: DatabaseSync, work: () => void, taken: () => Error): void {
  const indexes = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'contacts' AND sql IS NOT NULL")
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  work();
  try {
    for (const { sql } of indexes) db.exec(String(sql));
  } catch (error) {
    throw sqliteCode(error) === uniqueConstraint ? taken() : error;
  }
}
