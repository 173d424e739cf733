import type { Selection } from '@contact-sync/runner/engine';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestFleet, testFleet } from '../test/support.js';
import { countOf, firmsOf, namedFirms, topOf } from './firms.js';
import { connectionKey, schemas } from './names.js';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await testFleet();
});
afterAll(() => fleet.close());
beforeEach(async () => {
  await fleet.query(`DELETE FROM ${schemas.fleet}.connections`);
  // Seconds from now: due, last good sync, until when it waits. The name says where it belongs.
  const rows: [book: string, paused: boolean, code: string | null, failures: number, ...(number | null)[]][] = [
    ['1 held, due for longest', false, 'source_forbidden', 2, -900, -50, null],
    ['2 held, never well', false, 'many_missing', 1, 60, null, null],
    ['3 held, well long ago', false, 'many_missing', 1, 30, -9000, null],
    ['4 tried again', false, 'source_timeout', 0, 5, -100, null],
    ['5 waits', false, 'source_rate_limited', 0, 500, -100, 500],
    ['6 is well and late', false, null, 0, -700, -100, null],
    ['7 is well, ÄPFEL_%', false, null, 0, 700, -200, null],
    ['8 is well', false, null, 0, 700, -100, null],
    ['9 is paused', true, 'source_forbidden', 4, null, -99_999, null],
  ];
  for (const [book, paused, code, failures, due, good, resume] of rows) {
    await fleet.query(
      `INSERT INTO ${schemas.fleet}.connections (key, book, source, mark, schedule, own_schedule, paused, code, failures,
         due_at, last_at, last_good_at, resume_at)
       VALUES ($1, $2, 'xpm:1', '', 'hourly', false, $3, $4, $5, now() + $6 * interval '1 s', now(),
         now() + $7 * interval '1 s', now() + $8 * interval '1 s')`,
      [connectionKey({ book, source: 'xpm:1' }), book, paused, code, failures, due, good, resume],
    );
  }
});

const all: Selection = { book: null, source: null, code: null };
const everyone = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The first characters of the books, in the order of the list, read in parts of this size. */
async function listed(selection: Selection = all, limit = 100): Promise<string[]> {
  const books: string[] = [];
  let after: string | null = null;
  do {
    const part = await firmsOf(fleet.world.pool, { ...selection, limit, after });
    expect(part.firms.length).toBeLessThanOrEqual(limit);
    books.push(...part.firms.map(({ book }) => book.slice(0, 1)));
    after = part.next;
  } while (after !== null);
  return books;
}

test.each([1, 2, 4, 9, 100])('the worst come first, each once, in parts of %i', async (limit) => {
  expect(await listed(all, limit)).toEqual(everyone);
});

test('what comes due while somebody reads on is passed by and comes not twice', async () => {
  const { pool } = fleet.world;
  const first = await firmsOf(pool, { ...all, limit: 7, after: null });
  await fleet.query(`UPDATE ${schemas.fleet}.connections SET due_at = now() - interval '1 h' WHERE book LIKE '8%'`);
  const rest = await firmsOf(pool, { ...all, limit: 7, after: first.next });
  expect(rest.firms.map(({ book }) => book.slice(0, 1))).toEqual(['9']);
});

test.each<[Partial<Selection>, string]>([
  [{ state: 'held' }, '123'],
  [{ state: 'paused' }, '9'],
  [{ state: 'waiting' }, '5'],
  [{ code: 'source_forbidden' }, '19'],
  [{ behind: true }, '16'],
  [{ text: ' WELL ' }, '23678'],
  [{ text: 'ÄPFEL_%' }, '7'],
  [{ text: '_' }, '7'],
  [{ text: 'xpm:' }, '123456789'],
  [{ text: 'well', state: 'well', behind: true }, '6'],
  [{ firms: [{ book: '8 is well', source: 'xpm:1' }] }, '8'],
  [{ firms: [{ book: '8 is well', source: 'xpm:' }] }, ''],
  [{ firms: [] }, ''],
  [{ book: '8 is well', state: 'held' }, ''],
])('%j finds %s', async (selection, found) => {
  expect((await listed({ ...all, ...selection }, 2)).join('')).toBe(found);
  const count = await countOf(fleet.world.pool, { ...all, ...selection });
  expect(count).toEqual({
    connections: found.length,
    books: found.length,
    paused: found.includes('9') ? 1 : 0,
  });
});

test.each(['x', '', Buffer.from('[]').toString('base64url'), Buffer.from('[1,2,3,4,5,6]').toString('base64url')])(
  'a list goes on where it was told to, and not at "%s"',
  async (after) => {
    const asked = firmsOf(fleet.world.pool, { ...all, limit: 2, after });
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
  },
);

test('what is told of one', async () => {
  const { pool } = fleet.world;
  await fleet.query(
    `UPDATE ${schemas.fleet}.connections SET running_since = now() - interval '5 s', worker = 'a/1', milliseconds = 70
     WHERE book LIKE '1%'`,
  );
  const [firm] = await namedFirms(pool, [{ book: '1 held, due for longest', source: 'xpm:1' }]);
  expect(firm).toMatchObject({ state: 'held', failures: 2, code: 'source_forbidden', running: true, worker: 'a/1' });
  expect(firm?.behindSeconds).toBeGreaterThanOrEqual(900);
  expect(Date.now() - Date.parse(firm?.runningSince ?? '')).toBeGreaterThanOrEqual(4000);
  expect((await topOf(pool, 2)).firms[0]).toEqual({ ...firm, behindSeconds: expect.any(Number) });
});
