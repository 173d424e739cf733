import type { Pool } from 'pg';
import { schemas } from './names.js';

/** Of the lock that only one process at a time can have while it makes the tables: `CtSf` in ASCII. */
const schemaLock = 0x43_74_53_66;

/**
 * What is known of each connection of all books, so that an operator, a metric or an alert asks once and not each book.
 * Nothing here decides what is written to a book: it could be made anew from the books and the vault.
 *
 * `limits` is that of rate-limiter-flexible. It is unlogged: it is written at each request, and a server that crashed has
 * been away for longer than its windows last.
 */
const tables = `
  CREATE SCHEMA IF NOT EXISTS ${schemas.fleet};
  CREATE TABLE IF NOT EXISTS ${schemas.fleet}.connections (
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
    milliseconds integer
  );
  CREATE INDEX IF NOT EXISTS connections_book ON ${schemas.fleet}.connections (book);
  CREATE INDEX IF NOT EXISTS connections_code ON ${schemas.fleet}.connections (code) WHERE code IS NOT NULL;
  CREATE TABLE IF NOT EXISTS ${schemas.fleet}.incidents (
    name text COLLATE "C" PRIMARY KEY,
    since timestamptz NOT NULL
  );
  CREATE UNLOGGED TABLE IF NOT EXISTS ${schemas.fleet}.limits (
    key varchar(255) PRIMARY KEY,
    points integer NOT NULL DEFAULT 0,
    expire bigint
  ) WITH (fillfactor = 50);
`;

/** Makes what is missing. Several processes may do it at once. */
export async function makeTables(pool: Pool): Promise<void> {
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(${schemaLock}); ${tables} COMMIT`);
}
