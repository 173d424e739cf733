import {
  type Contact,
  type ContactStore,
  ContactSyncError,
  connectionKinds,
  connectionStates,
  type Decision,
  memoryStore,
  type Plan,
  planImport,
  planOf,
  recordTypes,
  type SearchFilter,
} from '@contact-sync/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decisionOf } from '../test/plans.js';
import { newDatabase } from '../test/support.js';
import { postgresStore } from './postgres-store.js';

let url = '';
beforeAll(async () => {
  url = await newDatabase();
});
const opened: ContactStore[] = [];
afterAll(() => Promise.all(opened.map((store) => store.close())));

// Few values, so that they meet; among them what a database could take for something else.
const names = ['Ann', 'ANN', 'Zoë', 'Straße', 'STRASSE', '\uff3a', '\u{1d4b5}', '50%', 'a_b', '\\', "O'Brien", ''];
const phones = [null, '', '+61412345678', '+61298765432', '+12125550100', '0412 345 678', '5550', 'ask Ann'];
const contactIds = ['1', '2', '3', '02', '11', 'a', 'ab', 'b'];

const contacts: fc.Arbitrary<Contact> = fc.record({
  id: fc.constantFrom(...contactIds),
  name: fc.constantFrom(...names),
  email: fc.constantFrom('ann@example.com', 'b@x.example', ''),
  phone: fc.constantFrom(...phones),
  recordType: fc.constantFrom('manual', 'contact-sync', 'external'),
  forcedManual: fc.boolean(),
  link: fc.option(fc.record({ source: fc.constantFrom('xpm:t', 'csv:'), externalId: fc.constantFrom('7', 'x', 'X') })),
  missingSince: fc.constantFrom(null, '2026-01-01T00:00:00.000Z'),
});

const moments = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'];
const signatures = fc.record({
  actor: fc.constant('test'),
  at: fc.constantFrom(...moments),
  why: fc.constantFrom(null, 'NUL \0'),
});

const plans = fc.record({
  /** Each of these contacts comes or becomes this one, or goes. */
  wanted: fc.array(fc.record({ contact: contacts, goes: fc.boolean() }), { maxLength: 5 }),
  connection: fc.option(
    fc.record({
      source: fc.constantFrom('xpm:t', 'csv:'),
      kind: fc.constantFrom(...connectionKinds),
      state: fc.constantFrom(...connectionStates),
    }),
  ),
  source: fc.constantFrom('xpm:t', null),
  /** Made for another version than the book's. */
  stale: fc.nat({ max: 9 }).map((n) => n === 0),
  signature: signatures,
});

const steps = fc.record({
  book: fc.constantFrom(0, 1),
  what: fc.oneof(
    { weight: 5, arbitrary: plans.map((plan) => ({ kind: 'apply' as const, plan })) },
    plans.map((plan) => ({ kind: 'stop' as const, plan })),
    fc.constantFrom('1', '2', '3', '4').map((run) => ({ kind: 'approve' as const, run })),
    fc.record({ kind: fc.constant('forget' as const), id: fc.constantFrom(...contactIds), signature: signatures }),
    fc.constantFrom(...moments).map((moment) => ({ kind: 'purge' as const, moment })),
  ),
});
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

const texts = fc.oneof(
  fc.constantFrom(...names, ...contactIds, '7', 'x', ' ann ', 'EXAMPLE', '0412345', '412', '(02) 9876', '61', '+', '0'),
  fc.constantFrom('\0', '\ud835', '\udcb5', 'a\nb', '\n'),
);

/** What a step asks of a store, judged by what the book in memory holds. */
async function actionOf(
  { what }: Step,
  model: ContactStore,
  stopped: Map<string, Plan>,
): Promise<(store: ContactStore) => Promise<unknown>> {
  switch (what.kind) {
    case 'apply': {
      const plan = await planFor(model, what.plan);
      return (store) => store.apply(plan);
    }
    case 'stop': {
      const plan = await planFor(model, what.plan);
      return async (store) => {
        const run = await store.record(plan, { outcome: 'blocked' });
        stopped.set(run.id, plan);
        return run;
      };
    }
    case 'approve': {
      const approval = { run: what.run, actor: 'boss', why: null, at: moments[1] ?? '' };
      const plan = stopped.get(what.run) ?? planOf({ kind: 'sync', source: null, base: 0, ...approval }, []);
      return (store) => store.apply(plan, approval);
    }
    case 'forget':
      return (store) => store.forget(what.id, what.signature);
    case 'purge':
      return (store) => store.purge(what.moment);
  }
}

async function planFor(
  model: ContactStore,
  { wanted, connection, source, stale, signature }: typeof plans extends fc.Arbitrary<infer T> ? T : never,
): Promise<Plan> {
  const { version, connections } = await model.head();
  const now = new Map((await model.find({ ids: contactIds })).map((contact) => [contact.id, contact]));
  const decisions = [...new Map(wanted.map((one) => [one.contact.id, one])).values()].map(({ contact, goes }) => {
    const before = now.get(contact.id) ?? null;
    return decisionOf(before, goes && before !== null ? null : contact);
  });
  const before = connections.find((known) => known.source === connection?.source) ?? null;
  const about = { kind: 'sync', source, base: version + (stale ? 1 : 0), ...signature } as const;
  return planOf(about, decisions, connection === null ? [] : [{ before, after: connection }]);
}

const idsOf = (found: readonly Contact[]) => found.map(({ id }) => id);

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (!ContactSyncError.is(error)) throw error;
    return error.code;
  }
}

async function listOf(decisions: AsyncIterable<Decision>): Promise<unknown> {
  const list: Decision[] = [];
  const reading = async () => {
    for await (const decision of decisions) list.push(decision);
    return list;
  };
  return outcomeOf(reading());
}

const filters: fc.Arbitrary<SearchFilter> = fc.record({
  recordType: fc.constantFrom(undefined, ...recordTypes),
  source: fc.constantFrom(undefined, 'xpm:t', 'csv:', '\0'),
  forcedManual: fc.constantFrom(undefined, true, false),
  missing: fc.constantFrom(undefined, true, false),
  ids: fc.option(fc.subarray([...contactIds, '\0']), { nil: undefined, freq: 4 }),
});

async function pageThrough(store: ContactStore, id: string): Promise<unknown[]> {
  const pages: unknown[] = [];
  for (let after: string | undefined; pages.length < 50; ) {
    const { entries, next } = await store.history(id, { limit: 1, after });
    pages.push(entries);
    if (next === null) break;
    after = next;
  }
  return pages;
}

/** Everything a store can be asked, in an order that does not depend on it. */
async function contentOf(store: ContactStore, text: string, filter: SearchFilter): Promise<unknown> {
  const { newId, connections, version } = await store.head();
  const found = await store.search({ limit: 2, text });
  const filtered = await store.search({ ...filter, limit: 2 });
  const { runs } = await store.runs({ limit: 100 });
  const query = {
    ids: ['1', 'ab'],
    links: { source: 'xpm:t', externalIds: ['7', 'X'] },
    nameEmailKeys: ['ann\nann@example.com'],
  };
  const sources = ['xpm:t', 'csv:'];
  return {
    version,
    connections: connections.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
    nextId: newId(),
    all: await store.search({ limit: 100 }),
    found,
    next: found.next === null ? null : await store.search({ limit: 100, text, after: found.next }),
    filtered,
    more: filtered.next && (await store.search({ ...filter, limit: 100, after: filtered.next })),
    both: await store.search({ ...filter, limit: 100, text }),
    counts: [await store.count({}), await store.count({ text }), await store.count(filter)],
    bothCount: await store.count({ ...filter, text }),
    links: await Promise.all(sources.map(async (source) => [...(await store.links(source))].toSorted())),
    some: idsOf(await store.find(query)).toSorted(),
    forgotten: await Promise.all(sources.map(async (source) => [...(await store.forgotten(source))].toSorted())),
    runs,
    one: await outcomeOf(store.run(runs.at(-1)?.id ?? 'none')),
    decisions: await Promise.all(runs.map(({ id }) => listOf(store.decisions(id)))),
    histories: await Promise.all(contactIds.map(async (id) => (await store.history(id, { limit: 2 })).entries)),
    history: await pageThrough(store, '1'),
    none: await listOf(store.decisions('0')),
  };
}

test('two books in one database are each like a book alone in memory, whatever is done to them', {
  timeout: 240_000,
}, async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 12 }), texts, filters, async (todo, text, filter) => {
      made += 1;
      const books = [0, 1].map((book) => ({
        real: postgresStore({ url, book: `${made}/${book}` }),
        model: memoryStore(),
      }));
      const stopped = [new Map<string, Plan>(), new Map<string, Plan>()];
      for (const step of todo) {
        const pair = books[step.book];
        if (pair === undefined) continue;
        const act = await actionOf(step, pair.model, stopped[step.book] ?? new Map());
        expect(await outcomeOf(act(pair.real))).toEqual(await outcomeOf(act(pair.model)));
      }
      for (const { real, model } of books)
        expect(await contentOf(real, text, filter)).toEqual(await contentOf(model, text, filter));
      await Promise.all(books.map(({ real }) => real.close()));
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) },
  );
});

test('a search in a large book finds what it finds in memory, text by text and page by page', {
  timeout: 120_000,
}, async () => {
  const rng = fc.sample(contacts, { numRuns: 1500, seed: 7 });
  const book = rng.map((contact, index): Contact => ({ ...contact, id: `${index}`, recordType: 'external' }));
  const plan = planImport(book, { base: 0, at: '2026-03-01T00:00:00.000Z', actor: 'test' });
  const real = postgresStore({ url, book: 'large' });
  opened.push(real);
  const model = memoryStore();
  expect(await real.apply(plan)).toEqual(await model.apply(plan));
  for (const text of [...fc.sample(texts, 60), undefined]) {
    const query = { limit: 130, ...(text === undefined ? {} : { text }) };
    let [got, expected] = [await real.search(query), await model.search(query)];
    expect(got).toEqual(expected);
    while (expected.next !== null && got.next !== null) {
      [got, expected] = [
        await real.search({ ...query, after: got.next }),
        await model.search({ ...query, after: expected.next }),
      ];
      expect(got).toEqual(expected);
    }
    for (const filter of fc.sample(filters, 4)) {
      expect(await real.search({ ...query, ...filter })).toEqual(await model.search({ ...query, ...filter }));
      expect(await real.count({ ...filter, text })).toBe(await model.count({ ...filter, text }));
    }
  }
});
