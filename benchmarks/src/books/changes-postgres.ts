import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { withClient } from './postgres.ts';

/*
 * What a sync wrote to a store's tables in PostgreSQL, as files for COPY: so that the same rows can be written again with
 * no logic at all.
 */

const schema = 'contact_sync';

type Table = { readonly name: string; readonly columns: readonly string[]; readonly keys: readonly string[] };

/** Notes which rows there are, before a sync. */
export function noteKeys(url: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query('CREATE SCHEMA before_sync');
    for (const { name, keys } of await tablesOf(client)) {
      await client.query(
        `CREATE TABLE before_sync.${name} AS SELECT ${keys}, xmin::text::bigint AS version FROM ${schema}.${name}`,
      );
      await client.query(`ALTER TABLE before_sync.${name} ADD PRIMARY KEY (${keys})`);
    }
    await client.query('ANALYZE');
  });
}

/** After it: the rows that are new, and those that are another version of themselves. */
export function keepChanges(url: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  return withClient(url, async (client) => {
    const tables = await tablesOf(client);
    for (const { name, columns, keys } of tables) {
      const all = columns.map((column) => `now.${column}`);
      const join_ = `SELECT ${all} FROM ${schema}.${name} now LEFT JOIN before_sync.${name} old USING (${keys})`;
      await save(client, `${join_} WHERE old.version IS NULL`, join(folder, `insert-${name}`));
      await save(
        client,
        `${join_} WHERE old.version <> now.xmin::text::bigint ORDER BY random()`,
        join(folder, `update-${name}`),
      );
    }
    await writeFile(join(folder, 'tables.json'), JSON.stringify(tables));
  });
}

async function save(client: pg.Client, sql: string, file: string): Promise<void> {
  await pipeline(client.query(copyTo(`COPY (${sql}) TO STDOUT`)), createWriteStream(file));
}

/** COPY for what is new; COPY to a temporary table and one UPDATE for what changed; one transaction. */
export async function rewrite(url: string, folder: string): Promise<void> {
  const tables: Table[] = JSON.parse(await readFile(join(folder, 'tables.json'), 'utf8'));
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    for (const { name, columns, keys } of tables) {
      const table = `${schema}.${name}`;
      const changed = join(folder, `update-${name}`);
      if ((await stat(changed)).size > 0) {
        await client.query(`CREATE TEMP TABLE new_${name} (LIKE ${table})`);
        await load(client, `new_${name} (${columns})`, changed);
        await client.query(`ANALYZE new_${name}`);
        const values = columns.filter((column) => !keys.includes(column));
        const set = values.map((column) => `${column} = new.${column}`);
        const same = keys.map((key) => `old.${key} = new.${key}`).join(' AND ');
        await client.query(`UPDATE ${table} old SET ${set} FROM new_${name} new WHERE ${same}`);
      }
      const made = join(folder, `insert-${name}`);
      if ((await stat(made)).size > 0) await load(client, `${table} (${columns})`, made);
    }
    await client.query('COMMIT');
  });
}

async function load(client: pg.Client, into: string, file: string): Promise<void> {
  await pipeline(createReadStream(file), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
}

/** Those with a primary key; what others refer to comes first. */
async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT relname AS name,
       (SELECT json_agg(quote_ident(attname) ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped) AS columns,
       (SELECT json_agg(quote_ident(attname) ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attnum = ANY (conkey)) AS keys
     FROM pg_class JOIN pg_constraint ON conrelid = pg_class.oid AND contype = 'p'
     WHERE relnamespace = $1::regnamespace AND relkind = 'r' ORDER BY pg_class.oid`,
    [schema],
  );
  return rows;
}
