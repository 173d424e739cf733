import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContactSyncError, readAll } from '@contact-sync/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acme } from '../../examples/new-connector/src/index.js';
import { hostile } from '../../packages/connector-kit/test/hostile.js';
import { canaries, checkError } from './faults/canaries.js';
import { systems } from './faults/systems.js';

/*
 * Hostile links, redirects and base addresses, through the connectors themselves and over real sockets. Beside the one
 * server that may be called another one listens, and whatever reaches it fails the test.
 */

let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
let asked = 0;
const strays: string[] = [];
const home = createServer((request, response) => {
  asked += 1;
  answer(request, response);
});
const foreign = createServer((request, response) => {
  strays.push(JSON.stringify(request.headers));
  response.end();
});
foreign.on('connection', () => strays.push('a connection'));

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const hostOf = (server: Server) => new URL(urlOf(server)).host;

beforeAll(async () => {
  for (const server of [home, foreign]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});
afterAll(async () => {
  for (const server of [home, foreign]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The list, and what leads to the other server of this machine, spelled as only some parsers know. */
function links(): string[] {
  const [at, away] = [hostOf(home), hostOf(foreign)];
  const port = away.split(':')[1];
  return [
    ...hostile,
    ...[`http://${away}/`, `//${away}/`, `http:${away}`, `\\\\${away}/`, `http:\\\\${away}/`, `///${away}/`],
    ...[`http://${at}@${away}/`, `http://${at}%40${away}/`, `http://${at}\\@${away}/`, `http://${away}#@${at}/`],
    ...[`http://localhost:${port}/`, `http://2130706433:${port}/`, `http://127.1:${port}/`, `http://0x7f.1:${port}/`],
    ...[`http://[::ffff:127.0.0.1]:${port}/`, `http://0.0.0.0:${port}/`, `https://127.0.0.1:${port}/`],
    `http://${canaries.taxNumber}:${encodeURIComponent(canaries.secret)}@${away}/`,
  ];
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    checkError(error);
    return ContactSyncError.is(error) ? error.code : String(error);
  }
}

const fakeSettings = (baseUrl: string) => ({
  xpm: { tenantId: '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11', baseUrl },
  fyi: { practice: 'harbour', baseUrl },
  bgl: { firm: 'firm-1', baseUrl },
});

/** Another https address that is what it says: a person may choose it, and nobody else sets it. */
function isChosen(link: string): boolean {
  const url = URL.parse(link);
  return url?.protocol === 'https:' && /^https:\/\/[\w.:[\]-]+\//.exec(link)?.[0].startsWith(url.origin) === true;
}

test('the list has more than sixty entries', () => {
  expect(new Set(links()).size).toBeGreaterThan(100);
});

test.each(systems.map(({ name, open }) => ({ name, open })))('$name follows no redirect', async ({ name, open }) => {
  const source = open(fakeSettings(urlOf(home))[name]);
  // What a header can hold.
  for (const location of links().filter((link) => /^[\x20-\x7e]+$/.test(link))) {
    for (const status of [301, 307]) {
      asked = 0;
      answer = (_, response) => void response.writeHead(status, { location }).end();
      expect([location, await codeOf(() => readAll(source))]).toEqual([location, 'source_redirected']);
      expect([location, asked]).toEqual([location, 1]);
    }
  }
  expect(strays).toEqual([]);
});

test.each(systems.map(({ name, open }) => ({ name, open })))(
  '$name is not made for an address that is not one',
  async ({ name, open }) => {
    const [at, away] = [hostOf(home), hostOf(foreign)];
    const unsafe = [
      ...hostile.filter((link) => !isChosen(link)),
      ...[`http://${at}@${away}/`, `http://user:pw@${away}`, `http://${away}?${at}`, `http://${away}/#${at}`],
      ...[`http://${away}\\@${at}`, `//${away}`, `\\\\${away}`, `ftp://${away}`, `ws://${away}`],
      ...['http://api.xero.com/', 'http://10.0.0.1:8080', 'http://127.0.0.1.evil.example', 'http://127.0.0.2:1'],
    ];
    expect(new Set(unsafe).size).toBeGreaterThanOrEqual(60);
    const passed: string[] = [];
    for (const baseUrl of unsafe) {
      const code = await codeOf(async () => open(fakeSettings(baseUrl)[name]));
      if (code !== 'setting_invalid') passed.push(`${baseUrl} (${code})`);
    }
    expect(passed).toEqual([]);
    expect(strays).toEqual([]);
  },
);

test('a connector with next links follows none to another server', async () => {
  const source = acme({ tenant: 't1', token: canaries.secret, baseUrl: urlOf(home), wait: async () => {} });
  const codes = new Map<string, number>();
  for (const next of links()) {
    asked = 0;
    // Every page has the same link: one that stays at home leads back to itself.
    answer = (_, response) => void response.end(JSON.stringify({ people: [], next }));
    const code = await codeOf(() => readAll(source));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    // Only what is a path of the one server was asked for, and then it was asked for there.
    expect([next, ['source_origin', 'source_incomplete'].includes(code), asked <= 3]).toEqual([next, true, true]);
  }
  expect(codes.get('source_origin')).toBeGreaterThan(60);
  expect(strays).toEqual([]);
});
