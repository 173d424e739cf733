const contact =
  'id, name, email, phone, record_type, forced_manual, source, external_id, missing_since, name_email_key, id_key';
const linked = "source IS NOT NULL AND record_type <> 'external'";

/** The columns of a row of `contacts` as JSON brings them, for plans of many contacts. */
const contactRows = `json_to_recordset($2::json) AS new (
  id text, name text, email text, phone text, record_type text, forced_manual boolean, source text, external_id text,
  missing_since text, name_email_key text, id_key text, fingerprint text)`;

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
  contactsById: `SELECT ${contact} FROM contact_sync.contacts WHERE book = $1 AND id = ANY ($2::text[])`,
  /** One statement, so that what is found is of one moment. The two conditions on links are those of the indexes. */
  contactsByAny: `
    SELECT ${contact} FROM contact_sync.contacts WHERE book = $1 AND id = ANY ($2::text[])
    UNION ALL SELECT ${contact} FROM contact_sync.contacts
      WHERE book = $1 AND source = $3 AND external_id = ANY ($4::text[]) AND ${linked}
    UNION ALL SELECT ${contact} FROM contact_sync.contacts
      WHERE book = $1 AND source = $3 AND external_id = ANY ($4::text[])
        AND source IS NOT NULL AND record_type = 'external'
    UNION ALL SELECT ${contact} FROM contact_sync.contacts WHERE book = $1 AND name_email_key = ANY ($5::text[])`,
  /** More than what is looked for, and never less: core has the last word on what fits. */
  contactsInOrder: `
    SELECT ${contact} FROM contact_sync.contacts
    WHERE book = $1 AND (name_email_key, id_key) > ($2, $3)
      AND ($4::text[] IS NULL OR id = ANY ($4) OR external_id = ANY ($4) OR strpos(name_email_key, $5) > 0
        OR strpos(phone, $6) > 0 OR phone !~ '^[+]?[0-9]*$')
    ORDER BY name_email_key, id_key LIMIT $7`,
  linkHolders: `
    SELECT contacts.id, contacts.source, contacts.external_id FROM contact_sync.contacts
    JOIN json_to_recordset($2::json) AS wanted (source text, external_id text)
      ON contacts.source = wanted.source AND contacts.external_id = wanted.external_id
    WHERE book = $1 AND contacts.source IS NOT NULL AND record_type <> 'external' LIMIT 1`,
  removeContacts: 'DELETE FROM contact_sync.contacts WHERE book = $1 AND id = ANY ($2::text[])',
  unlinkContacts: `
    UPDATE contact_sync.contacts SET source = NULL, external_id = NULL WHERE book = $1 AND id = ANY ($2::text[])`,
  insertContacts: `
    INSERT INTO contact_sync.contacts (book, ${contact}, fingerprint)
    SELECT $1, new.id, new.name, new.email, new.phone, new.record_type, new.forced_manual, new.source, new.external_id,
      new.missing_since, new.name_email_key, new.id_key, new.fingerprint FROM ${contactRows}`,
  updateContacts: `
    UPDATE contact_sync.contacts SET name = new.name, email = new.email, phone = new.phone,
      record_type = new.record_type, forced_manual = new.forced_manual, source = new.source,
      external_id = new.external_id, missing_since = new.missing_since, name_email_key = new.name_email_key,
      fingerprint = new.fingerprint
    FROM ${contactRows} WHERE book = $1 AND contacts.id = new.id`,

  lastRun: 'SELECT coalesce(max(run), 0) AS run FROM contact_sync.runs WHERE book = $1',
  run: 'SELECT run, purged, line FROM contact_sync.runs WHERE book = $1 AND run = $2',
  runs: 'SELECT run, purged, line FROM contact_sync.runs WHERE book = $1 AND run < $2 ORDER BY run DESC LIMIT $3',
  insertRun: `
    INSERT INTO contact_sync.runs (book, run, at, outcome, approves, line) VALUES ($1, $2, $3, $4, $5, $6)`,
  approvalOf: 'SELECT run FROM contact_sync.runs WHERE book = $1 AND approves = $2',
  decisions: `
    SELECT number, decision FROM contact_sync.decisions WHERE book = $1 AND run = $2 AND number > $3
    ORDER BY number LIMIT $4`,
  insertDecisions: `
    INSERT INTO contact_sync.decisions (book, run, number, decision)
    SELECT $1, $2, $3 + place, decision FROM unnest($4::text[]) WITH ORDINALITY AS new (decision, place)`,

  forgotten: 'SELECT link_hash FROM contact_sync.forgotten WHERE book = $1 AND source = $2',
  forgetLink: `
    INSERT INTO contact_sync.forgotten (book, source, link_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,

  /** A lease is judged by the server's clock: those of the processes may differ. */
  takeLease: `
    INSERT INTO contact_sync.vault AS kept (book, key, holder, held_until)
    VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
    ON CONFLICT (book, key) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
      WHERE kept.holder IS NULL OR kept.held_until < clock_timestamp()
    RETURNING value`,
  renewLease: `
    UPDATE contact_sync.vault SET held_until = clock_timestamp() + $4 * interval '1 millisecond'
    WHERE book = $1 AND key = $2 AND holder = $3 RETURNING key`,
  endLease: `
    UPDATE contact_sync.vault SET holder = NULL, held_until = NULL WHERE book = $1 AND key = $2 AND holder = $3`,
  saveValue: `
    UPDATE contact_sync.vault SET value = $5, held_until = clock_timestamp() + $4 * interval '1 millisecond'
    WHERE book = $1 AND key = $2 AND holder = $3 RETURNING key`,
} as const;

export type StatementName = keyof typeof statements;
