import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Loopback, listenForRedirect, redirectUriOf } from './loopback.js';

let loopback: Loopback;
let state: string | null;
beforeEach(async () => {
  state = 'ours';
  loopback = await listenForRedirect(0, () => state);
});
afterEach(() => loopback.close());

async function get(path: string, { method = 'GET', host = `localhost:${loopback.port}` } = {}) {
  return await new Promise<{ status: number; page: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: loopback.port, path, method, headers: { host } },
        async (answer) => {
          resolve({ status: answer.statusCode ?? 0, page: await text(answer), headers: answer.headers });
        },
      );
      asked.on('error', reject).end();
    },
  );
}

async function stillWaits(): Promise<boolean> {
  const first = await Promise.race([loopback.redirected, Promise.resolve('none')]);
  return first === 'none';
}

test('the answer is taken, and the person told to go back', async () => {
  const { status, page, headers } = await get('/callback?code=abc&state=ours');
  expect(status).toBe(200);
  expect(page).toContain('You can close this page and go back to the terminal.');
  expect(page).not.toContain('abc');
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(headers['content-security-policy']).toBe("default-src 'none'");
  expect(await loopback.redirected).toBe(`${redirectUriOf(loopback.port)}?code=abc&state=ours`);
});

test('who said no is told so', async () => {
  expect((await get('/callback?error=access_denied&state=ours')).page).toContain('Access was not allowed.');
  expect(await loopback.redirected).toContain('error=access_denied');
});

test.each<[string, Parameters<typeof get>]>([
  ['a state that is not ours', ['/callback?code=abc&state=theirs']],
  ['no state', ['/callback?code=abc']],
  ['two states', ['/callback?state=theirs&state=ours']],
  ['another path', ['/favicon.ico?state=ours']],
  ['another method', ['/callback?code=abc&state=ours', { method: 'POST' }]],
  ['a name that points at this machine', ['/callback?code=abc&state=ours', { host: 'evil.example' }]],
  ['a whole address of another host', ['http://evil.example/callback?code=abc&state=ours']],
  ['an address that is none', ['//[?state=ours']],
])('%s is refused, and the command goes on waiting', async (_, asked) => {
  expect((await get(...asked)).status).toBe(404);
  expect(await stillWaits()).toBe(true);
  await get('/callback?code=abc&state=ours');
  expect(await stillWaits()).toBe(false);
});

test('nothing is taken before it is known which state is ours', async () => {
  state = null;
  expect((await get('/callback?code=abc&state=')).status).toBe(404);
  expect((await get('/callback?code=abc&state=null')).status).toBe(404);
});

test('only this machine can reach it, and nothing is left running', async () => {
  await loopback.close();
  await expect(get('/callback?state=ours')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  loopback = await listenForRedirect(loopback.port, () => state);
});
