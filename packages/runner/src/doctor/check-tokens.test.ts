import { type Connector, type GrantState, memoryVault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Stored } from '../connections/open-stored.js';
import { keyRing } from '../secrets/key-sources.js';
import { newKey } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { checkTokens } from './check-connection.js';

const signal = new AbortController().signal;
const never = () => Promise.reject(new Error('nobody is to be asked'));

async function tokens(grant: Partial<GrantState> | null) {
  const state: GrantState | null = grant && {
    grantedAt: '2026-01-01T00:00:00Z',
    renewedAt: '2026-01-31T00:00:00Z',
    tokenEndsAt: null,
    endsAt: null,
    renewingSince: null,
    ...grant,
  };
  const open = () => ({
    begin: never,
    accessTokens: () => ({ get: never, refused: never }),
    state: async () => state,
  });
  const connector: Connector = {
    name: 'x',
    title: 'X',
    settings: z.unknown(),
    secrets: {},
    create: () => ({ source: 'x:1', read: () => expect.fail('nothing is to be read') }),
    sourceOf: () => 'x:1',
    signIn: { client: { id: 'X_ID', secret: 'X_SECRET', secretNeeded: false }, setting: 'accessToken', open },
  };
  const keys = await keyRing({ env: { CONTACT_SYNC_KEY: newKey() }, cwd: '/', signal });
  const made = { connector: 'x', settings: {}, secrets: {}, policy: {}, kind: null, schedule: null };
  const signIn = { grant: 'g', client: { id: 'a', secret: null } };
  const stored: Stored['stored'] = { ...made, signIn, createdBy: 'me', at: '2026-01-01T00:00:00Z' };
  const vault = memoryVault({ leaseMs: 60_000, waitMs: 0, clock: { now: () => 0, wait: never } });
  const found: Stored = { source: 'x:1', stored, connector, keys };
  return await checkTokens(found, sealedVault(vault, keys), new Date('2026-01-31T00:00:00Z'));
}

test.each<[string, Partial<GrantState> | null, string, string]>([
  ['one that does not end', {}, 'ok', 'Signed in 30 days ago, last renewed today.'],
  ['one with 16 days left', { endsAt: '2026-02-16T00:00:00Z' }, 'ok', 'last renewed today.'],
  ['one with 15 days left', { endsAt: '2026-02-15T00:00:00Z' }, 'warning', 'It ends in 15 days unless it is used.'],
  ['one with a day left', { endsAt: '2026-01-31T12:00:00Z' }, 'warning', 'It ends in one day unless'],
  ['one that ended', { endsAt: '2026-01-31T00:00:00Z' }, 'failed', 'It has ended, since it was not used.'],
  ['one that hangs', { renewingSince: '2026-01-30T23:59:00Z' }, 'warning', 'A renewal of 2026-01-30T23:59:00Z has not'],
  ['none', null, 'failed', 'The sign-in is gone.'],
])('%s', async (_, grant, state, says) => {
  const check = await tokens(grant);
  expect(check).toMatchObject({ area: 'tokens', source: 'x:1', state });
  expect(check.says).toContain(says);
});
