import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from '@contact-sync/connector-xpm/mock';
import type { ServedMock } from '@contact-sync/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { badInput, secret } from '../test/bad-input-cases.js';
import { testTerminal } from '../test/test-terminal.js';
import { main } from './main.js';

// Whatever a person gets wrong: one clear message that says what to do, the right exit code, and the book as it was.

let folder: string;
let served: ServedMock;
beforeAll(async () => {
  served = await mock.serve({
    records: [{ externalId: 'A', name: 'John Smith', email: 'john@smith.com', phone: null }],
  });
});
afterAll(() => served.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await run('contacts import book.csv', { 'book.csv': 'name,email\nMary,mary@smith.com\n' });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `XPM` stands for settings that work, `STORE` for the book's file. */
async function run(
  line: string,
  files: Readonly<Record<string, string>> = {},
  env: Record<string, string> = served.env,
) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const { tenantId, baseUrl } = served.settings;
  const needsStore = !line.includes('--store') && !line.startsWith('mock');
  const words = `${line}${needsStore ? ' --store sqlite:contacts.db' : ''}`
    .replace('XPM', `--from xpm --set tenantId=${tenantId} --set baseUrl=${baseUrl}`)
    .split(' ');
  const terminal = testTerminal({ cwd: folder, env });
  const code = await main(words, terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function book(): Promise<string> {
  return (await run('contacts export --format json')).out;
}

describe.each(Object.entries(badInput))('%s', (_, { line, code, says, files, env }) => {
  test('gives one clear message, and leaves the book as it was', async () => {
    const before = await book();
    const result = await run(line, files, env);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    for (const words of says) expect(result.err).toContain(words);
    expect(result.err).not.toMatch(/^\s+at /m);
    expect(result.err).not.toContain(secret);
    expect(await book()).toBe(before);
  });
});

test('the table has sixty mistakes and more', () => {
  expect(Object.keys(badInput).length).toBeGreaterThanOrEqual(60);
});

test('a database of another program is not touched', async () => {
  const file = join(folder, 'other.db');
  const other = new DatabaseSync(file);
  other.exec("create table recipes (name text); insert into recipes values ('soup')");
  other.close();
  const before = await readFile(file);
  const { code, err } = await run('sync XPM --store sqlite:other.db');
  expect(code).toBe(2);
  expect(err).toContain('store_unusable');
  expect(await readFile(file)).toEqual(before);
});

test('a read-only file says what to do', async () => {
  const before = await book();
  await writeFile(join(folder, 'more.csv'), 'name,email\nJohn,john@smith.com\n');
  await chmod(join(folder, 'contacts.db'), 0o444);
  await chmod(folder, 0o555);
  const { code, err } = await asNobody(() => run('contacts import more.csv'));
  await chmod(folder, 0o755);
  expect(code).toBe(2);
  expect(err).toContain('store_unusable');
  expect(await book()).toBe(before);
});

/** Root may write everywhere, so what a mode forbids shows only to somebody else. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('a mistake in the settings or in a file makes no book', async () => {
  const faulty = await run('contacts import bad.csv --store sqlite:new.db', { 'bad.csv': 'name,email\nJohn,nobody\n' });
  expect(faulty.code).toBe(2);
  const elsewhere = await run(
    'sync --from xpm --set tenantId=8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11 --set baseUrl=http://example.com/x --store sqlite:new.db',
  );
  expect(elsewhere.code).toBe(2);
  expect(await readdir(folder)).not.toContain('new.db');
});

test('a plan for a book that is not there yet is that of an empty one, and makes none', async () => {
  const { code, out } = await run('plan XPM --store sqlite:new.db');
  expect(code).toBe(0);
  expect(out).toContain('created');
  expect(await readdir(folder)).not.toContain('new.db');
});

test('what is wrong with the arguments is a document with --json too', async () => {
  const { code, out } = await run('plan --json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage', message: expect.stringContaining('--from') } });
});

test('a record that may have been left out by a filter is not denied', async () => {
  const { err } = await run('explain nobody@smith.com XPM');
  expect(err).toContain('1 client_not_individual');
});

test('with --json an error is one document on standard output too', async () => {
  const { code, out, err } = await run('sync --from acme --json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toEqual({
    error: {
      code: 'connector_missing',
      title: 'The connector is not installed',
      message: 'The connector "acme" is not installed.',
      hint: 'Install it: npm install @contact-sync/connector-acme',
    },
  });
  expect(err).toContain('not installed');
});

test('--verbose shows what is behind an error, without the secret', async () => {
  const { err } = await run('sync XPM --verbose', {}, { XPM_ACCESS_TOKEN: secret });
  expect(err).toMatch(/^\s+at /m);
  expect(err).not.toContain(secret);
});
