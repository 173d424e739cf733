import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { postgresStore } from '@contact-sync/storage-postgres';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import pl from 'nodejs-polars';
import { from as copyFrom } from 'pg-copy-streams';
import type { BookKind, Format } from '../arm.ts';
import { writePieces } from '../data/files.ts';
import { bookOf, type Mix } from '../data/mix.ts';
import { plainColumns, plainIndexes, plainRow, plainTable, tabbed } from './plain.ts';
import { withClient } from './postgres.ts';
import { fillStore } from './store.ts';

/** Makes the book of a mix: in a file that is not there yet, or in an empty database. */
export async function makeBook(kind: BookKind, place: string, mix: Mix, size: number): Promise<void> {
  await makers[kind](place, mix, size);
}

type Maker = (place: string, mix: Mix, size: number) => Promise<void>;

const makers: Readonly<Record<BookKind, Maker>> = {
  ...storeMakers('lines'),
  ...storeMakers('records'),
  ...storeMakers('xml'),

  async 'plain-sqlite'(file, mix, size) {
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA journal_mode = WAL; BEGIN; ${plainTable};`);
    const insert = db.prepare(`INSERT INTO contacts VALUES (${plainColumns.map(() => '?').join(', ')})`);
    for (const contact of bookOf(mix, size)) {
      const row = plainRow(contact);
      insert.run(
        ...plainColumns.map((column) => (typeof row[column] === 'boolean' ? Number(row[column]) : row[column])),
      );
    }
    db.exec([...plainIndexes, 'COMMIT', 'ANALYZE'].join(';'));
    db.close();
  },

  async 'plain-postgres'(url, mix, size) {
    const file = await tabbedBook(mix, size);
    await withClient(url, async (client) => {
      await client.query(plainTable);
      await pipeline(createReadStream(file), client.query(copyFrom('COPY contacts FROM STDIN')));
      for (const index of plainIndexes) await client.query(index);
      await client.query('VACUUM ANALYZE contacts');
    });
    await rm(file);
  },

  async duckdb(file, mix, size) {
    const rows = await tabbedBook(mix, size);
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    // Without indexes: DuckDB joins by hashing, and would only keep them up to date.
    await connection.run(plainTable);
    await connection.run(
      `COPY contacts FROM '${rows}' (DELIMITER '\t', NULLSTR '\\N', HEADER false, QUOTE '', ESCAPE '')`,
    );
    connection.closeSync();
    instance.closeSync();
    await rm(rows);
  },

  async parquet(file, mix, size) {
    const rows = Array.from(bookOf(mix, size), plainRow);
    const columns = plainColumns.map((name) =>
      pl.Series(
        name,
        rows.map((row) => row[name]),
        name === 'id' ? pl.Int32 : name === 'forced_manual' ? pl.Bool : pl.String,
      ),
    );
    pl.DataFrame(columns).writeParquet(file);
  },
};

function storeMakers(format: Format) {
  return {
    async [`store-sqlite-${format}`](file: string, mix: Mix, size: number) {
      const store = sqliteStore({ file });
      await fillStore(store, mix, size, format);
      await store.close();
      const db = new DatabaseSync(file);
      db.exec('VACUUM; ANALYZE');
      db.close();
    },
    async [`store-postgres-${format}`](url: string, mix: Mix, size: number) {
      const store = postgresStore({ url });
      await fillStore(store, mix, size, format);
      await store.close();
      await withClient(url, async (client) => {
        await client.query('VACUUM (FULL, ANALYZE)');
      });
    },
  } as Record<`store-${'sqlite' | 'postgres'}-${Format}`, Maker>;
}

let files = 0;

async function tabbedBook(mix: Mix, size: number): Promise<string> {
  files += 1;
  const file = `${process.env.TMPDIR ?? '/tmp'}/contact-sync-book-${process.pid}-${files}.tsv`;
  await writePieces(file, tabbedRows(mix, size));
  return file;
}

function* tabbedRows(mix: Mix, size: number): Generator<string> {
  for (const contact of bookOf(mix, size)) {
    const row = plainRow(contact);
    yield tabbed(plainColumns.map((column) => row[column]));
  }
}
