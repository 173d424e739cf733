import { ContactSyncError } from '@contact-sync/core';
import { openedSignIn } from '../connections/source.js';
import { loadConnector } from '../connectors.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { errorFacts } from './log.js';
import type { ServedBook } from './served-book.js';
import { note } from './tell.js';
import type { ServeOptions } from './types.js';
import type { Watched } from './watched.js';

/**
 * Sees how the sign-in of a connection stands, without asking the system: one that nobody uses ends one day, and a
 * paused connection uses none.
 *
 * @param every not more often than this, in milliseconds
 */
export async function lookAtGrant(
  book: ServedBook,
  watched: Watched,
  { load = loadConnector, cwd }: Pick<ServeOptions, 'load' | 'cwd'>,
  telling: Parameters<typeof note>[3],
  every = 0,
): Promise<void> {
  const { stored, lookedAt } = watched;
  const now = telling.now();
  if (!stored?.signIn || (lookedAt !== null && now - lookedAt < every)) return;
  watched.lookedAt = now;
  try {
    const { grant } = stored.signIn;
    const { vault } = await book.opened();
    const opened = openedSignIn(await load(stored.connector, cwd), stored);
    const state = await opened.state({ vault: sealedVault(vault, await book.keys()), key: grant });
    watched.renewedAt = state?.renewedAt ?? null;
    // Several connections may share a sign-in; the first of them tells of it.
    if (state === null || firstOf(book, grant) !== watched.source) return;
    const { renewedAt, endsAt } = state;
    await note(book, watched, { type: 'grant', at: new Date(now).toISOString(), renewedAt, endsAt }, telling);
  } catch (error) {
    const facts = ContactSyncError.is(error) ? errorFacts(error) : { code: 'internal' };
    telling.log.debug({ book: book.name, source: watched.source, error: facts }, 'the sign-in could not be looked at');
  }
}

function firstOf({ connections }: ServedBook, grant: string): string | undefined {
  return [...connections.values()]
    .filter(({ stored }) => stored?.signIn?.grant === grant)
    .map(({ source }) => source)
    .toSorted()[0];
}
