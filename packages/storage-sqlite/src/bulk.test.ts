import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Contact, planImport } from '@contact-sync/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteStore } from './sqlite-store.js';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
  file = join(folder, 'book.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const how = { at: '2026-03-01T00:00:00.000Z', actor: 'test' };

function people(first: number, count: number): Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(first + index),
    name: 'Ann Lee',
    email: `${first + index}@example.com`,
    phone: null,
    recordType: 'manual',
    forcedManual: false,
    link: { source: 'xpm:t', externalId: String(first + index) },
    missingSince: null,
  }));
}

/** The indexes, and whether they have all rows and no others. */
function indexes() {
  const db = new DatabaseSync(file);
  const made = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name").all();
  const [check] = db.prepare('PRAGMA integrity_check').all();
  const pages = db.prepare('PRAGMA cache_size').get();
  db.close();
  return { made, check, pages };
}

test('a plan that writes most of a book leaves the indexes as they were, with all that it wrote', async () => {
  const store = sqliteStore({ file });
  await store.apply(planImport(people(1, 3), { base: 0, ...how }));
  const before = indexes();
  expect(before.made.length).toBeGreaterThan(5);
  await store.apply(planImport(people(10, 1500), { base: 1, ...how }));
  expect(indexes()).toEqual(before);
  const { contacts } = await store.search({ text: '1509@example.com', limit: 5 });
  expect(contacts.map(({ id }) => id)).toEqual(['1509']);
  const { entries } = await store.history('1509', { limit: 5 });
  expect(entries.map(({ run }) => run.id)).toEqual(['2']);
  await store.close();
});

test('a plan that writes most of a book and gives one link to two contacts is refused, and nothing is changed', async () => {
  const store = sqliteStore({ file });
  await store.apply(planImport(people(1, 3), { base: 0, ...how }));
  const before = indexes();
  const [again, ...others] = people(10, 1500);
  const taken = { ...again, id: '9', link: { source: 'xpm:t', externalId: '2' } } as Contact;
  await expect(store.apply(planImport([taken, ...others], { base: 1, ...how }))).rejects.toMatchObject({
    code: 'plan_invalid',
    message: 'Two contacts would be linked to record 2 of xpm:t.',
  });
  expect(indexes()).toEqual(before);
  expect((await store.head()).version).toBe(1);
  expect(await store.count({})).toBe(3);
  await store.close();
});
