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
