import { randomUUID } from 'node:crypto';
import type { Vault } from '@contact-sync/core';
import type { KeyRing } from '../secrets/keys.js';
import { removeSealed, sealedKeys, sealedVault } from '../secrets/sealed-vault.js';
import { readIfOpens, storedKey, storedSources } from './stored.js';

const prefix = (book: string, connector: string) => `sign-in:${JSON.stringify([book, connector]).slice(0, -1)},`;

/** Where the grant of a new sign-in is kept. One of its own, so that what an older one opens stays open. */
export function newGrantKey(book: string, connector: string): string {
  return `sign-in:${JSON.stringify([book, connector, randomUUID()])}`;
}

/** The connector of a source: the first part of its name. */
function connectorOf(source: string): string {
  return source.slice(0, source.indexOf(':'));
}

/** While connections of a book are made, changed and removed: one at a time. */
export function connecting<T>(vault: Vault, book: string, work: () => Promise<T>): Promise<T> {
  return vault.locked(`connecting:${JSON.stringify([book])}`, work);
}

/**
 * Removes what is stored of a connection, and its grant if no other connection uses that. Nobody needs a key to end
 * access: without one, a grant goes with the last connection of its connector.
 */
export async function removeStored(vault: Vault, keys: KeyRing | null, book: string, source: string): Promise<void> {
  await removeSealed(vault, storedKey(book, source));
  await removeUnusedGrants(vault, keys, book, connectorOf(source));
}

export async function removeUnusedGrants(
  vault: Vault,
  keys: KeyRing | null,
  book: string,
  connector: string,
): Promise<void> {
  const used = await usedGrants(vault, keys, book, connector);
  if (used === 'unknown') return;
  for (const grant of await sealedKeys(vault, prefix(book, connector))) {
    if (!used.has(grant)) await removeSealed(vault, grant);
  }
}

async function usedGrants(
  vault: Vault,
  keys: KeyRing | null,
  book: string,
  connector: string,
): Promise<Set<string> | 'unknown'> {
  const used = new Set<string>();
  for (const source of await storedSources(vault, book)) {
    if (connectorOf(source) !== connector) continue;
    if (keys === null) return 'unknown';
    // One that does not open is perhaps of a key that comes back: what it uses is not known.
    const stored = await readIfOpens(sealedVault(vault, keys), book, source);
    if (stored === null) return 'unknown';
    if (stored.signIn !== null) used.add(stored.signIn.grant);
  }
  return used;
}
