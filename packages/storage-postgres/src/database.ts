import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg';
import { type Bulk, bulkOf } from './bulk.js';
import { explained, type Stage, unusable } from './errors.js';
import { checkNotNewer, markOf, migrate, type Schema, type SchemaState, schemaState } from './migrate.js';
import { invalid } from './options.js';
import { booksSchema } from './schema.js';
import { type StatementName, statements } from './statements.js';

/** Asks the database something. `book` is the first parameter of every statement, its name or its number. */
export type Ask = <Row>(statement: StatementName, book: string | number, ...values: unknown[]) => Promise<Row[]>;

export type Database = {
  /** Which database this is, for people, without user and password. */
  readonly place: string;
  /** Each statement is of a moment of its own. */
  read<T>(work: (ask: Ask) => Promise<T>): Promise<T>;
  /** All of the work or nothing. */
  write<T>(work: (ask: Ask, bulk: Bulk | null) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly url?: string | undefined;
  readonly pool?: Pool | undefined;
  readonly readOnly: boolean;
  readonly busyTimeoutMs: number;
  /** How long to wait for the answer to a statement, where connections are made from `url`. */
  readonly answerTimeoutMs?: number;
  readonly schema?: Schema;
};

/** The oldest server we know to work; nothing older is maintained by the PostgreSQL project. */
const oldestServer = 13;

/** How long a transaction may stand still, because its process was frozen, before the server ends it: others wait for it. */
const idleTimeoutMs = 60_000;

/** What was found of the databases of callers' pools: who opens thousands of books by one pool looks at it once. */
const preparedPools = new WeakMap<Pool, Promise<void>>();

/** Connects when it is first asked for something, and looks then whether the schema is there and of this version. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, pool: given, readOnly, busyTimeoutMs, answerTimeoutMs, schema = booksSchema } = options;
  const place = placeOf(given?.options ?? { connectionString: url });
  const pool = given ?? poolOf(url, answerTimeoutMs);
  let isOpen = true;
  const isShared = given !== undefined && !readOnly && schema === booksSchema;
  let prepared: Promise<void> | null = null;

  async function connect(broke: (error: unknown) => void): Promise<PoolClient> {
    if (!isOpen) throw unusable(`${place} is closed already.`, 'Open the store again.');
    try {
      return await connected(pool, broke);
    } catch (error) {
      throw explained(error, place, 'connecting');
    }
  }

  async function prepare(): Promise<void> {
    await using(async (client) => {
      await checkServer(client, place);
      if (!readOnly) {
        await client.query("SELECT set_config('lock_timeout', $1, false)", [String(busyTimeoutMs)]);
        await migrate(client, schema, place);
        await client.query('RESET lock_timeout');
      }
      const state = await schemaState(client, schema, place);
      checkNotNewer(state, schema, place);
      // A newer version may have added what we need not know of.
      if (state.version >= schema.migrations.length) return;
      throw unusable(
        state.version === 0
          ? `There is no contact book in ${place}.`
          : `${place} was written by an older version of contact-sync.`,
        'Nothing was written. A command that writes, a sync for example, makes what is needed.',
      );
    });
  }

  /** Once, unless it fails: the server may be there the next time. */
  async function ready(): Promise<void> {
    prepared ??= preparedPools.get(pool) ?? prepare();
    if (isShared) preparedPools.set(pool, prepared);
    try {
      await prepared;
    } catch (error) {
      if (preparedPools.get(pool) === prepared) preparedPools.delete(pool);
      prepared = null;
      throw error;
    }
  }

  /** A connection for as long as the work takes. One that broke, or is in who knows what state, is not used again. */
  async function using<T>(work: (client: PoolClient, at: (stage: Stage) => void) => Promise<T>): Promise<T> {
    let stage: Stage = 'working';
    let failure: unknown = null;
    // What breaks a connection reaches us through the statement that is under way; Node insists that somebody listens.
    const broke = (error: unknown) => {
      failure = error;
    };
    const client = await connect(broke);
    try {
      return await work(client, (next) => {
        stage = next;
      });
    } catch (error) {
      failure = error;
      throw explained(error, place, stage);
    } finally {
      // From here on the pool listens again.
      client.off('error', broke);
      client.release(failure !== null);
    }
  }

  return {
    place,

    async read(work) {
      await ready();
      return using((client) => work(asker(client)));
    },

    async write(work) {
      if (readOnly) {
        throw unusable(`${place} was opened for reading only.`, 'Nothing was written. Open it without readOnly.');
      }
      await ready();
      // Where it fails the connection is ended, and what was begun is rolled back with it.
      return using(async (client, at) => {
        await client.query('BEGIN');
        const { rows } = await client.query<SchemaState & { temp: boolean }>(settings, [
          String(busyTimeoutMs),
          idleTimeoutMs,
        ]);
        if (rows[0] !== undefined) checkNotNewer(rows[0], schema, place);
        const result = await work(asker(client), bulkOf(client, rows[0]?.temp === true));
        at('committing');
        await client.query('COMMIT');
        return result;
      });
    },

    async close() {
      if (!isOpen) return;
      isOpen = false;
      if (given === undefined) await pool.end();
    },
  };
}

/**
 * For this transaction: how long to wait for others and to let others wait, and that a write which is reported as done is
 * on the disk, also where the server is set to be less careful. Another process may have migrated the schema meanwhile; none
 * does so in a way that matters to us until the transaction ends. To compile a statement for many rows takes longer here than
 * it saves.
 */
const settings = `
  SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true),
    CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END,
    set_config('jit', 'off', true), has_database_privilege(current_database(), 'TEMP') AS temp, version, oldest FROM ${markOf(booksSchema)}`;

function asker(client: PoolClient): Ask {
  return async <Row>(statement: StatementName, book: string | number, ...values: unknown[]) => {
    const result = await client.query({ text: statements[statement], values: [book, ...values] });
    return result.rows as Row[];
  };
}

async function checkServer(client: PoolClient, place: string): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`,
  );
  const version = Math.floor(Number(rows[0]?.version) / 10_000);
  if (!(version >= oldestServer)) {
    throw unusable(
      `${place} is a PostgreSQL ${version}, which is too old.`,
      `Nothing was written. Use PostgreSQL ${oldestServer} or newer.`,
    );
  }
  if (rows[0]?.encoding !== 'UTF8') {
    throw unusable(
      `${place} has the encoding ${rows[0]?.encoding}, in which not every name can be written.`,
      'Nothing was written. Make a database with: CREATE DATABASE … ENCODING UTF8 TEMPLATE template0',
    );
  }
}

function poolOf(url: string | undefined, answerTimeoutMs: number | undefined): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'contact-sync',
    connectionTimeoutMillis: 10_000,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    max: 4,
  });
  // A connection that nobody uses has broken, at a restart of the server for one. The pool makes a new one when it is asked.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * A connection of the pool, listened to from the moment the pool does not: its last words may come with its first, in one
 * packet, before a promise is heard of.
 */
function connected(pool: Pool, broke: (error: unknown) => void): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (client === undefined) return reject(error);
      client.on('error', broke);
      resolve(client);
    });
  });
}

function placeOf(config: PoolConfig): string {
  const { host, port, database } = clientOf(config);
  const server = host.startsWith('/') ? host : `${host}:${port}`;
  return `The database ${database} at ${server}`;
}

/** It fills in what the environment says, and is not connected. Its own error is not passed on: it holds the password. */
function clientOf(config: PoolConfig): pg.Client {
  try {
    return new pg.Client(config);
  } catch {
    throw invalid('The setting url is not a URL of PostgreSQL.');
  }
}
