import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

// The command as people start it, with the SQLite store and a system over HTTP.

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
let env: Record<string, string>;
const canaries = { accessId: 'canary-id-71', accessKey: 'canary-key-72' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await installDemo(folder);
  system = await serveDemo(canaries);
  env = { CONTACT_SYNC_KEY: newKey() };
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

const store = ['--store', 'sqlite:contacts.db'];

async function run(args: readonly string[], given: Partial<Terminal> = {}, where = store) {
  const terminal = testTerminal({ cwd: folder, width: 200, env, ...given });
  const code = await main([...args, ...where], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function connect(firm: string, ...more: string[]): Promise<void> {
  const url = more.some((word) => word.startsWith('url=')) ? [] : ['--set', `url=${system.url}`];
  const args = ['connect', 'demo', ...url, '--set', `firm=${firm}`, ...more];
  const { code, err } = await run(args, { env: { ...env, ...system.keys } });
  if (code !== 0) throw new Error(err);
}

type Line = { readonly text: string; readonly level: string; readonly [name: string]: unknown };

/** Serves until the log says a word so often, and what was logged. */
async function served(args: readonly string[], word: string, times: number, more: Record<string, string> = {}) {
  const stop = new AbortController();
  const lines: Line[] = [];
  const err = (line: string) => {
    if (!line.startsWith('{')) throw new Error(line);
    lines.push(JSON.parse(line) as Line);
    if (lines.filter((one) => one.text === word).length >= times) stop.abort();
  };
  const given = { err, signal: stop.signal, env: { ...env, ...more } };
  const { code, out } = await run(['serve', '--listen', '127.0.0.1:0', ...args], given);
  return { code, out, lines };
}

test('every stored connection is synced, and the end is clean', async () => {
  await connect('north');
  await connect('south');
  const { code, out, lines } = await served([], 'synced', 2);
  expect([code, out]).toEqual([0, '']);
  expect(lines[0]).toMatchObject({ level: 'info', text: 'started', books: 1 });
  const synced = lines.filter(({ text }) => text === 'synced');
  expect(
    synced.map(({ source, rows, requests, reasons }) => ({ source, rows, requests, reasons })).toSorted(bySource),
  ).toEqual([
    { source: 'demo:north', rows: 3, requests: 3, reasons: { created: 2 } },
    { source: 'demo:south', rows: 1, requests: 2, reasons: { created: 1 } },
  ]);
  expect(lines.at(-1)?.text).toBe('ended');
  expect(JSON.stringify(lines)).not.toMatch(/Person|@example|canary/);
});

test('personal data is logged where it was asked for, and secrets never', async () => {
  await connect('south');
  const { lines } = await served(['--log-level', 'debug', '--log-personal-data'], 'decided', 1);
  expect(lines.find(({ text }) => text === 'decided')).toMatchObject({
    level: 'debug',
    reason: 'created',
    externalId: 'S1',
    after: { name: 'Person S1', email: 's1@example.com' },
  });
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test('debug alone logs nobody', async () => {
  await connect('south');
  const { lines } = await served(['--log-level', 'debug'], 'synced', 1);
  expect(JSON.stringify(lines)).not.toMatch(/Person|@example/);
});

test('a schedule is stored, shown, and survives connecting again', async () => {
  await connect('south');
  const set = (when: string) => run(['connections', 'set', 'demo:south', '--schedule', when]);
  const shown = async () => JSON.parse((await run(['connections', 'show', 'demo:south', '--json'])).out).schedule;
  expect(await shown()).toBeNull();
  expect((await set('30 7 * * 1-5 Australia/Sydney')).code).toBe(0);
  await connect('south');
  expect(await shown()).toBe('30 7 * * 1-5 Australia/Sydney');
  const wrong = await set('30 7 * *');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('"30 7 * *" is no schedule')]);
  expect((await set('hourly')).code).toBe(0);
  expect(await shown()).toBe('hourly');
});

test('the books of a configuration are served, each as it says', async () => {
  await connect('north', '--book', 'one');
  await connect('south', '--book', 'two');
  await writeFile(
    join(folder, 'contact-sync.config.json'),
    JSON.stringify({ book: 'one', books: { two: { policy: { region: 'NZ' } } } }),
  );
  const both = await served([], 'synced', 2);
  expect(
    both.lines
      .filter(({ text }) => text === 'synced')
      .map(({ book, source }) => `${book} ${source}`)
      .toSorted(),
  ).toEqual(['one demo:north', 'two demo:south']);
  const { lines } = await served(['--book', 'two'], 'started', 1);
  expect(lines.find(({ text }) => text === 'started')).toMatchObject({ books: 1 });
});

test('an alert is sent to the hook that the environment names', async () => {
  const posted: string[] = [];
  let refuses = false;
  // The system, which no longer accepts anybody one day; and the hook.
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      if (request.url === '/canary-hook') posted.push(body);
      else if (refuses) response.statusCode = 401;
      else {
        const { 'access-id': id, 'access-key': key } = request.headers;
        const headers = { 'access-id': String(id), 'access-key': String(key) };
        response.write(await (await fetch(system.url + request.url, { headers })).text());
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await connect('north', '--set', `url=${url}`);
  refuses = true;
  const { code, lines } = await served([], 'alert sent', 1, { CONTACT_SYNC_ALERT_WEBHOOK: `${url}/canary-hook` });
  server.close();
  expect(code).toBe(0);
  expect(posted.map((body) => JSON.parse(body).alert.kind)).toEqual(['reconnect']);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

test.each<[string, readonly string[], Record<string, string | undefined>, string, string]>([
  ['a store that is not there', ['--store', 'sqlite:none.db'], {}, 'store_unusable', 'none.db'],
  ['no key', [], { CONTACT_SYNC_KEY: undefined }, 'setting_missing', 'key'],
  ['no address', ['--listen', 'here'], {}, 'setting_invalid', '"here" is no address'],
  ['no mail server', ['--alert-mail', 'a@b.example'], {}, 'setting_missing', 'CONTACT_SYNC_SMTP is not set'],
  ['no hook', [], { CONTACT_SYNC_ALERT_SLACK: 'canary' }, 'setting_invalid', 'the address of the slack is not one'],
  ['personal data by a slip', ['--log-personal-data'], {}, 'usage', '--log-personal-data goes with'],
])('%s: said before anything is synced', async (_, args, changes, code, says) => {
  await connect('south');
  const before = system.requests.length;
  const where = args.includes('--store') ? [] : store;
  const found = await run(['serve', ...args], { env: { ...env, ...changes } }, where);
  expect(found.code).toBe(2);
  expect(found.err).toContain(`code: ${code}`);
  expect(found.err).toContain(says);
  expect(found.err).not.toContain('canary');
  expect(system.requests).toHaveLength(before);
});

function bySource(a: { source: unknown }, b: { source: unknown }): number {
  return String(a.source) < String(b.source) ? -1 : 1;
}

test('without a store nothing begins', async () => {
  const { code, err } = await run(['serve'], {}, []);
  expect([code, err]).toEqual([2, expect.stringContaining('No store was named')]);
});
