import { type Connection, type ConnectionChange, checkConnections, connectionSchema } from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { prepared } from './prepared.js';

/** The connections of a book, one row for each source. */
export function connectionsOf(db: DatabaseSync) {
  const statements = prepared(db, {
    list: 'SELECT source, kind, state FROM connections WHERE book = ? AND source > ? ORDER BY source',
    get: 'SELECT source, kind, state FROM connections WHERE book = ? AND source = ?',
    remove: 'DELETE FROM connections WHERE book = ? AND source = ?',
    insert: 'INSERT INTO connections (book, source, kind, state) VALUES (?, ?, ?, ?)',
  });

  return {
    list(book: number): Connection[] {
      return statements.list.all(book, '').map((row) => connectionSchema.parse(row));
    },

    /** Call it inside of a transaction. Fails with `plan_invalid` where a connection is not what the plan says. */
    change(book: number, changes: readonly ConnectionChange[]): void {
      checkConnections(changes, (source) => {
        const row = statements.get.get(book, source);
        return row === undefined ? null : connectionSchema.parse(row);
      });
      for (const { before, after } of changes) {
        if (before !== null) statements.remove.run(book, before.source);
        if (after !== null) statements.insert.run(book, after.source, after.kind, after.state);
      }
    },
  };
}

export type Connections = ReturnType<typeof connectionsOf>;
