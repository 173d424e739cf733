import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import { exampleApp, type FakeBgl, type FakeOptions, fakeBgl } from './index.js';

const origin = 'https://api.bgl360.com.au';
const basic = { authorization: `Basic ${Buffer.from('fake-client:fake-client-secret').toString('base64')}` };
const redirect_uri = 'http://127.0.0.1:8765/callback';
const scope = 'investment';
const noon = new Date('2026-11-22T12:00:40Z').getTime();

type Query = Record<string, string>;
type Tokens = { access_token: string; refresh_token: string };

function start(signIn: FakeOptions['signIn'] = {}) {
  const clock = { now: noon };
  const fake = fakeBgl({ signIn, now: () => new Date(clock.now) });
  return { clock, fake };
}

async function ask(fake: FakeBgl, method: string, path: string, query: Query, headers: Query = {}): Promise<Response> {
  const request = new Request(`${origin}${path}?${new URLSearchParams(query)}`, { method, headers });
  const response = await getResponse([...fake.handlers], request);
  if (response === undefined) throw new Error('no handler answered');
  return response;
}

async function codeOf(fake: FakeBgl): Promise<string> {
  const query = { response_type: 'code', client_id: 'fake-client', redirect_uri, scope, state: 'a state' };
  const response = await ask(fake, 'GET', '/oauth/authorize', query);
  expect(response.status).toBe(302);
  const target = new URL(response.headers.get('location') ?? '');
  expect(`${target.origin}${target.pathname}`).toBe(redirect_uri);
  expect(target.searchParams.get('state')).toBe('a state');
  return target.searchParams.get('code') ?? '';
}

const exchange = (fake: FakeBgl, code: string, query: Query = {}, headers: Query = basic) =>
  ask(fake, 'POST', '/oauth/token', { grant_type: 'authorization_code', code, scope, redirect_uri, ...query }, headers);
const refresh = (fake: FakeBgl, refresh_token: string, query: Query = {}, headers: Query = basic) =>
  ask(fake, 'POST', '/oauth/token', { grant_type: 'refresh_token', refresh_token, scope, ...query }, headers);

async function tokensOf(response: Promise<Response>): Promise<Tokens> {
  return (await (await response).json()) as Tokens;
}

async function opens(fake: FakeBgl, token: string): Promise<boolean> {
  return (await ask(fake, 'GET', '/account/detail', {}, { authorization: `Bearer ${token}` })).ok;
}

test('a code is exchanged for tokens that open the fake', async () => {
  const { fake, clock } = start({ expiresIn: 43_199 });
  const response = await exchange(fake, await codeOf(fake));
  const tokens = await tokensOf(Promise.resolve(response));
  expect(tokens).toEqual({
    access_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
    refresh_token: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ...{ token_type: 'bearer', expires_in: 43_199, scope: 'investment' },
  });
  expect(await opens(fake, tokens.access_token)).toBe(true);
  expect(await opens(fake, tokens.refresh_token)).toBe(false);
  clock.now += 43_199_000;
  expect(await opens(fake, tokens.access_token)).toBe(false);
  expect(fake.violations).toEqual([]);
});

test.each([false, true])('a refresh token is good for more (rotating: %s)', async (rotate) => {
  const { fake } = start({ rotate });
  const old = await tokensOf(exchange(fake, await codeOf(fake)));
  fake.signIn.expire();
  expect(await opens(fake, old.access_token)).toBe(false);
  const renewed = await tokensOf(refresh(fake, old.refresh_token));
  expect(await opens(fake, renewed.access_token)).toBe(true);
  expect(renewed.refresh_token === old.refresh_token).toBe(!rotate);
  expect((await refresh(fake, old.refresh_token)).status).toBe(rotate ? 400 : 200);
  fake.signIn.revoke();
  const refused = await refresh(fake, renewed.refresh_token);
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { error: 'invalid_grant', error_description: `Invalid refresh token: ${renewed.refresh_token}` },
  ]);
});

test('the app proves itself by Basic, in the query, or for a refresh by the old token', async () => {
  const { fake } = start();
  const { access_token, refresh_token } = await tokensOf(exchange(fake, await codeOf(fake)));
  const inQuery = { client_id: 'fake-client', client_secret: 'fake-client-secret' };
  expect((await refresh(fake, refresh_token, inQuery, {})).status).toBe(200);
  const byToken = { authorization: `bearer ${access_token}` };
  expect((await refresh(fake, refresh_token, { client_id: 'fake-client' }, byToken)).status).toBe(200);
  expect((await exchange(fake, await codeOf(fake), { client_id: 'fake-client' }, byToken)).status).toBe(401);
  expect((await refresh(fake, refresh_token, { ...inQuery, client_secret: 'x' }, {})).status).toBe(401);
});

test('codes are good once, for five minutes, and for the address that asked for them', async () => {
  const { fake, clock } = start();
  const code = await codeOf(fake);
  expect((await exchange(fake, code)).status).toBe(200);
  const again = await exchange(fake, code);
  expect(await again.json()).toEqual({
    error: 'invalid_grant',
    error_description: `Invalid authorization code: ${code}`,
  });
  const late = await codeOf(fake);
  clock.now += 5 * 60_000;
  expect((await exchange(fake, late)).status).toBe(400);
  expect((await exchange(fake, await codeOf(fake), { redirect_uri: 'http://127.0.0.1:1/' })).status).toBe(400);
});

test.each<[Query, number, string, string]>([
  [{ client_id: 'x' }, 401, 'invalid_client', 'Bad client credentials'],
  [
    { redirect_uri: 'https://x.example/' },
    400,
    'invalid_grant',
    `Invalid redirect: https://x.example/ does not match one of the registered values: [http://localhost/callback, ${redirect_uri}]`,
  ],
  [{ response_type: 'token' }, 400, 'unsupported_response_type', 'Unsupported response type token'],
  [{ scope: 'investment everything' }, 400, 'invalid_scope', 'Invalid scope: everything'],
  [{ scope: '' }, 400, 'invalid_scope', 'Invalid scope: '],
])('the page refuses %j', async (query, status, error, error_description) => {
  const right = { response_type: 'code', client_id: exampleApp.clientId, redirect_uri, scope };
  const response = await ask(start().fake, 'GET', '/oauth/authorize', { ...right, ...query });
  expect([response.status, await response.json()]).toEqual([status, { error, error_description }]);
});

test.each<[Query, Query, number, string, string]>([
  [{}, { authorization: `Basic ${btoa('fake-client:x')}` }, 401, 'invalid_client', 'Bad client credentials'],
  [{}, { authorization: `Basic ${btoa('x:y')}` }, 401, 'unauthorized', 'No client with requested refkey: x'],
  [{ grant_type: 'password' }, basic, 400, 'unsupported_grant_type', 'Unsupported grant type: password'],
  [{ scope: 'x' }, basic, 400, 'invalid_scope', 'Invalid scope: x'],
  [{}, basic, 400, 'invalid_grant', 'Invalid authorization code: none'],
])('the exchange refuses %j with %j', async (query, headers, status, error, error_description) => {
  const response = await exchange(start().fake, 'none', query, headers);
  expect([response.status, await response.json()]).toEqual([status, { error, error_description }]);
});
