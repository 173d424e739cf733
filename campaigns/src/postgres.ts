import { postgresStore } from '@contact-sync/storage-postgres';
import pg from 'pg';
import { startServer, type TestServer } from '../../packages/storage-postgres/test/server.js';
import { pause } from './processes.js';
import type { Place, Target, Writing } from './target.js';

const tables = ['connections', 'contacts', 'runs', 'decisions', 'forgotten'] as const;

let running: Promise<TestServer> | null = null;
let databases = 0;

/** Stops the server, if a campaign has started it. */
export async function endPostgres(): Promise<void> {
  await (await running)?.close();
  running = null;
}

/** A database of its own for a campaign. All its books are in it, which makes copies cheap and neighbours many. */
export async function postgresTarget(): Promise<Target> {
  running ??= startServer();
  const server = await running;
  databases += 1;
  const database = `books_${databases}`;
  const admin = new pg.Pool({ connectionString: server.url(), max: 2 });
  await admin.query(`CREATE DATABASE ${database}`);
  const url = server.url(database);
  const owner = new pg.Pool({ connectionString: url, max: 1, application_name: 'campaign' });
  const columns = new Map<string, string>();
  let made = 0;

  /** The others' connections to the books. */
  const theirs = `datname = '${database}' AND application_name <> 'campaign' AND backend_type = 'client backend'`;
  /** Resolves when nobody else is connected: the server notices a killed program when it next hears of it. */
  async function alone(): Promise<void> {
    while ((await admin.query(`SELECT 1 FROM pg_stat_activity WHERE ${theirs}`)).rows.length > 0) await pause(2);
  }
  /** Again and again: a connection that is just being made is seen a moment later. */
  async function endOthers(): Promise<void> {
    while (
      (await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${theirs}`)).rows.length > 0
    )
      await pause(2);
  }

  async function columnsOf(table: string): Promise<string> {
    const { rows } = await owner.query<{ columns: string }>(
      `SELECT string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns
       WHERE table_schema = 'contact_sync' AND table_name = $1 AND column_name NOT IN ('book', 'name')
         OR table_schema = 'contact_sync' AND table_name = $1 AND column_name = 'name' AND table_name <> 'books'`,
      [table],
    );
    const found = columns.get(table) ?? rows[0]?.columns ?? '';
    columns.set(table, found);
    return found;
  }

  async function copyBook(from: string, to: string): Promise<void> {
    const of = await columnsOf('books');
    const { rows } = await owner.query<{ book: string; old: string }>(
      `WITH original AS (SELECT * FROM contact_sync.books WHERE name = $1)
       INSERT INTO contact_sync.books (name, ${of}) SELECT $2, ${of} FROM original
       RETURNING book, (SELECT book FROM original) AS old`,
      [from, to],
    );
    for (const table of tables) {
      const all = await columnsOf(table);
      await owner.query(
        `INSERT INTO contact_sync.${table} (book, ${all}) SELECT $1, ${all} FROM contact_sync.${table} WHERE book = $2`,
        [rows[0]?.book, rows[0]?.old],
      );
    }
  }

  async function removeBook(name: string): Promise<void> {
    for (const table of tables.toReversed()) {
      await owner.query(
        `DELETE FROM contact_sync.${table} WHERE book = (SELECT book FROM contact_sync.books WHERE name = $1)`,
        [name],
      );
    }
    await owner.query('DELETE FROM contact_sync.books WHERE name = $1', [name]);
  }

  function place(book: string): Place {
    return {
      address: { store: 'postgres', url, book },
      async writing(): Promise<Writing> {
        const { rows } = await admin.query<{ written: boolean }>(
          `SELECT backend_xid IS NOT NULL AS written FROM pg_stat_activity
           WHERE ${theirs} AND (backend_xid IS NOT NULL OR state = 'idle in transaction')`,
        );
        if (rows.length === 0) return 'nothing';
        return rows.some(({ written }) => written) ? 'a written transaction' : 'a transaction';
      },
      endServerSide: endOthers,
      settled: alone,
      check() {},
      remove: () => removeBook(book),
    };
  }

  return {
    async template(build) {
      made += 1;
      const original = `original ${made}`;
      const store = postgresStore({ url, book: original });
      await build(store);
      await store.close();
      return {
        async copy() {
          made += 1;
          const book = `copy ${made}`;
          await copyBook(original, book);
          return place(book);
        },
      };
    },
    async end() {
      await owner.end();
      await admin.end();
    },
  };
}
