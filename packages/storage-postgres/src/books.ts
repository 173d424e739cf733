import { type Connection, type ConnectionChange, checkConnections, connectionSchema } from '@contact-sync/core';
import type { Ask } from './database.js';

/** `book` is the number of a book; 0 is that of no book. */
export type BookState = { readonly book: number; readonly version: number; readonly nextId: bigint };

type BookRow = { readonly book: string; readonly version: string; readonly next_id: string };

/** A book that is not there reads as an empty one. It is in the database from the first thing written to it. */
export async function bookState(ask: Ask, name: string): Promise<BookState> {
  const [row] = await ask<BookRow>('bookState', name);
  return row === undefined ? { book: 0, version: 0, nextId: 1n } : stateOf(row);
}

/** Takes the right to write to the book until the transaction ends, so that what is read then is still so at its end. */
export async function bookForWriting(ask: Ask, name: string): Promise<BookState> {
  let [row] = await ask<BookRow>('bookForWriting', name);
  if (row === undefined) {
    await ask('makeBook', name);
    [row] = await ask<BookRow>('bookForWriting', name);
  }
  if (row === undefined) throw new Error('The book that was just made is not there.');
  return stateOf(row);
}

export async function moveBook(ask: Ask, name: string, version: number, nextId: bigint): Promise<void> {
  await ask('moveBook', name, version, String(nextId));
}

export async function connectionsOf(ask: Ask, book: number): Promise<Connection[]> {
  return (await ask('connections', book)).map((row) => connectionSchema.parse(row));
}

/** Fails with `plan_invalid` where a connection is not what the plan says. */
export async function changeConnections(ask: Ask, book: number, changes: readonly ConnectionChange[]): Promise<void> {
  if (changes.length === 0) return;
  const stored = new Map((await connectionsOf(ask, book)).map((connection) => [connection.source, connection]));
  checkConnections(changes, (source) => stored.get(source) ?? null);
  for (const { before, after } of changes) {
    if (after !== null) await ask('putConnection', book, after.source, after.kind, after.state);
    else if (before !== null) await ask('removeConnection', book, before.source);
  }
}

function stateOf(row: BookRow): BookState {
  return { book: Number(row.book), version: Number(row.version), nextId: BigInt(row.next_id) };
}
