import { type Connector, type ContactSource, ContactSyncError, type Vault } from '@contact-sync/core';
import { loadConnector } from '../connectors.js';
import type { KeyRing } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import type { Place } from '../stores.js';
import type { Terminal } from '../terminal.js';
import { findStored } from './find.js';
import { sourceOf } from './source.js';
import { readStored, type StoredConnection } from './stored.js';
import { type Secrets, withSecrets, withVault } from './vaults.js';

export type Stored = {
  readonly source: string;
  readonly stored: StoredConnection;
  readonly connector: Connector;
  readonly keys: KeyRing;
};

/** Where connectors are loaded from. */
export type LoadFrom = {
  readonly cwd: string;
  readonly load?: ((name: string, cwd: string) => Promise<Connector>) | undefined;
};

/** A stored connection by its name, or the beginning of it. */
export async function loadStored(
  { cwd, load = loadConnector }: LoadFrom,
  { vault, sealed, keys }: Secrets,
  book: string,
  name: string,
): Promise<Stored> {
  const source = await findStored(vault, book, name);
  const stored = await readStored(sealed, book, source);
  if (stored === null) {
    throw new ContactSyncError('not_found', `The stored connection ${source} was removed a moment ago.`, {
      hint: 'Connect again if you need it.',
    });
  }
  return { source, stored, keys, connector: await load(stored.connector, cwd) };
}

/** Does its work with the source of a stored connection. The store is written to only where tokens may be renewed. */
export async function withStored<T>(
  terminal: Terminal,
  place: Place,
  name: string,
  work: (source: ContactSource, stored: StoredConnection) => Promise<T>,
): Promise<T> {
  const found = await withSecrets(terminal, place, 'read', (secrets) =>
    loadStored(terminal, secrets, place.book, name),
  );
  const { source, stored, connector, keys } = found;
  const opened = async (vault: Vault | null) => {
    const itsSource = sourceOf(connector, stored, vault);
    checkSame(source, itsSource.source);
    return await work(itsSource, stored);
  };
  if (stored.signIn === null) return await opened(null);
  // Tokens look by themselves at what another process renews, and wait for no lock.
  return await withVault(place, 'write', (vault) => opened(sealedVault(vault, keys)), 0);
}

/** A source of another name has contacts of its own: they would all be made a second time. */
export function checkSame(source: string, now: string): void {
  if (source === now) return;
  throw new ContactSyncError('setting_invalid', `With these settings ${source} would be another source, ${now}.`, {
    hint: `Connect the other one by itself; ${source} stays as it is.`,
  });
}
