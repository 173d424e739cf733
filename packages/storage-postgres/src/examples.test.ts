import { exampleCases } from '@contact-sync/core/testing';
import { beforeAll, describe, test } from 'vitest';
import { newDatabase } from '../test/support.js';
import { postgresStore } from './postgres-store.js';

let url = '';
beforeAll(async () => {
  url = await newDatabase();
});

describe('the worked examples, row by row', () => {
  for (const { id, name, run } of exampleCases()) {
    let made = 0;
    test(name, () => run(async () => postgresStore({ url, book: `${id} ${++made}` })));
  }
});
