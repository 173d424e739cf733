import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { type DemoOptions, serveDemo } from '../../test/demo-system.js';
import { askedAddress, browser, redirectOf, typing, visiting } from '../../test/person.js';
import { sealedNames } from '../../test/sealed-names.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

// Signing in with a browser that is on this machine, on another one, or nowhere.

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
const key = newKey();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await installDemo(folder);
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(options: DemoOptions = {}): Promise<void> {
  system = await serveDemo(options);
}

async function run(args: readonly string[], given: Partial<Terminal> = {}) {
  const env = { CONTACT_SYNC_KEY: key };
  const terminal = testTerminal({ cwd: folder, width: 200, env, ...given });
  const code = await main([...args, '--store', 'sqlite:contacts.db'], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function json(args: readonly string[], given: Partial<Terminal> = {}) {
  const { code, out, err } = await run([...args, '--json'], given);
  return { code, err, value: JSON.parse(out) };
}

const connect = (...more: string[]) => [
  'connect',
  'demo',
  '--set',
  `url=${system.url}`,
  '--redirect-port',
  '0',
  ...more,
];
const withApp = (given: Partial<Terminal> = {}) => ({ ...given, env: { CONTACT_SYNC_KEY: key, ...system.app } });

/** Signs in, and somebody brings back what `bring` makes of the address that was shown. */
async function bringing(
  args: readonly string[],
  bring: (address: string) => Promise<string>,
  given: Partial<Terminal> = {},
) {
  let err = '';
  const terminal: Partial<Terminal> = withApp({
    isInteractive: true,
    openBrowser: async () => false,
    err: (text) => {
      err += text;
    },
    readLine: async () => bring(askedAddress(err)),
    ...given,
  });
  return { ...(await run(args, terminal)), err: () => err };
}

const kept = () => sealedNames(join(folder, 'contacts.db'));

const grant = 'secret:sign-in:["default","demo","GRANT"]';
const stored = (firm: string) => `secret:connection:["default","demo:${firm}"]`;

test('with a browser on this machine', async () => {
  await serve({ opens: ['north'] });
  const web = browser();
  const { code, out, err } = await run(connect(), withApp({ ...typing(), openBrowser: web.openBrowser }));
  expect(code).toBe(0);
  expect(err).toContain('Open this address, sign in and allow access:');
  expect(out).toBe(
    'Stored demo:north (NORTH & Partners). It can be read.\nSee what a sync would do: npx contact-sync plan --from demo:north\n',
  );
  expect(web.pages.join()).toContain('You can close this page and go back to the terminal.');
  expect(await kept()).toEqual([stored('north'), grant]);
  // The app's id and secret are stored too: nothing but the key is in the environment.
  expect((await json(['sync', '--from', 'demo:north'])).value.plan.counts.reasons).toEqual({ created: 2 });
});

test('over SSH: the address that the browser ended at is pasted', async () => {
  await serve({ opens: ['south'] });
  const { code } = await bringing(connect(), async (address) => `  ${await redirectOf(address)} \n`);
  expect(code).toBe(0);
  expect(await kept()).toEqual([stored('south'), grant]);
});

test('without a terminal the command waits for the browser alone', async () => {
  await serve({ opens: ['south'] });
  let err = '';
  const { code, out } = await run(
    connect('--json'),
    withApp({
      err: (text) => {
        err += text;
        if (text.includes('http')) void redirectOf(askedAddress(err)).then((address) => fetch(address));
      },
    }),
  );
  expect([code, JSON.parse(out)]).toEqual([
    0,
    { connected: [{ source: 'demo:south', title: 'SOUTH & Partners', signedIn: true, replaced: false }] },
  ]);
});

test('tokens are renewed from the store, and nobody signs in again', async () => {
  let ahead = 0;
  await serve({ opens: ['north'], now: () => new Date(Date.now() + ahead) });
  await run(connect(), withApp({ ...typing(), openBrowser: browser().openBrowser }));
  for (let n = 0; n < 3; n += 1) {
    ahead += 3_600_000;
    expect((await json(['plan', '--from', 'demo:north'])).code).toBe(0);
  }
  const renewals = system.signIn.exchanges.filter(({ grantType }) => grantType === 'refresh_token');
  expect(renewals.length).toBe(3);
  expect(renewals.every(({ status }) => status === 200)).toBe(true);
});

test('of several tenants a person picks, and one grant serves them all', async () => {
  await serve({ opens: ['north', 'south', 'west'] });
  const person = typing(null, 'x', '1, 3');
  const web = browser();
  const { code, out, err } = await run(connect(), withApp({ ...person, openBrowser: web.openBrowser }));
  expect(code).toBe(0);
  expect(err).toContain('  1  NORTH & Partners (north)\n  2  SOUTH & Partners (south)\n  3  WEST & Partners (west)\n');
  expect(err).toContain('Numbers from 1 to 3');
  expect(out).toContain('Stored demo:north');
  expect(out).toContain('Stored demo:west');
  expect(await kept()).toEqual([stored('north'), stored('west'), grant]);
});

test.each([
  [['--tenant', 'south'], ['south']],
  [
    ['--tenant', 'south', '--tenant', 'north'],
    ['north', 'south'],
  ],
  [['--set', 'firm=south'], ['south']],
])('%j chooses without a question', async (more, firms) => {
  await serve();
  const web = browser();
  const { code } = await run(connect(...more), withApp({ ...typing(), openBrowser: web.openBrowser }));
  expect(code).toBe(0);
  expect(await kept()).toEqual([...firms.map(stored), grant]);
});

test('a new sign-in serves the other connections that it opens, and the old grant goes', async () => {
  await serve();
  const person = () => withApp({ ...typing(), openBrowser: browser().openBrowser });
  await run(connect('--tenant', 'north', '--tenant', 'south'), person());
  system.signIn.endAll();
  await run(connect('--tenant', 'north'), person());
  expect(await kept()).toEqual([stored('north'), stored('south'), grant]);
  for (const firm of ['north', 'south']) expect((await json(['plan', '--from', `demo:${firm}`])).code).toBe(0);

  // One that opens less leaves the others as they are.
  system.open(['north']);
  await run(connect(), person());
  expect(await kept()).toEqual([stored('north'), stored('south'), grant, grant]);

  // And each grant goes with the last connection that uses it.
  await run(['connections', 'remove', 'demo:south']);
  expect(await kept()).toEqual([stored('north'), grant]);
  await run(['connections', 'remove', 'demo:north']);
  expect(await kept()).toEqual([]);
});

test('what is known of a sign-in is shown, and no secret', async () => {
  await serve({ opens: ['north'] });
  await run(connect(), withApp({ ...typing(), openBrowser: browser().openBrowser }));
  const { value } = await json(['connections', 'show', 'demo:north']);
  expect(value).toMatchObject({ settings: { firm: 'north' }, secrets: [], signIn: { clientId: 'app-1' }, state: null });
  expect(value.signIn.grant.grantedAt).toMatch(/^\d{4}-/);
  const { out } = await run(['connections', 'show', 'demo:north']);
  expect(out).toContain('as the app app-1');
  expect(JSON.stringify(value) + out).not.toMatch(/app-secret-1|token-/);
});

test('a grant that ended asks for a person, and leaves the book as it was', async () => {
  let ahead = 0;
  await serve({ opens: ['north'], now: () => new Date(Date.now() + ahead) });
  await run(connect(), withApp({ ...typing(), openBrowser: browser().openBrowser }));
  system.signIn.endAll();
  ahead = 3_600_000;
  const { code, value } = await json(['sync', '--from', 'demo:north']);
  expect([code, value.error.code]).toEqual([1, 'source_reconnect']);
  expect((await json(['contacts', 'list'])).value.contacts).toEqual([]);
});

const nothingKept = async () => expect(await kept()).toEqual([]);

test('a sign-in that opens nothing wanted is not kept', async () => {
  await serve();
  const web = () => withApp({ openBrowser: async () => false, err: visiting() });
  const unknown = await json(connect('--tenant', 'east', '--tenant', 'north'), web());
  expect([unknown.code, unknown.value.error.code]).toEqual([2, 'setting_invalid']);
  expect(unknown.value.error.message).toBe(
    'This sign-in opens no tenant east in Demo Practice. It opens: NORTH & Partners (north); SOUTH & Partners (south).',
  );
  await nothingKept();
  const several = await json(connect(), web());
  expect([several.code, several.value.error.code]).toEqual([2, 'setting_invalid']);
  expect(several.value.error.hint).toContain('--tenant ID');
  await nothingKept();
  system.open([]);
  expect((await json(connect(), web())).value.error.code).toBe('source_forbidden');
  await nothingKept();
});

test('who says no is told that nothing was connected', async () => {
  await serve();
  system.signIn.deny('access_denied');
  const { code, value } = await json(connect(), withApp({ err: visiting() }));
  expect([code, value.error.code]).toEqual([1, 'source_forbidden']);
  await nothingKept();
});

test.each<[string, (redirect: URL) => string, string]>([
  ['of another sign-in', (url) => url.href.replace(/state=[^&]+/, 'state=another'), 'source_unauthorized'],
  ['without a state', (url) => url.href.replace(/&?state=[^&]+/, ''), 'source_unauthorized'],
  ['without a code', (url) => url.href.replace(/code=[^&]+/, 'code='), 'source_unauthorized'],
  ['cut off', (url) => url.href.replace(/\?.*/, ''), 'source_unauthorized'],
  ['of another machine', (url) => url.href.replace('localhost', 'evil.example'), 'setting_invalid'],
  ['that is none', () => 'yes please', 'setting_invalid'],
])('an address %s is refused when it is pasted', async (_, change, code) => {
  await serve({ opens: ['north'] });
  const { out, err } = await bringing(connect('--verbose'), async (address) =>
    change(new URL(await redirectOf(address))),
  );
  expect(err()).toContain(`code: ${code}`);
  expect(out + err().replace(/^ {2}http.*$/m, '')).not.toContain('token-code-');
  await nothingKept();
});

test('a sign-in can be cancelled', async () => {
  await serve();
  const cancel = new AbortController();
  const err = (text: string) => {
    if (text.includes('http')) cancel.abort();
  };
  const { code, value } = await json(connect(), withApp({ err, signal: cancel.signal }));
  expect([code, value.error.code]).toEqual([1, 'cancelled']);
  await nothingKept();
});

test('a port that is taken is said', async () => {
  await serve();
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const { port } = other.address() as AddressInfo;
  const { code, value } = await json(connect('--redirect-port', String(port)), withApp());
  expect([code, value.error.code]).toEqual([2, 'setting_invalid']);
  expect(value.error.message).toBe(`Port ${port} of this machine is in use by another program.`);
  expect(value.error.hint).toContain('--redirect-port');
  await new Promise((closed) => other.close(closed));
});

test('with an address of its own that is registered, somebody pastes', async () => {
  await serve({ opens: ['north'] });
  const uri = 'https://firm.example/signed-in';
  const { code } = await bringing(connect('--redirect-uri', uri), redirectOf);
  expect(code).toBe(0);
  expect((await json(connect('--redirect-uri', uri), withApp())).value.error.code).toBe('usage');
});

test('the secret of the app is asked for where it is needed, and missing where nobody can be asked', async () => {
  await serve({ opens: ['north'] });
  const env = { CONTACT_SYNC_KEY: key, DEMO_CLIENT_ID: 'app-1' };
  expect((await json(connect(), { env })).value.error).toMatchObject({
    code: 'setting_missing',
    hint: 'Put it in the environment variable DEMO_CLIENT_SECRET, beside DEMO_CLIENT_ID.',
  });
  const person = typing('app-secret-1');
  const { code } = await run(connect(), { ...person, env, openBrowser: browser().openBrowser });
  expect(code).toBe(0);
  expect(person.prompts[0]).toEqual({
    prompt: 'Demo Practice, secret of the app (DEMO_CLIENT_SECRET), not shown: ',
    hidden: true,
  });
});

test('an app is left alone where a ready token is to be stored', async () => {
  await serve();
  const env = { CONTACT_SYNC_KEY: key, ...system.app, ...system.keys };
  const { value } = await json(connect('--no-sign-in', '--set', 'firm=north'), { env });
  expect(value.connected).toEqual([{ source: 'demo:north', title: null, signedIn: false, replaced: false }]);
  expect(system.signIn.exchanges).toEqual([]);
});
