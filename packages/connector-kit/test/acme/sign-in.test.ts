import { memoryVault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { signIn } from './sign-in.js';

const vault = memoryVault({ leaseMs: 60_000, waitMs: 0, clock: { now: () => 0, wait: async () => {} } });
const { signal } = new AbortController();

test('the sign-in that the page shows begins, knows its tenant, and has no grant yet', async () => {
  const opened = signIn.open({ client: { id: 'app', secret: 'x' }, settings: {} });
  const place = { vault, key: 'sign-in:acme' };
  const { url } = await opened.begin({ redirectUri: 'http://127.0.0.1:1/' });
  expect(url).toContain('https://id.acme.example/authorize?response_type=code&client_id=app&');
  const tokens = opened.accessTokens(place);
  expect(await opened.tenants?.(tokens, { signal })).toHaveLength(1);
  expect(await opened.state(place)).toBeNull();
  await expect(tokens.get({ signal })).rejects.toMatchObject({ code: 'source_reconnect' });
});
