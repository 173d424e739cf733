import type { Connector, ContactSource } from '@contact-sync/core';
import { probe, sourceOf } from './source.js';
import { readIfOpens, type StoredConnection, storedSources, writeStored } from './stored.js';
import type { Secrets } from './vaults.js';

/** Which system is connected to which book. */
export type Target = { readonly connector: Connector; readonly book: string };

export type Connected = {
  readonly source: string;
  /** The tenant's name, where the system tells it. */
  readonly title: string | null;
  readonly signedIn: boolean;
  /** Whether there was a stored connection of this source before. */
  readonly replaced: boolean;
};

/** A connection that is stored if its source can be read so. */
export type Made = { readonly stored: StoredConnection; readonly title: string | null };

/**
 * Sees that the sources can be read, and only then stores how: all or nothing, as far as checking goes. For whoever holds
 * `connecting`.
 *
 * @param usual what the sign-in was asked with: a source cannot even be named without a setting that the sign-in needs
 */
export async function storeChecked(
  { vault, sealed }: Secrets,
  { connector, book }: Target,
  made: readonly Made[],
  signal: AbortSignal,
  usual: StoredConnection['settings'] = {},
): Promise<readonly Connected[]> {
  const before = await storedSources(vault, book);
  const checked: (Made & { readonly source: ContactSource })[] = [];
  for (const { stored: wanted, title } of made) {
    const { source: name } = sourceOf(connector, { ...wanted, settings: { ...usual, ...wanted.settings } }, sealed);
    // One that does not open is replaced.
    const stored = before.includes(name) ? over(await readIfOpens(sealed, book, name), wanted) : wanted;
    const source = sourceOf(connector, stored, sealed);
    await probe(source, signal);
    checked.push({ stored, title, source });
  }
  for (const { stored, source } of checked) await writeStored(sealed, book, source.source, stored);
  return checked.map(({ stored, title, source: { source } }) => ({
    source,
    title,
    signedIn: stored.signIn !== null,
    replaced: before.includes(source),
  }));
}

/** Connecting again, because the sign-in has ended for one, changes nothing that is not said anew. */
function over(
  old: StoredConnection | null,
  { settings, policy, kind, schedule, ...rest }: StoredConnection,
): StoredConnection {
  if (old === null) return { ...rest, settings, policy, kind, schedule };
  return {
    ...rest,
    settings: { ...old.settings, ...settings },
    policy: { ...old.policy, ...policy },
    kind: kind ?? old.kind,
    schedule: schedule ?? old.schedule,
  };
}
