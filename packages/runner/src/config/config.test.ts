import { chown, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installDemo } from '../../test/demo-connector.js';
import { serveDemo } from '../../test/demo-system.js';
import { testTerminal } from '../../test/test-terminal.js';
import { policyFor } from '../commands/options.js';
import { main } from '../main.js';
import { newKey } from '../secrets/keys.js';
import { configOfBook, defineConfig } from './config.js';
import { loadConfig } from './load.js';
import { parseConfig } from './parse.js';
import { readConfigFile } from './read-file.js';

let folder: string;
let system: Awaited<ReturnType<typeof serveDemo>>;
beforeAll(async () => {
  system = await serveDemo();
});
afterAll(() => system.close());
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'contact-sync-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFile(join(folder, name), text);
const at = (...names: string[]) => join(folder, ...names);

async function run(line: string, env: Record<string, string> = {}, cwd = folder) {
  const terminal = testTerminal({ cwd, width: 200, env });
  const code = await main(line.split(' '), terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

describe('the file', () => {
  test.each([
    ['contact-sync.config.ts', 'const store: string = "sqlite:a.db"; export default { store };'],
    ['contact-sync.config.mjs', 'export default { store: "sqlite:a.db" };'],
    ['contact-sync.config.json', '{ "store": "sqlite:a.db" }'],
  ])('%s is found from the folder upwards, and paths are those of its folder', async (name, text) => {
    await put(name, text);
    await mkdir(at('one', 'two'), { recursive: true });
    const loaded = await loadConfig({ cwd: at('one', 'two'), named: undefined });
    expect(loaded).toEqual({ file: at(name), config: { store: `sqlite:${at('a.db')}` } });
  });

  test('the nearest counts, one that is named goes before it, and none is none', async () => {
    expect(await loadConfig({ cwd: folder, named: undefined })).toBeNull();
    await put('contact-sync.config.json', '{ "book": "outer" }');
    await mkdir(at('inner'));
    await put('inner/contact-sync.config.json', '{ "book": "inner" }');
    await put('other.json', '{ "book": "other", "key": { "file": "my.key" } }');
    expect((await loadConfig({ cwd: at('inner'), named: undefined }))?.config).toEqual({ book: 'inner' });
    expect((await loadConfig({ cwd: at('inner'), named: '../other.json' }))?.config).toEqual({
      book: 'other',
      key: { file: at('my.key') },
    });
  });

  test('two of them in one folder are one too many', async () => {
    await put('contact-sync.config.json', '{}');
    await put('contact-sync.config.mjs', 'export default {};');
    await expect(loadConfig({ cwd: folder, named: undefined })).rejects.toMatchObject({
      code: 'setting_invalid',
      message: `${folder} has several configurations: contact-sync.config.mjs, contact-sync.config.json.`,
    });
  });

  test.skipIf(process.platform === 'win32')(
    'one of another user in a folder above is not run unless it is named',
    async () => {
      const [me, file] = [process.getuid?.() ?? 0, at('contact-sync.config.json')];
      await put('contact-sync.config.json', '{ "book": "theirs" }');
      // What belongs to root is trusted, so a test that root runs needs a file that does not.
      const owner = me === 0 ? 4321 : me;
      if (me === 0) await chown(file, owner, owner);
      await mkdir(at('below'));
      const looking = { cwd: at('below'), named: undefined };
      await expect(loadConfig({ ...looking, user: owner + 1 })).rejects.toMatchObject({
        code: 'setting_invalid',
        message: `The configuration ${file} belongs to another user.`,
        hint: `If it is meant, name it: --config ${file}`,
      });
      expect((await loadConfig({ ...looking, user: owner }))?.config).toEqual({ book: 'theirs' });
      expect((await loadConfig({ ...looking, named: file, user: owner + 1 }))?.config).toEqual({ book: 'theirs' });
      expect((await loadConfig({ ...looking, cwd: folder, user: owner + 1 }))?.config).toEqual({ book: 'theirs' });
    },
  );

  test('TypeScript is told of where Node does not run it', async () => {
    await put('contact-sync.config.ts', 'export default {};');
    const old = readConfigFile(at('contact-sync.config.ts'), { features: {}, version: 'v22.17.0' });
    await expect(old).rejects.toMatchObject({
      message: `The configuration ${at('contact-sync.config.ts')} is TypeScript, which this Node cannot run.`,
      hint: expect.stringContaining('Node v22.17.0 is older than 22.18'),
    });
  });
});

describe('a broken one ends with 2, the file and what to do, and no stack', () => {
  test.each([
    ['x.json', '{ "book": s3cret }', 'it is no JSON'],
    ['x.mjs', 'export const book = 1;', 'it has no default export.'],
    ['x.mjs', 'export default {', 'cannot be loaded: '],
    ['x.mjs', "throw new Error('no luck');", 'cannot be loaded: no luck.'],
    ['x.mjs', 'export default 5;', '\n  must be an object: store, book, policy, …\n'],
  ])('%s: %s', async (name, text, says) => {
    await put(name, text);
    const { code, out, err } = await run(`runs --config ${name}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(at(name));
    expect(err).toContain(says);
    expect(err).toContain('code: setting_invalid');
    expect(err).not.toMatch(/\n {4}at |s3cret/);
  });

  test('and so does one that is not there', async () => {
    const { code, err } = await run('runs --config none.ts');
    expect(code).toBe(2);
    expect(err).toContain(`There is no configuration file ${at('none.ts')}.`);
    const named = await run('runs', { CONTACT_SYNC_CONFIG: 'other.ts' });
    expect(named.err).toContain(`There is no configuration file ${at('other.ts')}.`);
  });
});

/** The mistakes, one on a line. */
function mistakes(config: unknown): string[] {
  try {
    parseConfig(config, 'FILE');
  } catch (error) {
    return error instanceof Error ? error.message.split('\n').slice(1) : [];
  }
  return [];
}

test('the example of the documentation can be used', async () => {
  const page = await readFile(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  const [, example = ''] = /```ts\n(import \{ defineConfig \}.*?)```/s.exec(page) ?? [];
  const here = new URL('config.ts', import.meta.url).href;
  await put('contact-sync.config.ts', example.replace('@contact-sync/runner', here));
  const loaded = await loadConfig({ cwd: folder, named: undefined });
  expect(loaded?.config.books).toEqual({
    auckland: { policy: { region: 'NZ' }, schedule: '30 7 * * 1-5 Pacific/Auckland' },
  });
});

test('every mistake is listed at once, with its path', () => {
  expect(
    mistakes({
      store: 'mysql:x',
      bok: 'default',
      keepDays: 0.5,
      policy: { region: 'Australia', regon: 'AU' },
      schedule: 'every day',
      alerts: { email: { to: ['it@firm.example', 'nobody'] }, rejectedShare: 5 },
      books: { north: { policy: { manyMissing: 2 }, store: 'x' } },
    }),
  ).toEqual([
    '  store: must be sqlite:FILE or postgres://user@host/database',
    '  policy.region: a region is two capital letters of ISO 3166: AU, NZ, or GB for the United Kingdom',
    '  policy.regon: is no policy',
    '  keepDays: must be a whole number of days, 1 or more',
    '  schedule: is no schedule: it has not five fields',
    '  alerts.email.to[1]: must be an email address, as in it@firm.example',
    '  alerts.rejectedShare: must be a number from 0 to 1',
    '  books.north.policy.manyMissing: Too big: expected number to be <=1',
    '  books.north.store: there is no such setting',
    '  bok: there is no such setting',
  ]);
});

test('what is right is taken as it is, and a book has what is said of it and else what is said for all', () => {
  const config = defineConfig({
    store: 'postgres://app@db.example/contacts',
    key: { command: 'pass show contact-sync' },
    policy: { region: 'NZ', manyMissing: 0.5 },
    keepDays: 30,
    alerts: { email: { to: ['it@firm.example'] }, webhook: 'https://hooks.firm.example/contacts', slack: true },
    books: { south: { policy: { manyMissing: 0.1 }, schedule: '30 7 * * 1-5 Australia/Sydney' } },
  });
  expect(parseConfig(config, 'FILE')).toEqual(config);
  expect(configOfBook(config, 'default')).toEqual({ policy: { region: 'NZ', manyMissing: 0.5 }, keepDays: 30 });
  expect(configOfBook(config, 'south')).toEqual({
    policy: { region: 'NZ', manyMissing: 0.1 },
    keepDays: 30,
    schedule: '30 7 * * 1-5 Australia/Sydney',
  });
  expect(configOfBook(config, 'constructor').schedule).toBeUndefined();
});

describe('a secret is refused with where it belongs, and is not repeated', () => {
  const key = newKey();
  test.each([
    [{ store: 'postgres://app:hunter2@db.example/contacts' }, 'store', 'PGPASSWORD'],
    [{ store: 'postgres://app@db.example/contacts?password=hunter2' }, 'store', 'PGPASSWORD'],
    [{ key }, 'key', 'CONTACT_SYNC_KEY'],
    [{ key: { command: key } }, 'key.command', 'CONTACT_SYNC_KEY'],
    [{ alerts: { slack: 'https://hooks.slack.com/services/hunter2' } }, 'alerts.slack', 'CONTACT_SYNC_ALERT_SLACK'],
    [{ alerts: { slack: { url: 'https://hooks.slack.com/hunter2' } } }, 'alerts.slack.url', 'CONTACT_SYNC_ALERT_SLACK'],
    [{ alerts: { webhook: 'https://me:hunter2@firm.example/' } }, 'alerts.webhook', 'CONTACT_SYNC_ALERT_WEBHOOK'],
    [
      { alerts: { webhook: 'https://firm.example/in/xY3kQ9hunter2Zz81LmNopQ5' } },
      'alerts.webhook',
      'CONTACT_SYNC_ALERT_WEBHOOK',
    ],
    [{ alerts: { email: { to: 'a@b.example', smtp: 'hunter2' } } }, 'alerts.email.smtp', 'CONTACT_SYNC_SMTP'],
    [{ alerts: { email: { to: 'a@b.example', smtp: { pass: 'hunter2' } } } }, 'alerts.email.smtp', 'CONTACT_SYNC_SMTP'],
    [{ xpm: { accessToken: 'hunter2' } }, 'xpm.accessToken', 'contact-sync connect'],
  ])('%j', (config, path, variable) => {
    const said = mistakes(config);
    const about = said.filter((line) => line.startsWith(`  ${path}: `));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain(variable);
    expect(said.join()).not.toMatch(/hunter2/);
    expect(said.join()).not.toContain(key);
  });

  test('what is only long is none', () => {
    const store = 'sqlite:/srv/Firm-Name-and-Partners/contacts/the-contact-book-of-the-firm-2026.db';
    expect(mistakes({ store, key: { file: '/home/somebody/.config/contact-sync/Contact-Sync.key' } })).toEqual([]);
  });
});

describe('commands take from it what neither a flag nor the environment says', () => {
  test('the store, the book and the key', async () => {
    await installDemo(folder);
    expect((await run('keys new --file my.key')).code).toBe(0);
    await put('contact-sync.config.json', '{ "store": "sqlite:a.db", "book": "north", "key": { "file": "my.key" } }');
    expect((await run(`connect demo --set url=${system.url} --set firm=north`, system.keys)).code).toBe(0);
    await mkdir(at('below'));
    expect((await run('sync --from demo:north --yes', {}, at('below'))).code).toBe(0);
    const runs = async (line: string) => JSON.parse((await run(`${line} --json`)).out).runs;
    expect(await runs('runs')).toHaveLength(1);
    expect(await runs('runs --book north --store sqlite:a.db')).toHaveLength(1);
    expect(await runs('runs --book default')).toHaveLength(0);
    expect((await run('runs --store sqlite:none.db')).code).toBe(2);
    expect((await run('plan --from demo:north', { CONTACT_SYNC_KEY: newKey() })).err).toContain('code: key_wrong');
  });

  test('a policy of the command goes before one of the connection, and that before one of the book', async () => {
    const config = defineConfig({ policy: { region: 'NZ', manyMissing: 0.5, atLeast: 9 } });
    const configured = { file: 'FILE', config, ofBook: configOfBook(config, 'default') };
    expect(policyFor({ policy: { region: 'GB' }, configured }, { region: 'AU', manyMissing: '0.1' })).toEqual({
      region: 'GB',
      manyMissing: 0.1,
      atLeast: 9,
    });
    await put('contact-sync.config.json', '{ "store": "sqlite:a.db", "policy": { "region": "NZ" } }');
    const add = 'contacts add --name A --email a@b.example --phone 0211234567 --json';
    expect((await run(`${add} --region GB`)).err).toContain('phone');
    expect(JSON.parse((await run(add)).out).plan.decisions[0].after.phone).toBe('+64211234567');
  });

  test('a service whose alerts could not be sent is not begun', async () => {
    const wants = '{ "email": { "to": "it@firm.example" }, "webhook": true, "slack": true }';
    await put('contact-sync.config.json', `{ "store": "sqlite:a.db", "alerts": ${wants} }`);
    const { code, err } = await run('serve', { CONTACT_SYNC_ALERT_WEBHOOK: 'https://firm.example/' });
    expect(code).toBe(2);
    expect(err).toContain('wants alerts, and CONTACT_SYNC_SMTP and CONTACT_SYNC_ALERT_SLACK are not set.');
  });
});
