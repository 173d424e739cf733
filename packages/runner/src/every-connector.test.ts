import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock as bgl } from '@contact-sync/connector-bgl/mock';
import { mock as csv } from '@contact-sync/connector-csv/mock';
import { mock as fyi } from '@contact-sync/connector-fyi/mock';
import { mock as xpm } from '@contact-sync/connector-xpm/mock';
import type { ConnectorMock, Decision, RawRecord, ServedMock } from '@contact-sync/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { browser, typing } from '../test/person.js';
import { testTerminal } from '../test/test-terminal.js';
import { main } from './main.js';
import { newKey } from './secrets/keys.js';
import type { Terminal } from './terminal.js';

// Each connector by its name, from the command line, with its fake over HTTP (a file for CSV) and a SQLite file.

let folder: string;
let served: ServedMock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

const store = ['--store', 'sqlite:contacts.db'];

async function json(args: readonly string[], given: Partial<Terminal>) {
  const terminal = testTerminal({ cwd: folder, ...given });
  const code = await main([...args, ...store, '--json'], terminal);
  return { code, value: JSON.parse(terminal.output()), err: terminal.errors() };
}

const sets = () => Object.entries(served.settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** As people write them, and as the book is to have them. */
const rows: readonly (readonly [RawRecord, { name: string; email: string; phone: string | null }])[] = [
  [
    { externalId: 'A', name: ' Ann  Lee ', email: 'Ann@Example.com', phone: '0491 570 156' },
    { name: 'Ann Lee', email: 'Ann@Example.com', phone: '+61491570156' },
  ],
  [
    { externalId: 'B', name: "Siobhán O'Brien", email: 'siobhan@example.com', phone: '(03) 5550 0123' },
    { name: "Siobhán O'Brien", email: 'siobhan@example.com', phone: '+61355500123' },
  ],
  [
    { externalId: 'C', name: 'Nguyễn Văn An', email: 'an@example.com', phone: null },
    { name: 'Nguyễn Văn An', email: 'an@example.com', phone: null },
  ],
];

const connectors: readonly [name: string, mock: ConnectorMock, prefix: string][] = [
  ['xpm', xpm, ''],
  ['fyi', fyi, ''],
  // BGL has two systems with ids of their own.
  ['bgl', bgl, 'cas:'],
  ['csv', csv, ''],
];

test.each(connectors)('plan --from %s shows what its fake holds', async (name, mock, prefix) => {
  served = await mock.serve({ records: rows.map(([row]) => ({ ...row, externalId: prefix + row.externalId })) });
  const { code, value, err } = await json(['plan', '--from', name, ...sets()], { env: served.env });
  expect(err).toBe('');
  expect(code).toBe(0);
  const decisions = (value.decisions as Decision[]).toSorted((a, b) =>
    String(a.externalId) < String(b.externalId) ? -1 : 1,
  );
  expect(decisions.map(({ reason, externalId, after }) => [reason, externalId, after])).toEqual(
    rows.map(([{ externalId }, details]) => [
      'created',
      prefix + externalId,
      expect.objectContaining({ ...details, recordType: 'contact-sync' }),
    ]),
  );
});

test.each(connectors)('a made-up practice of %s is read, and read again without a change', async (name, mock) => {
  served = await mock.serve({ contacts: 40, seed: 7 });
  const given = { env: served.env };
  const first = await json(['sync', '--from', name, ...sets()], given);
  expect([first.code, first.value.outcome]).toEqual([0, 'applied']);
  expect(first.value.plan.counts.reasons.created).toBeGreaterThan(10);
  const second = await json(['sync', '--from', name, ...sets()], given);
  expect([second.code, second.value.outcome]).toEqual([0, 'unchanged']);
});

test.each([
  ['xpm', xpm],
  ['bgl', bgl],
] as const)('connect %s signs in with a browser, and what is kept reads without a token', async (name, mock) => {
  served = await mock.serve({ contacts: 20, seed: 7 });
  const key = newKey();
  const { openBrowser } = browser();
  // No ready token: that is what the sign-in is for. Whose practice it is comes out of it as well.
  const env = Object.fromEntries(Object.entries(served.env).filter(([variable]) => !variable.endsWith('ACCESS_TOKEN')));
  const { tenantId: _, firm: __, ...settings } = served.settings;
  const given = Object.entries(settings).flatMap(([setting, value]) => ['--set', `${setting}=${value}`]);
  const app = { env: { ...env, CONTACT_SYNC_KEY: key }, openBrowser };
  const connected = await json(['connect', name, '--redirect-port', '0', ...given], { ...app, ...typing() });
  expect([connected.code, connected.value.error]).toEqual([0, undefined]);
  const { code, value } = await json(['plan', '--from', `${name}:`], { env: { CONTACT_SYNC_KEY: key } });
  expect(code).toBe(0);
  expect(value.counts.reasons.created).toBeGreaterThan(5);
});

test('connecting bgl again needs no scope: it is asked for what it was asked before', async () => {
  served = await bgl.serve({ contacts: 20, seed: 7 });
  const { openBrowser } = browser();
  const { BGL_ACCESS_TOKEN: _, ...app } = served.env;
  const env = { ...app, CONTACT_SYNC_KEY: newKey() };
  const connect = (...more: string[]) =>
    json(['connect', 'bgl', '--redirect-port', '0', ...more], { env, openBrowser, ...typing() });
  expect((await connect()).value.error.code).toBe('setting_missing');
  const set = ['baseUrl', 'scope'].flatMap((name) => ['--set', `${name}=${served.settings[name]}`]);
  const first = await connect(...set);
  expect(first.value).toMatchObject({ connected: [{ source: 'bgl:fake-firm-1', replaced: false }] });
  const again = await connect();
  expect(again.value).toMatchObject({ connected: [{ source: 'bgl:fake-firm-1', replaced: true }] });
  const { code, value } = await json(['plan', '--from', 'bgl:'], { env: { CONTACT_SYNC_KEY: env.CONTACT_SYNC_KEY } });
  expect(code).toBe(0);
  expect(value.counts.reasons.created).toBeGreaterThan(5);
});
