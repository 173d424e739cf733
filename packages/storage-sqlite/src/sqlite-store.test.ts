import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContactStore } from '@contact-sync/core';
import { type StoreHarness, storeCases } from '@contact-sync/core/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { sqliteStore } from './sqlite-store.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

/** A file for each book that is opened, and books beside it in the same file. */
function harness(): StoreHarness {
  const places = new WeakMap<ContactStore, { file: string; book: string }>();
  const openAt = (file: string, book: string) => {
    const store = sqliteStore({ file, book });
    places.set(store, { file, book });
    return store;
  };
  const placeOf = (store: ContactStore) => {
    const place = places.get(store);
    if (place === undefined) throw new Error('That store is not from here.');
    return place;
  };
  return {
    open: async () => openAt(join(folder, `${++made}.db`), 'first'),
    again: async (store) => openAt(placeOf(store).file, placeOf(store).book),
    beside: async (store) => openAt(placeOf(store).file, `beside ${++made}`),
  };
}

describe('the kit for stores', () => {
  for (const { id, name, run } of storeCases()) test(`${id}: ${name}`, { timeout: 30_000 }, () => run(harness()));
});
