import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatementSync } from 'node:sqlite';
import {
  type Complete,
  type ContactSource,
  type ContactStore,
  type Page,
  planForceManual,
  type RawRecord,
} from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sync } from './sync.js';

// What a sync costs, in counts: seconds differ from machine to machine, these do not.

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const actor = 'tester';

function people(count: number): RawRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    externalId: `client-${index}`,
    name: `Client ${index}`,
    email: `client${index}@example.com`,
    phone: null,
  }));
}

/** Hands its rows over as bytes, a hundred a page, and counts those that are read. */
function lines(records: readonly RawRecord[], whileReading: () => Promise<void> = async () => undefined) {
  let read = 0;
  let reads = 0;
  const source: ContactSource = {
    source: 'xpm:t',
    async *read(): AsyncGenerator<Page, Complete, void> {
      reads += 1;
      for (let first = 0; first < records.length; first += 100) {
        const some = records.slice(first, first + 100);
        const texts = some.map((record) => `${JSON.stringify(record)}\n`);
        let end = 0;
        const bounds = texts.flatMap((text) => {
          const begin = end;
          end += Buffer.byteLength(text);
          return [begin, end - 1];
        });
        const recordAt = (row: number): RawRecord => {
          read += 1;
          return JSON.parse(texts[row] ?? '');
        };
        yield {
          records: [],
          unreadable: [],
          skipped: {},
          raw: {
            bytes: Buffer.from(texts.join('')),
            bounds: Uint32Array.from(bounds),
            mapping: 'test 1',
            read: (row) => ({ record: recordAt(row) }),
          },
        };
      }
      await whileReading();
      return { complete: true, tenant: 't' };
    },
  };
  return { source, read: () => read, reads: () => reads };
}

/** The store, and how many contacts and links it gave away. */
function counting(store: ContactStore) {
  const given = { contacts: 0, links: 0 };
  const counted: ContactStore = {
    ...store,
    async find(query) {
      const contacts = await store.find(query);
      given.contacts += contacts.length;
      return contacts;
    },
    async links(source) {
      const links = await store.links(source);
      given.links += links.size;
      return links;
    },
  };
  return { store: counted, given };
}

/** Of a steady sync of so many contacts, some of which changed since. */
async function costOfSteadySync(count: number, changed: number) {
  const file = join(folder, `${count}-${changed}.db`);
  const records = people(count);
  const first = sqliteStore({ file });
  await sync({ source: lines(records).source, store: first, actor });
  await first.close();

  const { store, given } = counting(sqliteStore({ file }));
  let statements = 0;
  for (const method of ['run', 'get', 'all', 'iterate'] as const) {
    const original = StatementSync.prototype[method];
    vi.spyOn(StatementSync.prototype, method).mockImplementation(function (this: StatementSync, ...values: unknown[]) {
      statements += 1;
      return Reflect.apply(original, this, values);
    });
  }
  const input = lines(
    records.map((record, index) => (index < changed ? { ...record, email: `new.${record.email}` } : record)),
  );
  const { plan } = await sync({ source: input.source, store, actor });
  const written = statSync(`${file}-wal`).size;
  vi.restoreAllMocks();
  await store.close();
  return { reasons: plan.counts.reasons, read: input.read(), ...given, statements, written };
}

test('a sync in which nothing changed reads no row, loads no contact, and asks and writes as much as for one contact', async () => {
  const { statements, written, ...thousand } = await costOfSteadySync(1000, 0);
  expect(thousand).toEqual({ reasons: { unchanged: 1000 }, read: 0, contacts: 0, links: 0 });
  const one = await costOfSteadySync(1, 0);
  expect(statements).toBe(one.statements);
  expect(written).toBe(one.written);
});

test('a sync in which some changed costs as much for each of them, however many there are', async () => {
  const thousand = await costOfSteadySync(1000, 5);
  expect(thousand).toMatchObject({ reasons: { unchanged: 995, updated: 5 }, read: 5, contacts: 5, links: 0 });
  const ten = await costOfSteadySync(100, 5);
  expect(thousand.statements).toBe(ten.statements);
});

test('records that the connector reads itself are not looked at either', async () => {
  const file = join(folder, 'plain.db');
  const records = people(1000);
  const plain: ContactSource = {
    source: 'xpm:t',
    async *read() {
      yield { records, unreadable: [], skipped: {} };
      return { complete: true, tenant: 't' };
    },
  };
  const { store, given } = counting(sqliteStore({ file }));
  await sync({ source: plain, store, actor });
  Object.assign(given, { contacts: 0, links: 0 });
  const { plan } = await sync({ source: plain, store, actor });
  await store.close();
  expect(plan.counts.reasons).toEqual({ unchanged: 1000 });
  expect(given).toEqual({ contacts: 0, links: 0 });
});

test('where a person takes a contact over while the source is read, it is read again', async () => {
  const store = sqliteStore({ file: join(folder, 'race.db') });
  const records = people(3);
  await sync({ source: lines(records).source, store, actor });
  const [contact] = await store.find({ links: { source: 'xpm:t', externalIds: ['client-1'] } });
  let isFirst = true;
  const input = lines(records, async () => {
    if (!isFirst) return;
    isFirst = false;
    const at = '2026-03-01T00:00:00.000Z';
    await store.apply(await planForceManual(store, contact?.id ?? '', { actor, at, why: null }));
  });
  const { plan } = await sync({ source: input.source, store, actor });
  expect(input.reads()).toBe(2);
  expect(plan.counts.reasons).toEqual({ unchanged: 2, kept_forced_manual: 1 });
  await store.close();
});
