import { ContactSyncError } from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { codes, explained, sqliteCode } from './errors.js';

/*
 * What is deleted is overwritten (secure_delete), but SQLite may have moved a row before, and left a copy in the unused part
 * of a page; the write-ahead log has old pages too. So after a person was forgotten the file is written anew without its
 * unused parts, and the log is emptied. That this is still to be done is in the file, in case a program dies before it is.
 */

/** Call it inside of the transaction that deletes. */
export function markForCleaning(db: DatabaseSync): void {
  db.exec('INSERT OR IGNORE INTO cleaning (due) VALUES (1)');
}

/** Nothing of what was deleted is left in the file or beside it after this. Another program that reads may be in the way. */
function clean(db: DatabaseSync): void {
  db.exec('VACUUM');
  const busy = Number(db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy);
  if (busy !== 0) throw Object.assign(new Error('The log could not be emptied.'), { errcode: codes.busy });
  db.exec('DELETE FROM cleaning');
}

/** Fails where another program is in the way: what was asked for is done then, but not yet in all of the file. */
export function cleanNow(db: DatabaseSync, file: string): void {
  try {
    clean(db);
  } catch (error) {
    const fault = explained(error, file);
    throw new ContactSyncError(
      ContactSyncError.is(fault) ? fault.code : 'store_failed',
      `The person is forgotten, but ${file} could not be cleaned of what was deleted.`,
      {
        hint: 'Close other programs that use the file. It is cleaned when it is next opened for writing.',
        cause: error,
      },
    );
  }
}

/** Does what an earlier program had to leave undone; where another one is still in the way, it stays due. */
export function cleanIfDue(db: DatabaseSync): void {
  if (db.prepare('SELECT 1 FROM cleaning').get() === undefined) return;
  try {
    clean(db);
  } catch (error) {
    const code = sqliteCode(error);
    if (code === null || ((code & 0xff) !== codes.busy && (code & 0xff) !== codes.locked)) throw error;
  }
}
