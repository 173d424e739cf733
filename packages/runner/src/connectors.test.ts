import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../test/test-terminal.js';
import { loadConnector } from './connectors.js';
import { main } from './main.js';
import { loadMock } from './mocks.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact sync '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string | object>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** A connector of one person, in plain JavaScript and without dependencies. */
const connectorCode = (name: string) => `
const source = '${name}:t1';
export const connector = {
  name: '${name}',
  title: 'Acme of ${name}',
  settings: { safeParse: (data) => ({ success: true, data }) },
  secrets: {},
  sourceOf: () => source,
  create: () => ({
    source,
    async *read() {
      const record = { externalId: '1', name: 'Jane Roe', email: 'jane@roe.example', phone: null };
      yield { records: [record], unreadable: [], skipped: {} };
      return { complete: true, tenant: 't1' };
    },
  }),
};
`;
const mockCode = `export const mock = { faults: {}, serve: async () => { throw new Error('not here'); } };`;
const manifest = (name: string) => ({
  name,
  type: 'module',
  exports: { '.': { import: './dist/index.js' }, './mock': { import: './dist/mock.js' } },
});

test('a package in a folder, by its path', async () => {
  await write({
    'mine/package.json': manifest('@someone/connector-acme'),
    'mine/dist/index.js': connectorCode('acme'),
    'mine/dist/mock.js': mockCode,
  });
  for (const from of ['./mine', './mine/', join(folder, 'mine')]) {
    expect((await loadConnector(from, folder)).title).toBe('Acme of acme');
    expect((await loadMock(from, folder)).faults).toEqual({});
  }
  expect((await loadConnector('.', join(folder, 'mine'))).name).toBe('acme');
  expect((await loadConnector('../mine', join(folder, 'mine'))).name).toBe('acme');
});

test('a folder whose package.json has no exports, and one file', async () => {
  await write({
    'plain/package.json': { type: 'module', main: 'lib/main.js' },
    'plain/lib/main.js': connectorCode('plain'),
    'plain/mock.js': mockCode,
    'bare/package.json': { type: 'module' },
    'bare/index.js': connectorCode('bare'),
    'one.mjs': connectorCode('one') + mockCode,
  });
  expect((await loadConnector('./plain', folder)).name).toBe('plain');
  expect((await loadMock('./plain', folder)).faults).toEqual({});
  expect((await loadConnector('./bare', folder)).name).toBe('bare');
  expect((await loadConnector('./one.mjs', folder)).name).toBe('one');
  expect((await loadMock('./one.mjs', folder)).faults).toEqual({});
});

test('a package of somebody else, by its name, from the folder of the user', async () => {
  await write({
    'node_modules/@someone/connector-acme/package.json': manifest('@someone/connector-acme'),
    'node_modules/@someone/connector-acme/dist/index.js': connectorCode('acme'),
    'node_modules/@someone/connector-acme/dist/mock.js': mockCode,
  });
  expect((await loadConnector('@someone/connector-acme', folder)).title).toBe('Acme of acme');
  expect((await loadMock('@someone/connector-acme', folder)).faults).toEqual({});
});

test('contacts are of the source that the connector says, however it was named', async () => {
  await write({ 'one.mjs': connectorCode('acme') });
  const terminal = testTerminal({ cwd: folder });
  const args = ['sync', '--from', './one.mjs', '--yes', '--store', 'sqlite:a.db'];
  expect(await main(args, terminal)).toBe(0);
  const listing = testTerminal({ cwd: folder });
  await main(['contacts', 'list', '--store', 'sqlite:a.db', '--json'], listing);
  expect(JSON.parse(listing.output()).contacts).toMatchObject([{ link: { source: 'acme:t1', externalId: '1' } }]);
});

test.each([
  ['fyi-of-tomorrow', 'connector_missing', 'npm install @contact-sync/connector-fyi-of-tomorrow'],
  ['@someone/connector-none', 'connector_missing', 'npm install @someone/connector-none'],
  ['./none', 'connector_missing', 'Give the folder of its package'],
  ['./unbuilt', 'connector_broken', 'Build it'],
  ['./needy.mjs', 'connector_broken', 'npm install no-such-package'],
  ['./other.mjs', 'connector_broken', 'Install a version'],
  ['./named-badly.mjs', 'connector_broken', 'Install a version'],
  ['XPM', 'setting_invalid', '--from xpm'],
  ['@Someone/x', 'setting_invalid', '--from xpm'],
  ['@someone/../x', 'setting_invalid', '--from xpm'],
  ['@someone/x/mock', 'setting_invalid', '--from xpm'],
  ['xpm/../../x', 'setting_invalid', '--from xpm'],
  ['', 'setting_invalid', '--from xpm'],
])('%s is refused with %s', async (from, code, hint) => {
  await write({
    'unbuilt/package.json': manifest('@someone/connector-unbuilt'),
    'needy.mjs': `import 'no-such-package';`,
    'other.mjs': 'export const connector = {};',
    'named-badly.mjs': connectorCode('Acme Of'),
  });
  await expect(loadConnector(from, folder)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
});
