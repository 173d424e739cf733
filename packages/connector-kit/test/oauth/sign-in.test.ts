import { inspect } from 'node:util';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { type OAuthVendor, openSignIn } from '../../src/index.js';
import { acme, agree, anySignal, canary, faultOf, key, minute, redirectUri, world } from './setup.js';

const signal = anySignal();

test('the address of the page asks for all that is wanted, with a proof and a state of its own each time', async () => {
  const { opened } = world();
  const [one, other] = [await opened().begin({ redirectUri }), await opened().begin({ redirectUri })];
  const url = new URL(one.url);
  expect(`${url.origin}${url.pathname}`).toBe('https://id.acme.example/authorize');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'app-1',
    redirect_uri: redirectUri,
    scope: 'offline_access people.read',
    state: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  });
  for (const name of ['state', 'code_challenge']) {
    expect(new URL(other.url).searchParams.get(name)).not.toBe(url.searchParams.get(name));
  }
});

test.each([
  ['with a secret', `${canary}-secret`],
  ['without one', null],
])('an app %s signs in, and the grant is kept', async (_, secret) => {
  const here = world({ client: { id: 'app-1', secret } });
  await here.connect();
  expect(await here.kept()).toEqual({
    version: 1,
    refreshToken: expect.stringContaining('refresh'),
    accessToken: expect.stringContaining('access'),
    endsAt: '2026-03-01T10:30:00.000Z',
    grantedAt: '2026-03-01T10:00:00.000Z',
    renewedAt: '2026-03-01T10:00:00.000Z',
    begunAt: null,
  });
  here.pass(31 * minute);
  expect(here.fake.look(await here.process().get({ signal })).is).toBe('good');
  expect(here.fake.exchanges.map(({ grantType, status }) => [grantType, status])).toEqual([
    ['authorization_code', 200],
    ['refresh_token', 200],
  ]);
});

test.each<[string, Partial<OAuthVendor>, string, string]>([
  ['in the body', {}, '', 'grant_type=refresh_token'],
  ['in the body, with the scope', { scopeAlways: true }, '', 'scope=offline_access+people.read'],
  ['in the query', { parameters: 'query', scopeAlways: true }, 'scope=offline_access+people.read', ''],
])('parameters %s', async (_, vendor, inQuery, inBody) => {
  const here = world({ vendor });
  await here.connect();
  here.pass(31 * minute);
  const seen: { query: string; body: string; headers: Headers }[] = [];
  here.handlers.unshift(
    http.post(acme.tokenUrl, async ({ request }) => {
      const body = await request.clone().text();
      seen.push({ query: new URL(request.url).search, body, headers: request.headers });
      return undefined;
    }),
  );
  await here.process().get({ signal });
  expect(seen).toHaveLength(1);
  expect(seen[0]?.query).toContain(inQuery);
  expect(seen[0]?.body).toContain(inBody);
  expect(vendor.parameters === 'query' ? seen[0]?.body : seen[0]?.query).toBe('');
  expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({
    accept: 'application/json',
    authorization: `Basic ${Buffer.from(`app-1:${canary}-secret`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'contact-sync (connector-acme)',
  });
});

test('signs that mean something in Basic are coded in id and secret', async () => {
  const here = world({ client: { id: 'a:p p', secret: '50%+é' } });
  const seen: (string | null)[] = [];
  here.handlers.unshift(
    http.post(acme.tokenUrl, ({ request }) => {
      seen.push(request.headers.get('authorization'));
      return HttpResponse.json({ access_token: 'a', refresh_token: 'r' });
    }),
  );
  await here.connect();
  expect(seen).toEqual([`Basic ${Buffer.from('a%3Ap+p:50%25%2B%C3%A9').toString('base64')}`]);
});

/** Begins; gives what `finish` makes of the redirect that `change` makes of the true one. */
async function finishing(change: (url: URL) => unknown, here = world()) {
  const { url, finish } = await here.opened().begin({ redirectUri });
  const redirected = new URL(await agree(here.fake, url));
  const changed = change(redirected);
  const text = typeof changed === 'string' ? changed : redirected.href;
  return { here, finish: () => finish(text, { vault: here.vault, key, signal }) };
}

test('blanks around a pasted address do no harm, nor what the vendor adds', async () => {
  const { here, finish } = await finishing((url) => {
    url.searchParams.set('session_state', 'x');
    url.searchParams.set('iss', acme.issuer);
    return `  ${url.href}#_=_\r\n`;
  });
  await finish();
  expect(here.fake.look((await here.kept()).accessToken).is).toBe('good');
});

const pasted = 'This is not the address to which the sign-in led.';
const foreign = 'This address does not belong to this sign-in to Acme.';
test.each<[string, (url: URL) => unknown, string, string]>([
  ['nothing', () => '', 'setting_invalid', pasted],
  ['a code alone', (url) => url.searchParams.get('code') ?? '', 'setting_invalid', pasted],
  ['the page itself', () => `${acme.authorizeUrl}?code=${canary}`, 'setting_invalid', pasted],
  ['another port', (url) => url.href.replace(':8737', ':8738'), 'setting_invalid', pasted],
  ['another path', (url) => url.href.replace('/callback', '/other'), 'setting_invalid', pasted],
  ['another state', (url) => url.searchParams.set('state', canary), 'source_unauthorized', foreign],
  ['no state', (url) => url.searchParams.delete('state'), 'source_unauthorized', foreign],
  ['two states', (url) => url.searchParams.append('state', 'x'), 'source_unauthorized', foreign],
  ['no code', (url) => url.searchParams.delete('code'), 'source_unauthorized', foreign],
  ['an empty code', (url) => url.searchParams.set('code', ''), 'source_unauthorized', foreign],
  ['two codes', (url) => url.searchParams.append('code', 'x'), 'source_unauthorized', foreign],
  ['another issuer', (url) => url.searchParams.set('iss', 'https://evil.example'), 'source_unauthorized', foreign],
  [
    'a refusal with another state',
    (url) => {
      url.search = '?error=access_denied&state=x';
    },
    'source_unauthorized',
    foreign,
  ],
])('%s is refused before anything is sent', async (_, change, code, message) => {
  const { here, finish } = await finishing(change);
  const error = await faultOf(finish());
  expect([error.code, error.message]).toEqual([code, message]);
  expect(here.fake.exchanges).toEqual([]);
  expect(await here.vault.read(key)).toBeNull();
});

test.each([
  [
    'access_denied',
    'source_forbidden',
    'Nothing was connected: on the page of Acme the question was answered with no.',
    'Run it again: contact-sync connect acme',
  ],
  [
    'temporarily_unavailable',
    'source_unavailable',
    'Acme cannot sign anybody in now (temporarily_unavailable).',
    'Run it again: contact-sync connect acme',
  ],
  ['invalid_scope', 'source_forbidden', 'Acme did not let the app ask (invalid_scope).', 'how the app is registered'],
  [`<b>${canary}</b>`, 'source_forbidden', 'Acme did not let the app ask.', 'how the app is registered'],
])('the page says %s', async (said, code, message, hint) => {
  const here = world();
  here.fake.deny(said);
  const { finish } = await finishing(() => {}, here);
  const error = await faultOf(finish());
  expect([error.code, error.message]).toEqual([code, message]);
  expect(error.hint).toContain(hint);
  expect(here.fake.exchanges).toEqual([]);
});

test('a code is good once, and only with the proof of the sign-in that asked for it', async () => {
  const { here, finish } = await finishing(() => {});
  await finish();
  const kept = await here.kept();
  const error = await faultOf(finish());
  expect([error.code, error.message]).toEqual([
    'source_unauthorized',
    'Acme does not accept this sign-in: it is over, or was used already.',
  ]);
  expect(await here.kept()).toEqual(kept);

  const one = await here.opened().begin({ redirectUri });
  const other = await here.opened().begin({ redirectUri });
  const redirected = new URL(await agree(here.fake, one.url));
  redirected.searchParams.set('state', new URL(other.url).searchParams.get('state') ?? '');
  const stolen = other.finish(redirected.href, { vault: here.vault, key, signal });
  expect((await faultOf(stolen)).code).toBe('source_unauthorized');
  expect(here.fake.exchanges.at(-1)?.status).toBe(400);
});

test('a grant that does not last is none', async () => {
  const here = world();
  here.fake.fault(() => HttpResponse.json({ access_token: canary, expires_in: 1800, token_type: 'Bearer' }));
  expect(await faultOf(here.connect())).toMatchObject({
    code: 'source_forbidden',
    message: 'Acme gave no token that lasts.',
  });
  expect(await here.vault.read(key)).toBeNull();
});

test('the code waits for the lock of a renewal that is going on', async () => {
  const here = world();
  const free = Promise.withResolvers<void>();
  const holding = here.vault.locked(key, () => free.promise);
  here.whileWaiting(async () => {
    expect(here.fake.exchanges).toEqual([]);
    free.resolve();
    await holding;
  });
  await here.connect();
  expect(here.waits).toHaveLength(1);
  expect((await here.kept()).grantedAt).toBe(here.now().toISOString());
});

test.each<Partial<OAuthVendor>>([
  { authorizeUrl: 'http://id.acme.example/authorize' },
  { tokenUrl: 'http://id.acme.example/token' },
  { tokenUrl: 'http://127.0.0.1.evil.example/token' },
])('plain http to another machine is refused: %j', (wrong) => {
  const open = () => openSignIn({ vendor: { ...acme, ...wrong }, client: { id: 'app-1', secret: null } });
  expect(open).toThrow(expect.objectContaining({ code: 'setting_invalid' }));
});

test('what is printed of a sign-in, or made text of it, holds no secret', async () => {
  const here = world();
  await here.connect();
  const opened = here.opened();
  const begun = await opened.begin({ redirectUri });
  const tokens = opened.accessTokens({ vault: here.vault, key });
  await tokens.get({ signal });
  const state = await opened.state({ vault: here.vault, key });
  for (const thing of [opened, begun, tokens, state]) {
    expect(`${JSON.stringify(thing)} ${inspect(thing, { depth: 9, showHidden: true })}`).not.toContain(canary);
  }
});
