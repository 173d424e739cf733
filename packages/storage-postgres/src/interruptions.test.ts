import { type ContactStore, planImport } from '@contact-sync/core';
import { beforeEach, expect, test } from 'vitest';
import { at, decisionOf, people, planFor, renaming } from '../test/plans.js';
import { start } from '../test/processes.js';
import { startServer } from '../test/server.js';
import { failureOf, locking, newDatabase, query, waiting } from '../test/support.js';
import { postgresStore } from './postgres-store.js';

const size = 2500;

let url = '';
beforeEach(async () => {
  url = await newDatabase();
});

async function bookOf(place: string, count = size): Promise<ContactStore> {
  const store = postgresStore({ url: place });
  await store.apply(planImport(people(count, 'old'), { base: 0, at, actor: 'test' }));
  return store;
}

/** The book is whole: everybody has one name, and everything else fits it. */
async function expectBook(
  store: ContactStore,
  { name, version }: { name: string; version: number },
  count = size,
): Promise<void> {
  expect((await store.head()).version).toBe(version);
  const { contacts } = await store.search({ limit: 100_000 });
  expect(contacts.length).toBe(count);
  expect([...new Set(contacts.map((contact) => contact.name))]).toEqual([name]);
  expect([...(await store.links('xpm:t')).keys()].toSorted()).toEqual(
    contacts.map(({ link }) => link?.externalId).toSorted(),
  );
  const { runs } = await store.runs({ limit: 100 });
  expect(runs.map((run) => run.version)).toEqual(Array.from({ length: version }, (_, index) => version - index));
  for (const run of runs) {
    let decisions = 0;
    for await (const _ of store.decisions(run.id)) decisions += 1;
    expect(decisions).toBe(count);
  }
}

// Each table is where another part of the work waits: for the right to write, before the first contact, before the
// history's line, and after all contacts and most decisions were written.
const stages = ['books', 'contacts', 'runs', 'decisions'];

test.each(stages)('the server ends the connection while a plan wants something of %s', async (table) => {
  const store = await bookOf(url);
  const plan = await renaming(store, 'new');
  const letGo = await locking(url, `contact_sync.${table}`);
  const failure = failureOf(store.apply(plan));
  for (const pid of await waiting(url)) await query(url, 'SELECT pg_terminate_backend($1)', [pid]);
  expect(await failure).toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('broke off the connection'),
    hint: expect.stringContaining('The book is as it was'),
  });
  await letGo();

  await expectBook(store, { name: 'old', version: 1 });
  await store.apply(plan);
  await expectBook(store, { name: 'new', version: 2 });
  await store.close();
});

test('the server ends the connection while it changes many contacts that keep their links', async () => {
  const store = await bookOf(url);
  const { contacts } = await store.search({ limit: 100_000 });
  const plan = planFor(
    1,
    contacts.map((contact) => decisionOf(contact, { ...contact, name: 'new' })),
  );
  const letGo = await locking(url, 'contact_sync.contacts');
  const failure = failureOf(store.apply(plan));
  const [pid] = await waiting(url);
  const [work] = await query(url, 'SELECT query FROM pg_stat_activity WHERE pid = $1', [pid]);
  expect(work?.query).toContain('staged_contacts');
  await query(url, 'SELECT pg_terminate_backend($1)', [pid]);
  expect(await failure).toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('broke off the connection'),
  });
  await letGo();
  await expectBook(store, { name: 'old', version: 1 });
  await store.apply(plan);
  await expectBook(store, { name: 'new', version: 2 });
  await store.close();
});

// The other two tables are read before a plan is made, where there is nothing to break.
test.each(['runs', 'decisions'])('a process is killed while its plan wants something of %s', async (table) => {
  const store = await bookOf(url);
  const plan = await renaming(store, 'new');
  const letGo = await locking(url, `contact_sync.${table}`);
  const child = start('rename', url, 'new');
  await waiting(url);
  child.process.kill('SIGKILL');
  expect(await child.ended).toEqual({ signal: 'SIGKILL', output: '' });
  await letGo();

  await expectBook(store, { name: 'old', version: 1 });
  await store.apply(plan);
  await expectBook(store, { name: 'new', version: 2 });
  await store.close();
});

test('the answer to COMMIT is lost: nobody says that nothing was written', async () => {
  const store = await bookOf(url, 3);
  // A trigger at the end of the transaction, where it waits until its connection is ended.
  await query(
    url,
    `CREATE TABLE public.gate ();
     CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN LOCK TABLE public.gate; RETURN NULL; END';
     CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON contact_sync.runs DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION public.wait()`,
  );
  const plan = await renaming(store, 'new');
  const letGo = await locking(url, 'public.gate');
  const failure = failureOf(store.apply(plan));
  for (const pid of await waiting(url)) await query(url, 'SELECT pg_terminate_backend($1)', [pid]);
  expect(await failure).toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('while it was finishing a write'),
    hint: expect.stringContaining('in full or not at all'),
  });
  await letGo();
  await expectBook(store, { name: 'old', version: 1 }, 3);
  await store.close();
});

test('of two clients with a plan for the same version one wins, and the other is told', async () => {
  const [one, other] = [await bookOf(url, 3), postgresStore({ url })];
  const plans = [await renaming(one, 'one'), await renaming(other, 'other')] as const;
  const outcomes = await Promise.allSettled([one.apply(plans[0]), other.apply(plans[1])]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'store_conflict' } });
  await expectBook(one, { name: outcomes[0]?.status === 'fulfilled' ? 'one' : 'other', version: 2 }, 3);
  await Promise.all([one.close(), other.close()]);
});

test('a book that another program keeps writing to', async () => {
  const store = await bookOf(url, 3);
  const plan = await renaming(store, 'new');
  const hasty = postgresStore({ url, busyTimeoutMs: 50 });
  await hasty.head();
  const letGo = await locking(url, 'contact_sync.books');
  expect(await failureOf(hasty.apply(plan))).toMatchObject({
    code: 'store_busy',
    message: expect.stringContaining('is being written to by another program'),
    hint: expect.stringContaining('Try again'),
  });
  await letGo();
  await hasty.apply(plan);
  await expectBook(store, { name: 'new', version: 2 }, 3);
  await Promise.all([store.close(), hasty.close()]);
});

test('two books of one database are written to at the same time', async () => {
  const [one, other] = [await bookOf(url, 3), postgresStore({ url, book: 'other', busyTimeoutMs: 50 })];
  await other.apply(planImport(people(1, 'x'), { base: 0, at, actor: 'test' }));
  const letGo = await locking(url, 'contact_sync.runs');
  const waits = one.apply(await renaming(one, 'new'));
  await waiting(url);
  // The first book's transaction holds its row of `books` now, and only that one.
  await query(url, `SELECT 1 FROM contact_sync.books WHERE name = 'other' FOR UPDATE NOWAIT`);
  await expect(query(url, `SELECT 1 FROM contact_sync.books WHERE name = 'default' FOR UPDATE NOWAIT`)).rejects.toThrow(
    'could not obtain lock',
  );
  await letGo();
  await waits;
  await other.apply(await renaming(other, 'y'));
  await Promise.all([one.close(), other.close()]);
});

test('a store goes on when its server was restarted, or crashed and came back', { timeout: 120_000 }, async () => {
  const server = await startServer();
  const store = await bookOf(server.url(), 3);
  await server.stop();
  expect(await failureOf(store.head())).toMatchObject({
    code: 'store_failed',
    message: expect.stringContaining('cannot be reached'),
  });
  await server.start();
  await expectBook(store, { name: 'old', version: 1 }, 3);
  await store.apply(await renaming(store, 'new'));
  await server.stop('crash');
  await server.start();
  await expectBook(store, { name: 'new', version: 2 }, 3);
  await store.close();
  await server.close();
});
