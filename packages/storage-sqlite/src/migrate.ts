import { ContactSyncError } from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { inTransaction } from './transaction.js';

/** One step of the schema. Its place in the list is its version: the first makes version 1 out of an empty file. */
export type Migration = { readonly name: string; readonly sql: string };

export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Takes the steps that are still to be taken, each in a transaction of its own. Several processes may do it at once. */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], file: string): void {
  for (let version = schemaVersion(db); version < migrations.length; version = schemaVersion(db)) {
    inTransaction(db, () => {
      // Another process may have been faster.
      const now = schemaVersion(db);
      const migration = migrations[now];
      if (migration === undefined) return;
      db.exec(migration.sql);
      db.exec(`PRAGMA user_version = ${now + 1}`);
    });
  }
  checkNotNewer(schemaVersion(db), migrations.length, file);
}

export function checkNotNewer(version: number, known: number, file: string): void {
  if (version <= known) return;
  throw new ContactSyncError(
    'store_newer',
    `${file} was written by a newer version of contact-sync: its schema is ${version}, and this version knows ${known}.`,
    { hint: 'Nothing was written. Install the newer version.' },
  );
}
