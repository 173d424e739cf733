import { planImport } from '@contact-sync/core';
import { beforeAll, expect, test } from 'vitest';
import { answering, ending, fakeServer } from '../test/fake-server.js';
import { contentOf, failureOf, newDatabase, newUser, query, sharedServer, withUser } from '../test/support.js';
import { postgresStore } from './postgres-store.js';

let server = '';
beforeAll(async () => {
  server = await sharedServer();
});

const plan = planImport([], { base: 0, at: '2026-03-01T00:00:00.000Z', actor: 'test' });

/** What the first use of a store says, for reading and for writing alike. */
async function refusal(url: string): Promise<{ code: string; message: string; hint: string }> {
  const store = postgresStore({ url, busyTimeoutMs: 200 });
  const reading = await failureOf(store.head());
  const writing = await failureOf(store.apply(plan));
  await store.close();
  expect(writing).toEqual(reading);
  expect(`${reading.message} ${reading.hint}`).not.toContain('secret');
  expect(reading.hint).toContain('Nothing was written');
  return reading;
}

test('a server that is down', async () => {
  const closed = await fakeServer(() => undefined);
  await closed.close();
  expect(await refusal(closed.url)).toMatchObject({
    code: 'store_failed',
    message: expect.stringMatching(/^The database books at 127\.0\.0\.1:\d+ cannot be reached\.$/),
    hint: expect.stringContaining('Check that the server runs'),
  });
  expect(await refusal('postgresql://app:secret@localhost/books?host=/nowhere')).toMatchObject({
    code: 'store_failed',
    message: 'The database books at /nowhere cannot be reached.',
  });
});

test('a host that does not exist', async () => {
  expect(await refusal('postgresql://app:secret@nowhere.invalid/books')).toMatchObject({
    code: 'store_failed',
    message: 'The database books at nowhere.invalid:5432 cannot be reached.',
    hint: expect.stringContaining('host and port'),
  });
});

test('something else than PostgreSQL, and a server that hangs up', async () => {
  const web = await fakeServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  expect(await refusal(web.url)).toMatchObject({
    code: 'store_failed',
    hint: expect.stringContaining('host and port'),
  });
  await web.close();
});

// Node ends a program in which an error event has no listener: each of these once did.
test.each(['welcome', 'question'] as const)('a server that ends the connection, at its %s', async (when) => {
  const leaving = await fakeServer(ending(when));
  const store = postgresStore({ url: leaving.url });
  expect(await failureOf(store.head())).toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('broke off the connection'),
    hint: expect.stringContaining('The book is as it was'),
  });
  await store.close();
  await leaving.close();
});

test('a server that is too old', async () => {
  const old = await fakeServer(answering(['120022', 'UTF8']));
  expect(await refusal(old.url)).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('is a PostgreSQL 12, which is too old'),
    hint: 'Nothing was written. Use PostgreSQL 13 or newer.',
  });
  await old.close();
});

test('a server that wants TLS where it has none', async () => {
  const plain = await fakeServer((socket) => socket.on('data', () => socket.write('N')));
  expect(await refusal(`${plain.url}?sslmode=verify-full`)).toMatchObject({
    code: 'store_unusable',
    hint: expect.stringContaining('sslmode'),
  });
  await plain.close();
});

test('a wrong password', async () => {
  await query(
    server,
    `DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN END $$`,
  );
  expect(await refusal(withUser(server, 'locked', 'secret'))).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('does not accept this user and password'),
    hint: expect.stringContaining('pg_hba.conf'),
  });
});

test('a database that does not exist', async () => {
  const url = new URL(server);
  url.pathname = 'nowhere';
  expect(await refusal(url.href)).toMatchObject({
    code: 'store_unusable',
    message: expect.stringMatching(/^The database nowhere at .* does not exist\.$/),
    hint: expect.stringContaining('CREATE DATABASE'),
  });
});

test('a database that cannot hold every name', async () => {
  const url = await newDatabase({ options: "ENCODING LATIN1 LOCALE 'C' TEMPLATE template0" });
  expect(await refusal(url)).toMatchObject({ code: 'store_unusable', hint: expect.stringContaining('ENCODING UTF8') });
  expect(await contentOf(url)).toMatchObject([{ nspname: 'public' }]);
});

test('a user who may not make a schema, and who may once its owner has made it', async () => {
  const url = await newDatabase();
  const user = await newUser();
  expect(await refusal(withUser(url, user))).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('does not give this user the rights it needs'),
    hint: expect.stringContaining('GRANT CREATE ON DATABASE'),
  });
  expect(await contentOf(url)).toMatchObject([{ nspname: 'public' }]);

  await query(url, `CREATE SCHEMA contact_sync AUTHORIZATION ${user}`);
  const store = postgresStore({ url: withUser(url, user) });
  expect((await store.apply(plan)).outcome).toBe('unchanged');
  await store.close();
});

test('a user without rights to a schema that is there', async () => {
  const url = await newDatabase();
  const store = postgresStore({ url });
  await store.apply(plan);
  const content = await contentOf(url);
  const user = await newUser();
  expect(await refusal(withUser(url, user))).toMatchObject({
    code: 'store_unusable',
    hint: expect.stringContaining('GRANT USAGE ON SCHEMA contact_sync'),
  });

  // The rights of the hint are enough.
  await query(
    url,
    `GRANT USAGE ON SCHEMA contact_sync TO ${user};
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA contact_sync TO ${user}`,
  );
  expect(await contentOf(url)).toEqual(content);
  const helped = postgresStore({ url: withUser(url, user), book: 'another' });
  expect((await helped.apply(plan)).outcome).toBe('unchanged');
  await Promise.all([store.close(), helped.close()]);
});

test("another program's tables under the name of our schema", async () => {
  const url = await newDatabase();
  await query(
    url,
    'CREATE SCHEMA contact_sync; CREATE TABLE contact_sync.contacts (id int); INSERT INTO contact_sync.contacts VALUES (1)',
  );
  const content = await contentOf(url);
  expect(await refusal(url)).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining("is another program's"),
    hint: expect.stringContaining('database of its own'),
  });
  expect(await contentOf(url)).toEqual(content);
});

test('a newer version', async () => {
  const url = await newDatabase();
  const store = postgresStore({ url });
  await store.apply(plan);
  await query(url, 'UPDATE contact_sync.contact_sync_schema SET version = 99, oldest = 98');
  const content = await contentOf(url);
  expect(await refusal(url)).toMatchObject({
    code: 'store_newer',
    hint: 'Nothing was written. Install the newer version.',
  });
  // Also where it became newer after this process had looked.
  expect(await failureOf(store.apply(plan))).toMatchObject({ code: 'store_newer' });
  expect(await contentOf(url)).toEqual(content);
  await store.close();
});

test('a database that can only be read', async () => {
  const url = await newDatabase();
  const user = await newUser('SUPERUSER');
  await query(url, `ALTER ROLE ${user} SET default_transaction_read_only = on`);
  expect(await refusal(withUser(url, user))).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('can only be read'),
    hint: expect.stringContaining('primary'),
  });
  const store = postgresStore({ url });
  await store.apply(plan);
  const reader = postgresStore({ url: withUser(url, user), readOnly: true });
  expect((await reader.head()).version).toBe(0);
  await Promise.all([store.close(), reader.close()]);
});

test('a server that has no connection free', async () => {
  const user = await newUser('CONNECTION LIMIT 0');
  expect(await refusal(withUser(server, user))).toMatchObject({
    code: 'store_busy',
    hint: expect.stringContaining('Try again'),
  });
});

test('a store for reading makes nothing and changes nothing', async () => {
  const url = await newDatabase();
  const store = postgresStore({ url, readOnly: true });
  expect(await failureOf(store.head())).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('There is no contact book'),
  });
  expect(await contentOf(url)).toMatchObject([{ nspname: 'public' }]);

  const writer = postgresStore({ url });
  await writer.apply(plan);
  expect((await store.runs({ limit: 5 })).runs.length).toBe(1);
  expect(await failureOf(store.apply(plan))).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('was opened for reading only'),
  });
  await Promise.all([store.close(), writer.close()]);
});

test('a store that is closed', async () => {
  const store = postgresStore({ url: server });
  await store.close();
  await store.close();
  expect(await failureOf(store.head())).toMatchObject({
    code: 'store_unusable',
    message: expect.stringContaining('is closed already'),
  });
});

test.each([
  [{}, 'Either `url` or `pool` has to be set, and not both.'],
  [{ url: 'mysql://app:secret@host/books' }, 'The setting url is not a URL of PostgreSQL.'],
  [{ url: 'postgresql://app:secret@host:port/books' }, 'The setting url is not a URL of PostgreSQL.'],
  [{ url: 'postgresql://host/books', book: '' }, 'The setting book cannot be used: '],
  [{ url: 'postgresql://host/books', book: 'a\0' }, 'The setting book cannot be used: '],
  [{ url: 'postgresql://host/books', shema: 'x' }, 'The setting options cannot be used: '],
  [{ pool: 'a pool' }, 'The setting pool cannot be used: '],
])('settings that cannot be used: %j', (options, message) => {
  let thrown: unknown;
  try {
    postgresStore(options as Parameters<typeof postgresStore>[0]);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'setting_invalid', message: expect.stringContaining(message) });
  expect(String(thrown)).not.toContain('secret');
});
