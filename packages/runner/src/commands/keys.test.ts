import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { newKey, parseKey } from '../secrets/keys.js';

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
beforeAll(async () => {
  system = await serveDemo();
});
afterAll(() => system.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  await installDemo(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(line: string, env: Record<string, string> = {}) {
  const words = line.replace('DEMO', `demo --set url=${system.url}`).split(' ');
  const store = line.startsWith('keys new') ? [] : ['--store', 'sqlite:contacts.db'];
  const terminal = testTerminal({ cwd: folder, width: 200, env });
  const code = await main([...words, ...store], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

const [first, second] = [newKey(), newKey()];
const store = (firm: string, key: string) =>
  run(`connect DEMO --set firm=${firm}`, { ...system.keys, CONTACT_SYNC_KEY: key });

test('a new key is shown, or put in a file of one’s own', async () => {
  const { out } = await run('keys new');
  expect(parseKey(out.trim())).not.toBeNull();
  expect(JSON.parse((await run('keys new --json')).out)).toEqual({ key: expect.stringMatching(/^.{43}=$/) });

  const made = await run('keys new --file my.key');
  const file = join(folder, 'my.key');
  expect(made.out).toContain(`export CONTACT_SYNC_KEY_FILE=${file}`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const key = await readFile(file, 'utf8');
  expect(made.out).not.toContain(key.trim());
  expect((await run('keys new --file my.key')).err).toContain(`${file} is there already.`);
  expect(await readFile(file, 'utf8')).toBe(key);
  expect((await run('keys new --file none/my.key')).err).toContain('cannot be written (ENOENT)');

  expect((await run(`connect DEMO --set firm=south`, { ...system.keys, CONTACT_SYNC_KEY_FILE: 'my.key' })).code).toBe(
    0,
  );
  expect((await run('plan --from demo:south', { CONTACT_SYNC_KEY_FILE: 'my.key' })).code).toBe(0);
});

test('a new key takes the place of the old one', async () => {
  await store('north', first);
  await store('south', first);
  await store('west', second);
  const { out } = await run('keys rotate', { CONTACT_SYNC_KEY: `${second} ${first}` });
  expect(out).toContain('Encrypted anew: 2. With the first key already: 1.');
  const json = await run('keys rotate --json', { CONTACT_SYNC_KEY: second });
  expect(JSON.parse(json.out)).toEqual({ sealed: 0, already: 3 });
  for (const firm of ['north', 'south', 'west']) {
    expect((await run(`connections show demo:${firm}`, { CONTACT_SYNC_KEY: second })).code).toBe(0);
    expect((await run(`connections show demo:${firm}`, { CONTACT_SYNC_KEY: first })).err).toContain('code: key_wrong');
  }
});

test('a store that others may open is warned of', async () => {
  await store('south', first);
  await chmod(join(folder, 'contacts.db'), 0o644);
  const { code, err } = await run('plan --from demo:south', { CONTACT_SYNC_KEY: first });
  expect(code).toBe(0);
  const file = join(folder, 'contacts.db');
  expect(err).toContain(`Warning: ${file} is open to other users of this machine: chmod 600 ${file}\n`);
});

describe('what goes wrong is said in one message, with what to do', () => {
  const env = { CONTACT_SYNC_KEY: first };
  type Case = { line: string; env?: Record<string, string>; says: readonly string[]; code?: number };
  const cases: Record<string, Case> = {
    'no key': { line: 'connect DEMO --set firm=north', env: {}, says: ['setting_missing', 'keys new --file'] },
    'no key, for what is stored': { line: 'plan --from demo:south', env: {}, says: ['setting_missing', 'keys new'] },
    'a key that is none': {
      line: 'plan --from demo:south',
      env: { CONTACT_SYNC_KEY: 'hunter2' },
      says: ['setting_invalid', 'The key in CONTACT_SYNC_KEY is not a key', '44 characters'],
    },
    'another key': {
      line: 'plan --from demo:south',
      env: { CONTACT_SYNC_KEY: second },
      says: ['key_wrong', 'demo:south', 'was stored with another key'],
    },
    'two places for the key': {
      line: 'plan --from demo:south',
      env: { CONTACT_SYNC_KEY: first, CONTACT_SYNC_KEY_FILE: 'x' },
      says: ['setting_invalid', 'exactly one of them'],
    },
    'a connection that is not stored': {
      line: 'plan --from demo:east',
      says: ['not_found', '"demo:east"', 'contact-sync connections', 'contact-sync connect demo'],
    },
    'the beginning of two connections': {
      line: 'plan --from demo:',
      says: ['not_found', 'demo:south, demo:west', 'Write more of it'],
    },
    'settings beside a stored connection': {
      line: 'plan --from demo:south --set firm=north',
      says: ['usage', 'has its settings already', 'connections set demo:south'],
    },
    'a connector that is not installed': { line: 'connect acme', says: ['connector_missing', 'npm install'] },
    'a secret among the arguments': {
      line: 'connect DEMO --set firm=north --set accessKey=hunter2',
      says: ['setting_invalid', 'accessKey is a secret', 'DEMO_ACCESS_KEY'],
    },
    'a setting that is missing': { line: 'connect DEMO', says: ['setting_missing', 'firm is missing'] },
    'a setting that is wrong': {
      line: 'connect DEMO --set firm=up',
      says: ['setting_invalid', 'north, south or west'],
    },
    'a policy that does not exist': { line: 'connect DEMO --policy a=1', says: ['setting_invalid', 'manyMissing'] },
    'a port that is none': { line: 'connect DEMO --redirect-port 70000', says: ['0 to 65535'] },
    'secrets that are not accepted': {
      line: 'connect DEMO --set firm=north',
      env: { ...env, DEMO_ACCESS_ID: 'x', DEMO_ACCESS_KEY: 'y' },
      says: ['source_unauthorized'],
      code: 1,
    },
    'a connection to remove that is not there': { line: 'connections remove demo:x', says: ['not_found', '"demo:x"'] },
    'a setting to take away that is not there': {
      line: 'connections set demo:south --unset archived',
      says: ['setting_invalid', 'no setting or policy archived', 'connections show demo:south'],
    },
  };
  test.each(Object.entries(cases))('%s', async (_, { line, env: given = env, says, code = 2 }) => {
    await store('south', first);
    await store('west', first);
    const ended = await run(line, given);
    expect([ended.code, ended.out]).toEqual([code, '']);
    for (const words of says) expect(ended.err).toContain(words);
    expect(ended.err).not.toContain('hunter2');
  });
});
