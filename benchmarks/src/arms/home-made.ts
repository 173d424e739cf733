import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Arm, Done, Task } from '../arm.ts';
import type { PlainRow } from '../books/plain.ts';
import { sqliteDigest } from '../books/plain-sqlite.ts';
import { source } from '../data/mix.ts';
import { normalised } from './normalised.ts';

/** What most people would write first: read all, load all, a Map for each way to find a contact. */
export const homeMade: Arm = {
  name: 'home-made',
  title: 'Home-made: JSON.parse, libphonenumber-js, select *, a Map; SQLite',
  includes:
    'Open the database, read the file, decode and normalise the records, load all contacts, decide, and commit the contacts. No validation, no history.',
  book: 'plain-sqlite',
  inputs: ['lines'],
  start: async (task) => async () => syncHomeMade(task),
  digest: async ({ book }) => sqliteDigest(book),
};

type Found = Omit<PlainRow, 'forced_manual'> & { forced_manual: number };

function syncHomeMade({ input, book }: Task): Done {
  const db = new DatabaseSync(book);
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  const contacts = db.prepare('SELECT * FROM contacts').all() as Found[];
  const byLink = new Map<string, Found>();
  const byKey = new Map<string, Found[]>();
  let lastId = 0;
  for (const contact of contacts) {
    lastId = Math.max(lastId, contact.id);
    if (contact.source === source && contact.record_type !== 'external') byLink.set(`${contact.external_id}`, contact);
    const others = byKey.get(contact.key);
    if (others === undefined) byKey.set(contact.key, [contact]);
    else others.push(contact);
  }

  const counts: Record<string, number> = {};
  const count = (reason: string) => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  const update = db.prepare(
    `UPDATE contacts SET name = ?, email = ?, phone = ?, key = ?, record_type = 'contact-sync', source = ?, external_id = ? WHERE id = ?`,
  );
  const retype = db.prepare(`UPDATE contacts SET record_type = 'contact-sync' WHERE id = ?`);
  const insert = db.prepare(`INSERT INTO contacts VALUES (?, ?, ?, ?, 'contact-sync', 0, ?, ?, ?)`);

  for (const line of readFileSync(input, 'utf8').split('\n')) {
    if (line === '') continue;
    const { externalId, name, email, phone, key } = normalised(JSON.parse(line));
    const write = (id: number) => update.run(name, email, phone, key, source, externalId, id);
    const linked = byLink.get(externalId);
    if (linked !== undefined) {
      const manual = linked.record_type === 'manual';
      if (linked.forced_manual) {
        count(manual ? 'relinked_forced_manual' : 'kept_forced_manual');
        if (manual) retype.run(linked.id);
      } else if (linked.name === name && linked.email === email && linked.phone === phone) {
        count(manual ? 'relinked' : 'unchanged');
        if (manual) retype.run(linked.id);
      } else {
        count(manual ? 'relinked_updated' : 'updated');
        write(linked.id);
      }
      continue;
    }
    const namesakes = byKey.get(key) ?? [];
    const equal = namesakes.filter((contact) => contact.phone === phone);
    const free = equal.find((contact) => contact.record_type === 'manual' && contact.source === null);
    if (free !== undefined) {
      count('matched_profile');
      free.source = source;
      if (free.forced_manual) throw new Error('No contact that is forced manual is without a link here.');
      write(free.id);
      continue;
    }
    if (equal.some((contact) => contact.record_type === 'external')) count('created_external_ignored');
    else if (namesakes.some((contact) => contact.record_type === 'manual')) count('created_partial_match');
    else count('created');
    lastId += 1;
    insert.run(lastId, name, email, phone, source, externalId, key);
  }
  db.exec('COMMIT');
  db.close();
  return { counts };
}
