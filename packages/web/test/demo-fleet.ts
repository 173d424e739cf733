import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { openFleet } from '@contact-sync/fleet';
import { serveFleet } from '@contact-sync/runner';
import pg from 'pg';
import { inject } from 'vitest';
import { startWeb } from '../src/start.js';
import { type DemoOptions, withHolders } from './demo-service.js';

export type DemoFleet = {
  /** Where the page is, and where the database. */
  readonly url: string;
  readonly database: string;
  readonly shown: readonly string[];
  query<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
};

let made = 0;

/** The real page of a real fleet, without workers, on a database of its own. */
export async function demoFleet({ proxy = null, holders }: Pick<DemoOptions, 'proxy' | 'holders'>): Promise<DemoFleet> {
  const database = await newDatabase();
  const pool = new pg.Pool({ connectionString: database, max: 2 });
  const stop = new AbortController();
  const shown: string[] = [];
  const started = Promise.withResolvers<string>();
  const ended = serveFleet({
    url: database,
    actor: 'tester',
    env: { CONTACT_SYNC_KEY: Buffer.alloc(32, 7).toString('base64') },
    cwd: process.cwd(),
    signal: stop.signal,
    listen: { host: '127.0.0.1', port: 0 },
    write: () => undefined,
    openFleet,
    web: {
      proxy,
      command: 'contact-sync fleet open',
      show: (line) => void shown.push(line),
      load: async () => async (given) => await startWeb({ ...given, access: withHolders(given.access, holders) }),
    },
    onStart: started.resolve,
  });
  ended.catch(started.reject);
  const url = await started.promise;
  return {
    ...{ url, database, shown },
    async query<T extends object>(sql: string, values: unknown[] = []) {
      return (await pool.query<T>(sql, values)).rows;
    },
    async close() {
      stop.abort();
      await ended;
      await pool.end();
    },
  };
}

/** On the server that all tests share. */
export async function newDatabase(): Promise<string> {
  const server = (await text(createConnection(inject('postgresStarter')))).trim();
  made += 1;
  const name = `page_${process.pid}_${made}`;
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}
