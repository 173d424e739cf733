import { booksSchema, checkStillOurs, migrate, type Schema } from '@contact-sync/storage-postgres/schemas';
import type { Pool } from 'pg';
import { schemas } from './names.js';

/**
 * What is known of each connection of all books, so that an operator, a metric or an alert asks once and not each book.
 * Nothing here decides what is written to a book: it could be made anew from the books and the vault.
 *
 * `limits` is that of rate-limiter-flexible. It is unlogged: it is written at each request, and a server that crashed has
 * been away for longer than its windows last.
 */
const fleetSchema: Schema = {
  name: schemas.fleet,
  // A newer pg-boss changes its own tables by itself. Where an older one could not go on beside it, a step says so that
  // has no SQL of its own.
  migrations: [
    {
      name: 'what is known of connections, what is the matter, and limits',
      sql: `
      CREATE TABLE ${schemas.fleet}.connections (
        key text COLLATE "C" PRIMARY KEY,
        book text COLLATE "C" NOT NULL,
        source text COLLATE "C" NOT NULL,
        -- Changes when a person stores the connection anew.
        mark text COLLATE "C" NOT NULL,
        schedule text COLLATE "C" NOT NULL,
        -- Whether the schedule is the connection's own, or what holds for those that have none.
        own_schedule boolean NOT NULL,
        paused boolean NOT NULL,
        size text COLLATE "C" NOT NULL DEFAULT 'small' CHECK (size IN ('small', 'large')),
        due_at timestamptz,
        running_since timestamptz,
        worker text COLLATE "C",
        last_at timestamptz,
        last_good_at timestamptz,
        outcome text COLLATE "C",
        -- Of the error of the last run, or the guard that stopped it; null after a good one.
        code text COLLATE "C",
        -- Runs in a row that a person must see to, or that were tried often enough.
        failures integer NOT NULL DEFAULT 0,
        -- Not before, because of a limit or of failures.
        resume_at timestamptz,
        rows integer,
        milliseconds integer,
        -- When it was last looked at how its sign-in stands, while it rests.
        looked_at timestamptz
      );
      CREATE INDEX connections_book ON ${schemas.fleet}.connections (book);
      CREATE INDEX connections_code ON ${schemas.fleet}.connections (code) WHERE code IS NOT NULL;
      CREATE TABLE ${schemas.fleet}.incidents (
        name text COLLATE "C" PRIMARY KEY,
        since timestamptz NOT NULL
      );
      CREATE UNLOGGED TABLE ${schemas.fleet}.limits (
        key varchar(255) PRIMARY KEY,
        points integer NOT NULL DEFAULT 0,
        expire bigint
      ) WITH (fillfactor = 50);
      `,
    },
  ],
};

const place = 'The database of the fleet';

/** Makes what is missing; several processes may do it at once. Fails with `store_newer` where it is a newer version's. */
export async function makeTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await migrate(client, fleetSchema, place);
    await checkStillOurs(client, fleetSchema, place);
  } finally {
    client.release();
  }
}

/** Fails with `store_newer` where a newer version has taken over the books or the fleet, and this one must stop. */
export async function checkVersions(pool: Pool): Promise<void> {
  await checkStillOurs(pool, booksSchema, place);
  await checkStillOurs(pool, fleetSchema, place);
}
