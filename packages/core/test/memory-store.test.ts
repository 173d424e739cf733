import { memoryStore } from '@contact-sync/core';
import { type StoreHarness, storeCases } from '@contact-sync/core/testing';
import { describe, test } from 'vitest';

/** A book in memory ends with its process, so nobody else can open it. */
const memory: StoreHarness = {
  open: async () => memoryStore(),
  again: async (store) => store,
  beside: async () => memoryStore(),
};

describe('the store in memory passes the kit', () => {
  for (const { id, name, run } of storeCases()) test(`${id}: ${name}`, () => run(memory));
});
