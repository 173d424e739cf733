import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { StartWeb, WebOptions } from '../serve/web.js';
import type { Terminal } from '../terminal.js';

// The command with a page whose package stands in the user's folder, as npm puts it there.

let folder: string;
let started: WebOptions[];
let closed: number;
const key = newKey();
const registered = Symbol.for('contact-sync page of a test');

const startWeb: StartWeb = async (options) => {
  started.push(options);
  return {
    handle: (request, response) => void response.end(`page of ${request.url}`),
    close: async () => {
      closed += 1;
    },
  };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  started = [];
  closed = 0;
  await sqliteStore({ file: join(folder, 'contacts.db'), create: true }).close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function install(what = `export const startWeb = globalThis[Symbol.for('${registered.description}')];`) {
  Object.assign(globalThis, { [registered]: startWeb });
  const place = join(folder, 'node_modules', '@contact-sync', 'web');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), '{ "name": "@contact-sync/web", "type": "module", "main": "index.js" }');
  await writeFile(join(place, 'index.js'), what);
}

/** Serves until it is over: that is asked after each line of the log and of the terminal. */
async function served(
  args: readonly string[],
  given: Partial<Terminal>,
  isOver: (said: string) => boolean | Promise<void>,
) {
  const stop = new AbortController();
  let out = '';
  let log = '';
  const hear = () => {
    const over = isOver(out + log);
    if (over === true) stop.abort();
    else if (over !== false) void over.finally(() => stop.abort());
  };
  const terminal = testTerminal({
    cwd: folder,
    env: { CONTACT_SYNC_KEY: key },
    signal: stop.signal,
    ...given,
    out: (text) => {
      out += text;
      hear();
    },
    err: (text) => {
      log += text;
      hear();
    },
  });
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const code = await main(['serve', '--store', 'sqlite:contacts.db', ...listen, ...args], terminal);
  return { code, out, log };
}

test('at a terminal a link is shown, which opens once; the log does not have it', async () => {
  await install();
  const { code, out, log } = await served([], { isInteractive: true }, (said) => said.includes('For another'));
  expect([code, closed]).toEqual([0, 1]);
  const [, url, token = ''] = /^The page: (http:\/\/127\.0\.0\.1:\d+)\/open\?token=([\w-]{43})\n/.exec(out) ?? [];
  expect(log).toContain(`"listen":"${url}"`);
  expect(out).toContain('within 15 minutes. For another: npx contact-sync open\n');
  expect(log).not.toContain(token);
  expect(log).not.toContain('token=');
  const [options] = started;
  expect(options?.host?.books.map(({ name }) => name)).toEqual(['default']);
  expect(options?.access).toMatchObject({ by: 'link', command: 'npx contact-sync open' });
});

test('without a terminal the log says where the page is, and no link is made', async () => {
  await install();
  const { out, log } = await served([], {}, (said) => said.includes('The page'));
  expect(out).toBe('');
  expect(log).toMatch(/"text":"The page: http:\/\/127\.0\.0\.1:\d+ \(a link to come in: npx contact-sync open\)"/);
  expect(log).not.toContain('token=');
});

test('whoever knows the link comes in as who runs the service, once', async () => {
  await install();
  const used: unknown[] = [];
  let asked = false;
  await served([], { isInteractive: true, user: 'mary' }, (said) => {
    const token = /token=([\w-]{43})/.exec(said)?.[1] ?? '';
    const access = started[0]?.access;
    if (asked || access?.by !== 'link' || !said.includes('For another')) return false;
    asked = true;
    return (async () => {
      for (const one of ['x', token, token]) used.push(await access.useLink(one));
    })();
  });
  expect(used).toEqual([null, { user: 'mary', role: 'administrator' }, null]);
});

test('not installed: one line says how', async () => {
  const { code, out } = await served([], { isInteractive: true }, (said) => said.includes('No page'));
  expect([code, out]).toEqual([0, 'No page: npm install @contact-sync/web\n']);
});

test('--no-web: the package is not even loaded', async () => {
  await install('throw new Error("loaded");');
  const { code, out, log } = await served(['--no-web'], { isInteractive: true }, (said) => said.includes('started'));
  expect([code, out]).toEqual([0, '']);
  expect(log).not.toContain('page');
});

test('behind a proxy the page gets its settings, and there is no link', async () => {
  await install();
  const secret = 'a-canary-that-is-a-secret';
  const env = { CONTACT_SYNC_KEY: key, CONTACT_SYNC_PROXY_SECRET: secret };
  const args = [
    '--behind-proxy',
    'https://contacts.firm.example',
    '--trusted-proxy',
    '10.0.0.5',
    '--listen',
    '0.0.0.0:0',
  ];
  const { out, log } = await served(args, { isInteractive: true, env }, (said) => said.includes('The page'));
  expect(out).toBe('The page: https://contacts.firm.example\n');
  expect(log).not.toContain(secret);
  expect(started[0]?.access).toEqual({
    by: 'proxy',
    proxy: {
      url: 'https://contacts.firm.example',
      secret,
      addresses: ['10.0.0.5'],
      userHeader: 'x-forwarded-email',
      roleHeader: 'x-forwarded-groups',
      administrators: ['contact-sync-administrators'],
      viewers: ['contact-sync-viewers'],
    },
  });
});

test.each<[string, string | undefined, readonly string[], string, string]>([
  ['open to the network', '', ['--listen', '0.0.0.0:0'], 'setting_invalid', 'open to the network at 0.0.0.0'],
  ['a package that does not fit', 'export const x = 1;', [], 'connector_broken', 'does not fit this version'],
  ['a proxy before nothing', undefined, ['--behind-proxy', 'https://a.example'], 'connector_missing', 'no page to put'],
])('%s: said before anything is served', async (_, installed, args, code, says) => {
  if (installed !== undefined) await install(installed === '' ? undefined : installed);
  const found = await served(args, {}, () => false);
  expect(found.code).toBe(2);
  expect(found.log).toContain(`code: ${code}`);
  expect(found.log).toContain(says);
  expect(started).toEqual([]);
});
