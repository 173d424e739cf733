import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { storedKey, writeStored } from '@contact-sync/runner/engine';
import { postgresVault } from '@contact-sync/storage-postgres';
import pg from 'pg';
import { inject } from 'vitest';
import { openWorld, type World } from '../src/world.js';
import { type Practice, type Practices, startPractices } from './practices.js';
import { key, sealedOf, storedPractice } from './stored.js';

let shared: Promise<string> | null = null;
let made = 0;

/** A new database on the server that all tests share. */
async function newDatabase(): Promise<string> {
  shared ??= text(createConnection(inject('postgresStarter')));
  const server = await shared;
  made += 1;
  const name = `fleet_${process.pid}_${made}`;
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

export type TestFleet = {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly world: World;
  readonly practices: Practices;
  /** Stores the connection of a practice in a book of its own name. */
  connect(book: string, practice: Practice, schedule?: string): Promise<string>;
  remove(book: string, source: string): Promise<void>;
  query<T extends object>(sql: string, values?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
};

/** A database, a key and a system to read from: a fleet without a worker. */
export async function testFleet(): Promise<TestFleet> {
  const url = await newDatabase();
  const env = { CONTACT_SYNC_KEY: key };
  const world = await openWorld({ url, env, cwd: process.cwd(), signal: new AbortController().signal }, 4);
  const practices = await startPractices();
  const vault = postgresVault({ pool: world.pool });
  const sealed = sealedOf(vault);
  return {
    ...{ url, env, world, practices },
    async connect(book, practice, schedule) {
      const { source, stored } = storedPractice(practices.url, practice.tenantId, schedule);
      await writeStored(sealed, book, source, stored);
      return source;
    },
    async remove(book, source) {
      await sealed.locked(storedKey(book, source), ({ save }) => save(null));
    },
    async query<T extends object>(sql: string, values: unknown[] = []) {
      return (await world.pool.query<T>(sql, values)).rows;
    },
    async close() {
      await world.close();
      await practices.close();
    },
  };
}

/** Resolves once the work gives true, and fails after a minute. */
export async function until(what: string, work: () => Promise<boolean> | boolean, ms = 50_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await work())) {
    if (performance.now() > end) throw new Error(`It took too long until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
