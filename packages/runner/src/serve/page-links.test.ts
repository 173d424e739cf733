import { memoryLeases, memoryVault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { newKey, parseKey } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { makePageLink, usePageLink } from './page-links.js';

const minute = 60_000;
const mary = { user: 'mary', role: 'administrator' } as const;

function vaults() {
  const key = parseKey(newKey());
  if (key === null) throw new Error('A new key is no key.');
  const leases = memoryLeases();
  const timing = { leaseMs: minute, waitMs: 0, clock: { now: () => 0, wait: async () => {} } };
  return { plain: memoryVault(timing, leases), sealed: () => sealedVault(memoryVault(timing, leases), [key]) };
}

const tokenOf = (link: string) => new URL(link, 'http://localhost').searchParams.get('token') ?? '';

test('a link lets one person in once', async () => {
  const { sealed } = vaults();
  const token = tokenOf(await makePageLink(sealed(), mary, 0));
  // 256 bits, in base64 without an end.
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await usePageLink(sealed(), token, 15 * minute - 1)).toEqual(mary);
  expect(await usePageLink(sealed(), token, 15 * minute - 1)).toBeNull();
});

test('a link to the page of a book opens none of a fleet, nor the other way round', async () => {
  const { sealed } = vaults();
  const [page, fleet] = [await makePageLink(sealed(), mary, 0), await makePageLink(sealed(), mary, 0, 'fleet')];
  expect(await usePageLink(sealed(), tokenOf(page), 1, 'fleet')).toBeNull();
  expect(await usePageLink(sealed(), tokenOf(fleet), 1)).toBeNull();
  expect(await usePageLink(sealed(), tokenOf(fleet), 1, 'fleet')).toEqual(mary);
  expect(await usePageLink(sealed(), tokenOf(page), 1)).toEqual(mary);
});

test('of two who use it at once, one comes in', async () => {
  const { sealed } = vaults();
  const token = tokenOf(await makePageLink(sealed(), mary, 0));
  const both = await Promise.allSettled([usePageLink(sealed(), token, 1), usePageLink(sealed(), token, 1)]);
  expect(both.filter((one) => one.status === 'fulfilled' && one.value !== null)).toHaveLength(1);
});

test('after 15 minutes it is over', async () => {
  const { sealed } = vaults();
  const token = tokenOf(await makePageLink(sealed(), mary, 0));
  expect(await usePageLink(sealed(), token, 15 * minute)).toBeNull();
});

test('another token opens nothing, and uses nothing up', async () => {
  const { sealed } = vaults();
  const token = tokenOf(await makePageLink(sealed(), { user: 'vic', role: 'viewer' }, 0));
  for (const other of ['', 'x', `${token}x`, token.toLowerCase(), token.slice(1)])
    expect(await usePageLink(sealed(), other, 1)).toBeNull();
  expect(await usePageLink(sealed(), token, 1)).toEqual({ user: 'vic', role: 'viewer' });
});

test('the store shows neither the token nor whose it is', async () => {
  const { plain, sealed } = vaults();
  const token = tokenOf(await makePageLink(sealed(), mary, 0));
  const [key = '', ...others] = await plain.keys('');
  expect(others).toEqual([]);
  expect(`${key} ${await plain.read(key)}`).not.toMatch(new RegExp(`${token}|mary`));
});

test('links that are over are forgotten', async () => {
  const { plain, sealed } = vaults();
  await makePageLink(sealed(), mary, 0);
  await makePageLink(sealed(), mary, 14 * minute);
  expect(await plain.keys('')).toHaveLength(2);
  await makePageLink(sealed(), mary, 15 * minute);
  expect(await plain.keys('')).toHaveLength(2);
});
