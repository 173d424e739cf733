import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';

export type BookState = { readonly book: number; readonly version: number; readonly nextId: bigint };

/** The books of a file, by name. A book is in the file from the first thing written to it. */
export function booksOf(db: DatabaseSync) {
  const statements = prepared(db, {
    select: 'SELECT book, version, next_id FROM books WHERE name = ?',
    insert: 'INSERT INTO books (name) VALUES (?)',
    move: 'UPDATE books SET version = ?, next_id = ? WHERE book = ?',
  });

  function find(name: string): BookState | null {
    const row = statements.select.get(name);
    if (row === undefined) return null;
    return { book: Number(row.book), version: Number(row.version), nextId: BigInt(String(row.next_id)) };
  }

  return {
    /** A book that is not there reads as an empty one. */
    state(name: string): BookState {
      return find(name) ?? { book: 0, version: 0, nextId: 1n };
    },

    /** Call it inside of a transaction. */
    openForWriting(name: string): BookState {
      const found = find(name);
      if (found !== null) return found;
      return { book: Number(statements.insert.run(name).lastInsertRowid), version: 0, nextId: 1n };
    },

    move(book: number, { version, nextId }: { version: number; nextId: bigint }): void {
      statements.move.run(version, String(nextId), book);
    },
  };
}

export type Books = ReturnType<typeof booksOf>;
