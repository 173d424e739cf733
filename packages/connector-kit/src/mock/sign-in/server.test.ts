import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import { type FakeSignInOptions, fakeSignIn } from './index.js';

const [authorizeUrl, tokenUrl] = ['https://id.acme.example/authorize', 'https://id.acme.example/token'];
const minute = 60_000;
const day = 24 * 60 * minute;

function vendor(options: Partial<FakeSignInOptions> = {}) {
  let time = Date.UTC(2026, 0, 1);
  const fake = fakeSignIn({ authorizeUrl, tokenUrl, now: () => new Date(time), ...options });
  const basic = `Basic ${Buffer.from('fake-client:fake-secret').toString('base64')}`;
  async function exchange(parameters: Record<string, string>, authorization: string | null = basic) {
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const body = new URLSearchParams(parameters);
    const response = await getResponse(fake.handlers, new Request(tokenUrl, { method: 'POST', headers, body }));
    if (response === undefined) throw new Error('nobody answered');
    return { status: response.status, ...JSON.parse(await response.text()) };
  }
  return {
    fake,
    exchange,
    refresh: (token: string) => exchange({ grant_type: 'refresh_token', refresh_token: token }),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test('a refresh token is good once, and then for thirty minutes more until its successor is used', async () => {
  const { fake, refresh, pass } = vendor();
  const { refreshToken } = fake.grant();
  const first = await refresh(refreshToken);
  expect(first).toMatchObject({ status: 200, expires_in: 1800, token_type: 'Bearer' });
  pass(30 * minute);
  const second = await refresh(refreshToken);
  expect(second.status).toBe(200);
  // The one whose answer was lost is nobody's.
  expect(await refresh(first.refresh_token)).toEqual({ status: 400, error: 'invalid_grant' });
  expect((await refresh(second.refresh_token)).status).toBe(200);
  expect((await refresh(refreshToken)).status).toBe(400);

  const other = fake.grant().refreshToken;
  await refresh(other);
  pass(30 * minute + 1);
  expect((await refresh(other)).status).toBe(400);
  expect(fake.exchanges.map(({ status }) => status)).toEqual([200, 200, 400, 200, 400, 200, 400]);
});

test('without a grace, a token that comes twice ends the grant', async () => {
  const { fake, refresh } = vendor({ graceMs: 0 });
  const { refreshToken } = fake.grant();
  const first = await refresh(refreshToken);
  expect((await refresh(refreshToken)).status).toBe(400);
  expect((await refresh(first.refresh_token)).status).toBe(400);
});

test('without rotation, the same token is good for ever, and is not said again', async () => {
  const { fake, refresh } = vendor({ rotates: false });
  const { refreshToken } = fake.grant();
  for (let n = 0; n < 3; n += 1) {
    const answer = await refresh(refreshToken);
    expect(answer.status).toBe(200);
    expect(answer).not.toHaveProperty('refresh_token');
  }
});

test('sixty days without use are the end', async () => {
  const { fake, refresh, pass } = vendor();
  const { refreshToken } = fake.grant();
  pass(60 * day);
  const next = await refresh(refreshToken);
  expect(next.status).toBe(200);
  pass(60 * day + 1);
  expect((await refresh(next.refresh_token)).status).toBe(400);
});

test('an access token lasts as long as it says, unless it is revoked', () => {
  const { fake, pass } = vendor();
  const [one, other] = [fake.grant(), fake.grant()];
  fake.revoke(other.accessToken);
  expect([fake.look(one.accessToken).is, fake.look(other.accessToken).is, fake.look('x').is]).toEqual([
    'good',
    'unknown',
    'unknown',
  ]);
  pass(30 * minute - 1);
  expect(fake.look(one.accessToken).is).toBe('good');
  pass(1);
  expect(fake.look(one.accessToken)).toEqual({ is: 'expired', at: new Date('2026-01-01T00:30:00Z') });
});

test('the app must prove itself, and ask for something there is', async () => {
  const { fake, exchange } = vendor();
  const parameters = { grant_type: 'refresh_token', refresh_token: fake.grant().refreshToken };
  expect((await exchange(parameters, null)).error).toBe('invalid_client');
  expect((await exchange(parameters, 'Basic eDp5')).error).toBe('invalid_client');
  expect((await exchange({ grant_type: 'password' })).error).toBe('unsupported_grant_type');
  expect((await exchange({ grant_type: 'authorization_code', code: 'x' })).error).toBe('invalid_grant');
  const open = vendor({ client: { id: 'pkce', secret: null } });
  const theirs = { grant_type: 'refresh_token', refresh_token: open.fake.grant().refreshToken };
  expect((await open.exchange({ ...theirs, client_id: 'other' }, null)).error).toBe('invalid_client');
  expect((await open.exchange({ ...theirs, client_id: 'pkce' }, null)).status).toBe(200);
});

test('its page knows the app, and wants what an app must send', () => {
  const { fake } = vendor({ scope: 'people.read' });
  const right = {
    ...{ response_type: 'code', client_id: 'fake-client', redirect_uri: 'http://127.0.0.1/callback', state: 's' },
    ...{ scope: 'people.read', code_challenge: 'c', code_challenge_method: 'S256' },
  };
  const led = (change: Record<string, string>) => {
    const response = fake.authorize(new URLSearchParams({ ...right, ...change }));
    const location = response.headers.get('location');
    return location === null ? response.status : new URL(location).searchParams.get('error');
  };
  expect(led({})).toBeNull();
  expect(led({ client_id: 'x' })).toBe(400);
  expect(led({ redirect_uri: 'x' })).toBe(400);
  expect(led({ response_type: 'token' })).toBe('unsupported_response_type');
  expect(led({ code_challenge_method: 'plain' })).toBe('invalid_request');
  expect(led({ state: '' })).toBe('invalid_request');
  expect(led({ scope: 'people.write' })).toBe('invalid_scope');
  fake.deny('access_denied');
  expect(led({})).toBe('access_denied');
});
