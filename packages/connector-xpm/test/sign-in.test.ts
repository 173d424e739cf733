import { inspect } from 'node:util';
import { mswTransport, serveMock } from '@contact-sync/connector-kit/mock';
import { memoryVault, type OpenSignIn, readAll } from '@contact-sync/core';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { connector, xpm } from '../src/index.js';
import { type FakeOptions, type FakeXpm, fakeXpm, faults, mock, origin, samplePractice } from '../src/mock/index.js';
import { failureOf, someTime } from './setup.js';

const { signal } = new AbortController();
const minute = 60_000;
const day = 24 * 60 * minute;
const key = 'sign-in:xpm';
const redirectUri = 'http://127.0.0.1:8737/callback';
const canary = 'Canary-token';

/** Somebody who has connected a practice, and a time that only the test moves. */
function practice(options: FakeOptions = {}) {
  let time = someTime.getTime();
  const now = () => new Date(time);
  const fake = fakeXpm({ clients: samplePractice(), accessToken: canary, now, ...options });
  const settings = { transport: mswTransport(fake.handlers), now, wait: async () => {}, random: () => 0 };
  const wait = async (_: number, over?: AbortSignal) =>
    await new Promise<void>((resolve) => over?.addEventListener('abort', () => resolve(), { once: true }));
  const vault = memoryVault({ leaseMs: minute, waitMs: 0, clock: { now: () => time, wait } });
  const opened = openedOn(fake, settings);
  const tokens = opened.accessTokens({ vault, key });
  return {
    fake,
    opened,
    tokens,
    vault,
    pass: (ms: number) => {
      time += ms;
    },
    connect: () => connect(fake, opened, vault),
    read: () => readAll(xpm({ ...settings, tenantId: fake.access.tenantId, accessToken: tokens })),
    tenants: () => opened.tenants?.(tokens, { signal }) ?? Promise.reject(new Error('It has no tenants.')),
  };
}

function openedOn(fake: FakeXpm, settings: Record<string, unknown>): OpenSignIn {
  if (connector.signIn === undefined) throw new Error('It has no sign-in.');
  return connector.signIn.open({ client: fake.signIn.client, settings });
}

async function connect(fake: FakeXpm, opened: OpenSignIn, vault: Parameters<OpenSignIn['state']>[0]['vault']) {
  const { url, finish } = await opened.begin({ redirectUri });
  const redirected = fake.signIn.authorize(new URL(url).searchParams).headers.get('location') ?? '';
  await finish(redirected, { vault, key, signal });
}

const refreshes = (fake: FakeXpm) => fake.signIn.exchanges.filter(({ grantType }) => grantType === 'refresh_token');

test('Xero’s own page is asked, and the tenant need not be known', async () => {
  const { opened } = practice();
  const url = new URL((await opened.begin({ redirectUri })).url);
  expect(`${url.origin}${url.pathname}`).toBe('https://login.xero.com/identity/connect/authorize');
  expect(url.searchParams.get('scope')).toBe('offline_access practicemanager.client.read');
  expect(connector.signIn?.client).toEqual({ id: 'XPM_CLIENT_ID', secret: 'XPM_CLIENT_SECRET', secretNeeded: false });
  expect(connector.secrets).toHaveProperty(connector.signIn?.setting ?? '');
});

test.each([
  ['with a secret', undefined],
  ['with PKCE alone', { id: 'pkce-app', secret: null }],
])('an app %s connects, lists the practice, and reads it', async (_, client) => {
  const here = practice(client === undefined ? {} : { client });
  await here.connect();
  const { tenantId } = here.fake.access;
  expect(await here.tenants()).toEqual([{ id: tenantId, title: null, settings: { tenantId } }]);
  expect((await here.read()).rows).toBe(17);
  expect(await here.opened.state({ vault: here.vault, key })).toMatchObject({
    tokenEndsAt: '2026-11-22T14:09:45.000Z',
    endsAt: '2027-01-21T13:39:45.000Z',
  });
});

test('a token that ended between two reads is renewed before it is refused', async () => {
  const here = practice();
  await here.connect();
  for (let round = 0; round < 3; round += 1) {
    here.pass(day);
    expect((await here.read()).rows).toBe(17);
  }
  expect(refreshes(here.fake)).toHaveLength(3);
  expect(here.fake.requests.map(({ status }) => status)).not.toContain(401);
});

test.each([
  ['TokenExpired', faults.tokenExpired()],
  ['AuthenticationUnsuccessful', faults.tokenInvalid()],
])('a 401 %s: one renewal, and the request once more', async (_, fault) => {
  const here = practice();
  await here.connect();
  here.fake.fault(fault);
  expect((await here.read()).rows).toBe(17);
  expect(refreshes(here.fake)).toHaveLength(1);
  // One that stays is told, and not asked about for ever.
  here.fake.fault(fault, 100);
  expect((await failureOf(here.read())).code).toBe('source_unauthorized');
  expect(refreshes(here.fake)).toHaveLength(2);
});

test.each([
  ['a scope that is missing', faults.scopeMissing(), 'allow what is asked for (practicemanager.client.read)'],
  ['a tenant that was disconnected', faults.forbidden(), 'contact-sync connect xpm'],
  [
    'a privilege that is missing',
    faults.forbidden('InsufficientPermissions'),
    'Somebody with the privilege "Connect third-party add-ons" in Practice Manager has to run',
  ],
])('%s is not mended by a new token, and says what is', async (_, fault, hint) => {
  const here = practice();
  await here.connect();
  here.fake.fault(fault);
  const error = await failureOf(here.read());
  expect(error.code).toBe('source_forbidden');
  expect(error.hint).toContain(hint);
  expect(error.reference).toMatch(/^0{8}-/);
  expect(refreshes(here.fake)).toEqual([]);
});

test('a connection that was ended at Xero, or that nobody used for 60 days, has to be made anew', async () => {
  for (const end of [({ fake }: ReturnType<typeof practice>) => fake.signIn.endAll(), () => {}]) {
    const here = practice();
    await here.connect();
    end(here);
    here.pass(60 * day + 1);
    const error = await failureOf(here.read());
    expect([error.code, error.hint]).toEqual(['source_reconnect', 'Run: contact-sync connect xpm']);
    expect(refreshes(here.fake)).toHaveLength(1);
  }
});

test('the practices of a person, each by its name and in Xero’s order, and nothing that is no practice', async () => {
  const other = '9D1D1D1D-0000-4000-8000-000000000009';
  const here = practice({
    connections: [
      { tenantId: '1a1a1a1a-0000-4000-8000-000000000001', tenantType: 'PRACTICE', tenantName: 'The same in HQ' },
      { tenantId: other, tenantType: 'PRACTICEMANAGER', tenantName: ' Example & Partners ' },
    ],
  });
  await here.connect();
  const id = here.fake.access.tenantId;
  expect(await here.tenants()).toEqual([
    { id, title: null, settings: { tenantId: id } },
    { id: other.toLowerCase(), title: 'Example & Partners', settings: { tenantId: other.toLowerCase() } },
  ]);
  expect(here.fake.violations).toEqual([]);
});

test('somebody without Practice Manager is told which privilege that takes', async () => {
  const here = practice();
  await here.connect();
  const connections = [
    { tenantId: '1a1a1a1a-0000-4000-8000-000000000001', tenantType: 'ORGANISATION', tenantName: 'x' },
  ];
  const { url, close } = await serveMock([http.get(`${origin}/connections`, () => HttpResponse.json(connections))], {
    origin,
  });
  try {
    const opened = openedOn(here.fake, { baseUrl: `${url}/practicemanager/3.1` });
    const tokens = { get: async () => 'any', refused: async () => false };
    const error = await failureOf(opened.tenants?.(tokens, { signal }) ?? Promise.resolve());
    expect(error.code).toBe('source_forbidden');
    expect(error.message).toBe('The sign-in opens 1 Xero accounts, and none of them is in Practice Manager.');
    expect(error.hint).toContain('Connect third-party add-ons');
  } finally {
    await close();
  }
});

test('on a port: sign in, choose, read, with nothing but what the mock says of itself', async () => {
  const served = await mock.serve({ contacts: 5 });
  try {
    const { XPM_CLIENT_ID: id = '', XPM_CLIENT_SECRET: secret = '' } = served.env;
    const { baseUrl = '' } = served.settings;
    const opened = connector.signIn?.open({ client: { id, secret }, settings: { baseUrl } });
    if (opened === undefined) throw new Error('It has no sign-in.');
    const vault = memoryVault({
      leaseMs: minute,
      waitMs: 0,
      clock: { now: Date.now, wait: (_, over) => new Promise((done) => over?.addEventListener('abort', () => done())) },
    });
    const { url, finish } = await opened.begin({ redirectUri });
    expect(url.startsWith(`${served.url}/identity/connect/authorize?`)).toBe(true);
    const page = await fetch(url, { redirect: 'manual' });
    await finish(page.headers.get('location') ?? '', { vault, key, signal });
    const accessToken = opened.accessTokens({ vault, key });
    const [tenant] = (await opened.tenants?.(accessToken, { signal })) ?? [];
    const read = await readAll(xpm({ baseUrl, accessToken, tenantId: tenant?.settings.tenantId ?? '' }));
    expect(read.records.length).toBeGreaterThan(0);
  } finally {
    await served.close();
  }
});

test('no setting of another connector is needed, and one that is wrong is named', () => {
  const open = (settings: Record<string, unknown>) => () =>
    connector.signIn?.open({ client: { id: 'x', secret: null }, settings });
  expect(open({ prospects: 'true', clients: 'all' })).not.toThrow();
  expect(open({ baseUrl: 'ftp://api.xero.com' })).toThrow('baseUrl: must be an address');
});

test('the settings of a source that signs in show no token', () => {
  const here = practice();
  const settings = connector.settings.parse({ tenantId: here.fake.access.tenantId, accessToken: here.tokens });
  expect(`${inspect(settings, { depth: 9 })} ${JSON.stringify(settings)}`).not.toContain(canary);
});
