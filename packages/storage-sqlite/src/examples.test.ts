import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleCases } from '@contact-sync/core/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { sqliteStore } from './sqlite-store.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the worked examples, row by row', () => {
  for (const { id, name, run } of exampleCases()) {
    let made = 0;
    test(name, () => run(async () => sqliteStore({ file: join(folder, `${id}-${++made}.db`) })));
  }
});
