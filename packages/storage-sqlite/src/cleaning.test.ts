import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Contact, type Decision, type Plan, planOf } from '@contact-sync/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { booksOf } from './books.js';
import { connectionsOf } from './connections.js';
import { contactReader } from './contacts.js';
import { historyOf } from './history.js';
import { keptRowsOf } from './kept-rows.js';
import { open } from './open.js';
import { sqliteStore } from './sqlite-store.js';
import { planWriter } from './writer.js';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
  file = join(folder, 'book.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const signature = { actor: 'me', at: '2026-03-01T00:00:00.000Z', why: null };
const source = 'xpm:t';
const wanted: Contact = {
  id: '50',
  name: 'Quendolina Zimmersmythe',
  email: 'quendolina@example.com',
  phone: '+61255501234',
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source, externalId: 'record-of-quendolina' },
  missingSince: null,
};
const renamed = { ...wanted, name: 'Quendolina Featherstonehaugh', phone: '+61255509999' };
/** What is looked for, byte by byte. A search key has name and email in lower case. */
const traces = ['uendolina', 'immersmythe', 'eatherstonehaugh', '+61255501234', '+61255509999'];

function other(id: string, name: string): Contact {
  const link = { source, externalId: `r${id}` };
  return { ...wanted, id, name, email: `${id}@example.com`, phone: null, link };
}

function decision(before: Contact | null, after: Contact | null, values: Partial<Decision> = {}): Decision {
  const plain = { externalId: null, flags: [], says: null, faults: [], note: null };
  return { reason: 'imported', ...plain, before, after, ...values };
}

function sync(base: number, decisions: Decision[]): Plan {
  return planOf({ kind: 'sync', source, base, ...signature }, decisions);
}

/** A book in which the person was made among many, changed, and spoken of by a run that was stopped. */
async function aBook(): Promise<void> {
  const store = sqliteStore({ file });
  const others = Array.from({ length: 400 }, (_, index) => other(String(index + 100), `Person ${index}`));
  await store.apply(
    sync(
      0,
      [...others.slice(0, 200), wanted, ...others.slice(200)].map((one) => decision(null, one)),
    ),
  );
  await store.apply(sync(1, [decision(wanted, renamed)]));
  const rejected = { reason: 'rejected_phone_invalid', externalId: 'record-of-quendolina' } as const;
  const stopped = [decision(null, null, { ...rejected, says: wanted }), decision(renamed, { ...renamed, phone: null })];
  await store.record(sync(2, stopped), { outcome: 'blocked' });
  // Pages are moved about, and rows with them.
  await store.apply(
    sync(
      2,
      others.slice(0, 300).map((one) => decision(one, { ...one, name: `${one.name} ${'x'.repeat(90)}` })),
    ),
  );
  await store.close();
}

function found(path: string): string[] {
  const bytes = ['', '-wal', '-shm'].flatMap((end) => (existsSync(path + end) ? [readFileSync(path + end)] : []));
  return traces.filter((trace) => bytes.some((part) => part.includes(trace)));
}

/** The file and what is beside it, as a crash would leave them. */
function copyTo(name: string): string {
  const path = join(folder, name);
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, path + end);
  return path;
}

test('of a person who was forgotten not a byte is left in the file or beside it', async () => {
  await aBook();
  expect(found(file)).toEqual(traces);
  const store = sqliteStore({ file });
  // So that the log has something of the person too.
  await store.apply(sync(3, [decision(renamed, wanted)]));
  expect(readFileSync(`${file}-wal`).includes('immersmythe')).toBe(true);
  await store.forget('50', signature);
  expect(found(file)).toEqual([]);
  expect(statSync(`${file}-wal`).size).toBeLessThan(50_000);
  expect((await store.search({ limit: 999 })).contacts.length).toBe(400);
  await store.close();
  expect(found(file)).toEqual([]);
});

test('also of what was deleted before the file was cleaned for the first time', async () => {
  await aBook();
  const careless = new DatabaseSync(file);
  careless.exec(
    "PRAGMA secure_delete = OFF; DELETE FROM decisions; DELETE FROM contacts WHERE id BETWEEN '50' AND '60'",
  );
  careless.close();
  expect(found(file).length).toBeGreaterThan(0);
  const store = sqliteStore({ file });
  await store.forget('100', signature);
  expect(found(file)).toEqual([]);
  await store.close();
});

test('a program that dies before the file is clean leaves that to the next one', async () => {
  await aBook();
  const db = open({ file, create: false, readOnly: false, busyTimeoutMs: 0 });
  const parts = {
    books: booksOf(db),
    connections: connectionsOf(db),
    contacts: contactReader(db),
    history: historyOf(db),
    keptRows: keptRowsOf(db),
  };
  planWriter(db, parts).forget('default', '50', signature);
  const crashed = copyTo('crashed.db');
  db.close();
  expect(found(crashed).length).toBeGreaterThan(0);
  const store = sqliteStore({ file: crashed });
  expect(found(crashed)).toEqual([]);
  expect(await store.find({ ids: ['50'] })).toEqual([]);
  await store.close();
});

test('where another program reads the file, it is told that the file is not clean yet, and it is cleaned later', async () => {
  await aBook();
  const reader = new DatabaseSync(file);
  reader.exec('BEGIN; SELECT count(*) FROM contacts');
  const store = sqliteStore({ file, busyTimeoutMs: 0 });
  await expect(store.forget('50', signature)).rejects.toMatchObject({
    code: 'store_busy',
    message: `The person is forgotten, but ${file} could not be cleaned of what was deleted.`,
  });
  expect(await store.find({ ids: ['50'] })).toEqual([]);
  await store.close();

  // It can be opened while the other one is still there.
  await sqliteStore({ file, busyTimeoutMs: 0 }).close();
  reader.exec('COMMIT');
  reader.close();
  await sqliteStore({ file }).close();
  expect(found(file)).toEqual([]);
});
