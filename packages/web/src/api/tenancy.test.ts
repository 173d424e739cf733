import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoFleet, demoFleet, newDatabase } from '../../test/demo-fleet.js';
import { connectMock, type Demo, demoService } from '../../test/demo-service.js';
import { digestOf } from '../../test/digest.js';
import { enter, type Person } from '../../test/people.js';
import { eventHub } from '../events/hub.js';
import { apiPath, type Endpoint } from './endpoint.js';
import { endpoints, fleetEndpoints } from './endpoints.js';

/*
 * Every endpoint, asked for the ids and names of one book in the name of another one of the same PostgreSQL: it is refused,
 * or has nothing of that book, which stays as it is to the byte.
 */

/** What is asked for, with names of the other book. `code`: of the refusal; null: it may be done, in the book it names. */
type Line = {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly code: string | null;
};

/** Contacts and runs of the other book that this one does not have. */
const contact = { id: '11' };
const run = { id: '9', externalId: 'z1' };
const theirs = { preview: '', hash: '', signIn: '', source: '' };
const refused = (more: Omit<Line, 'code'>): Line => ({ ...more, code: 'not_found' });
const bounded = { code: null } satisfies Line;

const everybodys = {
  'GET /api/v1/session': 'It says which books are served to whoever asks.',
  'DELETE /api/v1/session': 'It is of nobody but who asks.',
  'GET /api/v1/events': 'It tells of all books that are served to whoever asks.',
  'GET /openapi.json': 'It is of no book.',
} as const;

const table: Readonly<Record<string, () => readonly Line[]>> = {
  'GET B/contacts': () => [
    bounded,
    { query: 'text=zebra', code: null },
    { query: `source=${theirs.source}`, code: null },
  ],
  'GET B/contacts/count': () => [bounded, { query: 'text=zebra', code: null }],
  'POST B/contacts': () => [{ body: { name: 'New', email: 'new@hand.example', phone: null }, code: null }],
  'GET B/contacts/{id}': () => [refused({ params: contact })],
  'PATCH B/contacts/{id}': () => [refused({ params: contact, body: { name: 'Taken' } })],
  'GET B/contacts/{id}/history': () => [{ params: contact, code: null }],
  'POST B/contacts/{id}/force-manual': () => [refused({ params: contact, body: {} })],
  'POST B/contacts/{id}/release': () => [refused({ params: contact, body: {} })],
  'POST B/contacts/{id}/forget': () => [refused({ params: contact, body: {} })],
  'POST B/contacts/{id}/link': () => [
    refused({ params: contact, body: { source: theirs.source, externalId: 'z1' } }),
    refused({ params: { id: '1' }, body: { source: theirs.source, externalId: 'z1' } }),
  ],
  'GET B/connections': () => [bounded],
  'GET B/connectors': () => [bounded],
  // Without keys: those that the other book has are not taken.
  'POST B/connections': () => [{ body: { connector: 'fyi', signIn: false }, code: 'setting_missing' }],
  'PATCH B/connections/{source}': () => [refused({ params: theirs, body: { schedule: 'hourly' } })],
  // It says that it is allowed to nobody.
  'POST B/connections/{source}/sync': () => [{ params: theirs, code: null }],
  'POST B/connections/{source}/pause': () => [refused({ params: theirs, body: {} })],
  'POST B/connections/{source}/resume': () => [refused({ params: theirs, body: {} })],
  'POST B/connections/{source}/reconnect': () => [refused({ params: theirs, body: {} })],
  'DELETE B/connections/{source}/stored': () => [refused({ params: theirs })],
  'GET B/sign-ins/{id}': () => [refused({ params: { id: theirs.signIn } })],
  'POST B/sign-ins/{id}/tenants': () => [refused({ params: { id: theirs.signIn }, body: { tenants: ['z'] } })],
  'POST B/previews': () => [
    refused({ body: { kind: 'undo', run: '9' } }),
    refused({ body: { kind: 'approve', run: '9' } }),
    refused({ body: { kind: 'sync', source: theirs.source } }),
    refused({ body: { kind: 'disconnect', source: theirs.source } }),
  ],
  'GET B/previews/{id}': () => [refused({ params: { id: theirs.preview } })],
  'GET B/previews/{id}/decisions': () => [refused({ params: { id: theirs.preview } })],
  'POST B/previews/{id}/apply': () => [refused({ params: { id: theirs.preview }, body: { hash: theirs.hash } })],
  'DELETE B/previews/{id}': () => [refused({ params: { id: theirs.preview } })],
  'GET B/runs': () => [bounded],
  'GET B/runs/{id}': () => [refused({ params: run }), { params: { id: '1' }, code: null }],
  'GET B/runs/{id}/decisions': () => [refused({ params: run }), { params: { id: '1' }, code: null }],
  'GET B/runs/{id}/report.html': () => [refused({ params: run })],
  'GET B/runs/{id}/report.csv': () => [refused({ params: run })],
  'GET B/runs/{id}/report.ndjson': () => [refused({ params: run })],
  'POST B/runs/{id}/held/{externalId}/approve': () => [refused({ params: run, body: {} })],
  'GET B/review': () => [bounded],
};

/** Of a fleet: a connection of the one book under the name of the other, and names that are patterns elsewhere. */
const mixed = { book: 'acme', source: 'xpm:zebra' };
const order = (which: unknown) => ({ which, atMost: 9, why: '' });
const orders = () => [
  refused({ body: order({ firms: [mixed] }) }),
  refused({ body: order({ firms: [{ book: 'acme', source: 'bgl:acme' }, mixed] }) }),
  { body: order({ filter: { text: 'zebr_' } }), code: null },
  { body: order({ filter: { text: '%' } }), code: null },
];
const ofFleet: Readonly<Record<string, () => readonly Line[]>> = {
  'GET /api/v1/fleet/firms': () => [
    { query: 'text=acme', code: null },
    { query: 'text=zebr_', code: null },
    { query: 'text=%25', code: null },
  ],
  'GET /api/v1/fleet/firms/count': () => [{ query: 'text=zebr_', code: null }],
  'POST /api/v1/fleet/pause': orders,
  'POST /api/v1/fleet/resume': orders,
  'POST /api/v1/fleet/retry': orders,
};
const ofOperators = {
  'GET /api/v1/fleet': 'It counts the connections of all books.',
  'GET /api/v1/fleet/top': 'It is for who operates all books.',
} as const;

const nameOf = ({ method, path }: Endpoint) =>
  `${method.toUpperCase()} ${path.replace(`${apiPath}/books/{book}`, 'B')}`;
const noFleet = new Proxy({} as Parameters<typeof fleetEndpoints>[0], {});
const all = {
  books: endpoints({ hub: eventHub(), clock: { now: () => 0, wait: async () => {} }, over: AbortSignal.abort() }),
  fleet: fleetEndpoints(noFleet),
};

test('every endpoint has a line', () => {
  const lines = { books: { ...everybodys, ...table }, fleet: { ...everybodys, ...ofOperators, ...ofFleet } };
  for (const of of ['books', 'fleet'] as const)
    for (const name of all[of].map(nameOf)) expect(Object.keys(lines[of]), `${name} has no line here`).toContain(name);
  expect(Object.keys(table).filter((name) => !all.books.map(nameOf).includes(name))).toEqual([]);
});

const leaks = (line: Line, said: string) =>
  ['zebra', 'Zebra', theirs.source].filter((mark) => !JSON.stringify(line).includes(mark) && said.includes(mark));

let folder: string;
let pool: pg.Pool;
let demo: Demo;
let fleet: DemoFleet;
let ada: Person;
let op: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-web-'));
  const store = await newDatabase();
  pool = new pg.Pool({ connectionString: store, max: 2 });
  const holders = { ada: { user: 'ada', role: 'administrator' } } as const;
  const records = Array.from({ length: 12 }, (_, n) => {
    return { externalId: `z${n}`, name: `Zebra ${n}`, email: `z${n}@zebra.example`, phone: null };
  });
  demo = await demoService({
    folder,
    books: ['acme', 'zebra'].map((book) => ({ store, book })),
    systems: { xpm: { records }, bgl: { contacts: 2 } },
    holders,
  });
  ada = await enter(demo.url, 'ada');
  await connectMock(demo, 'bgl', 'acme');
  theirs.source = await connectMock(demo, 'xpm', 'zebra');
  await made();
  fleet = await demoFleet({ holders });
  op = await enter(fleet.url, 'ada');
  await fleet.query(
    `INSERT INTO contact_sync_fleet.connections (key, book, source, mark, schedule, own_schedule, paused, due_at)
     VALUES ('a', 'acme', 'bgl:acme', '', 'hourly', false, false, now() + interval '1 day'),
            ('z', 'zebra', 'xpm:zebra', '', 'hourly', false, false, now() + interval '1 day')`,
  );
});
afterAll(async () => {
  await demo.close();
  await fleet.close();
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

/** What the other book has: runs, a preview, a sign-in that is under way; and then nobody syncs it any more. */
async function made(): Promise<void> {
  const isSynced = async (book: string) => {
    const { json } = await asked(`books/${book}/runs`, 'GET');
    return json.runs.some(({ kind }: { kind: string }) => kind === 'sync');
  };
  const looked = async (work: () => Promise<boolean>) => {
    while (!(await work())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await looked(async () => (await isSynced('acme')) && (await isSynced('zebra')));
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const given = { name: `Zebra by hand ${n}`, email: `h${n}@zebra.example`, phone: null };
    await asked('books/zebra/contacts', 'POST', given);
  }
  await asked(`books/zebra/connections/${theirs.source}/pause`, 'POST', {});
  const { json: preview } = await asked('books/zebra/previews', 'POST', { kind: 'undo', run: '9' });
  theirs.preview = preview.id;
  await looked(async () => {
    const { json } = await asked(`books/zebra/previews/${theirs.preview}`, 'GET');
    theirs.hash = json.plan?.hash ?? '';
    return json.state === 'ready';
  });
  const settings = demo.served.xpm?.settings ?? {};
  const client = { id: 'app-1', secret: 'only-theirs' };
  const { json } = await asked('books/zebra/connections', 'POST', { connector: 'xpm', settings, client, signIn: true });
  theirs.signIn = json.signIn.id;
}

async function asked(path: string, method: string, body?: unknown) {
  const answer = await ada.ask(`${apiPath}/${path}`, { method, body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
  return answer;
}

async function expectBounded(person: Person, { method, path }: Endpoint, line: Line): Promise<void> {
  const params: Readonly<Record<string, string>> = { book: 'acme', ...line.params };
  const address = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? 'none'));
  const query = line.query === undefined ? '' : `?${line.query}`;
  const { status, json, text } = await person.ask(address + query, { method: method.toUpperCase(), body: line.body });
  expect([json?.error?.code ?? null, text]).toEqual([line.code, text]);
  if (line.code === null) expect(status).toBeLessThan(300);
  expect(leaks(line, text)).toEqual([]);
}

describe.each(all.books.filter((one) => nameOf(one) in table).map((one) => [nameOf(one), one] as const))(
  '%s',
  (name, endpoint) => {
    test('has nothing of another book', async () => {
      for (const line of table[name]?.() ?? []) {
        const before = await digestOf(pool, 'zebra');
        await expectBounded(ada, endpoint, line);
        expect(await digestOf(pool, 'zebra')).toEqual(before);
      }
    });
  },
);

describe.each(all.fleet.filter((one) => nameOf(one) in ofFleet).map((one) => [nameOf(one), one] as const))(
  'fleet: %s',
  (name, endpoint) => {
    test('chooses nothing of another book', async () => {
      const kept = () =>
        fleet.query(`SELECT (SELECT json_agg(t) FROM contact_sync_fleet.connections t WHERE book = 'zebra') AS connections,
          (SELECT json_agg(t) FROM contact_sync_jobs.job t WHERE data->>'book' = 'zebra') AS jobs`);
      for (const line of ofFleet[name]?.() ?? []) {
        const before = await kept();
        await expectBounded(op, endpoint, line);
        expect(await kept()).toEqual(before);
      }
    });
  },
);

test('in its own book each of these is there', async () => {
  for (const path of ['contacts/11', 'runs/9', `previews/${theirs.preview}`, `sign-ins/${theirs.signIn}`, 'contacts'])
    expect((await asked(`books/zebra/${path}`, 'GET')).status).toBe(200);
  const digest = await digestOf(pool, 'zebra');
  expect(Object.values(digest).filter((rows) => !rows.startsWith('0 ')).length).toBeGreaterThanOrEqual(6);
});
