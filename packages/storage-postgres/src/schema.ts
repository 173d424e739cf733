import type { Migration, Schema } from './migrate.js';

/**
 * The id, as it is in the JSON, of the contact that a decision is about. No text in the JSON can hold this: its quotes
 * would have a backslash before them. A step has the same words, so they stay as they are.
 */
export const contactOfDecision = String.raw`substring(decision FROM '"(?:before|after)":[{]"id":"((?:[^"\\]|\\.)*)"')`;

/**
 * The same up to the first quote in it, which hardly an id has: for the index, since it takes a fraction of the time. An
 * index has the same words, so they stay as they are.
 */
export const contactOfDecisionStart = `split_part(split_part(decision, '"id":"', 2), '"', 1)`;

/** A phone that SQL cannot compare as core does. An index has the same words, so they stay as they are. */
export const oddPhone = "phone !~ '^[+]?[0-9]*$'";

export const migrations: readonly Migration[] = [
  {
    name: 'books, contacts and their history',
    // Text is compared byte by byte, which in UTF-8 is the order of code points, whatever the database's own order is.
    // Contacts and decisions have no foreign keys: checking them doubles the time of a large plan, and only this package
    // writes here. Books and runs are never removed.
    sql: `
      CREATE TABLE contact_sync.books (
        book bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text COLLATE "C" NOT NULL UNIQUE,
        version bigint NOT NULL DEFAULT 0,
        -- Decimal text, since it may outgrow every number type.
        next_id text COLLATE "C" NOT NULL DEFAULT '1'
      );

      CREATE TABLE contact_sync.connections (
        book bigint NOT NULL REFERENCES contact_sync.books,
        source text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        state text COLLATE "C" NOT NULL,
        PRIMARY KEY (book, source)
      );

      CREATE TABLE contact_sync.contacts (
        book bigint NOT NULL,
        id text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        email text COLLATE "C" NOT NULL,
        phone text COLLATE "C",
        record_type text COLLATE "C" NOT NULL CHECK (record_type IN ('manual', 'contact-sync', 'external')),
        forced_manual boolean NOT NULL,
        source text COLLATE "C",
        external_id text COLLATE "C",
        missing_since text COLLATE "C",
        name_email_key text COLLATE "C" NOT NULL,
        id_key text COLLATE "C" NOT NULL,
        fingerprint text COLLATE "C",
        PRIMARY KEY (book, id),
        CHECK ((source IS NULL) = (external_id IS NULL))
      );
      CREATE UNIQUE INDEX contacts_link ON contact_sync.contacts (book, source, external_id)
        WHERE record_type <> 'external' AND source IS NOT NULL;
      CREATE INDEX contacts_external_link ON contact_sync.contacts (book, source, external_id)
        WHERE record_type = 'external' AND source IS NOT NULL;
      CREATE INDEX contacts_name_email ON contact_sync.contacts (book, name_email_key, id_key);

      CREATE TABLE contact_sync.runs (
        book bigint NOT NULL REFERENCES contact_sync.books,
        run bigint NOT NULL,
        at text COLLATE "C" NOT NULL,
        outcome text COLLATE "C" NOT NULL,
        -- The run that this one approves.
        approves bigint,
        -- How many decisions it had. They are numbered from 1, and some may be gone.
        decisions bigint NOT NULL,
        purged boolean NOT NULL DEFAULT false,
        -- JSON. Not of a JSON type: a text in it may hold what those refuse, a NUL for one.
        line text COLLATE "C" NOT NULL,
        PRIMARY KEY (book, run)
      );
      CREATE UNIQUE INDEX runs_approves ON contact_sync.runs (book, approves) WHERE approves IS NOT NULL;

      CREATE TABLE contact_sync.decisions (
        book bigint NOT NULL,
        run bigint NOT NULL,
        number bigint NOT NULL,
        -- JSON, as in runs.
        decision text COLLATE "C" NOT NULL,
        PRIMARY KEY (book, run, number)
      );

      CREATE TABLE contact_sync.forgotten (
        book bigint NOT NULL REFERENCES contact_sync.books,
        source text COLLATE "C" NOT NULL,
        link_hash text COLLATE "C" NOT NULL,
        PRIMARY KEY (book, source, link_hash)
      );
    `,
  },
  {
    name: 'what the runner keeps, under a lock',
    sql: `
      CREATE TABLE contact_sync.vault (
        -- The name of a book, which need not be there yet.
        book text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        value text COLLATE "C",
        -- Who works under the key, since when, and until when unless the lease is renewed. Null: nobody.
        holder text COLLATE "C",
        process text COLLATE "C",
        held_since timestamptz,
        held_until timestamptz,
        PRIMARY KEY (book, key)
      );
    `,
  },
  {
    name: 'phones that core has to compare',
    sql: `CREATE INDEX contacts_odd_phone ON contact_sync.contacts (book, id) WHERE ${oddPhone};`,
  },
  {
    name: 'the history of each contact',
    sql: `
      CREATE INDEX decisions_contact ON contact_sync.decisions (book, (${contactOfDecision}), run DESC, number);
    `,
  },
  {
    name: 'what is kept of the rows of sources',
    // Who does not know of it would not say which rows it touched.
    breaks: true,
    sql: `
      CREATE TABLE contact_sync.kept_rows (
        book bigint NOT NULL,
        source text COLLATE "C" NOT NULL,
        generation bigint NOT NULL,
        seed bytea NOT NULL,
        PRIMARY KEY (book, source)
      );
      CREATE TABLE contact_sync.kept_row_chunks (
        book bigint NOT NULL,
        source text COLLATE "C" NOT NULL,
        number bigint NOT NULL,
        -- Hashes, which do not get smaller.
        chunk bytea NOT NULL,
        PRIMARY KEY (book, source, number)
      );
      ALTER TABLE contact_sync.kept_row_chunks ALTER COLUMN chunk SET STORAGE EXTERNAL;
      CREATE TABLE contact_sync.touched_rows (
        book bigint NOT NULL,
        source text COLLATE "C" NOT NULL,
        external_id text COLLATE "C" NOT NULL,
        PRIMARY KEY (book, source, external_id)
      );
    `,
  },
  {
    name: 'the history of each contact, at a fraction of the time for each decision',
    sql: `
      DROP INDEX contact_sync.decisions_contact;
      CREATE INDEX decisions_contact ON contact_sync.decisions (book, (${contactOfDecisionStart}), run DESC, number);
    `,
  },
  {
    name: 'which runs are so old that their decisions are to go',
    sql: 'CREATE INDEX runs_kept ON contact_sync.runs (book, at) WHERE NOT purged;',
  },
];

/** Where the books are. */
export const booksSchema: Schema = { name: 'contact_sync', migrations };
