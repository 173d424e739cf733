import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf, locking, newDatabase, query, waiting } from '../test/support.js';
import { openDatabase } from './database.js';
import { type Migration, migrate, schemaState } from './migrate.js';
import { booksSchema, migrations as ours } from './schema.js';

const steps: readonly Migration[] = [
  { name: 'make', sql: `CREATE TABLE contact_sync.things (name text); INSERT INTO contact_sync.things VALUES ('a')` },
  { name: 'widen', sql: 'ALTER TABLE contact_sync.things ADD COLUMN size integer NOT NULL DEFAULT 7' },
  { name: 'fill', sql: 'INSERT INTO contact_sync.things SELECT name, size + 1 FROM contact_sync.things' },
];

const made = (migrations: readonly Migration[]) => ({ name: 'contact_sync', migrations });

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
  await migrate(client, made(steps.slice(0, version)), 'It');
  expect((await schemaState(client, booksSchema, 'It')).version).toBe(version);
  await migrate(client, made(steps), 'It');
  expect((await schemaState(client, booksSchema, 'It')).version).toBe(3);
  expect(await things()).toEqual([
    { name: 'a', size: 7 },
    { name: 'a', size: 8 },
  ]);
});

test('a step that fails leaves the database at the step before, and can be taken again', async () => {
  const broken = steps.with(1, { name: 'widen', sql: `${steps[1]?.sql}; INSERT INTO nowhere VALUES (1)` });
  await expect(migrate(client, made(broken), 'It')).rejects.toThrow('nowhere');
  expect((await schemaState(client, booksSchema, 'It')).version).toBe(1);
  expect(await query(url, 'SELECT * FROM contact_sync.things')).toEqual([{ name: 'a' }]);
  await migrate(client, made(steps), 'It');
  expect((await things()).length).toBe(2);
});

test.each([0, 1, 2])('killed in the middle of the step after version %i, and taken up again', async (version) => {
  await query(url, 'CREATE TABLE public.gate ()');
  const slow = steps.map((step) => ({ ...step, sql: `${step.sql}; LOCK TABLE public.gate` }));
  await migrate(client, made(slow.slice(0, version)), 'It');
  const open = await locking(url, 'public.gate');
  const killed = migrate(client, made(slow), 'It').catch((error: unknown) => error);
  const [pid] = await waiting(url);
  await query(url, 'SELECT pg_terminate_backend($1)', [pid]);
  expect(await killed).toMatchObject({ code: '57P01' });
  await open();

  const next = new pg.Client(url);
  await next.connect();
  expect((await schemaState(next, booksSchema, 'It')).version).toBe(version);
  await migrate(next, made(slow), 'It');
  await next.end();
  expect(await things()).toEqual([
    { name: 'a', size: 7 },
    { name: 'a', size: 8 },
  ]);
});

test('several processes migrate at once, and each step is taken once', async () => {
  const databases = Array.from({ length: 8 }, () =>
    openDatabase({ url, readOnly: false, busyTimeoutMs: 20_000, schema: made(steps) }),
  );
  await Promise.all(databases.map((database) => database.read(async () => undefined)));
  expect((await things()).length).toBe(2);
  await Promise.all(databases.map((database) => database.close()));
});

test('a migration waits for another one, though not for ever', async () => {
  await client.query('BEGIN; SELECT pg_advisory_xact_lock(1131697017)');
  const database = openDatabase({ url, readOnly: false, busyTimeoutMs: 50, schema: made(steps) });
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
    await migrate(client, made(ours.slice(0, version)), 'It');
    if (version > 0)
      await client.query(`INSERT INTO contact_sync.books (name, version, next_id) VALUES ('kept', 7, '12')`);
    await migrate(client, made(ours), 'It');
    expect((await schemaState(client, booksSchema, 'It')).version).toBe(ours.length);
    const books = await query(url, 'SELECT name, version, next_id FROM contact_sync.books');
    expect(books).toEqual(version > 0 ? [{ name: 'kept', version: '7', next_id: '12' }] : []);
  },
);

test('our tables keep their promises', async () => {
  await migrate(client, made(ours), 'It');
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

describe('a program beside a schema of a newer version', () => {
  const table = 'CREATE TABLE contact_sync.things (name text NOT NULL)';
  const known = [{ name: 'make', sql: table }];
  const wider = { name: 'widen', sql: 'ALTER TABLE contact_sync.things ADD COLUMN size integer' };
  const narrower: Migration = {
    name: 'rename',
    sql: 'ALTER TABLE contact_sync.things RENAME COLUMN name TO title',
    breaks: true,
  };
  const opened = (migrations: readonly Migration[], readOnly = false) =>
    openDatabase({ url, readOnly, busyTimeoutMs: 5000, schema: made(migrations) });
  const nothing = async () => undefined;

  test('goes on where the steps only add, also when it begins after them', async () => {
    const older = opened(known);
    await older.write(nothing);
    await migrate(
      client,
      made([...known, wider, { ...wider, sql: 'CREATE INDEX ON contact_sync.things (size)' }]),
      'It',
    );
    await older.write(nothing);
    await older.close();
    for (const readOnly of [false, true]) {
      const begun = opened(known, readOnly);
      await begun.read(nothing);
      await begun.close();
    }
    // The schema stays as the newer one left it.
    expect(await schemaState(client, booksSchema, 'It')).toEqual({ version: 3, oldest: 0 });
  });

  test('is refused from the step on that takes something away, and those that know that step are not', async () => {
    const [oldest, middle] = [opened(known), opened([...known, narrower])];
    await oldest.write(nothing);
    await migrate(client, made([...known, narrower, wider]), 'It');
    expect(await failureOf(oldest.write(nothing))).toMatchObject({
      code: 'store_newer',
      message: expect.stringContaining('contact_sync is at 3, and whoever knows less than 2 must leave it alone'),
    });
    for (const readOnly of [false, true]) {
      const begun = opened(known, readOnly);
      expect(await failureOf(begun.read(nothing))).toMatchObject({ code: 'store_newer' });
      await begun.close();
    }
    await middle.write(nothing);
    await Promise.all([oldest.close(), middle.close()]);
  });

  test('writes nothing after such a step that it began before it', async () => {
    const older = opened(known);
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const order: string[] = [];
    const writing = older.write(async () => {
      begun.resolve();
      await go.promise;
      order.push('written');
    });
    await begun.promise;
    const migrating = migrate(client, made([...known, narrower]), 'It').then(() => order.push('migrated'));
    await waiting(url);
    go.resolve();
    await Promise.all([writing, migrating]);
    expect(order).toEqual(['written', 'migrated']);
    await older.close();
  });
});
