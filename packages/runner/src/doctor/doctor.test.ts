import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { browser, typing } from '../../test/person.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
const key = newKey();
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'contact-sync-')));
  await installDemo(folder);
  system = await serveDemo({ opens: ['north'] });
});
afterEach(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFile(join(folder, name), text);

async function run(line: string, given: Partial<Terminal> = {}) {
  const terminal = testTerminal({ cwd: folder, width: 200, now: () => new Date(), ...given });
  const code = await main(line.split(' '), terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

const keyed = { CONTACT_SYNC_KEY: key };
const connect = (firm: string) =>
  run(`connect demo --set url=${system.url} --set firm=${firm} --store sqlite:a.db`, {
    env: { ...keyed, ...system.keys },
  });

/** Marks and what they are about, in order; and everything that was said. */
async function doctor(given: Partial<Terminal> = {}, args = 'doctor --store sqlite:a.db') {
  const { code, out, err } = await run(args, { env: keyed, ...given });
  expect(err).toBe('');
  return { code, out, marks: out.split('\n').flatMap((line) => /^([✓!✗] [^:]+):/.exec(line)?.[1] ?? []) };
}

test('all is well', async () => {
  await connect('south');
  await put('contact-sync.config.json', '{ "store": "sqlite:a.db" }');
  const before = system.requests.length;
  const { code, out, marks } = await doctor({}, 'doctor');
  expect(marks).toEqual([
    '✓ configuration',
    ...['✓ store', '✓ store', '✓ store'],
    ...['✓ keys', '✓ keys'],
    '✓ tokens of demo',
    '✓ connectivity of demo',
    '✓ read of demo',
    '✓ clock of demo',
  ]);
  expect([code, out.split('\n').at(-2)]).toEqual([0, 'All is well.']);
  // One page, and no more.
  expect(system.requests.slice(before)).toEqual(['/firms/south/people?page=1']);
  const json = JSON.parse((await doctor({}, 'doctor --json')).out);
  expect(json.ok).toBe(true);
  expect(json.checks[6]).toEqual({
    area: 'tokens',
    source: 'demo:south',
    state: 'ok',
    says: 'It is read with accessId, accessKey, stored today.',
    hint: null,
  });
});

test('no secret is in it', async () => {
  await connect('south');
  const { out } = await doctor();
  for (const secret of [key, ...Object.values(system.keys)]) expect(out).not.toContain(secret);
});

test('a broken configuration is one of the things to mend', async () => {
  await put('contact-sync.config.json', '{ "stor": "sqlite:a.db", "keepDays": -1 }');
  const { code, out, marks } = await doctor();
  expect([code, marks]).toEqual([1, ['✗ configuration']]);
  expect(out).toContain('keepDays: must be a whole number of days, 1 or more\n');
  expect(out).toContain('stor: there is no such setting');
  expect(out).toContain('1 to mend, 0 well.');
});

test('nothing is set up yet', async () => {
  const { code, out, marks } = await doctor({ env: {} });
  expect([code, marks]).toEqual([0, ['! configuration', '! store', '! keys']]);
  expect(out).toContain('To make one: contact-sync init');
  const nameless = await run('doctor', { env: {} });
  expect([nameless.code, nameless.out]).toEqual([1, expect.stringContaining('✗ store: No store was named.')]);
});

test('alerts that cannot be sent', async () => {
  await put(
    'contact-sync.config.json',
    '{ "store": "sqlite:a.db", "alerts": { "email": { "to": "a@b.example" }, "slack": true } }',
  );
  const { code, out, marks } = await doctor({}, 'doctor');
  expect([code, marks[1]]).toEqual([0, '! alerts']);
  expect(out).toContain('CONTACT_SYNC_SMTP and CONTACT_SYNC_ALERT_SLACK are not set');
});

test('another key than the one things were stored with', async () => {
  await connect('south');
  const { code, out, marks } = await doctor({ env: { CONTACT_SYNC_KEY: newKey() } });
  expect([code, marks.slice(4)]).toEqual([1, ['✓ keys', '✗ keys of demo', '✗ keys']]);
  expect(out).toContain('(key_wrong)');
  const none = await doctor({ env: {} });
  expect([none.code, none.marks.at(-1)]).toEqual([1, '✗ keys']);
});

test('files that others may read', async () => {
  await connect('south');
  await put('my.key', key);
  await chmod(join(folder, 'my.key'), 0o644);
  await chmod(join(folder, 'a.db'), 0o644);
  const { code, out } = await doctor({ env: { CONTACT_SYNC_KEY_FILE: 'my.key' } });
  expect(code).toBe(1);
  expect(out).toContain(`! store: Others may read the book.\n    ${join(folder, 'a.db')} is open to other users`);
  expect(out).toContain('✗ keys: The key file');
});

test('a file that is no book', async () => {
  await put('a.db', 'this is not a database, however long it is');
  const { code, marks } = await doctor();
  expect([code, marks]).toEqual([1, ['! configuration', '✗ store', '✗ store', '! store', '✗ store', '✓ keys']]);
});

test('a system that is gone', async () => {
  await connect('south');
  await system.close();
  const { code, out, marks } = await doctor();
  expect([code, marks.slice(6)]).toEqual([1, ['✓ tokens of demo', '✗ connectivity of demo']]);
  expect(out).toContain('(ECONNREFUSED)');
});

test('a sign-in that does not open the tenant any more, and a clock that is wrong', async () => {
  const web = browser();
  const env = { ...keyed, ...system.app };
  const signedIn = await run(`connect demo --set url=${system.url} --redirect-port 0 --store sqlite:a.db`, {
    env,
    ...typing(),
    openBrowser: web.openBrowser,
  });
  expect(signedIn.code).toBe(0);
  const well = await doctor();
  expect([well.code, well.marks.slice(6)]).toEqual([
    0,
    ['✓ tokens of demo', '✓ connectivity of demo', '✓ read of demo', '✓ clock of demo', '✓ tenant of demo'],
  ]);
  expect(well.out).toContain('Signed in today, last renewed today.');

  system.open(['west']);
  const { code, out, marks } = await doctor({ now: () => new Date(Date.now() - 90_000) });
  expect([code, marks.slice(6)]).toEqual([
    1,
    ['✓ tokens of demo', '✓ connectivity of demo', '✗ read of demo', '! clock of demo', '✗ tenant of demo'],
  ]);
  expect(out).toContain('(source_forbidden)');
  expect(out).toMatch(/is (89|90|91) seconds behind that of the system/);
  expect(out).toContain('The sign-in opens other tenants, and not this one any more.');
});
