import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { ContactSyncError } from '@contact-sync/core';
import pg from 'pg';
import { inject } from 'vitest';

let shared: Promise<string> | null = null;

/** The URL of the server that all tests share, as a user that may do everything. */
export function sharedServer(): Promise<string> {
  shared ??= text(createConnection(inject('postgresStarter')));
  return shared;
}

let made = 0;

/** A new database, and its URL. `as` is a user of the server; `options` go with CREATE DATABASE. */
export async function newDatabase({ as = 'postgres', options = '' } = {}): Promise<string> {
  const server = await sharedServer();
  made += 1;
  const name = `test_${process.pid}_${made}`;
  await query(server, `CREATE DATABASE ${name} ${options}`);
  const url = new URL(server);
  url.pathname = name;
  url.username = as;
  return url.href;
}

/** Asks the server something, with a connection of its own. */
export async function query(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A user of the server with no rights but those that everybody has, and its name. */
export async function newUser(options = ''): Promise<string> {
  made += 1;
  const name = `user_${process.pid}_${made}`;
  await query(await sharedServer(), `CREATE ROLE ${name} LOGIN ${options}`);
  return name;
}

export function withUser(url: string, user: string, password = ''): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

/** The code, message and hint of the error that the work fails with. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  try {
    await work;
  } catch (error) {
    if (!ContactSyncError.is(error)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
  throw new Error('It did not fail.');
}

/** Every table, column, index, sequence and comment that is not PostgreSQL's own, and how many rows there are. */
export async function contentOf(url: string): Promise<unknown> {
  return query(
    url,
    `SELECT n.nspname, c.relname, c.relkind, array_agg(a.attname ORDER BY a.attnum) AS columns,
       CASE WHEN c.relkind = 'r' THEN
         (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', nspname, relname), false, true, '')))[1]::text
       END AS rows
     FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid LEFT JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
     GROUP BY 1, 2, 3 ORDER BY 1, 2`,
  );
}

/** The process ids of connections to the database that wait for a lock, once there are any. */
export async function waiting(url: string): Promise<number[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows.length > 0) return rows.map(({ pid }) => pid);
    }
  } finally {
    await client.end();
  }
}

/** Locks a table, so that whoever wants something of it waits; gives a function that lets go. */
export async function locking(url: string, table: string): Promise<() => Promise<void>> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}
