import { randomBytes } from 'node:crypto';
import {
  type Change,
  type ConnectionChange,
  type KeptRows,
  manyTouched,
  type RowsToKeep,
  touchedLinks,
} from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';
import { inSnapshot } from './transaction.js';

/** What a book keeps of the rows of its sources. `book` is the number of a book. */
export function keptRowsOf(db: DatabaseSync) {
  const statements = prepared(db, {
    head: 'SELECT generation, seed FROM kept_rows WHERE book = ? AND source = ?',
    sources: 'SELECT source FROM kept_rows WHERE book = ?',
    chunks: 'SELECT chunk FROM kept_row_chunks WHERE book = ? AND source = ? ORDER BY number',
    touched: 'SELECT external_id FROM touched_rows WHERE book = ? AND source = ?',
    putHead: 'INSERT OR REPLACE INTO kept_rows (book, source, generation, seed) VALUES (?, ?, ?, ?)',
    raise: 'UPDATE kept_rows SET generation = generation + 1 WHERE book = ? AND source = ?',
    // Its number is the next one.
    addChunk: `INSERT INTO kept_row_chunks (book, source, number, chunk)
       SELECT :book, :source, coalesce(max(number), 0) + 1, :chunk FROM kept_row_chunks
       WHERE book = :book AND source = :source`,
    removeChunks: 'DELETE FROM kept_row_chunks WHERE book = ? AND source = ?',
    touch: 'INSERT OR IGNORE INTO touched_rows (book, source, external_id) VALUES (?, ?, ?)',
    untouch: 'DELETE FROM touched_rows WHERE book = ? AND source = ?',
  });

  function generationOf(book: number, source: string): number {
    return Number(statements.head.get(book, source)?.generation ?? 0);
  }

  /** The generation rises: whoever has read the chunks before must not go by them. */
  function drop(book: number, source: string): void {
    statements.removeChunks.run(book, source);
    statements.untouch.run(book, source);
    statements.raise.run(book, source);
  }

  function keep(book: number, { source, generation, seed, instead, chunks }: RowsToKeep): void {
    if (instead) statements.removeChunks.run(book, source);
    for (const chunk of chunks) statements.addChunk.run({ book, source, chunk });
    statements.untouch.run(book, source);
    statements.putHead.run(book, source, generation + 1, seed);
  }

  return {
    load(book: number, source: string, known: number | undefined): KeptRows {
      return inSnapshot(db, () => {
        const head = statements.head.get(book, source);
        if (head === undefined) return { generation: 0, seed: randomBytes(16), chunks: [], touched: [] };
        const generation = Number(head.generation);
        const chunks = generation === known ? [] : statements.chunks.all(book, source);
        return {
          generation,
          seed: head.seed as Uint8Array,
          chunks: chunks.map(({ chunk }) => chunk as Uint8Array),
          touched: statements.touched.all(book, source).map((row) => String(row.external_id)),
        };
      });
    },

    /** Call it inside of the transaction that makes these changes. */
    follow(
      book: number,
      changes: readonly Change[],
      connections: readonly ConnectionChange[],
      rows: RowsToKeep | undefined,
    ): void {
      const fits = rows !== undefined && rows.generation === generationOf(book, rows.source);
      const keeping = fits ? rows.source : null;
      const others = new Set(statements.sources.all(book).map(({ source }) => String(source)));
      if (keeping !== null) others.delete(keeping);
      for (const [source, ids] of touchedLinks(changes, others)) {
        if (ids.size > manyTouched) drop(book, source);
        else for (const id of ids) statements.touch.run(book, source, id);
      }
      for (const { before, after } of connections) {
        const source = before?.source ?? after?.source;
        if (source !== undefined && source !== keeping) drop(book, source);
      }
      if (fits) keep(book, rows);
    },

    /** Call it inside of a transaction. */
    dropAll(book: number): void {
      for (const { source } of statements.sources.all(book)) drop(book, String(source));
    },
  };
}

export type RowsKeeper = ReturnType<typeof keptRowsOf>;
