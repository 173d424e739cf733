import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gate } from '../security/gate.js';
import { readPageFiles } from './page-files.js';
import { servePage } from './serve-page.js';

let folder: string;
const app = new Hono();
const script = `console.log(1);\n${'// long\n'.repeat(200)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-page-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for you');
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>The page</title>');
  await writeFile(join(folder, 'dist', 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', 'assets', 'main-1a2b.js'), script);
  await writeFile(join(folder, 'dist', 'assets', 'main-1a2b.js.map'), '{}');
  const inside: Gate['who'] = (c) =>
    c.req.header('cookie') === 'in'
      ? { user: 'a', role: 'viewer', by: 'link', csrfToken: '', ended: new AbortController().signal, endsAt: null }
      : null;
  const access = { by: 'link', useLink: async () => null, command: 'contact-sync open' } as const;
  servePage(app, { access, gate: { who: inside }, files: await readPageFiles(join(folder, 'dist')) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const got = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

test('a file whose name has its hash in it is kept for good', async () => {
  const answer = await got('/assets/main-1a2b.js');
  expect([answer.status, await answer.text()]).toEqual([200, script]);
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test.each([
  ['br, gzip', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['identity', null],
  ['', null],
])('to somebody who takes "%s" it goes as %s', async (accepts, encoding) => {
  const answer = await got('/assets/main-1a2b.js', { 'accept-encoding': accepts });
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([encoding, 'accept-encoding']);
  const plain = encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
  expect(plain.toString()).toBe(script);
  expect(bytes.length < script.length).toBe(encoding !== null);
});

test('another file is asked for again, and sent where it is new', async () => {
  const first = await got('/icon.svg');
  expect([first.headers.get('cache-control'), first.headers.get('content-type')]).toEqual([
    'no-cache',
    'image/svg+xml; charset=utf-8',
  ]);
  const etag = first.headers.get('etag') ?? '';
  expect((await got('/icon.svg', { 'if-none-match': etag })).status).toBe(304);
  expect((await got('/icon.svg', { 'if-none-match': '"old"' })).status).toBe(200);
});

test("the page is there for whoever is in, at all of the page's own paths", async () => {
  for (const path of ['/', '/contacts', '/contacts/7', '/index.html', '/runs/1%2F2']) {
    const wanted = path === '/index.html' ? 404 : 200;
    expect([path, (await got(path, { cookie: 'in' })).status]).toEqual([path, wanted]);
    expect([path, (await got(path)).status]).toEqual([path, wanted === 200 ? 401 : 404]);
  }
  const page = await got('/', { cookie: 'in' });
  expect(await page.text()).toContain('The page');
  expect([page.headers.get('etag'), page.headers.get('cache-control')]).toEqual([null, null]);
});

test('nothing beside the files is there, however it is asked for', async () => {
  const paths = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '//secret.txt',
  ];
  for (const path of [...paths, '/assets/main-1a2b.js.map', '/none.js']) {
    const answer = await got(path, { cookie: 'in' });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.text()).not.toContain('not for you');
  }
  expect((await app.request('/', { method: 'POST', headers: { cookie: 'in' } })).status).toBe(404);
});

test('where the page was not built there are no files', async () => {
  expect((await readPageFiles(join(folder, 'none'))).size).toBe(0);
});
