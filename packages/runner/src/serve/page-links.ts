import { createHash, randomBytes } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import { z } from 'zod';
import type { SealedVault } from '../secrets/sealed-vault.js';
import type { LinkHolder } from './web.js';

/** For so long somebody may come in with a link, in milliseconds. */
const lifeMs = 15 * 60_000;

/** What a link opens: one to the page of a book opens none of a fleet. */
type Opens = 'page' | 'fleet';

const prefixOf = (opens: Opens) => `${opens}-link:`;

const schema = z.strictObject({
  user: z.string(),
  role: z.enum(['viewer', 'administrator']),
  /** ISO 8601 in UTC. */
  endsAt: z.string(),
});

/**
 * Makes a link with which one person comes in once. The store keeps its hash, sealed: whoever has the store and its key
 * can make one, and whoever reads the store alone cannot.
 *
 * @returns the path of the link, to be put behind the address of the page
 */
export async function makePageLink(
  vault: SealedVault,
  holder: LinkHolder,
  now: number,
  opens: Opens = 'page',
): Promise<string> {
  await dropEnded(vault, now, prefixOf(opens));
  const token = randomBytes(32).toString('base64url');
  await vault.replace(keyOf(token, opens), JSON.stringify({ ...holder, endsAt: new Date(now + lifeMs).toISOString() }));
  return `/open?token=${token}`;
}

/** Who holds the link, and the link is used up. Null: it was used before, is over, or is none. */
export async function usePageLink(
  vault: SealedVault,
  token: string,
  now: number,
  opens: Opens = 'page',
): Promise<LinkHolder | null> {
  const key = keyOf(token, opens);
  // Whoever tries tokens takes no locks. The look-up is by hash, and its time tells nothing of a token.
  if ((await vault.read(key)) === null) return null;
  return await vault.locked(key, async ({ value, save }) => {
    if (value === null) return null;
    await save(null);
    const { user, role, endsAt } = schema.parse(JSON.parse(value));
    return Date.parse(endsAt) > now ? { user, role } : null;
  });
}

async function dropEnded(vault: SealedVault, now: number, prefix: string): Promise<void> {
  for (const key of await vault.keys(prefix)) {
    try {
      await vault.locked(key, async ({ value, save }) => {
        if (value !== null && Date.parse(schema.parse(JSON.parse(value)).endsAt) <= now) await save(null);
      });
    } catch (error) {
      // It is being used, or was made with a key that is gone: either way it lets nobody in later.
      if (!ContactSyncError.is(error)) throw error;
    }
  }
}

function keyOf(token: string, opens: Opens): string {
  return prefixOf(opens) + createHash('sha256').update(token).digest('base64url');
}
