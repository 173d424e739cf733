import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';
import { type NextSteps, startWorkerCommand } from '../test/command.js';
import { type Practice, person } from '../test/practices.js';
import { runWorker } from '../test/running.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';
import { openWorld } from './world.js';

// Workers of two versions over a migration: processes, started as a person starts them. The next version is this one with
// further steps.

const adds: NextSteps = {
  books: [{ name: 'adds', sql: 'ALTER TABLE contact_sync.contacts ADD COLUMN title text' }],
  fleet: [{ name: 'adds', sql: `ALTER TABLE ${schemas.fleet}.connections ADD COLUMN region text DEFAULT 'au'` }],
};
const takesBooks: NextSteps = {
  books: [{ name: 'takes over', sql: 'CREATE TABLE contact_sync.titles (title text)', breaks: true }],
};
const takesFleet: NextSteps = { fleet: [{ name: 'takes over', sql: '', breaks: true }] };

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

function start(fleet: TestFleet, next?: NextSteps) {
  const worker = startWorkerCommand(fleet, next);
  over.push(() => {
    worker.signal('SIGKILL');
    return worker.ended;
  });
  return worker;
}

const started = (worker: ReturnType<typeof start>) => until('it works', () => worker.logged('started'));

/** A firm that this version has begun to read, and answers when it is told to. */
async function reading() {
  const fleet = await testFleet();
  over.push(fleet.close);
  const practice = fleet.practices.add(2);
  await fleet.connect('firm', practice);
  const gate = Promise.withResolvers<void>();
  fleet.practices.gate = gate.promise;
  const older = start(fleet);
  await until('it reads', () => practice.running === 1);
  return { fleet, practice, older, answer: () => gate.resolve() };
}

const rowOf = async (fleet: TestFleet) =>
  (await fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections`))[0] ?? null;
const isWell = async (fleet: TestFleet) => {
  const row = await rowOf(fleet);
  return row?.last_good_at != null && row.running_since === null && row.code === null;
};
const runsOf = (fleet: TestFleet) => fleet.query('SELECT outcome FROM contact_sync.runs ORDER BY run');

async function expectSynced(fleet: TestFleet, practice: Practice): Promise<void> {
  // Not with a store: this process is of the older version itself.
  const contacts = await fleet.query<{ phone: string }>('SELECT phone FROM contact_sync.contacts ORDER BY id');
  expect(contacts.map(({ phone }) => phone)).toEqual([1, 2].map((n) => person(practice, n).phone));
}

/** Has the firm synced once more. */
async function orderSync(fleet: TestFleet): Promise<void> {
  await fleet.query(
    `INSERT INTO ${schemas.jobs}.job (name, data, singleton_key, policy)
     SELECT 'sync', json_build_object('book', book, 'source', source), key, 'exclusive' FROM ${schemas.fleet}.connections`,
  );
}

test('a worker goes on over a migration that only adds, beside one of the next version and after it', async () => {
  const { fleet, practice, older, answer } = await reading();
  const next = start(fleet, adds);
  await started(next);
  const marks = await fleet.query(
    `SELECT b.version - b.oldest > 0 AS books, f.version AS fleet FROM contact_sync.contact_sync_schema b, ${schemas.fleet}.contact_sync_schema f`,
  );
  expect(marks).toEqual([{ books: true, fleet: 2 }]);
  answer();
  await until('it has synced', () => isWell(fleet));
  await expectSynced(fleet, practice);
  next.signal('SIGTERM');
  expect(await next.ended).toBe(0);
  practice.version = 2;
  await orderSync(fleet);
  await until('it has synced again', async () => practice.answered === 2 && (await isWell(fleet)));
  await expectSynced(fleet, practice);
  expect(await runsOf(fleet)).toEqual([{ outcome: 'applied' }, { outcome: 'applied' }]);
  older.signal('SIGTERM');
  expect(await older.ended).toBe(0);
}, 120_000);

test('a worker that is overtaken ends with 2 and writes nothing; the next version does what it was doing at once', async () => {
  const { fleet, practice, older, answer } = await reading();
  const next = start(fleet, takesBooks);
  await started(next);
  practice.version = 2;
  answer();
  expect(await older.ended).toBe(2);
  expect(older.lines).toContain('code: store_newer');
  await until('the next one has synced', () => isWell(fleet));
  expect(practice.answered).toBe(2);
  await expectSynced(fleet, practice);
  expect(await runsOf(fleet)).toEqual([{ outcome: 'applied' }]);
  expect(await fleet.query(`SELECT 1 FROM ${schemas.jobs}.job WHERE name = 'failed'`)).toEqual([]);
  // One of this version, as this process is, does not begin any more.
  const { signal } = new AbortController();
  const place = { url: fleet.url, env: fleet.env, cwd: process.cwd(), signal };
  await expect(openWorld(place, 1)).rejects.toMatchObject({ code: 'store_newer' });
  expect(next.isRunning()).toBe(true);
}, 120_000);

test('an idle worker that is overtaken ends with the first job, which it leaves to the next version', async () => {
  const { fleet, practice, older, answer } = await reading();
  answer();
  await until('it has synced', () => isWell(fleet));
  const next = start(fleet, takesFleet);
  await started(next);
  expect(older.isRunning()).toBe(true);
  // So that the job comes to the older one.
  next.signal('SIGSTOP');
  await orderSync(fleet);
  expect(await older.ended).toBe(2);
  expect(practice.answered).toBe(1);
  next.signal('SIGCONT');
  await until('the next version has synced', () => practice.answered === 2);
}, 120_000);

test('what only a newer version can read keeps no worker from the others', async () => {
  const fleet = await testFleet();
  over.push(fleet.close);
  const practices = [fleet.practices.add(1), fleet.practices.add(1)] as const;
  const newer = await fleet.connect('newer', practices[0]);
  await fleet.connect('firm', practices[1]);
  const place = `secret:connection:${JSON.stringify(['newer', newer])}`;
  await fleet.world.vault.locked(place, ({ save }) => save('cs3.000000000000.x'));
  const worker = runWorker(fleet);
  over.push(worker.stop);
  const states = () =>
    fleet.query(
      `SELECT book, code, last_good_at IS NOT NULL AS good, failures FROM ${schemas.fleet}.connections
       WHERE last_at IS NOT NULL AND running_since IS NULL ORDER BY book`,
    );
  await until('both have run', async () => (await states()).length === 2);
  expect(await states()).toEqual([
    { book: 'firm', code: null, good: true, failures: 0 },
    { book: 'newer', code: 'store_newer', good: false, failures: 0 },
  ]);
  expect(worker.lines.map(({ text }) => text)).not.toContain('ending');
});

test('a pg-boss with another schema is looked at by a person', async () => {
  const file = createRequire(import.meta.url).resolve('pg-boss/package.json');
  const { pgboss } = JSON.parse(await readFile(file, 'utf8')) as { pgboss: { schema: number } };
  // Can a pg-boss of this number go on beside the new one, after the new one's migration? Its release notes and
  // migrationStore.js say what changed. If it cannot, add a step with `breaks` to the schema of the fleet.
  expect(pgboss.schema).toBe(46);
});
