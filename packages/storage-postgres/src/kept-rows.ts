import { randomBytes } from 'node:crypto';
import {
  type Change,
  type ConnectionChange,
  type KeptRows,
  manyTouched,
  type RowsToKeep,
  touchedLinks,
} from '@contact-sync/core';
import type { Ask } from './database.js';
import { isStorable } from './rows.js';

type Row = {
  readonly generation: string;
  readonly seed: Buffer;
  readonly chunk: Buffer | null;
  readonly touched: string[];
};

/** What a book keeps of the rows of a source. */
export async function keptRows(ask: Ask, book: number, source: string, known?: number): Promise<KeptRows> {
  const rows = isStorable(source) ? await ask<Row>('rowsOf', book, source, known ?? null) : [];
  const [row] = rows;
  if (row === undefined) return { generation: 0, seed: randomBytes(16), chunks: [], touched: [] };
  const { generation, seed, touched } = row;
  return { generation: Number(generation), seed, touched, chunks: rows.flatMap(({ chunk }) => chunk ?? []) };
}

/** Keeps what a sync wants to have kept, and notes what else a plan changed. Call it in the transaction that does. */
export async function followRows(
  ask: Ask,
  book: number,
  done: {
    readonly changes: readonly Change[];
    readonly connections: readonly ConnectionChange[];
    readonly rows: RowsToKeep | undefined;
  },
): Promise<void> {
  const { changes, connections, rows } = done;
  const heads = await ask<{ source: string; generation: string }>('keptRows', book);
  const generations = new Map(heads.map(({ source, generation }) => [source, Number(generation)]));
  const fits = rows !== undefined && isStorable(rows.source) && rows.generation === (generations.get(rows.source) ?? 0);
  const others = new Set(generations.keys());
  if (fits) others.delete(rows.source);
  for (const [source, ids] of touchedLinks(changes, others)) {
    if (ids.size > manyTouched) await drop(ask, book, source);
    else await ask('touchRows', book, source, [...ids]);
  }
  for (const { before, after } of connections) {
    const source = before?.source ?? after?.source;
    if (source !== undefined && others.has(source)) await drop(ask, book, source);
  }
  if (fits) await keep(ask, book, rows);
}

export async function dropAllRows(ask: Ask, book: number): Promise<void> {
  for (const { source } of await ask<{ source: string }>('keptRows', book)) await drop(ask, book, source);
}

async function keep(ask: Ask, book: number, { source, generation, seed, instead, chunks }: RowsToKeep): Promise<void> {
  if (instead) await ask('removeRowChunks', book, source);
  const [last] = await ask<{ number: string }>('lastRowChunk', book, source);
  for (const [index, chunk] of chunks.entries()) {
    const { buffer, byteOffset, byteLength } = chunk;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    await ask('addRowChunk', book, source, Number(last?.number) + 1 + index, bytes);
  }
  await ask('untouchRows', book, source);
  await ask('putKeptRows', book, source, generation + 1, Buffer.from(seed));
}

/** The generation rises: whoever has read the chunks before must not go by them. */
async function drop(ask: Ask, book: number, source: string): Promise<void> {
  await ask('removeRowChunks', book, source);
  await ask('untouchRows', book, source);
  await ask('raiseKeptRows', book, source);
}
