import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
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
