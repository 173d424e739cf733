import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { converse } from '../test/conversation.js';
import { run } from '../test/processes.js';
import { sqliteStore } from './sqlite-store.js';
import { sqliteVault } from './sqlite-vault.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a process that was frozen in its work and wakes up after another one wrote can write nothing', async () => {
  const file = join(folder, 'book.db');
  const frozen = converse('freeze', file, '300');
  try {
    expect(await frozen.line()).toBe('frozen');
    const second = await run('takeOver', file);
    expect(second).toEqual({ code: 0, signal: null, output: '{"value":null}' });
    frozen.signal('SIGCONT');
    expect(JSON.parse(await frozen.line())).toEqual({ ends: ['store_conflict', 'lock_lost'], aborted: true });
    expect(await frozen.ended()).toBe(0);
  } finally {
    frozen.signal('SIGKILL');
  }

  const store = sqliteStore({ file, create: false });
  const { contacts } = await store.search({ limit: 9 });
  expect(contacts.map(({ id, name }) => [id, name])).toEqual([['1', 'second']]);
  expect((await store.runs({ limit: 9 })).runs.map(({ actor }) => actor)).toEqual(['second']);
  await store.close();
  const vault = sqliteVault({ file });
  expect(await vault.locked('xpm:t', async ({ value }) => value)).toBe('second');
  await vault.close();
});

test('the lock of a process that was killed in its work is taken over when its lease is over', async () => {
  const file = join(folder, 'book.db');
  const killed = converse('freeze', file, '300');
  expect(await killed.line()).toBe('frozen');
  killed.signal('SIGKILL');
  await killed.ended();
  expect((await run('takeOver', file)).output).toBe('{"value":null}');
});
