import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { type DemoOptions, serveDemo } from '../../test/demo-system.js';
import { typing } from '../../test/person.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

// Connections of a system that is read with two secrets, over HTTP, with the SQLite store.

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
let env: Record<string, string>;
const key = newKey();

async function serve(options: DemoOptions = {}) {
  system = await serveDemo(options);
  env = { CONTACT_SYNC_KEY: key };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await installDemo(folder);
  await serve();
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], given: Partial<Terminal> = {}) {
  const terminal = testTerminal({ cwd: folder, width: 200, env, ...given });
  const code = await main([...args, '--store', 'sqlite:contacts.db'], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function json(args: readonly string[], given: Partial<Terminal> = {}) {
  const { code, out } = await run([...args, '--json'], given);
  return { code, value: JSON.parse(out) };
}

const withKeys = () => ({ env: { ...env, ...system.keys } });
const setting = (name: string, value: string) => ['--set', `${name}=${value}`];
const connect = (...more: string[]) => ['connect', 'demo', ...setting('url', system.url), ...more];

test('a connection is checked and stored, and then needs nothing but its name', async () => {
  const connected = await json(connect(...setting('firm', 'north')), withKeys());
  expect(connected).toEqual({
    code: 0,
    value: { connected: [{ source: 'demo:north', title: null, signedIn: false, replaced: false }] },
  });
  // Checked by its first page, and no more was read.
  expect(system.requests).toEqual(['/firms/north/people?page=1']);

  const plan = await json(['plan', '--from', 'demo:north']);
  expect([plan.code, plan.value.counts.reasons, plan.value.counts.skipped]).toEqual([
    0,
    { created: 2 },
    { archived: 1 },
  ]);
  const synced = await json(['sync', '--from', 'demo:nor']);
  expect([synced.code, synced.value.outcome]).toEqual([0, 'applied']);
  const explained = await json(['explain', 'N1', '--from', 'demo:']);
  expect(explained.value.records[0].decision.reason).toBe('unchanged');
});

test('the store that is made for it is for its owner alone', async () => {
  await run(connect(...setting('firm', 'north')), withKeys());
  expect((await stat(join(folder, 'contacts.db'))).mode & 0o777).toBe(0o600);
});

test('secrets that are not in the environment are asked for, without being shown', async () => {
  const person = typing(' id-1 ', 'key-1');
  const { code, out, err } = await run(connect(...setting('firm', 'south')), person);
  expect(code).toBe(0);
  expect(person.prompts).toEqual([
    { prompt: 'Demo Practice, accessId (DEMO_ACCESS_ID), not shown: ', hidden: true },
    { prompt: 'Demo Practice, accessKey (DEMO_ACCESS_KEY), not shown: ', hidden: true },
  ]);
  expect(out).toBe(
    'Stored demo:south. It can be read.\nSee what a sync would do: npx contact-sync plan --from demo:south\n',
  );
  expect(err).toBe('');
  expect((await json(['plan', '--from', 'demo:south'])).value.counts.reasons).toEqual({ created: 1 });
});

test('what cannot be read is not stored', async () => {
  const wrong = { env: { ...env, DEMO_ACCESS_ID: 'id-1', DEMO_ACCESS_KEY: 'not this' } };
  expect((await json(connect(...setting('firm', 'north')), wrong)).value.error.code).toBe('source_unauthorized');
  expect((await json(['connections'])).value).toEqual({ connections: [] });
});

test('a policy and a kind are stored with it', async () => {
  const more = [...setting('firm', 'north'), '--policy', 'manyMissing=0.5', '--kind', 'external'];
  expect((await json(connect(...more), withKeys())).code).toBe(0);
  expect((await json(['plan', '--from', 'demo:north'])).value.counts.reasons).toEqual({ created_external: 2 });
  expect((await json(['connections', 'show', 'demo:north'])).value).toEqual({
    source: 'demo:north',
    connector: 'demo',
    settings: { url: system.url, firm: 'north' },
    secrets: ['accessId', 'accessKey'],
    signIn: null,
    policy: { manyMissing: '0.5' },
    kind: 'external',
    createdBy: 'tester',
    at: '2026-01-31T00:00:00.000Z',
    schedule: null,
    state: null,
  });
});

test('there is one list: what the book knows, and what is stored', async () => {
  await run(connect(...setting('firm', 'north')), withKeys());
  await run(connect(...setting('firm', 'south')), withKeys());
  await run(['sync', '--from', 'demo:south']);
  // Nobody needs the key to see it.
  const from = ['sync', '--from', 'demo', ...setting('url', system.url), ...setting('firm', 'west')];
  await run(from, withKeys());
  const { out } = await run(['connections'], { env: {} });
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(rows).toEqual([
    ['Source', 'Kind', 'State', 'Stored'],
    ['demo:south', 'contact-sync', 'connected', 'yes'],
    ['demo:west', 'contact-sync', 'connected', 'no'],
    ['demo:north', '–', 'not synced yet', 'yes'],
  ]);
  expect((await json(['connections', 'list'], { env: {} })).value.connections[2]).toEqual({
    source: 'demo:north',
    kind: null,
    state: null,
    stored: true,
  });
});

test('settings and policies are changed once it is seen that the source can be read with them', async () => {
  await run(connect(...setting('firm', 'north'), '--policy', 'region=NZ'), withKeys());
  const set = (...more: string[]) => json(['connections', 'set', 'demo:n', ...more]);
  expect(await set(...setting('archived', 'true'), '--policy', 'atLeast=9', '--unset', 'region')).toEqual({
    code: 0,
    value: { source: 'demo:north' },
  });
  const { settings, policy } = (await json(['connections', 'show', 'demo:north'])).value;
  expect([settings.archived, policy]).toEqual(['true', { atLeast: '9' }]);
  expect((await json(['plan', '--from', 'demo:north'])).value.counts.reasons).toEqual({ created: 3 });

  const before = (await json(['connections', 'show', 'demo:north'])).value;
  for (const [wrong, code] of [
    [setting('archived', 'perhaps'), 'setting_invalid'],
    [setting('firm', 'south'), 'setting_invalid'],
    [setting('url', 'http://127.0.0.1:9'), 'source_unreachable'],
    [setting('accessKey', 'x'), 'setting_invalid'],
    [['--policy', 'colour=red'], 'setting_invalid'],
    [['--unset', 'colour'], 'setting_invalid'],
    [['--unset', 'url'], 'setting_missing'],
  ] as const) {
    expect((await set(...wrong)).value.error.code).toBe(code);
  }
  expect((await json(['connections', 'show', 'demo:north'])).value).toEqual(before);
}, 20_000);

test('secrets are taken anew', async () => {
  await run(connect(...setting('firm', 'south')), withKeys());
  await system.close();
  const { url } = system;
  await serve({ accessKey: 'key-2' });
  const moved = [...setting('url', system.url)];
  expect(url).not.toBe(system.url);
  const set = ['connections', 'set', 'demo:south', ...moved];
  expect((await json(set)).value.error.code).toBe('source_unauthorized');
  expect((await json([...set, '--secrets'], withKeys())).code).toBe(0);
  expect((await json(['plan', '--from', 'demo:south'])).code).toBe(0);
});

test('connecting again keeps policy, kind and schedule, but for what is said anew', async () => {
  const first = ['--policy', 'region=NZ', '--policy', 'manyMissing=0.5', '--kind', 'external'];
  await run(connect(...setting('firm', 'south'), ...first), withKeys());
  const { out } = await run(connect(...setting('firm', 'south'), '--policy', 'manyMissing=0.6'), withKeys());
  expect(out).toContain('Its settings, policy and schedule are as before, but for what you said.');
  expect((await json(['connections', 'show', 'demo:south'])).value).toMatchObject({
    policy: { region: 'NZ', manyMissing: '0.6' },
    kind: 'external',
  });
});

test('a disconnect that could not remove what is stored is made good by another one', async () => {
  await run(connect(...setting('firm', 'south')), withKeys());
  await run(['sync', '--from', 'demo:south']);
  await run(['disconnect', 'demo:south']);
  // As if the first one had been interrupted between the book and the secrets.
  await run(connect(...setting('firm', 'south')), withKeys());
  const again = await run(['disconnect', 'demo:south']);
  expect([again.code, again.out]).toEqual([0, 'What was still stored to read it was removed, with its secrets.\n']);
  const more = await run(['disconnect', 'demo:south']);
  expect([more.code, more.err]).toEqual([2, expect.stringContaining('disconnected already')]);
});

test('one that was never synced can be removed, one that is connected has to be disconnected', async () => {
  await run(connect(...setting('firm', 'north')), withKeys());
  await run(connect(...setting('firm', 'south')), withKeys());
  await run(['sync', '--from', 'demo:south']);
  expect((await json(['connections', 'remove', 'demo:north'])).value).toEqual({ removed: 'demo:north' });
  for (const state of ['connected', 'paused']) {
    const { code, value } = await json(['connections', 'remove', 'demo:south']);
    expect([code, value.error.code]).toEqual([2, 'usage']);
    expect(value.error.hint).toContain('contact-sync disconnect demo:south');
    if (state === 'connected') await run(['pause', 'demo:south']);
  }
  expect((await json(['connections'])).value.connections).toMatchObject([{ source: 'demo:south', stored: true }]);
});

test('disconnecting ends access and keeps the contacts; no key is needed', async () => {
  await run(connect(...setting('firm', 'north')), withKeys());
  await run(['sync', '--from', 'demo:north']);
  const dry = await run(['disconnect', 'demo:north', '--dry-run'], { env: {} });
  expect(dry.out).toContain('Nothing was written.');
  expect((await json(['connections'])).value.connections).toMatchObject([{ state: 'connected', stored: true }]);

  const { code, out } = await run(['disconnect', 'demo:north'], { env: {} });
  expect(code).toBe(0);
  expect(out).toContain('What was stored to read it was removed, with its secrets.');
  expect((await json(['connections'])).value.connections).toMatchObject([{ state: 'disconnected', stored: false }]);
  expect(
    (await json(['contacts', 'list'])).value.contacts.map(({ recordType }: { recordType: string }) => recordType),
  ).toEqual(['manual', 'manual']);
  expect((await json(['sync', '--from', 'demo:north'])).value.error.code).toBe('not_found');

  expect((await json(connect(...setting('firm', 'north')), withKeys())).code).toBe(0);
  expect((await json(['sync', '--from', 'demo:north'])).value.plan.counts.reasons).toEqual({ relinked: 2 });
});

test('books have connections of their own', async () => {
  await run([...connect(...setting('firm', 'north')), '--book', 'one'], withKeys());
  expect((await json(['plan', '--from', 'demo:north', '--book', 'two'])).value.error.code).toBe('not_found');
  expect((await json(['plan', '--from', 'demo:north', '--book', 'one'])).code).toBe(0);
  expect((await json(['connections', '--book', 'two'])).value.error.code).toBe('not_found');
  expect((await json(['connections', '--book', 'one'])).value.connections).toMatchObject([{ source: 'demo:north' }]);
});

test('a connector in a folder is found again from another folder', async () => {
  const inFolder = ['connect', './node_modules/@contact-sync/connector-demo', ...setting('url', system.url)];
  expect((await json([...inFolder, ...setting('firm', 'south')], withKeys())).code).toBe(0);
  const cwd = join(folder, 'node_modules');
  const terminal = testTerminal({ cwd, env });
  expect(await main(['plan', '--from', 'demo:south', '--store', 'sqlite:../contacts.db'], terminal)).toBe(0);
});

test('looking writes nothing, and makes no store', async () => {
  for (const line of [
    'connections',
    'connections show demo:x',
    'plan --from demo:x',
    'connections remove demo:x',
    'keys rotate',
  ]) {
    const { value } = await json(line.split(' '));
    expect([line, value.error.code]).toEqual([line, 'store_unusable']);
  }
  expect((await readdir(folder)).toSorted()).toEqual(['node_modules']);
});
