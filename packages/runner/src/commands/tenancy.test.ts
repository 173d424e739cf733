import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TwoBooks, twoBooks } from '../../test/two-books.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';

/*
 * Every command, typed by the operator of one book with the ids and names of another one of the same database: it is refused,
 * or has nothing of the other book, which stays as it is to the byte.
 */

/** What is typed, and the code that it is refused with; null: it may be done, in the operator's own book. */
type Line = readonly [typed: string, code: string | null];

const never = {
  init: 'It writes a configuration, and opens no store.',
  'keys new': 'It opens no store.',
  mock: 'It opens no store.',
  demo: 'It makes a store of its own.',
  worker: 'It syncs all books, each with what is stored for it, and is told of none.',
  'fleet top': 'It is for who operates all books.',
  'fleet serve': 'It is for who operates all books.',
  'fleet open': 'It is for who operates all books.',
} as const;

const table: Readonly<Record<string, readonly Line[]>> = {
  doctor: [['doctor --book acme', null]],
  connect: [['connect demo --set firm=north --book acme', 'setting_missing']],
  'connections list': [['connections list --book acme', null]],
  'connections show': [
    ['connections show demo:north --book acme', 'not_found'],
    ['connections show demo: --book acme', null],
  ],
  'connections set': [['connections set demo:north --schedule hourly --book acme', 'not_found']],
  'connections remove': [['connections remove demo:north --book acme', 'not_found']],
  disconnect: [
    ['disconnect demo:north --book acme', 'not_found'],
    ['disconnect demo:north --dry-run --book acme', 'not_found'],
  ],
  pause: [['pause demo:north --book acme', 'not_found']],
  resume: [['resume demo:north --book acme', 'not_found']],
  plan: [
    ['plan --from demo:north --book acme', 'not_found'],
    ['plan --from demo: --book acme', null],
  ],
  sync: [['sync --from demo:north --yes --book acme', 'not_found']],
  explain: [
    ['explain n1@example.com --from demo:south --book acme', 'not_found'],
    ['explain 105 --from demo:south --book acme', 'not_found'],
    ['explain N1 --from demo:north --book acme', 'not_found'],
  ],
  approve: [
    ['approve 5 --book acme', 'not_found'],
    ['approve 5 --dry-run --book acme', 'not_found'],
    ['approve 5 --record N1 --book acme', 'not_found'],
  ],
  undo: [
    ['undo 5 --book acme', 'not_found'],
    ['undo 5 --dry-run --book acme', 'not_found'],
  ],
  'runs list': [['runs list --limit 100 --book acme', null]],
  'runs show': [
    ['runs show 5 --book acme', 'not_found'],
    ['runs show 1 --book acme', null],
  ],
  'runs report': [
    ['runs report 5 --book acme', 'not_found'],
    ['runs report 1 --format ndjson --book acme', null],
  ],
  'contacts list': [
    ['contacts list --limit 100 --book acme', null],
    ['contacts list ebra --book acme', null],
    ['contacts list --source demo:north --book acme', null],
    ['contacts list --book zebr_', 'not_found'],
    ['contacts list --book %', 'not_found'],
  ],
  'contacts show': [
    ['contacts show 105 --book acme', 'not_found'],
    ['contacts show 1 --book acme', null],
  ],
  'contacts history': [['contacts history 101 --book acme', 'not_found']],
  'contacts import': [['contacts import more.csv --source demo:north --book acme', 'import_invalid']],
  'contacts export': [['contacts export --book acme', null]],
  'contacts add': [['contacts add --name Somebody --email some@body.example --book acme', null]],
  'contacts edit': [['contacts edit 105 --name Taken --book acme', 'not_found']],
  'contacts force-manual': [['contacts force-manual 105 --book acme', 'not_found']],
  'contacts release': [['contacts release 105 --book acme', 'not_found']],
  'contacts link': [
    ['contacts link 105 demo:south S1 --book acme', 'not_found'],
    ['contacts link 1 demo:north N1 --book acme', 'not_found'],
  ],
  'contacts forget': [['contacts forget 105 --yes --book acme', 'not_found']],
  'keys rotate': [['keys rotate --book acme', null]],
  serve: [['serve --book acme --listen none --no-web', null]],
  open: [['open --book acme --no-browser --listen 127.0.0.1:9', null]],
  'fleet status': [
    ['fleet status acme', null],
    ['fleet status acme --source demo:north', null],
    ['fleet status zebr_', null],
  ],
  'fleet pause': [
    ['fleet pause acme --source demo:north', null],
    ['fleet pause acme --code source_unauthorized', null],
  ],
  'fleet resume': [['fleet resume acme --source demo:north', null]],
  'fleet retry': [
    ['fleet retry acme --source demo:north', null],
    ['fleet retry acme --code source_unauthorized', null],
  ],
  'fleet export': [
    ['fleet export acme --out acme.ndjson --with-key', null],
    ['fleet export zebr% --out part.ndjson --with-key', 'not_found'],
    ['fleet export acme --out zebra.ndjson', 'setting_invalid'],
  ],
  'fleet import': [
    ['fleet import zebra.ndjson', 'setting_invalid'],
    ['fleet import zebra.ndjson --as acme', 'setting_invalid'],
  ],
  'fleet erase': [['fleet erase zebr_ --yes', 'not_found']],
};

let books: TwoBooks;
beforeAll(async () => {
  books = await twoBooks();
});
afterAll(() => books.close());

test('there is a line for every command', () => {
  expect([...Object.keys(table), ...Object.keys(never)].toSorted()).toEqual(Object.keys(examples).toSorted());
  for (const [command, lines] of Object.entries(table))
    for (const [typed] of lines) expect(typed.startsWith(`${command} `)).toBe(true);
});

/** A service ends once it has begun. */
function untilStarted(): Partial<Terminal> {
  const stop = new AbortController();
  return { signal: stop.signal, err: (said) => void (said.includes('"started"') && stop.abort()) };
}

describe.each(Object.values(table).flat())('%s', (typed, code) => {
  test(code === null ? 'has nothing of the other book' : `is refused, ${code}`, async () => {
    const before = await books.digest();
    const given = typed.startsWith('serve') ? untilStarted() : {};
    const { exit, said, code: got } = await books.run(typed, {}, given);
    expect([got, said]).toEqual([code, said]);
    if (code === null) expect([0, 1]).toContain(exit);
    expect(books.leaks(typed, said)).toEqual([]);
    expect(await books.digest()).toEqual(before);
  });
});

test('orders to a fleet choose nothing of another book', async () => {
  for (const order of ['pause', 'resume', 'retry']) {
    const { output } = await books.run(`fleet ${order} acme --source demo:north`);
    expect(JSON.parse(output)).toEqual({ connections: [] });
  }
});

test('an export that is refused leaves no file, and one that is done can be imported under another name', async () => {
  await books.run('fleet export nobody --out nobody.ndjson');
  await expect(books.readFile('nobody.ndjson')).rejects.toMatchObject({ code: 'ENOENT' });
  const { exit, output } = await books.run('fleet import zebra.ndjson --as moved');
  expect([exit, JSON.parse(output).book]).toEqual([0, 'moved']);
  const shown = await books.run('contacts show 105 --book moved');
  expect(JSON.parse(shown.output).name).toBe('Zebra 4');
  expect((await books.run('fleet erase moved --yes')).exit).toBe(0);
  expect(await books.run('fleet import none.ndjson')).toMatchObject({ exit: 2, code: 'import_invalid' });
});

test('in its own book each of these is there', async () => {
  for (const typed of [
    'connections show demo:north',
    'runs show 5',
    'contacts show 105',
    'contacts history 101',
    'undo 5 --dry-run',
    'explain n1@example.com --from demo:north',
  ]) {
    const { exit, said } = await books.run(`${typed} --book zebra`);
    expect([exit, said]).toEqual([0, said]);
    expect(books.leaks('', said)).not.toEqual([]);
  }
  // A whole firm is in its digest: every table of books, the vault, and what the fleet keeps.
  const digest = Object.entries(await books.digest()).filter(([, rows]) => !rows.startsWith('0 '));
  expect(digest.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      ...['books', 'connections', 'contacts', 'decisions', 'runs', 'vault'].map((name) => `contact_sync.${name}`),
      ...['contact_sync_fleet.connections', 'contact_sync_jobs.job'],
    ]),
  );
});
