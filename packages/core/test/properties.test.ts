import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Contact,
  type ContactSource,
  changesBook,
  checkCounts,
  type Decision,
  type Page,
  parsePlan,
  planHash,
  planToNdjson,
  type Read,
  readAll,
  reasons,
} from '../src/index.js';
import { bookOf, engine, planFor, showWorld, storeOf } from './engine.js';
import type { World } from './oracle.js';
import { textRules } from './oracle-text.js';
import { worlds } from './worlds.js';

const runs = Number(process.env.PROPERTY_RUNS ?? 1500);

/** A law that every world must keep. A failure prints the smallest world found, readably. */
function law(name: string, keeps: (world: World, random: number) => Promise<void>): void {
  test(name, { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(worlds, fc.nat(), async (world, random) => {
      try {
        await keeps(world, random);
      } catch (error) {
        throw new Error(`${String(error)}\n${showWorld(world)}`, { cause: error });
      }
    });
    await fc.assert(property, { numRuns: runs });
  });
}

law('a second run over the same input writes nothing', async (world) => {
  const store = await storeOf(world);
  await store.apply(await planFor(store, world));
  const [version, book] = [(await store.head()).version, await bookOf(store)];

  const again = await planFor(store, { ...world, at: '2026-02-04T00:00:00.000Z' });
  expect(again.decisions.filter(changesBook)).toEqual([]);
  const run = await store.apply(again);
  expect(run.outcome).toBe('unchanged');
  expect((await store.head()).version).toBe(version);
  expect(await bookOf(store)).toEqual(book);
});

law('external contacts never change', async (world) => {
  const { book } = await engine(world);
  for (const contact of world.contacts) if (contact.recordType === 'external') expect(book).toContainEqual(contact);
});

law('details of a forced-manual contact never change, nor does its flag', async (world) => {
  const { book } = await engine(world);
  for (const contact of world.contacts.filter(({ forcedManual }) => forcedManual)) {
    const { name, email, phone } = contact;
    expect(book.find(({ id }) => id === contact.id)).toMatchObject({ name, email, phone, forcedManual: true });
  }
});

law('contacts of other sources that are connected never change', async (world) => {
  const { book } = await engine(world);
  const synced = world.contacts.filter(({ recordType }) => recordType === 'contact-sync');
  const connected = [...world.connected, ...synced.map(({ link }) => link?.source)];
  for (const contact of world.contacts) {
    if (contact.link === null || contact.link.source === world.read.source) continue;
    if (connected.includes(contact.link.source)) expect(book).toContainEqual(contact);
  }
});

law('contacts that nothing matches never change', async (world) => {
  const { book } = await engine(world);
  const text = textRules(world.policy);
  for (const contact of world.contacts) {
    const isOfSource = contact.link !== null && contact.link.source === world.read.source;
    // These can go missing.
    if (isOfSource && contact.recordType === 'contact-sync') continue;
    const matched = world.read.records.some((record) => {
      if (isOfSource && record.externalId === contact.link?.externalId) return true;
      const said = text.judge(record).details;
      return text.fold(said.name) === text.fold(contact.name) && text.fold(said.email) === text.fold(contact.email);
    });
    if (!matched) expect(book).toContainEqual(contact);
  }
});

law('a link is on one contact', async (world) => {
  const { book } = await engine(world);
  const links = book.flatMap(({ recordType, link }) =>
    recordType === 'external' || link === null ? [] : [JSON.stringify([link.source, link.externalId])],
  );
  expect(links.length).toBe(new Set(links).size);
});

law('counts add up to the rows on the wire, each decided once', async (world) => {
  const { plan } = await engine(world, { apply: false });
  const { records, unreadable, skipped } = world.read;
  const left = Object.values(skipped).reduce((sum, n) => sum + n, 0);
  let decided = 0;
  for (const [reason, n] of Object.entries(plan.counts.reasons)) {
    if (reasons[reason as keyof typeof reasons].of === 'record') decided += n;
  }
  expect(plan.counts.rows).toBe(records.length + unreadable.length + left);
  expect(decided).toBe(records.length + unreadable.length);
  expect(plan.counts.skipped).toEqual(skipped);
  checkCounts(plan.counts);
  // What is listed is a part of what is counted.
  for (const [reason, n] of Object.entries(plan.counts.reasons)) {
    expect(plan.decisions.filter((one) => one.reason === reason).length).toBeLessThanOrEqual(n);
  }
  // "every touched contact exactly one change"
  const changed = plan.decisions.filter(changesBook).map(({ after }) => after?.id);
  expect(changed.length).toBe(new Set(changed).size);
});

law('the order of the read changes nothing but new ids', async (world, random) => {
  const read = {
    ...world.read,
    records: shuffled(world.read.records, random),
    unreadable: shuffled(world.read.unreadable, random),
  };
  const [one, other] = [await engine(world), await engine({ ...world, read })];
  const known = new Set(world.contacts.map(({ id }) => id));
  const withoutNewId = (contact: Contact): Contact => (known.has(contact.id) ? contact : { ...contact, id: 'new' });
  const decision = (of: Decision): Decision => ({ ...of, after: of.after === null ? null : withoutNewId(of.after) });

  expect(texts(other.book.map(withoutNewId))).toEqual(texts(one.book.map(withoutNewId)));
  expect(texts(other.plan.decisions.map(decision))).toEqual(texts(one.plan.decisions.map(decision)));
  expect(other.plan.counts).toEqual(one.plan.counts);
  expect(other.plan.blocked).toEqual(one.plan.blocked);
});

law('no contact disappears', async (world) => {
  const { plan, book } = await engine(world);
  const ids = new Set(book.map(({ id }) => id));
  expect(world.contacts.filter(({ id }) => !ids.has(id))).toEqual([]);
  expect(plan.decisions.filter(({ before, after }) => before !== null && after?.id !== before.id)).toEqual([]);
  expect(book.length).toBe(world.contacts.length + plan.decisions.filter(isCreation).length);
});

law('the size of the pages does not matter', async (world, random) => {
  const read = await readAll(inPages(world.read, 1 + (random % 7)));
  expect(read).toEqual(world.read);
  expect(await engine({ ...world, read })).toEqual(await engine(world));
});

law('a plan survives its text', async (world) => {
  const { plan } = await engine(world, { apply: false });
  const read = parsePlan(planToNdjson(plan));
  expect(read).toEqual(plan);
  expect(planHash(read)).toBe(planHash(plan));

  const [left, right] = [await storeOf(world), await storeOf(world)];
  await left.apply(plan);
  await right.apply(read);
  expect(await bookOf(right)).toEqual(await bookOf(left));
});

law('fingerprints change neither decisions, flags, counts nor the book', async (world) => {
  // Most synced contacts are made equal to their records first: those are the ones that fingerprints skip.
  const start = await engine(world);
  for (const contacts of [world.contacts, start.book]) {
    const [quick, slow] = [
      await engine({ ...world, contacts }),
      await engine({ ...world, contacts }, { fingerprints: false }),
    ];
    expect(quick.plan).toEqual(slow.plan);
    expect(quick.book).toEqual(slow.book);
  }
});

function isCreation({ before, after }: Decision): boolean {
  return before === null && after !== null;
}

/** As text and sorted: the same things in any order are equal. */
function texts(things: readonly unknown[]): string[] {
  return things.map((thing) => JSON.stringify(thing)).sort();
}

/** Decided by the number alone, so that a failure can be repeated. */
function shuffled<T>(things: readonly T[], random: number): T[] {
  const left = [...things];
  const result: T[] = [];
  for (let seed = random; left.length > 0; seed = (seed * 31 + 7) % 1_000_003) {
    result.push(...left.splice(seed % left.length, 1));
  }
  return result;
}

/** The read again, from a source that hands over pages of `size` rows: records, then unreadable rows, then what was skipped. */
function inPages(read: Read, size: number): ContactSource {
  return {
    source: read.source,
    async *read() {
      const none: Page = { records: [], unreadable: [], skipped: {} };
      for (let at = 0; at < read.records.length; at += size)
        yield { ...none, records: read.records.slice(at, at + size) };
      yield none;
      for (let at = 0; at < read.unreadable.length; at += size) {
        yield { ...none, unreadable: read.unreadable.slice(at, at + size) };
      }
      for (const [filter, count] of Object.entries(read.skipped)) {
        const first = Math.min(size, count);
        yield { ...none, skipped: { [filter]: first } };
        if (first < count) yield { ...none, skipped: { [filter]: count - first } };
      }
      return { complete: true, tenant: read.tenant };
    },
  };
}
