import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf, locking, newDatabase, query, waiting } from '../test/support.js';
import { openDatabase } from './database.js';
import { migrate, schemaVersion } from './migrate.js';
import { type Migration, migrations as ours } from './schema.js';

const steps: readonly Migration[] = [
  { name: 'make', sql: `CREATE TABLE contact_sync.things (name text); INSERT INTO contact_sync.things VALUES ('a')` },
  { name: 'widen', sql: 'ALTER TABLE contact_sync.things ADD COLUMN size integer NOT NULL DEFAULT 7' },
  { name: 'fill', sql: 'INSERT INTO contact_sync.things SELECT name, size + 1 FROM contact_sync.things' },
];

let url = '';
let client: pg.Client;
beforeEach(async () => {
  url = await newDatabase();
  client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
});
afterEach(() => client.end());

const things = () => query(url, 'SELECT * FROM contact_sync.things ORDER BY size');

test.each([0, 1, 2, 3])('a database of version %i becomes one of the newest version', async (version) => {
  await migrate(client, steps.slice(0, version), 'It');
  expect(await schemaVersion(client, 'It')).toBe(version);
  await migrate(client, steps, 'It');
  expect(await schemaVersion(client, 'It')).toBe(3);
  expect(await things()).toEqual([
    { name: 'a', size: 7 },
    { name: 'a', size: 8 },
  ]);
});

test('a step that fails leaves the database at the step before, and can be taken again', async () => {
  const broken = steps.with(1, { name: 'widen', sql: `${steps[1]?.sql}; INSERT INTO nowhere VALUES (1)` });
  await expect(migrate(client, broken, 'It')).rejects.toThrow('nowhere');
  expect(await schemaVersion(client, 'It')).toBe(1);
  expect(await query(url, 'SELECT * FROM contact_sync.things')).toEqual([{ name: 'a' }]);
  await migrate(client, steps, 'It');
  expect((await things()).length).toBe(2);
});

test.each([0, 1, 2])('killed in the middle of the step after version %i, and taken up again', async (version) => {
  await query(url, 'CREATE TABLE public.gate ()');
  const slow = steps.map((step) => ({ ...step, sql: `${step.sql}; LOCK TABLE public.gate` }));
  await migrate(client, slow.slice(0, version), 'It');
  const open = await locking(url, 'public.gate');
  const killed = migrate(client, slow, 'It').catch((error: unknown) => error);
  const [pid] = await waiting(url);
  await query(url, 'SELECT pg_terminate_backend($1)', [pid]);
  expect(await killed).toMatchObject({ code: '57P01' });
  await open();

  const next = new pg.Client(url);
  await next.connect();
  expect(await schemaVersion(next, 'It')).toBe(version);
  await migrate(next, slow, 'It');
  await next.end();
  expect(await things()).toEqual([
    { name: 'a', size: 7 },
    { name: 'a', size: 8 },
  ]);
});

test('several processes migrate at once, and each step is taken once', async () => {
  const databases = Array.from({ length: 8 }, () =>
    openDatabase({ url, readOnly: false, busyTimeoutMs: 20_000, migrations: steps }),
  );
  await Promise.all(databases.map((database) => database.read(async () => undefined)));
  expect((await things()).length).toBe(2);
  await Promise.all(databases.map((database) => database.close()));
});

test('a migration waits for another one, though not for ever', async () => {
  await client.query('BEGIN; SELECT pg_advisory_xact_lock(1131697017)');
  const database = openDatabase({ url, readOnly: false, busyTimeoutMs: 50, migrations: steps });
  expect(await failureOf(database.read(async () => undefined))).toMatchObject({
    code: 'store_busy',
    hint: expect.stringContaining('Try again'),
  });
  await client.query('COMMIT');
  await database.read(async () => undefined);
  expect((await things()).length).toBe(2);
  await database.close();
});

test.each(ours.map((_, version) => version))(
  'our own steps, from version %i, with what is in the tables',
  async (version) => {
    await migrate(client, ours.slice(0, version), 'It');
    if (version > 0)
      await client.query(`INSERT INTO contact_sync.books (name, version, next_id) VALUES ('kept', 7, '12')`);
    await migrate(client, ours, 'It');
    expect(await schemaVersion(client, 'It')).toBe(ours.length);
    const books = await query(url, 'SELECT name, version, next_id FROM contact_sync.books');
    expect(books).toEqual(version > 0 ? [{ name: 'kept', version: '7', next_id: '12' }] : []);
  },
);

test('our tables keep their promises', async () => {
  await migrate(client, ours, 'It');
  const insert = (values: string) =>
    query(
      url,
      `INSERT INTO contact_sync.contacts (book, id, record_type, source, external_id, name, email, forced_manual,
         name_email_key, id_key) VALUES (${values}, '', '', false, '', '')`,
    );
  await insert("1, '1', 'contact-sync', 's', 'x'");
  await expect(insert("1, '2', 'manual', 's', 'x'")).rejects.toThrow('contacts_link');
  await expect(insert("1, '1', 'manual', NULL, NULL")).rejects.toThrow('contacts_pkey');
  await expect(insert("1, '3', 'manual', 's', NULL")).rejects.toThrow('contacts_check');
  await expect(insert("1, '3', 'unknown', NULL, NULL")).rejects.toThrow('contacts_record_type_check');
  await insert("2, '1', 'contact-sync', 's', 'x'");
  await insert("1, '4', 'external', 's', 'x'");
  await insert("1, '5', 'external', 's', 'x'");
});
