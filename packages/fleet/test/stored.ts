import type { Vault } from '@contact-sync/core';
import { parseKey, type SealedVault, type StoredConnection, sealedVault, secret } from '@contact-sync/runner/engine';

/** Nobody's. */
export const key = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

export function sealedOf(vault: Vault): SealedVault {
  const parsed = parseKey(key);
  if (parsed === null) throw new Error('The key is none.');
  return sealedVault(vault, [parsed]);
}

/** What is stored of a connection to a practice, whose token is ready. */
export function storedPractice(
  url: string,
  tenantId: string,
  schedule: string | null = null,
): { source: string; stored: StoredConnection } {
  return {
    source: `xpm:${tenantId}`,
    stored: {
      connector: 'xpm',
      settings: { tenantId, baseUrl: url },
      secrets: { accessToken: secret('a-token') },
      signIn: null,
      policy: {},
      kind: null,
      schedule,
      createdBy: 'tester',
      at: '2026-01-01T00:00:00.000Z',
    },
  };
}
