import type { Migration } from './migrate.js';

/** Marks a database as ours in its header: `CtSy` in ASCII. */
export const applicationId = 0x43_74_53_79;

/** The contact that a decision is about. An index has the same words, so they stay as they are. */
export const contactOfDecision =
  "coalesce(json_extract(decision, '$.before.id'), json_extract(decision, '$.after.id'))";

/** A contact whose phone or key SQL cannot compare as core does. An index has the same words, so they stay as they are. */
export const oddContact = `(phone GLOB '?*[^0-9]*' OR phone GLOB '[^+0-9]*' OR instr(phone, char(0)) > 0
  OR instr(name_email_key, char(0)) > 0)`;

export const migrations: readonly Migration[] = [
  {
    name: 'books, contacts and their history',
    // Tables have rowids on purpose: without them SQLite looks contacts up by book alone and ignores the other indexes.
    sql: `
      PRAGMA application_id = ${applicationId};

      CREATE TABLE books (
        book INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL DEFAULT 0,
        -- Decimal text, since it may outgrow every number type.
        next_id TEXT NOT NULL DEFAULT '1'
      ) STRICT;

      CREATE TABLE contacts (
        book INTEGER NOT NULL REFERENCES books,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        email TEXT NOT NULL,
        phone TEXT,
        record_type TEXT NOT NULL CHECK (record_type IN ('manual', 'contact-sync', 'external')),
        forced_manual INTEGER NOT NULL CHECK (forced_manual IN (0, 1)),
        source TEXT,
        external_id TEXT,
        missing_since TEXT,
        name_email_key TEXT NOT NULL,
        fingerprint TEXT,
        PRIMARY KEY (book, id),
        CHECK ((source IS NULL) = (external_id IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX contacts_link ON contacts (book, source, external_id)
        WHERE record_type <> 'external' AND source IS NOT NULL;
      CREATE INDEX contacts_external_link ON contacts (book, source, external_id)
        WHERE record_type = 'external' AND source IS NOT NULL;
      CREATE INDEX contacts_name_email ON contacts (book, name_email_key, id);

      CREATE TABLE runs (
        book INTEGER NOT NULL REFERENCES books,
        run INTEGER NOT NULL,
        kind TEXT NOT NULL,
        source TEXT,
        actor TEXT NOT NULL,
        why TEXT,
        at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        version INTEGER NOT NULL,
        hash TEXT NOT NULL,
        counts TEXT NOT NULL,
        blocked TEXT NOT NULL,
        error TEXT,
        PRIMARY KEY (book, run)
      ) STRICT;

      CREATE TABLE decisions (
        book INTEGER NOT NULL,
        run INTEGER NOT NULL,
        number INTEGER NOT NULL,
        decision TEXT NOT NULL,
        PRIMARY KEY (book, run, number),
        FOREIGN KEY (book, run) REFERENCES runs
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'connections, approvals, people who were forgotten, and the vault',
    sql: `
      CREATE TABLE connections (
        book INTEGER NOT NULL REFERENCES books,
        source TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('contact-sync', 'external')),
        state TEXT NOT NULL CHECK (state IN ('connected', 'paused', 'disconnected')),
        PRIMARY KEY (book, source)
      ) STRICT, WITHOUT ROWID;
      -- Until now a source was connected if a synced contact was linked to it.
      INSERT INTO connections (book, source, kind, state)
        SELECT DISTINCT book, source, 'contact-sync', 'connected' FROM contacts
        WHERE record_type = 'contact-sync' AND source IS NOT NULL;

      ALTER TABLE runs ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
      UPDATE runs SET base = CASE outcome WHEN 'applied' THEN version - 1 ELSE version END;
      ALTER TABLE runs ADD COLUMN connections TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE runs ADD COLUMN approves INTEGER;
      ALTER TABLE runs ADD COLUMN purged INTEGER NOT NULL DEFAULT 0 CHECK (purged IN (0, 1));
      CREATE UNIQUE INDEX runs_approves ON runs (book, approves) WHERE approves IS NOT NULL;

      CREATE TABLE forgotten (
        book INTEGER NOT NULL REFERENCES books,
        source TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (book, source, hash)
      ) STRICT, WITHOUT ROWID;

      -- A row while the file is still to be cleaned of what was deleted.
      CREATE TABLE cleaning (due INTEGER PRIMARY KEY CHECK (due = 1)) STRICT;

      -- Times are milliseconds since 1970.
      CREATE TABLE vault_locks (
        key TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        process TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE vault_values (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'what is kept of the rows of sources',
    sql: `
      CREATE TABLE kept_rows (
        book INTEGER NOT NULL REFERENCES books,
        source TEXT NOT NULL,
        generation INTEGER NOT NULL,
        seed BLOB NOT NULL,
        PRIMARY KEY (book, source)
      ) STRICT, WITHOUT ROWID;
      -- With rowids, since rows are large.
      CREATE TABLE kept_row_chunks (
        book INTEGER NOT NULL,
        source TEXT NOT NULL,
        number INTEGER NOT NULL,
        chunk BLOB NOT NULL,
        PRIMARY KEY (book, source, number)
      ) STRICT;
      CREATE TABLE touched_rows (
        book INTEGER NOT NULL,
        source TEXT NOT NULL,
        external_id TEXT NOT NULL,
        PRIMARY KEY (book, source, external_id)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    name: 'what people look for, in one index',
    sql: `
      -- All that a search looks at, so that it reads the contacts it finds and no others.
      DROP INDEX contacts_name_email;
      CREATE INDEX contacts_name_email ON contacts
        (book, name_email_key, id, phone, source, record_type, forced_manual, missing_since);
      CREATE INDEX contacts_odd ON contacts (book, phone, name_email_key) WHERE ${oddContact};
    `,
  },
  {
    name: 'the history of each contact',
    sql: `
      CREATE INDEX decisions_contact ON decisions (book, ${contactOfDecision}, run DESC, number);
    `,
  },
];
