import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ContactStore } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';

/** How a child process opens a book. */
export type Address = { readonly store: 'sqlite'; readonly file: string };

/** Where a stopped writer stands, as somebody beside it sees it. */
export type Writing = 'no transaction' | 'transaction begun' | 'transaction in the log';

/** One book in a place of its own. */
export type Place = {
  readonly address: Address;
  /** Looks at a book that another process has open and is stopped over; leaves no trace. */
  writing(): Writing;
  /** Whether pages of a transaction that began with an empty log are in the log. */
  logGrows?(): boolean;
  /** Fails where the database itself is damaged. */
  check(): void;
  remove(): void;
};

/** A kind of store to be tried: what campaigns need of it beside its being a store. */
export type Target = {
  readonly name: string;
  /** What can be killed: the program that writes, or the server's part of it. */
  readonly kills: readonly ['client', ...'backend'[]];
  /** Makes a book once, and copies of it as often as asked. */
  template(build: (store: ContactStore) => Promise<void>): Promise<{ copy(): Place }>;
};

export function openAt(address: Address): ContactStore {
  return sqliteStore({ file: address.file, create: false });
}

export function sqliteTarget(folder: string): Target {
  return {
    name: 'SQLite',
    kills: ['client'],
    async template(build) {
      const original = join(mkdtempSync(join(folder, 'template-')), 'book.db');
      const store = sqliteStore({ file: original });
      await build(store);
      await store.close();
      return {
        copy() {
          const place = mkdtempSync(join(folder, 'book-'));
          const file = join(place, 'book.db');
          copyFileSync(original, file);
          return {
            address: { store: 'sqlite', file },
            writing: () => sqliteWriting(file),
            logGrows: () => logSize(file) > 0,
            check: () => checkSqlite(file),
            remove: () => rmSync(place, { recursive: true, force: true }),
          };
        },
      };
    },
  };
}

/** Another writer is refused while a transaction writes. The log is empty before the first page of a transaction spills. */
function sqliteWriting(file: string): Writing {
  if (!existsSync(`${file}-shm`)) return 'no transaction';
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec('ROLLBACK');
    return 'no transaction';
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && error.errcode === 5)) throw error;
    return logSize(file) > 0 ? 'transaction in the log' : 'transaction begun';
  } finally {
    db.close();
  }
}

function logSize(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

export function checkSqlite(file: string): void {
  const db = new DatabaseSync(file);
  try {
    const problems = [...db.prepare('PRAGMA integrity_check').all(), ...db.prepare('PRAGMA foreign_key_check').all()];
    const told = JSON.stringify(problems);
    if (told !== '[{"integrity_check":"ok"}]') throw new Error(`SQLite finds the file damaged: ${told}`);
  } finally {
    db.close();
  }
}
