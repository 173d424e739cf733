import { once } from 'node:events';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { memoryVault, readAll } from '@contact-sync/core';
import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import { bgl, connector } from '../src/index.js';
import { exampleApp, type FakeBgl, type FakeOptions, fakeBgl, sampleFirm } from '../src/mock/index.js';
import { failureOf } from './setup.js';

const client = { id: exampleApp.clientId, secret: exampleApp.clientSecret };
const redirectUri = 'http://localhost:49152/callback';
const { signal } = new AbortController();
/** A lease is never renewed here: whatever is done under it is done at once. */
const clock = { now: () => Date.now(), wait: untilOver };

async function untilOver(_: number, over?: AbortSignal): Promise<void> {
  if (over !== undefined) await once(over, 'abort');
}

function open(fake: FakeBgl, settings: Record<string, unknown> = {}) {
  const { signIn } = connector;
  if (signIn === undefined) throw new Error('the connector has no sign-in');
  const transport = mswTransport(fake.handlers);
  const wait = async () => {};
  return signIn.open({ client, settings: { scope: 'investment', transport, wait, ...settings } });
}

/** A person signs in, and agrees. */
async function signedIn(options: FakeOptions = {}) {
  const fake = fakeBgl({ ...sampleFirm(), ...options });
  const opened = open(fake);
  const place = { vault: memoryVault({ leaseMs: 60_000, waitMs: 0, clock }), key: 'sign-in:bgl' };
  const begun = await opened.begin({ redirectUri });
  const page = await getResponse([...fake.handlers], new Request(begun.url));
  await begun.finish(page?.headers.get('location') ?? '', { ...place, signal });
  return { fake, opened, tokens: opened.accessTokens(place) };
}

const read = (fake: FakeBgl, accessToken: Awaited<ReturnType<typeof signedIn>>['tokens']) =>
  readAll(bgl({ firm: fake.access.firm, accessToken, transport: mswTransport(fake.handlers), members: true }));

test('whoever signs in gets the firm, and reads it', async () => {
  const { fake, opened, tokens } = await signedIn();
  expect(await opened.tenants?.(tokens, { signal })).toEqual([
    { id: 'fake-firm-1', title: 'Example Accountants', settings: { firm: 'fake-firm-1' } },
  ]);
  expect((await read(fake, tokens)).records).toHaveLength(4);
  expect(fake.violations).toEqual([]);
});

test.each([false, true])('tokens that end are renewed, also in the middle of a read (rotating: %s)', async (rotate) => {
  let ends = 0;
  const { fake, tokens } = await signedIn({
    signIn: { rotate },
    meanwhile: ({ path }) => {
      ends += path === '/account/detail' || path.endsWith('/members') ? 1 : 0;
      if (path === '/account/detail' || path.endsWith('/members')) fake.signIn.expire();
    },
  });
  expect((await read(fake, tokens)).records).toHaveLength(4);
  expect((await read(fake, tokens)).records).toHaveLength(4);
  expect(ends).toBe(6);
  expect(fake.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1 + ends);
});

test('a fund that is not accessible is no reason to renew', async () => {
  const { fake, tokens } = await signedIn();
  fake.updateFund('8a9c9e00000000000000000000000001', { accessible: false });
  expect((await read(fake, tokens)).unreadable).toHaveLength(3);
  expect(fake.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1);
});

test('where access was revoked, somebody has to sign in again', async () => {
  const { fake, tokens } = await signedIn();
  fake.signIn.revoke();
  expect((await failureOf(read(fake, tokens))).code).toBe('source_reconnect');
});

test('no default is guessed for the scope', () => {
  const fake = fakeBgl();
  expect(() => open(fake, { scope: undefined })).toThrow('BGL CAS 360 and Simple Fund 360: scope is missing.');
  expect(() => open(fake, { scope: 'a&b' })).toThrow('scope: must be the scope that BGL registered');
});

test('a scope that the app does not have is told', async () => {
  const fake = fakeBgl();
  const begun = await open(fake, { scope: 'everything' }).begin({ redirectUri });
  const page = await getResponse([...fake.handlers], new Request(begun.url));
  expect([page?.status, await page?.json()]).toMatchObject([400, { error: 'invalid_scope' }]);
});
