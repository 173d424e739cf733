import type { ContactStore } from '@contact-sync/core';
import { type StoreHarness, storeCases } from '@contact-sync/core/testing';
import { beforeAll, describe, test } from 'vitest';
import { newDatabase } from '../test/support.js';
import { postgresStore } from './postgres-store.js';

let url = '';
beforeAll(async () => {
  url = await newDatabase();
});

let made = 0;

/** All books are in one database: each must be as if it were alone there. */
function harness(): StoreHarness {
  const names = new WeakMap<ContactStore, string>();
  const openBook = (name: string) => {
    const store = postgresStore({ url, book: name });
    names.set(store, name);
    return store;
  };
  const nextName = () => `book ${++made}`;
  return {
    open: async () => openBook(nextName()),
    again: async (store) => openBook(names.get(store) ?? 'unknown'),
    beside: async () => openBook(nextName()),
  };
}

describe('the kit for stores', () => {
  for (const { id, name, run } of storeCases()) test(`${id}: ${name}`, () => run(harness()));
});
