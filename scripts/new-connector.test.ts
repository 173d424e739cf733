import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeConnector, renamed, wantedOf } from './new-connector.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-connector-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a name is a package of this repository', () => {
  const wanted = { name: 'my-books', packageName: '@contact-sync/connector-my-books', inside: true };
  const path = join(root, 'packages/connector-my-books');
  expect(wantedOf(['my-books'], folder)).toEqual({ ...wanted, folder: path });
  expect(wantedOf(['connector-my-books'], folder)).toEqual({ ...wanted, folder: path });
});

test('a package with a scope is somewhere else', () => {
  expect(wantedOf(['@someone/connector-my-books', 'mine'], folder)).toEqual({
    name: 'my-books',
    packageName: '@someone/connector-my-books',
    folder: join(folder, 'mine'),
    inside: false,
  });
});

test.each([
  [[], 'Give it a name'],
  [['My Books'], 'Give it a name'],
  [['../books'], 'Give it a name'],
  [['1books'], 'Give it a name'],
  [['books', 'a', 'b'], 'Give it a name'],
  [['books', 'somewhere'], 'Elsewhere it needs a scope and a folder'],
  [['@someone/connector-books'], 'pnpm new-connector @someone/connector-books ../connector-books'],
  [['xpm'], 'There is something in'],
])('%j is refused', (args, words) => {
  expect(wantedOf(args, folder)).toContain(words);
});

test.each([
  ["name: 'acme',", "name: 'my-books',"],
  ["title: 'Acme',", "title: 'My Books',"],
  ['export function acme(settings: AcmeSettings)', 'export function myBooks(settings: MyBooksSettings)'],
  ['fakeAcme, acmeSource', 'fakeMyBooks, myBooksSource'],
  ['`acme:` https://api.acme.example', '`my-books:` https://api.my-books.example'],
  ['env.ACME_TOKEN', 'env.MY_BOOKS_TOKEN'],
  ['Contacts from Acme.', 'Contacts from My Books.'],
  ['--from acme', '--from @someone/connector-my-books'],
  [
    "import { acme } from '@contact-sync/connector-acme/mock'",
    "import { myBooks } from '@someone/connector-my-books/mock'",
  ],
])('%s becomes %s', (text, expected) => {
  const names = { name: 'my-books', packageName: '@someone/connector-my-books', inside: false };
  expect(renamed(text, names)).toBe(expected);
});

test('nothing of the example’s names is left, and every file is there', () => {
  const wanted = { name: 'books', packageName: '@contact-sync/connector-books', folder, inside: true };
  makeConnector(wanted);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  expect(files).toEqual(
    expect.arrayContaining(['package.json', 'tsconfig.json', 'README.md', join('src', 'index.ts')]),
  );
  for (const file of files) expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/acme/i);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    name: '@contact-sync/connector-books',
    dependencies: { '@contact-sync/core': 'workspace:^', zod: 'catalog:' },
  });
  expect(manifest.private).toBeUndefined();
});

test('elsewhere it has versions and tools of its own', () => {
  makeConnector({ name: 'books', packageName: '@someone/connector-books', folder, inside: false });
  const { version } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toMatchObject({
    '@contact-sync/core': `^${version}`,
    zod: expect.stringMatching(/^\^4\./),
  });
  expect(manifest.devDependencies).toMatchObject({
    '@types/node': expect.stringMatching(/^\^\d/),
    msw: expect.stringMatching(/^\^\d/),
    typescript: expect.stringMatching(/^\^\d/),
    vitest: expect.stringMatching(/^\^\d/),
  });
  expect(manifest.scripts).toEqual({ build: 'tsc', test: 'vitest run' });
  expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|undefined|contact-sync\/source/);
  const tsconfig = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8'));
  expect(tsconfig.compilerOptions).toMatchObject({ strict: true, outDir: 'dist' });
  expect(tsconfig.extends).toBeUndefined();
});
