import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Arm, Done, Task } from '../arm.ts';
import { plainDigest, tabbed } from '../books/plain.ts';
import { source } from '../data/mix.ts';
import { stagedRows } from '../data/staged.ts';
import { countReasons, countsOf, decide, detailsKept, untouched } from './decide-sql.ts';

export const duckdbMerge: Arm = {
  name: 'duckdb-merge',
  title: 'MERGE on DuckDB, two threads',
  includes:
    'Open the database, read, decode and make canonical with contact-sync’s functions, stage through a file, decide with one SELECT, MERGE, commit and checkpoint the contacts. No index, no validation, no history.',
  book: 'duckdb',
  inputs: ['lines'],
  start: async (task) => async () => {
    const { connection, close } = await opened(task.book);
    await stage(connection, task);
    await connection.run('BEGIN');
    const decided = await timed(() => connection.run(`CREATE TEMP TABLE decided AS ${decide(source)}`));
    await connection.run(merge);
    const counts = countsOf(await rowsOf(connection, countReasons));
    await connection.run('COMMIT');
    await connection.run('CHECKPOINT');
    close();
    return { counts, parts: { decide: decided } };
  },
  async digest({ book }) {
    const { connection, close } = await opened(book);
    const digest = plainDigest(await rowsOf(connection, 'SELECT * FROM contacts'));
    close();
    return digest;
  },
};

/** The decision and nothing else: both tables are in memory, and so is what was decided. */
export const duckdbDecision: Arm = {
  name: 'duckdb-decision',
  title: 'The decision alone: DuckDB, two threads',
  includes:
    'One SELECT over contacts and canonical records that are both loaded, into a table in memory. Full strings are compared.',
  book: 'duckdb',
  inputs: ['lines'],
  async start(task) {
    const { connection, close } = await opened(':memory:');
    await connection.run(`ATTACH '${task.book}' AS book (READ_ONLY)`);
    await connection.run('CREATE TABLE contacts AS FROM book.contacts');
    await stage(connection, task);
    return async (): Promise<Done> => {
      const decided = await timed(() => connection.run(`CREATE TEMP TABLE decided AS ${decide(source)}`));
      const counts = countsOf(await rowsOf(connection, countReasons));
      close();
      return { counts, parts: { decide: decided } };
    };
  },
  digest: null,
};

const kept = (column: string) =>
  `${column} = CASE WHEN reason IN ${detailsKept} THEN contacts.${column} ELSE decided.${column} END`;
const merge = `
  MERGE INTO contacts USING (
    SELECT *, (SELECT coalesce(max(id), 0) FROM contacts)
      + row_number() OVER (PARTITION BY contact IS NULL ORDER BY seq) AS new_id
    FROM decided WHERE reason NOT IN ${untouched}
  ) AS decided ON contacts.id = decided.contact
  WHEN MATCHED THEN UPDATE SET record_type = 'contact-sync', source = '${source}', external_id = decided.external_id,
    ${['name', 'email', 'phone', 'key'].map(kept).join(', ')}
  WHEN NOT MATCHED THEN INSERT (id, name, email, phone, record_type, forced_manual, source, external_id, key)
    VALUES (decided.new_id, decided.name, decided.email, decided.phone, 'contact-sync', false, '${source}',
      decided.external_id, decided.key)`;

async function opened(file: string): Promise<{ connection: DuckDBConnection; close: () => void }> {
  const instance = await DuckDBInstance.create(file, { threads: '2' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}

async function stage(connection: DuckDBConnection, { input, folder }: Task): Promise<void> {
  const file = join(folder, 'staged.tsv');
  await pipeline(Readable.from(lines(input)), createWriteStream(file));
  await connection.run(
    `CREATE TEMP TABLE staged AS FROM read_csv('${file}', delim = '\t', nullstr = '\\N', header = false, quote = '', escape = '',
       columns = {seq: 'BIGINT', external_id: 'VARCHAR', name: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', key: 'VARCHAR'})`,
  );
}

async function* lines(input: string): AsyncGenerator<string> {
  for await (const rows of stagedRows(input)) yield rows.map(tabbed).join('');
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
