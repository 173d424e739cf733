import { DatabaseSync } from 'node:sqlite';
import type { Arm, Done, Task } from '../arm.ts';
import { sqliteDigest } from '../books/plain-sqlite.ts';
import { source } from '../data/mix.ts';
import { stagedRows } from '../data/staged.ts';
import { countReasons, countsOf, decide, detailsKept, untouched } from './decide-sql.ts';

export const sqliteSet: Arm = {
  name: 'sqlite-set',
  title: 'Set-based SQL on SQLite',
  includes:
    'Open the database, read, decode and make canonical with contact-sync’s functions, stage, decide with one SELECT, and commit the contacts. No validation, no history.',
  book: 'plain-sqlite',
  inputs: ['lines'],
  start: async (task) => async () => syncInSql(task),
  digest: async ({ book }) => sqliteDigest(book),
};

async function syncInSql({ input, book }: Task): Promise<Done> {
  const db = new DatabaseSync(book);
  db.exec(`PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
    CREATE TEMP TABLE staged (seq INTEGER PRIMARY KEY, external_id TEXT, name TEXT, email TEXT, phone TEXT, key TEXT);
    BEGIN IMMEDIATE`);
  const insert = db.prepare('INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)');
  for await (const rows of stagedRows(input)) for (const row of rows) insert.run(...row);

  const before = performance.now();
  db.exec(`CREATE TEMP TABLE decided AS ${decide(source)}`);
  const decided = performance.now() - before;
  db.exec(`
    UPDATE contacts SET
      record_type = 'contact-sync', source = '${source}', external_id = decided.external_id,
      name = CASE WHEN reason IN ${detailsKept} THEN contacts.name ELSE decided.name END,
      email = CASE WHEN reason IN ${detailsKept} THEN contacts.email ELSE decided.email END,
      phone = CASE WHEN reason IN ${detailsKept} THEN contacts.phone ELSE decided.phone END,
      key = CASE WHEN reason IN ${detailsKept} THEN contacts.key ELSE decided.key END
    FROM decided WHERE contacts.id = decided.contact AND reason NOT IN ${untouched};
    INSERT INTO contacts
      SELECT (SELECT coalesce(max(id), 0) FROM contacts) + row_number() OVER (ORDER BY seq), name, email, phone,
        'contact-sync', 0, '${source}', external_id, key
      FROM decided WHERE contact IS NULL ORDER BY seq`);
  const counts = countsOf(db.prepare(countReasons).all());
  db.exec('COMMIT');
  db.close();
  return { counts, parts: { decide: decided } };
}
