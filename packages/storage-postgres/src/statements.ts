import { changedColumns, comparedColumns, contactColumns } from './rows.js';
import { contactOfDecision, contactOfDecisionStart, oddPhone } from './schema.js';

const contact = contactColumns.join(', ');
const typed = (name: string) => `${name} ${name === 'forced_manual' ? 'boolean' : 'text'}`;
const columns = (names: readonly string[], written: (name: string) => string) => names.map(written).join(', ');

/** The conditions are those of the two indexes on links. */
const linked = "source IS NOT NULL AND record_type <> 'external'";
const externalLinked = "source IS NOT NULL AND record_type = 'external'";

/**
 * The contacts of the book for each row of a list. OFFSET 0 makes the server look each of them up in the index. Left to
 * itself it reads the whole book for every thousand contacts where it has no statistics yet, as after a first import.
 */
const each = (list: string, columns: string, condition: string) => `
  SELECT found.* FROM ${list} CROSS JOIN LATERAL
    (SELECT ${columns} FROM contact_sync.contacts WHERE book = $1 AND ${condition} OFFSET 0) AS found`;

/** Now, by the server's clock unless a test says what time it is, in milliseconds since 1970. */
const moment = (parameter: string) =>
  `coalesce(to_timestamp(${parameter}::double precision / 1000), clock_timestamp())`;

/** The filters of a search: $2 to $5; and what is typed: part of the key, ids, part of a phone, and a national number. */
const searched = `
  ($2::text IS NULL OR record_type = $2) AND ($3::text IS NULL OR source = $3)
  AND ($4::boolean IS NULL OR forced_manual = $4) AND ($5::boolean IS NULL OR (missing_since IS NOT NULL) = $5)
  AND ($6::text IS NULL OR name_email_key LIKE $6 OR id = ANY ($7::text[])
    OR (phone LIKE $8::text AND ($9::text IS NULL OR phone ~ $9)))`;

/** From source to source in an index of links: they are few, and the contacts of each are many. */
const byExternalId = (kind: string) => `
  (WITH RECURSIVE sources AS (
    (SELECT source FROM contact_sync.contacts WHERE book = $1 AND ${kind} ORDER BY source LIMIT 1)
    UNION ALL
    SELECT next.source FROM sources CROSS JOIN LATERAL
      (SELECT source FROM contact_sync.contacts WHERE book = $1 AND contacts.source > sources.source AND ${kind}
       ORDER BY source LIMIT 1) AS next)
  SELECT found.id, found.phone, true AS fits FROM sources CROSS JOIN unnest($2::text[]) AS wanted (id) CROSS JOIN LATERAL
    (SELECT id, phone FROM contact_sync.contacts
     WHERE book = $1 AND contacts.source = sources.source AND external_id = wanted.id AND ${kind} OFFSET 0) AS found)`;

/** Lists of texts come as JSON, which Node writes and the server reads in less time than arrays. */
const listed = (parameter: string, name: string) => `json_array_elements_text(${parameter}::json) AS wanted (${name})`;
const ids = listed('$2', 'id');

/**
 * Everything this package asks a database about books. The first parameter says of which book, always: by its name in
 * `books` and `vault`, by its number everywhere else. A test holds every statement to it.
 */
export const statements = {
  bookState: 'SELECT book, version, next_id FROM contact_sync.books WHERE name = $1',
  /** Others who want to write to the book wait here until the transaction ends. */
  bookForWriting: 'SELECT book, version, next_id FROM contact_sync.books WHERE name = $1 FOR UPDATE',
  makeBook: 'INSERT INTO contact_sync.books (name) VALUES ($1) ON CONFLICT (name) DO NOTHING',
  moveBook: 'UPDATE contact_sync.books SET version = $2, next_id = $3 WHERE name = $1',

  connections: 'SELECT source, kind, state FROM contact_sync.connections WHERE book = $1 ORDER BY source',
  putConnection: `
    INSERT INTO contact_sync.connections (book, source, kind, state) VALUES ($1, $2, $3, $4)
    ON CONFLICT (book, source) DO UPDATE SET kind = excluded.kind, state = excluded.state`,
  removeConnection: 'DELETE FROM contact_sync.connections WHERE book = $1 AND source = $2',

  links: `SELECT external_id, fingerprint FROM contact_sync.contacts WHERE book = $1 AND source = $2 AND ${linked}`,
  contactsById: each(ids, contact, 'contacts.id = wanted.id'),
  /** One statement, so that what is found is of one moment. */
  contactsByAny: [
    each(ids, contact, 'contacts.id = wanted.id'),
    ...[linked, externalLinked].map((kind) =>
      each(listed('$4', 'id'), contact, `source = $3 AND external_id = wanted.id AND ${kind}`),
    ),
    each(listed('$5', 'key'), contact, 'name_email_key = wanted.key'),
  ].join(' UNION ALL '),
  /** Contacts that a search may find by other than a part of the key: by whole ids, or for core to look at the phone. */
  searchedApart: `
    SELECT id, phone, true AS fits FROM contact_sync.contacts WHERE book = $1 AND id = ANY ($2::text[])
    UNION ALL ${[linked, externalLinked].map(byExternalId).join(' UNION ALL ')}
    UNION ALL SELECT id, phone, false AS fits FROM contact_sync.contacts WHERE book = $1 AND ${oddPhone}`,
  /** Where a parameter is null the server leaves its condition out before it plans. */
  contactsInOrder: `
    SELECT ${contact} FROM contact_sync.contacts
    WHERE book = $1 AND ${searched} AND ($10::text IS NULL OR (name_email_key, id_key) > ($10, $11::text))
    ORDER BY name_email_key, id_key LIMIT $12`,
  contactCount: `SELECT count(*) AS count FROM contact_sync.contacts WHERE book = $1 AND ${searched}`,
  linkHolders: each(
    'json_to_recordset($2::json) AS wanted (source text, external_id text)',
    'source, external_id',
    `contacts.source = wanted.source AND contacts.external_id = wanted.external_id AND ${linked}`,
  ),
  /** The sum keeps the server from reading the whole book by an index instead of going to the places of the rows. */
  removeContacts: `
    DELETE FROM contact_sync.contacts
    WHERE book + 0 = $1 AND ctid = ANY (ARRAY (${each(ids, 'ctid', 'contacts.id = wanted.id')}))`,
  putContacts: `
    INSERT INTO contact_sync.contacts (book, ${contact}, fingerprint)
    SELECT $1, ${contact}, fingerprint FROM json_to_recordset($2::json) AS new (
      ${columns(contactColumns, typed)}, fingerprint text)
    ON CONFLICT (book, id) DO UPDATE SET ${columns(changedColumns, (name) => `${name} = excluded.${name}`)}`,
  /** From what was staged. A contact that is not what it should have been is not changed; how many were. */
  changeStaged: `
    WITH done AS (
      UPDATE contact_sync.contacts SET ${columns(changedColumns, (name) => `${name} = new.${name}`)}
      FROM (
        SELECT place, ${changedColumns.join(', ')} FROM pg_temp.staged_contacts AS staged CROSS JOIN LATERAL
          (SELECT ctid AS place FROM contact_sync.contacts WHERE book = $1 AND contacts.id = staged.id
             AND (${columns(comparedColumns, (name) => `contacts.${name}`)})
               IS NOT DISTINCT FROM (${columns(comparedColumns, (name) => `staged.was_${name}`)})
           OFFSET 0) AS found
      ) AS new
      WHERE book + 0 = $1 AND contacts.ctid = new.place RETURNING 1)
    SELECT count(*) AS count FROM done`,

  lastRun: 'SELECT coalesce(max(run), 0) AS run FROM contact_sync.runs WHERE book = $1',
  run: 'SELECT run, purged, decisions, line FROM contact_sync.runs WHERE book = $1 AND run = $2',
  runs: 'SELECT run, purged, decisions, line FROM contact_sync.runs WHERE book = $1 AND run < $2 ORDER BY run DESC LIMIT $3',
  insertRun: `
    INSERT INTO contact_sync.runs (book, run, at, outcome, approves, decisions, line)
    VALUES ($1, $2, $3, $4, $5, $6, $7)`,
  approvalOf: 'SELECT run FROM contact_sync.runs WHERE book = $1 AND approves = $2',
  /** A range and no LIMIT, for the reason that is said of `each`. */
  decisions: `
    SELECT decision FROM contact_sync.decisions
    WHERE book = $1 AND run = $2 AND number > $3 AND number <= $4 ORDER BY number`,
  /** A statement of one moment: a run that is purged meanwhile has all of its decisions, or none. */
  decisionsAbout: `
    SELECT found.number, found.decision, runs.run, runs.purged, runs.line FROM
      (SELECT run, number, decision FROM contact_sync.decisions
       WHERE book = $1 AND ${contactOfDecisionStart} = split_part($2, '"', 1) AND ${contactOfDecision} = $2
         AND run <= $3 AND (run < $3 OR number > $4)
       ORDER BY run DESC, number LIMIT $5) AS found
      CROSS JOIN LATERAL
      (SELECT run, purged, line FROM contact_sync.runs WHERE book = $1 AND runs.run = found.run) AS runs
    ORDER BY runs.run DESC, found.number`,
  insertDecisions: `
    INSERT INTO contact_sync.decisions (book, run, number, decision)
    SELECT $1, $2, $3 + place, decision FROM unnest($4::text[]) WITH ORDINALITY AS new (decision, place)`,

  /** What may be about a person, and a little more: core has the last word. Reads the whole history, which is rare. */
  mentions: `
    SELECT run, number, decision,
      (SELECT line FROM contact_sync.runs WHERE book = $1 AND runs.run = decisions.run) AS line
    FROM contact_sync.decisions WHERE book = $1 AND (strpos(decision, $2) > 0 OR strpos(decision, $3) > 0)`,
  removeDecisions: `
    DELETE FROM contact_sync.decisions
    WHERE book = $1 AND (run, number) IN (SELECT run, number FROM unnest($2::bigint[], $3::bigint[]) AS gone (run, number))`,
  anyOlder: 'SELECT run FROM contact_sync.runs WHERE book = $1 AND at < $2 AND NOT purged LIMIT 1',
  markOlder: 'UPDATE contact_sync.runs SET purged = true WHERE book = $1 AND at < $2 AND NOT purged RETURNING run',
  removeDecisionsOf: 'DELETE FROM contact_sync.decisions WHERE book = $1 AND run = ANY ($2::bigint[])',
  forgotten: 'SELECT link_hash FROM contact_sync.forgotten WHERE book = $1 AND source = $2',
  forgetLink: `
    INSERT INTO contact_sync.forgotten (book, source, link_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,

  keptRows: 'SELECT source, generation, seed FROM contact_sync.kept_rows WHERE book = $1',
  /**
   * A row for each chunk, since an array of bytes is slow to read; in one statement, so that all of it is of one moment. No
   * chunks where the caller has those of the generation.
   */
  rowsOf: `
    SELECT generation, seed,
      ARRAY (SELECT external_id FROM contact_sync.touched_rows WHERE book = $1 AND touched_rows.source = $2) AS touched,
      chunk
    FROM contact_sync.kept_rows LEFT JOIN LATERAL
      (SELECT number, chunk FROM contact_sync.kept_row_chunks
       WHERE book = $1 AND kept_row_chunks.source = $2 AND generation IS DISTINCT FROM $3) AS chunks ON true
    WHERE book = $1 AND kept_rows.source = $2 ORDER BY chunks.number`,
  putKeptRows: `
    INSERT INTO contact_sync.kept_rows (book, source, generation, seed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (book, source) DO UPDATE SET generation = excluded.generation, seed = excluded.seed`,
  raiseKeptRows: 'UPDATE contact_sync.kept_rows SET generation = generation + 1 WHERE book = $1 AND source = $2',
  lastRowChunk: `
    SELECT coalesce(max(number), 0) AS number FROM contact_sync.kept_row_chunks WHERE book = $1 AND source = $2`,
  addRowChunk: `
    INSERT INTO contact_sync.kept_row_chunks (book, source, number, chunk) VALUES ($1, $2, $3, $4)`,
  removeRowChunks: 'DELETE FROM contact_sync.kept_row_chunks WHERE book = $1 AND source = $2',
  touchRows: `
    INSERT INTO contact_sync.touched_rows (book, source, external_id)
    SELECT $1, $2, id FROM unnest($3::text[]) AS touched (id) ON CONFLICT DO NOTHING`,
  untouchRows: 'DELETE FROM contact_sync.touched_rows WHERE book = $1 AND source = $2',

  takeLease: `
    INSERT INTO contact_sync.vault AS kept (book, key, holder, process, held_since, held_until)
    VALUES ($1, $2, $3, $4, ${moment('$5')}, ${moment('$5')} + $6 * interval '1 millisecond')
    ON CONFLICT (book, key) DO UPDATE SET holder = excluded.holder, process = excluded.process,
      held_since = excluded.held_since, held_until = excluded.held_until
      WHERE kept.holder IS NULL OR kept.held_until <= ${moment('$5')}
    RETURNING value`,
  leaseHolder: `
    SELECT process, extract(epoch FROM held_since) * 1000 AS since FROM contact_sync.vault
    WHERE book = $1 AND key = $2`,
  renewLease: `
    UPDATE contact_sync.vault SET held_until = ${moment('$4')} + $5 * interval '1 millisecond'
    WHERE book = $1 AND key = $2 AND holder = $3 RETURNING key`,
  endLease: `
    UPDATE contact_sync.vault SET holder = NULL, process = NULL, held_since = NULL, held_until = NULL
    WHERE book = $1 AND key = $2 AND holder = $3`,
  saveValue: `
    UPDATE contact_sync.vault SET value = $4 WHERE book = $1 AND key = $2 AND holder = $3 RETURNING key`,
  valueOf: 'SELECT value FROM contact_sync.vault WHERE book = $1 AND key = $2',
  keysWithValues: `
    SELECT key FROM contact_sync.vault
    WHERE book = $1 AND value IS NOT NULL AND starts_with(key, $2) ORDER BY key`,
} as const;

export type StatementName = keyof typeof statements;

/** Everything that is copied, in the text format, and what is asked before. The first column is the book, always. */
export const bulks = {
  contacts: {
    before: null,
    copy: `COPY contact_sync.contacts (book, ${contact}, fingerprint) FROM STDIN`,
  },
  /**
   * Contacts to be changed, and what they are to have been before. Without joins of other kinds, since the server would read
   * the whole book for each few thousand.
   */
  staged: {
    before: `
      CREATE TEMP TABLE IF NOT EXISTS staged_contacts (
        book bigint, id text, ${columns(changedColumns, typed)}, ${columns(comparedColumns, (name) => `was_${typed(name)}`)}
      ) ON COMMIT DROP;
      TRUNCATE pg_temp.staged_contacts; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`,
    copy: `
      COPY pg_temp.staged_contacts (
        book, id, ${changedColumns.join(', ')}, ${columns(comparedColumns, (name) => `was_${name}`)}) FROM STDIN`,
  },
  decisions: {
    before: null,
    copy: 'COPY contact_sync.decisions (book, run, number, decision) FROM STDIN',
  },
} as const;

export type BulkName = keyof typeof bulks;
