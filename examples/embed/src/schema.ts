import { DatabaseSync } from 'node:sqlite';

/**
 * The host's database. `people` is the host's own table, with columns of its own that no sync touches; what a sync needs
 * of a person stands beside them. The tables of `sync_` keep the history.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS people (
    firm TEXT NOT NULL,
    id TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    mobile TEXT,
    notes TEXT NOT NULL DEFAULT '',
    record_type TEXT NOT NULL DEFAULT 'manual',
    forced_manual INTEGER NOT NULL DEFAULT 0,
    source TEXT,
    external_id TEXT,
    missing_since TEXT,
    name_email_key TEXT NOT NULL,
    fingerprint TEXT,
    PRIMARY KEY (firm, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS people_by_key ON people (firm, name_email_key);
  CREATE UNIQUE INDEX IF NOT EXISTS people_by_link ON people (firm, source, external_id)
    WHERE source IS NOT NULL AND record_type <> 'external';

  CREATE TABLE IF NOT EXISTS sync_books (firm TEXT PRIMARY KEY, version INTEGER NOT NULL, next_id TEXT NOT NULL, seen TEXT);
  CREATE TABLE IF NOT EXISTS sync_connections (firm TEXT, source TEXT, connection TEXT, PRIMARY KEY (firm, source));
  CREATE TABLE IF NOT EXISTS sync_runs (
    firm TEXT, number INTEGER, at TEXT, approves TEXT, purged INTEGER NOT NULL DEFAULT 0, run TEXT, PRIMARY KEY (firm, number)
  );
  CREATE TABLE IF NOT EXISTS sync_decisions (firm TEXT, run INTEGER, position INTEGER, decision TEXT, PRIMARY KEY (firm, run, position));
  CREATE TABLE IF NOT EXISTS sync_forgotten (firm TEXT, source TEXT, hash TEXT, PRIMARY KEY (firm, source, hash));
`;

export function openHost(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 10_000 });
  // What is deleted is overwritten: somebody who was forgotten is gone from the disk too.
  db.exec(`PRAGMA secure_delete = ON; ${tables}`);
  return db;
}
