import { type Connection, ContactSyncError, type Vault } from '@contact-sync/core';
import type { KeyRing } from '../secrets/keys.js';
import type { Place } from '../stores.js';
import type { Terminal } from '../terminal.js';
import { connecting, removeStored } from './grants.js';
import { storedSources } from './stored.js';
import { keysIfAny, withVault } from './vaults.js';

/** Removes what is stored to read a source. False where nothing is. */
export async function endAccess(terminal: Terminal, place: Place, source: string): Promise<boolean> {
  return await withVault(place, 'write', async (vault) =>
    endAccessIn(vault, () => keysIfAny(terminal), place.book, source),
  );
}

/** The same, in a vault that is open. `keys`: null where none are to be had. */
export async function endAccessIn(
  vault: Vault,
  keys: () => Promise<KeyRing | null>,
  book: string,
  source: string,
): Promise<boolean> {
  if (!(await storedSources(vault, book)).includes(source)) return false;
  const ring = await keys();
  await connecting(vault, book, () => removeStored(vault, ring, book, source));
  return true;
}

/** Fails while the book is connected to the source: what is stored is then removed by ending the connection. */
export function refuseConnected(connections: readonly Connection[], source: string): void {
  const known = connections.find((connection) => connection.source === source);
  if (known === undefined || known.state === 'disconnected') return;
  throw new ContactSyncError('usage', `The book is still connected to ${source}.`, {
    hint: `To end the connection, its secrets included: contact-sync disconnect ${source}. Its contacts stay, as manual ones.`,
  });
}
