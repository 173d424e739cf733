import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contact, planImport } from '@contact-sync/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { booksOf } from './books.js';
import { connectionsOf } from './connections.js';
import { contactReader } from './contacts.js';
import { explained } from './errors.js';
import { historyOf } from './history.js';
import { keptRowsOf } from './kept-rows.js';
import { open } from './open.js';
import { planWriter } from './writer.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function contacts(first: number, count: number): Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(first + index),
    name: 'x'.repeat(150),
    email: `${first + index}@example.com`,
    phone: null,
    recordType: 'manual',
    forcedManual: false,
    link: { source: 'xpm:t', externalId: String(first + index) },
    missingSince: null,
  }));
}

function opened() {
  const db = open({ file: join(folder, 'book.db'), create: true, readOnly: false, busyTimeoutMs: 0 });
  const parts = {
    books: booksOf(db),
    connections: connectionsOf(db),
    contacts: contactReader(db),
    history: historyOf(db),
    keptRows: keptRowsOf(db),
  };
  return { db, ...parts, writer: planWriter(db, parts) };
}

const how = { at: '2026-03-01T00:00:00.000Z', actor: 'test' };

test('a disk that is full at any page leaves the book as it was, and says so', () => {
  const { db, books, contacts: reader, history, writer } = opened();
  writer.apply('book', planImport(contacts(1, 10), { base: 0, ...how }));
  const { book } = books.state('book');
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
  let refused = 0;
  for (let room = pages; ; room += 1) {
    db.exec(`PRAGMA max_page_count = ${room}`);
    const plan = planImport(contacts(100, 60), { base: 1, ...how });
    try {
      writer.apply('book', plan);
      break;
    } catch (error) {
      expect(explained(error, 'book.db')).toMatchObject({
        code: 'store_failed',
        message: expect.stringContaining('full'),
      });
      refused += 1;
    }
    expect(books.state('book')).toEqual({ book, version: 1, nextId: 11n });
    expect(reader.search(book, { limit: 100 }).contacts.length).toBe(10);
    expect(history.runs(book, { limit: 9 }).runs.length).toBe(1);
  }
  expect(refused).toBeGreaterThan(10);
  expect(reader.search(book, { limit: 100 }).contacts.length).toBe(70);
  db.close();
});

/** All statements that were ever made ready. */
const asked = vi.hoisted(() => new Set<string>());
vi.mock('./prepared.js', async (original) => {
  const { prepared } = await original<typeof import('./prepared.js')>();
  return {
    prepared: (...[db, sql]: Parameters<typeof prepared>) => {
      for (const one of Object.values(sql)) asked.add(one);
      return prepared(db, sql);
    },
  };
});

test('every look-up goes through an index, also in a database that was never analyzed', () => {
  const { db } = opened();
  asked.clear();
  contactReader(db);
  historyOf(db);
  booksOf(db);
  connectionsOf(db);
  const plans = [...asked]
    .filter((sql) => sql.startsWith('SELECT'))
    .map((sql) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail)),
    );
  expect(plans.length).toBeGreaterThan(10);
  for (const steps of plans) {
    // By book and something more, but for the newest run of a book.
    expect(steps[0]).toMatch(
      /^SEARCH \w+ USING .*(\(book=\? AND |\(name=\?\)|COVERING INDEX sqlite_autoindex_runs_1 \(book=\?\))/,
    );
  }
  db.close();
});
