import {
  type Contact,
  type ContactStore,
  ContactSyncError,
  type Decision,
  memoryStore,
  type Plan,
  planImport,
} from '@contact-sync/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

/** What a step wants of a contact: it comes or becomes this one, or goes. */
const steps = fc.record({
  book: fc.constantFrom(0, 1),
  wanted: fc.array(fc.record({ contact: contacts, goes: fc.boolean() }), { maxLength: 5 }),
  stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const texts = fc.oneof(
  fc.constantFrom(...names, ...contactIds, '7', 'x', ' ann ', 'EXAMPLE', '0412345', '412', '(02) 9876', '61', '+', '0'),
  fc.constantFrom('\0', '\ud835', '\udcb5', 'a\nb', '\n'),
);

function planOf(
  base: number,
  now: ReadonlyMap<string, Contact>,
  wanted: readonly { contact: Contact; goes: boolean }[],
): Plan {
  const decisions = [...new Map(wanted.map((step) => [step.contact.id, step])).values()].map(
    ({ contact, goes }): Decision => {
      const before = now.get(contact.id) ?? null;
      const after = goes && before !== null ? null : contact;
      return { reason: 'imported', externalId: null, before, after, flags: [], says: null, faults: [], note: null };
    },
  );
  const counts = { rows: 0, reasons: { imported: decisions.length }, flags: {}, skipped: {} };
  return { ...planImport([], { base, at: '2026-03-01T00:00:00.000Z', actor: 'test' }), decisions, counts };
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

/** Everything a store can be asked, in an order that does not depend on it. */
async function contentOf(store: ContactStore, text: string): Promise<unknown> {
  const { newId, connections, version } = await store.head();
  const all = await store.search({ limit: 100 });
  const found = await store.search({ limit: 2, text });
  const { runs } = await store.runs({ limit: 100 });
  const query = {
    ids: ['1', 'ab'],
    links: { source: 'xpm:t', externalIds: ['7', 'X'] },
    nameEmailKeys: ['ann\nann@example.com'],
  };
  return {
    version,
    connections: connections.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
    nextId: newId(),
    all,
    found,
    foundNext: found.next === null ? null : await store.search({ limit: 100, text, after: found.next }),
    links: [[...(await store.links('xpm:t'))].toSorted(), [...(await store.links('csv:'))].toSorted()],
    some: idsOf(await store.find(query)).toSorted(),
    runs,
    decisions: await listOf(store.decisions(runs[0]?.id ?? '')),
  };
}

test('two books in one database are each like a book alone in memory, whatever is done to them', {
  timeout: 240_000,
}, async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 8 }), texts, async (todo, text) => {
      made += 1;
      const books = [0, 1].map((book) => ({
        real: postgresStore({ url, book: `${made}/${book}` }),
        model: memoryStore(),
      }));
      for (const { book, wanted, stale } of todo) {
        const pair = books[book];
        if (pair === undefined) continue;
        const { version } = await pair.model.head();
        const now = new Map((await pair.model.find({ ids: contactIds })).map((contact) => [contact.id, contact]));
        const plan = planOf(version + (stale ? 1 : 0), now, wanted);
        expect(await outcomeOf(pair.real.apply(plan))).toEqual(await outcomeOf(pair.model.apply(plan)));
      }
      for (const { real, model } of books) expect(await contentOf(real, text)).toEqual(await contentOf(model, text));
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
  }
});
