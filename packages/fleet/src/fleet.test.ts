import { ContactSyncError } from '@contact-sync/core';
import { type Fleet, sealedVault } from '@contact-sync/runner/engine';
import { postgresStore } from '@contact-sync/storage-postgres';
import { afterEach, expect, test } from 'vitest';
import { person } from '../test/practices.js';
import { runWorker } from '../test/running.js';
import { sealedOf } from '../test/stored.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { openFleet } from './fleet.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

async function aFleet(): Promise<TestFleet> {
  const fleet = await testFleet();
  over.push(fleet.close);
  return fleet;
}

async function operator({ url, env }: TestFleet): Promise<Fleet> {
  const fleet = await openFleet({ url, env, cwd: process.cwd(), actor: 'op', signal: new AbortController().signal });
  over.push(fleet.close);
  return fleet;
}

const all = { book: null, source: null, code: null };
const rowsOf = (fleet: TestFleet) => fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections ORDER BY book`);

/** Two books that were synced, and the worker has ended. */
async function twoBooks() {
  const fleet = await aFleet();
  const [a, b] = [fleet.practices.add(3), fleet.practices.add(2)];
  const sources = { a: await fleet.connect('a', a), b: await fleet.connect('b', b) };
  const worker = runWorker(fleet);
  await until('both are synced', async () => {
    const rows = await rowsOf(fleet);
    return rows.length === 2 && rows.every(({ last_good_at, running_since }) => last_good_at && !running_since);
  });
  await worker.stop();
  return { fleet, practices: { a, b }, sources, op: await operator(fleet) };
}

async function bookOf({ world }: TestFleet, book: string) {
  const store = postgresStore({ pool: world.pool, book });
  const { contacts } = await store.search({ limit: 100 });
  const { connections, version } = await store.head();
  const { runs } = await store.runs({ limit: 100 });
  return { contacts, connections, version, runs, vault: await world.vault.keys(`secret:connection:["${book}"`) };
}

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const line of lines) list.push(line);
  return list;
}

async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

test('what a person must see to is shown, and released when it is mended', async () => {
  const fleet = await aFleet();
  const [well, ill] = [fleet.practices.add(1), fleet.practices.add(1)];
  ill.fault = 401;
  await fleet.connect('well', well);
  await fleet.connect('ill', ill);
  const worker = runWorker(fleet);
  over.push(worker.stop);
  const op = await operator(fleet);
  await until('both have run', async () => (await rowsOf(fleet)).filter(({ last_at }) => last_at).length === 2);
  const status = await op.status({ ...all, limit: 10 });
  expect(status.states).toMatchObject({ held: 1, well: 1, paused: 0 });
  expect(status.codes).toEqual([{ code: 'source_unauthorized', connections: 1 }]);
  expect(status.firms.map(({ book, state }) => [book, state])).toEqual([
    ['ill', 'held'],
    ['well', 'well'],
  ]);
  expect(status.workers.length).toBe(1);
  ill.fault = null;
  const before = well.answered;
  expect(await op.retry({ ...all, code: 'source_unauthorized' })).toEqual({
    connections: [{ book: 'ill', source: `xpm:${ill.tenantId}` }],
  });
  await until('it is well', async () => (await op.status({ ...all, limit: 1 })).states.well === 2);
  expect(await fleet.query(`SELECT 1 FROM ${schemas.jobs}.job WHERE name = 'failed'`)).toEqual([]);
  expect(well.answered).toBe(before);
});

test('a connection that keeps failing is slowed down', async () => {
  const fleet = await aFleet();
  const ill = fleet.practices.add(1);
  ill.fault = 401;
  await fleet.connect('ill', ill);
  const worker = runWorker(fleet);
  over.push(worker.stop);
  await until('it has failed', async () => (await rowsOf(fleet))[0]?.failures === 1);
  expect((await rowsOf(fleet))[0]?.resume_at).toBeNull();
  const again = () =>
    fleet.query(
      `INSERT INTO ${schemas.jobs}.job (name, data, singleton_key, policy)
       SELECT 'sync', json_build_object('book', book, 'source', source), key, 'exclusive' FROM ${schemas.fleet}.connections
       ON CONFLICT DO NOTHING`,
    );
  for (const failures of [2, 3]) {
    await until(`it has failed ${failures} times`, async () => {
      await again();
      return (await rowsOf(fleet))[0]?.failures === failures;
    });
  }
  const [row] = await rowsOf(fleet);
  // The third failure costs two hours.
  expect((row?.resume_at?.getTime() ?? 0) - Date.now()).toBeGreaterThan(7_000_000);
  expect(await fleet.query(`SELECT 1 FROM ${schemas.jobs}.job WHERE name = 'failed'`)).toHaveLength(1);
});

test('a book is exported, erased and imported whole, with its secrets, and under another name', async () => {
  const { fleet, op, sources } = await twoBooks();
  const before = await bookOf(fleet, 'a');
  const lines = await linesOf(op.exportBook('a', { withKey: true }));
  await op.eraseBook('a');
  const left = await fleet.query<{ t: string }>(
    `SELECT key AS t FROM contact_sync.vault WHERE strpos(key, '"a"') > 0
     UNION ALL SELECT name FROM contact_sync.books WHERE name = 'a'
     UNION ALL SELECT book FROM ${schemas.fleet}.connections WHERE book = 'a'
     UNION ALL SELECT data::text FROM ${schemas.jobs}.job WHERE data->>'book' = 'a'
     UNION ALL SELECT data::text FROM ${schemas.jobs}.schedule WHERE data->>'book' = 'a'`,
  );
  expect(left).toEqual([]);
  expect((await bookOf(fleet, 'b')).contacts.length).toBe(2);
  // A file that was cut off makes nothing.
  for (const cut of [lines.slice(0, -1), lines.slice(0, 4), [...lines.slice(0, 3), ...lines.slice(4)]])
    await expect(op.importBook(given(cut), null)).rejects.toMatchObject({ code: 'import_invalid' });
  await op.importBook(given(lines), null);
  expect(await bookOf(fleet, 'a')).toEqual(before);
  await op.importBook(given(lines), 'moved');
  const moved = await bookOf(fleet, 'moved');
  expect(moved.contacts).toEqual(before.contacts);
  expect(moved.vault).toEqual([`secret:connection:["moved","${sources.a}"]`]);
  // What is stored opens under its new name, and can be synced on.
  const worker = runWorker(fleet);
  over.push(worker.stop);
  await until('it is synced', async () => {
    const row = (await rowsOf(fleet)).find(({ book }) => book === 'moved');
    return row?.outcome === 'unchanged';
  });
});

test('a book that is there already is not imported over', async () => {
  const { fleet, op } = await twoBooks();
  const lines = await linesOf(op.exportBook('a', { withKey: true }));
  const before = await bookOf(fleet, 'b');
  await expect(op.importBook(given(lines), 'b')).rejects.toMatchObject({ code: 'setting_invalid' });
  expect(await bookOf(fleet, 'b')).toEqual(before);
});

const foreign = (lines: string[], b: string) => ({
  secret: lines.map((line) => line.replace('secret:connection:[\\"a\\"', 'secret:connection:[\\"b\\"')),
  row: [...lines.slice(0, 1), '{"table":"contacts","row":{"book":2,"id":"9"}}', ...lines.slice(1)],
  table: [...lines.slice(0, 1), '{"table":"vault","row":{"key":"x"}}', ...lines.slice(1)],
  other: [...lines.slice(0, 1), b, ...lines.slice(1)],
});

/** Every way into the fleet, tried on one firm with what belongs to another. */
test.each<[string, (given: Awaited<ReturnType<typeof twoBooks>>) => Promise<unknown>]>([
  ['status', async ({ op, sources }) => (await op.status({ ...all, book: 'a', source: sources.b, limit: 9 })).firms],
  ['pause', async ({ op, sources }) => (await op.pause({ ...all, book: 'a', source: sources.b }, null)).connections],
  ['resume', async ({ op, sources }) => (await op.resume({ ...all, book: 'a', source: sources.b }, null)).connections],
  ['retry', async ({ op, sources }) => (await op.retry({ ...all, book: 'a', source: sources.b })).connections],
  ['a name that is a pattern', async ({ op }) => (await op.retry({ ...all, book: '%' })).connections],
  [
    'a name that ends the statement',
    async ({ op }) => (await op.retry({ ...all, book: "a' OR 'b' = 'b" })).connections,
  ],
  ['export of a name that is part of one', async ({ op }) => linesOf(op.exportBook('"a","x', { withKey: true }))],
  ['erase of a name that is a pattern', async ({ op }) => op.eraseBook('_')],
  [
    'import of a secret under the other name',
    async ({ op }) =>
      op.importBook(given(foreign(await linesOf(op.exportBook('a', { withKey: true })), '').secret), 'c'),
  ],
  [
    'import into a table that is not of books',
    async ({ op }) =>
      op.importBook(given(foreign(await linesOf(op.exportBook('a', { withKey: true })), '').table), 'c'),
  ],
  [
    'import of what is kept of the other',
    async ({ op, sources }) => {
      const theirs = JSON.stringify({ kept: `serve:${JSON.stringify(['b', sources.b])}`, value: '"{}"' });
      return op.importBook(given(foreign(await linesOf(op.exportBook('a', { withKey: false })), theirs).other), 'c');
    },
  ],
  [
    'opening the other secret with the exported key',
    async ({ fleet, op, sources }) => {
      const [head = ''] = await linesOf(op.exportBook('a', { withKey: true }));
      const [key] = (JSON.parse(head) as { keys: { id: string; key: string }[] }).keys;
      const { createSecretKey } = await import('node:crypto');
      const ofA = {
        id: key?.id ?? '',
        key: createSecretKey(Buffer.from(key?.key ?? '', 'base64')),
        ofBook: true,
      } as const;
      return sealedVault(fleet.world.vault, [ofA]).read(`connection:${JSON.stringify(['b', sources.b])}`);
    },
  ],
])('nothing of one firm reaches another: %s', async (_, attempt) => {
  const two = await twoBooks();
  const before = await bookOf(two.fleet, 'b');
  const rows = (await rowsOf(two.fleet)).filter(({ book }) => book === 'b');
  const got = await attempt(two).catch((error: unknown) => {
    if (!ContactSyncError.is(error)) throw error;
    return [];
  });
  expect(got).toEqual([]);
  expect(await bookOf(two.fleet, 'b')).toEqual(before);
  expect((await rowsOf(two.fleet)).filter(({ book }) => book === 'b')).toEqual(rows);
  expect(await sealedOf(two.fleet.world.vault).keys('connection:["c"')).toEqual([]);
});

test('an export holds nothing of another firm, and no secret without its key', async () => {
  const { op, sources, practices } = await twoBooks();
  const lines = (await linesOf(op.exportBook('a', { withKey: false }))).join('\n');
  expect(lines).toContain(person(practices.a, 3).phone);
  expect(lines).not.toContain(sources.b);
  expect(lines).not.toContain('cs2.');
  const withKey = (await linesOf(op.exportBook('a', { withKey: true }))).join('\n');
  expect(withKey).toContain('cs2.');
  expect(withKey).not.toContain('MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY');
});
