import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { ContactStore } from '@contact-sync/core';
import { type StoreHarness, storeCases } from '@contact-sync/core/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { peopleStore } from './people-store.js';
import { openHost } from './schema.js';

let folder = '';
const open: DatabaseSync[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'embed-'));
});
afterAll(() => {
  for (const db of open) db.close();
  rmSync(folder, { recursive: true });
});

let made = 0;
const places = new WeakMap<ContactStore, { file: string; firm: string }>();

function at(file: string, firm: string): ContactStore {
  const db = openHost(file);
  open.push(db);
  const store = peopleStore(db, firm);
  places.set(store, { file, firm });
  return store;
}

function placeOf(store: ContactStore): { file: string; firm: string } {
  const place = places.get(store);
  if (place === undefined) throw new Error('That store is not from here.');
  return place;
}

const harness: StoreHarness = {
  open: async () => at(join(folder, `${++made}.db`), 'first'),
  again: async (store) => at(placeOf(store).file, placeOf(store).firm),
  beside: async (store) => at(placeOf(store).file, `firm ${++made}`),
};

describe('the host’s own table is a contact book', () => {
  for (const { id, name, run } of storeCases()) test(`${id}: ${name}`, () => run(harness));
});
