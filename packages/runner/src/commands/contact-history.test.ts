import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]) {
  const terminal = testTerminal({ cwd: folder, width: 200 });
  const code = await main([...args, '--store', 'sqlite:contacts.db'], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

const add = ['contacts', 'add', '--name', 'Mary Smith', '--email', 'mary@smith.com'];

test('the history of a contact is told by its differences, the newest first', async () => {
  await run(...add);
  await run('contacts', 'edit', '1', '--name', 'Mary Jones', '--why', 'she married');
  await run('contacts', 'add', '--name', 'Bob', '--email', 'bob@smith.com');
  const { code, out } = await run('contacts', 'history', '1');
  expect(code).toBe(0);
  expect(out.indexOf('Mary Smith → ')).toBeGreaterThan(0);
  expect(out).toContain('she married');
  expect(out.indexOf('2 edit')).toBeGreaterThan(0);
  expect(out.indexOf('1 add')).toBeGreaterThan(out.indexOf('2 edit'));
  expect(out).not.toContain('Bob');
  const { entries, next } = JSON.parse((await run('contacts', 'history', '1', '--json')).out);
  expect(next).toBe(null);
  expect(entries.map((entry: { run: { id: string } }) => entry.run.id)).toEqual(['2', '1']);
  expect(entries[0].decision.difference).toEqual([{ field: 'name', before: 'Mary Smith', after: 'Mary Jones' }]);
});

test('a contact that left the book has its history still, and one that never was has none', async () => {
  await run(...add);
  await run('undo', '1');
  expect((await run('contacts', 'history', '1')).out).toContain('2 undo');
  const { code, err } = await run('contacts', 'history', '7');
  expect(code).toBe(2);
  expect(err).toContain('The book has no contact 7.');
});
