import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Contact, ContactSyncError, planImport } from '@contact-sync/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../test/processes.js';
import { applicationId, migrations } from './schema.js';
import { type SqliteStoreOptions, sqliteStore } from './sqlite-store.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true }));

const contact: Contact = {
  id: '1',
  name: 'John',
  email: 'john@example.com',
  phone: null,
  recordType: 'manual',
  forcedManual: false,
  link: null,
  missingSince: null,
};
const plan = planImport([contact], { base: 0, at: '2026-03-01T00:00:00.000Z', actor: 'test' });

async function aBook(name: string): Promise<string> {
  const file = join(folder, name);
  const store = sqliteStore({ file });
  await store.apply(plan);
  await store.close();
  return file;
}

/** Every file of the folder with its bytes. */
function snapshot(): Record<string, string> {
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'hex')]));
}

/** What opening fails with, once it is sure that it changed nothing. */
function refusal(options: SqliteStoreOptions): { code: string; message: string } {
  const before = snapshot();
  let error: unknown;
  try {
    void sqliteStore(options).close();
  } catch (thrown) {
    error = thrown;
  }
  expect(snapshot()).toEqual(before);
  if (!ContactSyncError.is(error)) throw new Error('It was opened, or failed in another way.', { cause: error });
  expect(error.hint).not.toBe('');
  return { code: error.code, message: error.message };
}

describe('a file that cannot be a book is refused and left as it is', () => {
  test('one that is not there, where none is to be made', () => {
    const file = join(folder, 'typo.db');
    expect(refusal({ file, create: false })).toEqual({ code: 'store_unusable', message: `There is no file ${file}.` });
    expect(refusal({ file, readOnly: true }).code).toBe('store_unusable');
  });

  test('one in a folder that is not there', () => {
    const file = join(folder, 'none', 'book.db');
    const message = `There is no folder ${join(folder, 'none')}.`;
    expect(refusal({ file })).toEqual({ code: 'store_unusable', message });
  });

  test('a folder', () => {
    expect(refusal({ file: folder })).toEqual({ code: 'store_unusable', message: `${folder} is not a file.` });
  });

  test('an empty file, where none is to be made', () => {
    const file = join(folder, 'empty.db');
    writeFileSync(file, '');
    expect(refusal({ file, create: false })).toEqual({ code: 'store_unusable', message: `${file} is empty.` });
    expect(refusal({ file, readOnly: true }).message).toBe(`${file} is empty.`);
  });

  test.each(['a', 'name,email\n', 'SQLite format 3', 'x'.repeat(5000)])('one that is no database', (text) => {
    const file = join(folder, 'text.csv');
    writeFileSync(file, text);
    expect(refusal({ file })).toEqual({ code: 'store_unusable', message: `${file} is not a database.` });
  });

  test.each(['', `PRAGMA application_id = ${applicationId + 1};`])("another program's database", (mark) => {
    const file = join(folder, 'other.db');
    const other = new DatabaseSync(file);
    other.exec(`${mark} CREATE TABLE contacts (id); PRAGMA user_version = 1`);
    other.close();
    const expected = { code: 'store_unusable', message: `${file} is the database of another program.` };
    expect(refusal({ file })).toEqual(expected);
    expect(refusal({ file, readOnly: true })).toEqual(expected);
  });

  test("another program's database in the middle of its work", () => {
    const file = join(folder, 'other.db');
    const other = new DatabaseSync(file);
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE things (id); INSERT INTO things VALUES (1)');
    // As it is after a crash of that program.
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, join(folder, `crashed.db${end}`));
    other.close();
    expect(refusal({ file: join(folder, 'crashed.db') }).message).toContain('is the database of another program.');
  });

  test('one of a newer version', async () => {
    const file = await aBook('newer.db');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const message = `${file} was written by a newer version of contact-sync: its schema is 99, and this version knows ${migrations.length}.`;
    expect(refusal({ file })).toEqual({ code: 'store_newer', message });
    expect(refusal({ file, readOnly: true })).toEqual({ code: 'store_newer', message });
  });

  test('one of a newer version that wrote last and crashed', async () => {
    const file = await aBook('newer.db');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, join(folder, `crashed.db${end}`));
    newer.close();
    const before = readFileSync(join(folder, 'crashed.db'), 'hex');
    expect(() => sqliteStore({ file: join(folder, 'crashed.db'), readOnly: true })).toThrow('by a newer version');
    expect(readFileSync(join(folder, 'crashed.db'), 'hex')).toBe(before);
  });

  test('one that is damaged', async () => {
    const file = await aBook('damaged.db');
    truncateSync(file, 6000);
    const error = await trying(file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'store_failed' });
  });

  test.each([{ file: '' }, { book: '' }, { busyTimeoutMs: -1 }, { busyTimeoutMs: 0.5 }])('options like %j', (wrong) => {
    expect(refusal({ file: join(folder, 'x.db'), ...wrong }).code).toBe('setting_invalid');
  });
});

async function trying(file: string): Promise<void> {
  const store = sqliteStore({ file, create: false });
  try {
    await store.search({ limit: 10 });
    await store.apply({ ...plan, base: 1 });
  } finally {
    await store.close();
  }
}

describe('without the right to write', () => {
  test('a file, and a folder, are refused for writing', async () => {
    const file = await aBook('locked.db');
    chmodSync(file, 0o444);
    expect((await run('unprivileged', file, 'write')).output).toBe(`store_unusable: ${file} may not be written to.`);
    expect((await run('unprivileged', file, 'read')).output).toBe('1 contacts');

    mkdirSync(join(folder, 'locked'));
    const inside = join(folder, 'locked', 'book.db');
    copyFileSync(file, inside);
    chmodSync(inside, 0o666);
    chmodSync(join(folder, 'locked'), 0o555);
    const refused = `store_unusable: ${join(folder, 'locked')} may not be written to.`;
    expect((await run('unprivileged', inside, 'write')).output).toBe(refused);
    expect((await run('unprivileged', join(folder, 'locked', 'new.db'), 'write')).output).toBe(refused);
    // Reading needs the folder too, for the files beside the database.
    expect((await run('unprivileged', inside, 'read')).output).toBe(`store_unusable: ${inside} may not be written to.`);
  });

  test('a file that may not be read is refused', async () => {
    const file = await aBook('secret.db');
    // A book is for its owner's eyes only.
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o000);
    expect((await run('unprivileged', file, 'read')).output).toBe(`store_unusable: ${file} cannot be opened.`);
  });
});

describe('reading changes not one byte', () => {
  async function readEverything(file: string): Promise<void> {
    const store = sqliteStore({ file, readOnly: true });
    expect((await store.head()).version).toBe(1);
    await store.links('xpm:t');
    expect(await store.find({ ids: ['1'] })).toEqual([contact]);
    expect((await store.search({ limit: 5 })).contacts).toEqual([contact]);
    const { runs } = await store.runs({ limit: 5 });
    for await (const decision of store.decisions(runs[0]?.id ?? '')) expect(decision.after).toEqual(contact);
    await store.close();
  }

  test('of a book at rest', async () => {
    const file = await aBook('book.db');
    const before = snapshot();
    await readEverything(file);
    expect(snapshot()).toEqual(before);
    expect(Object.keys(before)).toEqual(['book.db']);
  });

  test('of a book whose last program crashed', async () => {
    const file = join(folder, 'book.db');
    const store = sqliteStore({ file });
    await store.apply(plan);
    for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, join(folder, `crashed.db${end}`));
    await store.close();
    const before = snapshot();
    expect(before['crashed.db']).not.toBe(before['book.db']);
    await readEverything(join(folder, 'crashed.db'));
    const { 'crashed.db-shm': _, ...after } = snapshot();
    expect(after).toEqual(before);
  });

  test('and writing is refused', async () => {
    const file = await aBook('book.db');
    const store = sqliteStore({ file, readOnly: true });
    await expect(store.apply({ ...plan, base: 1 })).rejects.toMatchObject({ code: 'store_unusable' });
    await expect(store.record(plan, { outcome: 'blocked' })).rejects.toMatchObject({ code: 'store_unusable' });
    await store.close();
  });

  test('also of a book that is in no file yet', async () => {
    const file = await aBook('book.db');
    const before = snapshot();
    const store = sqliteStore({ file, book: 'another', create: false });
    expect((await store.head()).version).toBe(0);
    expect((await store.search({ limit: 5 })).contacts).toEqual([]);
    await store.close();
    expect(snapshot()).toEqual(before);
  });
});

test('a file that another program is writing to is busy, and free when it is done', async () => {
  const file = await aBook('book.db');
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const store = sqliteStore({ file, busyTimeoutMs: 0 });
  const next = planImport([{ ...contact, id: '2' }], { base: 1, at: plan.at, actor: 'test' });
  await expect(store.apply(next)).rejects.toMatchObject({ code: 'store_busy' });
  expect((await store.head()).version).toBe(1);
  other.exec('ROLLBACK');
  other.close();
  expect((await store.apply(next)).version).toBe(2);
  await store.close();
});

test('a closed store says that it is closed, and may be closed again', async () => {
  const store = sqliteStore({ file: await aBook('book.db') });
  await store.close();
  await store.close();
  await expect(store.head()).rejects.toMatchObject({ code: 'store_unusable' });
  await expect(store.find({})).rejects.toThrow('is closed already');
});

test('names that SQLite gives a meaning of their own are names of files', async () => {
  const file = join(folder, ':memory:');
  const store = sqliteStore({ file });
  await store.apply(plan);
  await store.close();
  expect(statSync(file).size).toBeGreaterThan(0);
});
