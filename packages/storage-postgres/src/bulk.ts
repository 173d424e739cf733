import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { type BulkName, bulks } from './statements.js';

/** A value of a column. Texts have no NUL. */
export type Value = string | number | boolean | null;

/** What takes many rows at once. */
export type Bulk = {
  /** Sends rows, which `copyText` gives. */
  copy(name: BulkName, rows: Iterable<string>): Promise<void>;
  /**
   * Gives null, and undoes what the work has written, where it gives null or comes upon a key that is taken. Everything
   * else that fails ends the transaction.
   */
  attempt<T>(work: () => Promise<T | null>): Promise<T | null>;
};

/**
 * Null where that cannot be: the client is written in C or sends statements ahead, as those of a caller's own pool may be,
 * or may make no temporary table.
 */
export function bulkOf(client: PoolClient, mayMakeTables: boolean): Bulk | null {
  if (!mayMakeTables || !('connection' in client) || ('pipeline' in client && client.pipeline === true)) return null;
  return {
    async copy(name, rows) {
      const { before, copy } = bulks[name];
      if (before !== null) await client.query(before);
      await pipeline(Readable.from(rows), client.query(from(copy)));
    },
    async attempt(work) {
      await client.query('SAVEPOINT attempt');
      const done = await work().catch((error: unknown) => {
        if (isTakenKey(error)) return null;
        throw error;
      });
      await client.query(done === null ? 'ROLLBACK TO attempt' : 'RELEASE attempt');
      return done;
    },
  };
}

const pieceLength = 65_536;

/**
 * Rows of one book, in pieces: of each thing the values of the columns that `bulks` names after the book, in the text format
 * of COPY, https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS.
 */
export function* copyText<T>(
  book: number,
  things: Iterable<T>,
  rowOf: (thing: T) => readonly Value[],
): Generator<string, void, void> {
  let piece = '';
  for (const thing of things) {
    piece += book;
    for (const value of rowOf(thing)) piece += `\t${typeof value === 'string' ? escaped(value) : (value ?? '\\N')}`;
    piece += '\n';
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (letter) => escapes[letter] ?? letter) : text;
}

function isTakenKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
