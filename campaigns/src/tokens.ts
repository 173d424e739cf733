import { openSignIn } from '@contact-sync/connector-kit';
import type { OpenSignIn, Vault } from '@contact-sync/core';
import { sqliteVault } from '@contact-sync/storage-sqlite';
import type { Dispatcher } from 'undici';
import type { Address } from './target.js';

/** A vendor that is served on this machine: what parent and children know of it. */

export const vendorOrigin = 'https://id.acme.example';
export const client = { id: 'campaign', secret: 'campaign-secret' };
export const key = 'sign-in:acme';

export function vendorAt(url: string, graceMs: number) {
  return {
    name: 'acme',
    title: 'Acme',
    issuer: vendorOrigin,
    authorizeUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    scope: 'offline_access',
    graceMs,
    unusedMs: null,
  };
}

export function signInAt(url: string, graceMs: number, transport?: Dispatcher): Omit<OpenSignIn, 'tenants'> {
  return openSignIn({ vendor: vendorAt(url, graceMs), client, transport });
}

/** Only loads what it needs. `leaseMs`: for how long a killed process keeps its lock. */
export async function vaultAt(address: Address, leaseMs: number): Promise<Vault> {
  if (address.store === 'sqlite') return sqliteVault({ file: address.file, leaseMs });
  const { postgresVault } = await import('@contact-sync/storage-postgres');
  return postgresVault({ url: address.url, book: address.book, leaseMs });
}

/** A grant whose token has ended, in its place. */
export async function keepEnded(vault: Vault, pair: { refreshToken: string; accessToken: string }): Promise<void> {
  const [grantedAt, endsAt] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:30:00.000Z'];
  const grant = { version: 1, ...pair, endsAt, grantedAt, renewedAt: grantedAt, begunAt: null };
  await vault.locked(key, ({ save }) => save(JSON.stringify(grant)));
}
