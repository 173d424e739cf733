import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveMock } from '@contact-sync/connector-kit/mock';
import { fakeXpm } from '@contact-sync/connector-xpm/mock';
import { sqliteVault } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canary, filesOf, leaks } from '../../test/canary.js';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { browser, typing } from '../../test/person.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

// Secrets that stand out are given to every command, in runs that go well and in runs that fail; then they are looked for
// in all that was printed and in every file, while the database is open and its log is beside it, and after.

const secrets = {
  accessId: canary('access-id'),
  accessKey: canary('access-key'),
  // Of letters alone: an app's secret goes through more encodings on its way, and a vendor makes it so.
  appSecret: 'canaryAppSecret9f3a',
  token: canary('token'),
  key: newKey(),
};

let folder: string;
let printed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  printed = '';
  await installDemo(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(line: string, env: Record<string, string>, given: Partial<Terminal> = {}): Promise<number> {
  let code = 0;
  for (const more of [[], ['--json'], ['--verbose']]) {
    const terminal = testTerminal({ cwd: folder, env: { CONTACT_SYNC_KEY: secrets.key, ...env }, ...given });
    code = await main([...line.split(' '), '--store', 'sqlite:contacts.db', ...more], terminal);
    printed += terminal.output() + terminal.errors();
  }
  return code;
}

/** Keeps the log of the database beside it while the work goes on. */
async function withOpenStore(work: () => Promise<void>): Promise<Buffer[]> {
  const vault = sqliteVault({ file: join(folder, 'contacts.db') });
  await work();
  const files = filesOf(folder);
  expect(files.map(({ name }) => name)).toContain('contacts.db-wal');
  await vault.close();
  return [...files, ...filesOf(folder)].map(({ bytes }) => bytes);
}

function expectNone(files: readonly Buffer[]): void {
  expect(leaks(printed, secrets)).toEqual([]);
  for (const bytes of files) expect(leaks(bytes, secrets)).toEqual([]);
}

test('the search finds every form that it looks for', () => {
  const secret = secrets.token;
  const found = [
    secret,
    Buffer.from(`xy${secret}z`).toString('base64'),
    Buffer.from(`x${secret}z`).toString('base64url'),
    `?a=${encodeURIComponent(secret)}`,
    JSON.stringify({ a: JSON.stringify({ secret }) }),
    Buffer.from(secret, 'utf16le'),
  ];
  for (const where of found) expect(leaks(where, { secret })).not.toEqual([]);
  expect(leaks('canary', { secret })).toEqual([]);
});

test('of a connection with two secrets', async () => {
  const system = await serveDemo({ accessId: secrets.accessId, accessKey: secrets.accessKey });
  const connect = `connect demo --set url=${system.url} --set firm=north`;
  const files = await withOpenStore(async () => {
    expect(await run(connect, system.keys)).toBe(0);
    expect(await run(connect, {}, typing(...[1, 2, 3].flatMap(() => [secrets.accessId, secrets.accessKey])))).toBe(0);
    for (const line of ['plan --from demo:north', 'sync --from demo:north', 'explain N1 --from demo:north'])
      expect(await run(line, {})).toBe(0);
    for (const line of ['connections', 'connections show demo:north', 'runs', 'contacts list', 'keys rotate'])
      expect(await run(line, {})).toBe(0);
    expect(await run('connections set demo:north --set archived=true', {})).toBe(0);
    // And what goes wrong.
    expect(await run(`${connect} --set accessKey=${secrets.accessKey.replaceAll(' ', '')}`, {})).toBe(2);
    expect(await run(connect, { ...system.keys, DEMO_ACCESS_KEY: `${secrets.accessKey}?` })).toBe(1);
    expect(await run('connections set demo:north --set firm=east', {})).toBe(2);
    expect(await run('plan --from demo:north', { CONTACT_SYNC_KEY: newKey() })).toBe(2);
    expect(await run('plan --from demo:north', { CONTACT_SYNC_KEY: `${secrets.key}!` })).toBe(2);
    await system.close();
    expect(await run('sync --from demo:north', {})).toBe(1);
    expect(await run('disconnect demo:north', {})).toBe(2);
  });
  expectNone(files);
}, 60_000);

test('of a connection that signed in, with the true connector and its mock', async () => {
  const client = { id: 'app-1', secret: secrets.appSecret };
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const fake = fakeXpm({ accessToken: secrets.token, client, now });
  const server = await serveMock(fake.handlers, { origin: 'https://api.xero.com' });
  const app = { XPM_CLIENT_ID: client.id, XPM_CLIENT_SECRET: client.secret };
  const connect = `connect xpm --redirect-port 0 --set baseUrl=${server.url}/practicemanager/3.1`;
  const source = `xpm:${fake.access.tenantId}`;
  const files = await withOpenStore(async () => {
    const person = { ...typing(), openBrowser: browser().openBrowser };
    expect(await run(connect, app, person)).toBe(0);
    for (const line of [`plan --from ${source}`, `sync --from xpm:8c0e`, `connections show ${source}`]) {
      ahead += 3_600_000;
      expect(await run(line, {})).toBe(0);
    }
    expect(fake.signIn.exchanges.filter(({ grantType }) => grantType === 'refresh_token').length).toBeGreaterThan(1);
    const ready = { XPM_ACCESS_TOKEN: secrets.token };
    expect(await run(`${connect} --no-sign-in --set tenantId=${fake.access.tenantId}`, { ...app, ...ready })).toBe(0);
    expect(await run(connect, app, person)).toBe(0);
    // And what goes wrong.
    fake.signIn.endAll();
    ahead += 3_600_000;
    expect(await run(`sync --from ${source}`, {})).toBe(1);
    fake.signIn.deny('access_denied');
    expect(await run(connect, app, person)).toBe(1);
    const pasted = typing(
      ...[1, 2, 3].map(() => `http://localhost/callback?code=${encodeURIComponent(secrets.token)}&state=x`),
    );
    expect(await run(connect, app, { ...pasted, openBrowser: async () => false })).not.toBe(0);
    expect(await run('connections', {})).toBe(0);
  });
  await server.close();
  expectNone(files);
}, 90_000);

test('of a damaged value, and of one that was put in the place of another', async () => {
  const system = await serveDemo({ accessId: secrets.accessId, accessKey: secrets.accessKey });
  for (const firm of ['north', 'south'])
    expect(await run(`connect demo --set url=${system.url} --set firm=${firm}`, system.keys)).toBe(0);
  const vault = sqliteVault({ file: join(folder, 'contacts.db') });
  const [north = '', south = ''] = await vault.keys('secret:connection:');
  const stored = await vault.read(north);
  await vault.locked(south, ({ save }) => save(stored));
  await vault.close();
  printed = '';
  expect(await run('sync --from demo:south', {})).toBe(1);
  expect(printed).toContain('secret_damaged');
  expect(await run('sync --from demo:north', {})).toBe(0);
  await system.close();
  expectNone(filesOf(folder).map(({ bytes }) => bytes));
});

test('of a key in a file that does not fit', async () => {
  await writeFile(join(folder, 'some.key'), canary('key'), { mode: 0o600 });
  const env = { CONTACT_SYNC_KEY: '', CONTACT_SYNC_KEY_FILE: 'some.key' };
  expect(await run('connect demo --set firm=north', env)).toBe(2);
  expect(leaks(printed, { key: canary('key') })).toEqual([]);
});
