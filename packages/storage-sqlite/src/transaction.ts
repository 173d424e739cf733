import type { DatabaseSync } from './driver.js';

/** All of the work or nothing. Takes the right to write at the start, so that what is read inside is still so at the end. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  return bracket(db, 'BEGIN IMMEDIATE', work);
}

/** Everything read inside is of one moment. */
export function inSnapshot<T>(db: DatabaseSync, work: () => T): T {
  return bracket(db, 'BEGIN', work);
}

function bracket<T>(db: DatabaseSync, begin: string, work: () => T): T {
  db.exec(begin);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk, for one, SQLite has rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** So many changes and more touch pages all over the file. */
const manyChanges = 1000;

/**
 * For work that changes so much: SQLite may keep 256 MiB of pages while it lasts, instead of two. With less it writes and
 * reads pages again and again, since indexes are changed in no order.
 */
export function withRoomFor<T>(db: DatabaseSync, changes: number, work: () => T): T {
  if (changes < manyChanges) return work();
  db.exec('PRAGMA cache_size = -262144');
  try {
    return work();
  } finally {
    db.exec('PRAGMA cache_size = -2000; PRAGMA shrink_memory');
  }
}
