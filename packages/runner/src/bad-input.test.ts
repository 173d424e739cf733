import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mock } from '@contact-sync/connector-xpm/mock';
import type { ServedMock } from '@contact-sync/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

const secret = 'canary-3f7a91';

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

type Case = {
  readonly line: string;
  readonly code: number;
  readonly says: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Record<string, string>;
};

const cases: Record<string, Case> = {
  'an unknown connector': {
    line: 'sync --from acme',
    code: 2,
    says: ['connector_missing', '"acme" is not installed', 'npm install @contact-sync/connector-acme'],
  },
  'a path to no connector': {
    line: 'sync --from ../evil',
    code: 2,
    says: ['connector_missing', 'There is no connector at ../evil.'],
  },
  'a connector within a package': {
    line: 'sync --from xpm/../evil',
    code: 2,
    says: ['setting_invalid', 'not the name of a connector'],
  },
  'no connector': { line: 'sync', code: 2, says: ['--from'] },
  'a missing setting': { line: 'sync --from xpm', code: 2, says: ['setting_missing', 'tenantId is missing'] },
  'a missing secret': {
    line: 'sync XPM',
    env: {},
    code: 2,
    says: ['setting_missing', 'accessToken is missing', 'XPM_ACCESS_TOKEN'],
  },
  'a secret on the command line': {
    line: `sync XPM --set accessToken=${secret}`,
    code: 2,
    says: ['setting_invalid', 'accessToken is a secret', 'XPM_ACCESS_TOKEN'],
  },
  'settings that are wrong, all at once': {
    line: 'sync --from xpm --set tenantId=me --set baseUrl=nowhere --set colour=red',
    code: 2,
    says: ['setting_invalid', 'tenantId', 'baseUrl', 'no setting "colour"'],
  },
  'a setting without a value': { line: 'sync --from xpm --set tenantId', code: 2, says: ['name=value'] },
  'a setting given twice': { line: 'sync --from xpm --set a=1 --set a=2', code: 2, says: ['a is given twice'] },
  'a policy that does not exist': {
    line: 'sync XPM --policy colour=red',
    code: 2,
    says: ['setting_invalid', 'colour', 'region'],
  },
  'a policy out of range': {
    line: 'sync XPM --policy manyMissing=7',
    code: 2,
    says: ['setting_invalid', 'manyMissing'],
  },
  'an unknown command': { line: 'snyc XPM', code: 2, says: ['unknown command', 'sync'] },
  'an unknown flag': { line: 'sync XPM --jason', code: 2, says: ['unknown option', '--json'] },
  'a store of an unknown kind': {
    line: 'sync XPM --store mongo:x',
    code: 2,
    says: ['setting_invalid', 'an unknown kind, mongo', 'sqlite:'],
  },
  'a store without a kind': { line: 'sync XPM --store contacts.db', code: 2, says: ['setting_invalid', 'sqlite:'] },
  'a book that is not there': {
    line: 'contacts list --store sqlite:none.db',
    code: 2,
    says: ['store_unusable', 'none.db'],
  },
  'a name of a book that nothing was written to': {
    line: 'contacts list --book typo',
    code: 2,
    says: ['not_found', '"typo"', '--book'],
  },
  'a region that does not exist': {
    line: 'sync XPM --policy region=UK',
    code: 2,
    says: ['setting_invalid', 'region', 'GB for the United Kingdom'],
  },
  'a region of an import that does not exist': {
    line: 'contacts import good.csv --region au',
    files: { 'good.csv': 'name,email\nJohn,john@smith.com\n' },
    code: 2,
    says: ['setting_invalid', 'region'],
  },
  'a folder that is not there': {
    line: 'sync XPM --store sqlite:none/contacts.db',
    code: 2,
    says: ['store_unusable', 'none'],
  },
  'a file that is no database': {
    line: 'sync XPM --store sqlite:notes.txt',
    files: { 'notes.txt': 'Dear diary, '.repeat(100) },
    code: 2,
    says: ['store_unusable', 'notes.txt'],
  },
  'a host that does not answer': {
    line: 'sync --from xpm --set tenantId=8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11 --set baseUrl=http://127.0.0.1:9',
    code: 1,
    says: ['source_unreachable', 'http://127.0.0.1:9'],
  },
  'a wrong token': {
    line: 'sync XPM',
    env: { XPM_ACCESS_TOKEN: secret },
    code: 1,
    says: ['source_unauthorized', 'token'],
  },
  'a file to import that is not there': {
    line: 'contacts import none.csv',
    code: 2,
    says: ['import_invalid', 'none.csv'],
  },
  'a file to import that is malformed': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'name,email\nJohn,nobody\n' },
    code: 2,
    says: ['import_invalid', 'line 2', 'no valid address'],
  },
  'a file to import whose ids are taken': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'id,name,email\n1,John,john@smith.com\n' },
    code: 2,
    says: ['import_invalid', 'id 1', '--book'],
  },
  'metadata without a source': {
    line: 'contacts import bad.csv',
    files: { 'bad.csv': 'name,email,metadata\nJohn,john@smith.com,A\n' },
    code: 2,
    says: ['import_invalid', '--source'],
  },
  'a contact that is not there': { line: 'contacts show 99', code: 2, says: ['not_found', '99', 'contacts list'] },
  'a run that is not there': { line: 'runs show 99', code: 2, says: ['not_found', '99'] },
  'a subject nobody knows': { line: 'explain nobody@smith.com XPM', code: 2, says: ['not_found', 'nobody@smith.com'] },
  'a limit that is no number': { line: 'contacts list --limit many', code: 2, says: ['whole number'] },
  'a port that is no port': { line: 'mock xpm --port 70000', code: 2, says: ['port'] },
  'a fault that the mock does not have': {
    line: 'mock xpm --fault fire',
    code: 2,
    says: ['"fire"', 'limit-minute: The first request is one more than a minute allows'],
  },
  'a worked example of some size': { line: 'mock xpm --example 1 --contacts 5', code: 2, says: ['--contacts'] },
  'a practice of nobody': { line: 'mock xpm --contacts 0', code: 2, says: ['--contacts', 'whole number'] },
  'a mock of an unknown connector': {
    line: 'mock acme',
    code: 2,
    says: ['connector_missing', 'npm install @contact-sync/connector-acme'],
  },
};

describe.each(Object.entries(cases))('%s', (_, { line, code, says, files, env }) => {
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
