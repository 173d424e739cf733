import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from '@contact-sync/connector-xpm/mock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { typing } from '../../test/person.js';
import { testTerminal } from '../../test/test-terminal.js';
import { main } from '../main.js';
import { parseKey } from '../secrets/keys.js';
import type { Terminal } from '../terminal.js';
import { configText } from './config-text.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'contact-sync-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], given: Partial<Terminal> = {}) {
  const terminal = testTerminal({ cwd: folder, width: 200, ...given });
  const code = await main(args, terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}
const read = (name: string) => readFile(join(folder, name), 'utf8');
const names = async () => (await readdir(folder)).sort();
/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  const served = await mock.serve({});
  await served.close();
  return new URL(served.url).port;
}

test('with nobody to ask: a configuration, a key, and a connection that can be read once its system is served', async () => {
  await writeFile(join(folder, '.gitignore'), 'node_modules');
  const port = await freePort();
  const { code, out, err } = await run(['init', '--yes', '--region', 'NZ', '--port', port]);
  expect([code, err]).toEqual([0, '']);
  expect(await names()).toEqual(['.gitignore', 'contact-sync.config.ts', 'contact-sync.key', 'contacts.db']);
  expect(await read('contact-sync.config.ts')).toContain("  policy: { region: 'NZ' },\n");
  expect(parseKey((await read('contact-sync.key')).trim())).not.toBeNull();
  expect((await stat(join(folder, 'contact-sync.key'))).mode & 0o777).toBe(0o600);
  expect(await read('.gitignore')).toBe('node_modules\n/contact-sync.key\n/contacts.db*\n');
  expect(out).toContain(`  npx contact-sync mock xpm --port ${port}\n`);

  const plan = () => run(['plan', '--from', 'xpm:', '--json']);
  expect((await plan()).code).toBe(1);
  const served = await mock.serve({ port: Number(port) });
  try {
    const { counts, source } = JSON.parse((await plan()).out);
    expect(out).toContain(`Stored a connection to a made-up practice: ${source}\n`);
    expect(counts.reasons.created).toBeGreaterThan(10);
  } finally {
    await served.close();
  }
});

test('what is there is left alone', async () => {
  await writeFile(join(folder, 'contact-sync.config.json'), '{}');
  const refused = await run(['init', '--yes']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(`${join(folder, 'contact-sync.config.json')} is there already.`);
  expect(await names()).toEqual(['contact-sync.config.json']);
  await rm(join(folder, 'contact-sync.config.json'));

  await writeFile(join(folder, 'contact-sync.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
  const { code, out } = await run(['init', '--yes', '--no-mock', '--json', '--format', 'json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    file: join(folder, 'contact-sync.config.json'),
    key: 'contact-sync.key',
    keyMade: false,
    ignored: [],
    connector: null,
    source: null,
  });
  expect(await read('contact-sync.key')).toBe(`${'ab'.repeat(32)}\n`);
  expect(JSON.parse(await read('contact-sync.config.json'))).toEqual({
    store: 'sqlite:contacts.db',
    key: { file: 'contact-sync.key' },
    policy: { region: 'AU' },
    keepDays: 90,
  });
});

test('a person is asked, and asked again after a slip', async () => {
  const person = typing(
    'contacts',
    'sqlite:book.db',
    'Kiwi',
    'NZ',
    'nobody at all',
    'it@firm.example',
    'maybe',
    'n',
    'fyii',
    'none',
  );
  const { code, err, out } = await run(['init'], person);
  expect(code).toBe(0);
  expect(await names()).toEqual(['contact-sync.config.ts']);
  const text = await read('contact-sync.config.ts');
  for (const line of [
    "store: 'sqlite:book.db'",
    "policy: { region: 'NZ' }",
    "alerts: { email: { to: 'it@firm.example' } }",
  ]) {
    expect(text).toContain(`  ${line},\n`);
  }
  expect(text).not.toContain('key:');
  expect(err.trim().split('\n')).toEqual([
    'Must be sqlite:FILE or postgres://user@host/database',
    'A region is two capital letters of ISO 3166: AU, NZ, or GB for the United Kingdom',
    'Must be an email address, as in it@firm.example',
    'Yes or no?',
    'One of xpm, fyi, bgl, none.',
  ]);
  expect(out).toContain('npx contact-sync connect xpm');
});

test('nothing is written where a flag is wrong, or nobody answers', async () => {
  const wrong = await run(['init', '--yes', '--store', 'postgres://a:hunter2@b/c']);
  expect([wrong.code, await names()]).toEqual([2, []]);
  expect(wrong.err).toContain('PGPASSWORD');
  expect(wrong.err).not.toContain('hunter2');
  const gone = await run(['init'], typing('sqlite:a.db', null));
  expect([gone.code, await names()]).toEqual([1, []]);
  expect(gone.err).toContain('code: cancelled');
});

test('a key from the environment is enough', async () => {
  const { out } = await run(['init', '--yes', '--no-mock', '--json'], { env: { CONTACT_SYNC_KEY: 'x' } });
  expect(JSON.parse(out).key).toBeNull();
  expect(await names()).toEqual(['contact-sync.config.ts']);
});

test('the configuration is written as people write it', () => {
  expect(configText({ store: "sqlite:it's.db", policy: { region: 'AU' }, keepDays: 90 }, 'ts', true)).toBe(
    `import { defineConfig } from '@contact-sync/runner';

export default defineConfig({
  // Where the contact book is: a path from this folder.
  store: 'sqlite:it\\'s.db',
  // Where phone numbers without a country code are.
  policy: { region: 'AU' },
  // For how many days the history keeps what runs changed.
  keepDays: 90,
});
`,
  );
});
