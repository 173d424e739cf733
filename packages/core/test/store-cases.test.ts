import { memoryStore } from '@contact-sync/core';
import { storeCases } from '@contact-sync/core/testing';
import { describe, test } from 'vitest';

describe('the store in memory', () => {
  for (const { id, name, run } of storeCases()) {
    test(`${id}: ${name}`, () =>
      run({ open: async () => memoryStore(), again: async (store) => store, beside: async () => memoryStore() }));
  }
});
