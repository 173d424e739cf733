import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ContactStore } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';

/** How a child process opens a book. */
export type Address = SqliteAddress | { readonly store: 'postgres'; readonly url: string; readonly book: string };
export type SqliteAddress = { readonly store: 'sqlite'; readonly file: string };

/** What a stopped process has open, as somebody beside it sees it: a transaction, of which something is written already. */
export type Writing = 'nothing' | 'a transaction' | 'a written transaction';

/** One book in a place of its own. */
export type Place<A extends Address = Address> = {
  readonly address: A;
  /** Looks at a book that another process has open and is stopped over; leaves no trace. */
  writing(): Promise<Writing>;
  /** Whether pages of a transaction that began with an empty log are in the log. */
  logGrows?(): boolean;
  /** Ends what works for the other process in the server. */
  endServerSide?(): Promise<void>;
  /** Resolves when nothing of an ended process goes on any more. */
  settled(): Promise<void>;
  /** Fails where the database itself is damaged. */
  check(): void;
  remove(): Promise<void>;
};

/** A kind of store to be tried: what campaigns need of it beside its being a store. */
export type Target<A extends Address = Address> = {
  /** Makes a book once, and copies of it as often as asked. */
  template(build: (store: ContactStore) => Promise<void>): Promise<{ copy(): Promise<Place<A>> }>;
  end(): Promise<void>;
};

export type MakeTarget = (folder: string) => Promise<Target>;

/** Only loads what it needs: thousands of processes start with it. */
export async function openAt(address: Address): Promise<ContactStore> {
  if (address.store === 'sqlite') return sqliteStore({ file: address.file, create: false });
  const { postgresStore } = await import('@contact-sync/storage-postgres');
  return postgresStore({ url: address.url, book: address.book });
}

export async function sqliteTarget(folder: string): Promise<Target<SqliteAddress>> {
  return {
    async end() {},
    async template(build) {
      const original = join(mkdtempSync(join(folder, 'template-')), 'book.db');
      const store = sqliteStore({ file: original });
      await build(store);
      await store.close();
      return {
        async copy() {
          const place = mkdtempSync(join(folder, 'book-'));
          const file = join(place, 'book.db');
          copyFileSync(original, file);
          return {
            address: { store: 'sqlite', file },
            writing: async () => sqliteWriting(file),
            async settled() {},
            logGrows: () => logSize(file) > 0,
            check: () => checkSqlite(file),
            remove: async () => rmSync(place, { recursive: true, force: true }),
          };
        },
      };
    },
  };
}

/** Another writer is refused while a transaction writes. The log is empty before the first page of a transaction spills. */
function sqliteWriting(file: string): Writing {
  if (!existsSync(`${file}-shm`)) return 'nothing';
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec('ROLLBACK');
    return 'nothing';
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && error.errcode === 5)) throw error;
    return logSize(file) > 0 ? 'a written transaction' : 'a transaction';
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
