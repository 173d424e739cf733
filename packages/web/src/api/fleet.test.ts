import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoFleet, demoFleet } from '../../test/demo-fleet.js';
import { oddNames, seedFleet } from '../../test/fleet-scene.js';
import { enter, type Person } from '../../test/people.js';
import { fleetEndpoints } from './endpoints.js';
import { firmsSchema } from './schemas.js';

/* What an administrator gets and does, from the real page of a real fleet without workers: every answer is held against its schema. */

const nobody = async () => {
  throw new Error('Nobody asks for this here.');
};
const all = fleetEndpoints({ status: nobody, firms: nobody, count: nobody, top: nobody, order: nobody });

let fleet: DemoFleet;
let ada: Person;
beforeAll(async () => {
  fleet = await demoFleet({ holders: { ada: { user: 'ada', role: 'administrator' } } });
  await seedFleet(fleet, 300);
  ada = await enter(fleet.url, 'ada');
});
afterAll(() => fleet.close());

async function asked(method: 'GET' | 'POST', path: string, body?: unknown) {
  const { status, json } = await ada.ask(`/api/v1/fleet${path}`, { method, body });
  const its = all.find(
    (one) => one.method === method.toLowerCase() && one.path === `/api/v1/fleet${path.split('?')[0]}`,
  );
  if (status === 200) expect(its?.answer?.safeParse(json).error).toBeUndefined();
  return { status, json };
}

test('the fleet, what fails in it and why, and what runs', async () => {
  const { json } = await asked('GET', '');
  // 300 rows, of each fifty of which six stand for a state; five odd ones, and five with books.
  expect(json).toMatchObject({ connections: 310, books: 310, running: 6, workers: [{}, {}, {}] });
  const [code] = json.codes.filter((one: { code: string }) => one.code === 'source_unavailable');
  expect(code).toEqual({
    code: 'source_unavailable',
    connections: 6,
    sentence: 'The system answered that it cannot work now',
    hint: expect.stringContaining('tried again by itself'),
  });
  const top = (await asked('GET', '/top?limit=7')).json.firms;
  expect(top.map(({ running }: { running: boolean }) => running)).toEqual([...Array(6).fill(true), false]);
});

test('every firm comes once, part by part; odd names come as they are', async () => {
  const books: string[] = [];
  let after = '';
  do {
    const { json } = await asked('GET', `/firms?limit=100${after}`);
    const part = firmsSchema.parse(json);
    books.push(...part.firms.map(({ book }) => book));
    after = part.next === null ? '' : `&after=${part.next}`;
  } while (after !== '');
  expect(new Set(books).size).toBe(310);
  expect(books.length).toBe(310);
  expect(books).toEqual(expect.arrayContaining(oddNames));
  expect((await asked('GET', '/firms?text=%3Cscript&state=held')).json.firms).toHaveLength(1);
  expect((await asked('GET', '/firms/count?text=partners&state=paused')).json).toEqual({
    ...{ connections: 6, books: 6, paused: 6 },
  });
  for (const wrong of ['text=%00', 'after=x', `after=${Buffer.from('["x",1,"x","x","x","x"]').toString('base64url')}`])
    expect([400, 422]).toContain((await asked('GET', `/firms?${wrong}`)).status);
});

test('an order for many firms comes in parts, reaches each once, and says who gave it', async () => {
  const which = { filter: { text: 'partners' } };
  const short = await asked('POST', '/retry', { which, atMost: 293 });
  expect([short.status, short.json.error.message]).toEqual([
    409,
    'By now it would be 294 connections, and 293 were agreed to. Nothing was done.',
  ]);
  let after = null;
  const reached: string[] = [];
  const parts: number[] = [];
  do {
    const { json } = await asked('POST', '/retry', { which, atMost: 294, after });
    reached.push(...json.firms.map(({ book }: { book: string }) => book));
    parts.push(json.firms.length);
    after = json.next;
  } while (after !== null);
  // Six of 300 are paused.
  expect([reached.length, new Set(reached).size]).toEqual([294, 294]);
  expect(Math.max(...parts)).toBeLessThanOrEqual(100);
  const jobs = await fleet.query<{ book: string; by: string }>(
    `SELECT data->>'book' AS book, data->>'by' AS by FROM contact_sync_jobs.job WHERE name = 'sync'`,
  );
  expect(jobs.map(({ book }) => book).toSorted()).toEqual(reached.toSorted());
  expect(new Set(jobs.map(({ by }) => by))).toEqual(new Set(['ada']));
});

test('a firm that is not there stops the whole order', async () => {
  const firms = [
    { book: 'oak', source: 'xpm:oak' },
    { book: 'oak', source: 'xpm:elm' },
  ];
  expect((await asked('POST', '/pause', { which: { firms }, atMost: 2 })).status).toBe(404);
  const { json } = await asked('POST', '/pause', { which: { firms: firms.slice(0, 1) }, atMost: 1, why: 'It moves' });
  expect(json).toMatchObject({ firms: [{ book: 'oak', state: 'paused', nextAt: null }], next: null });
  const again = await asked('POST', '/pause', { which: { firms: firms.slice(0, 1) }, atMost: 1 });
  expect(again.json).toEqual({ firms: [], next: null });
});
