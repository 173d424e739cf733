import type { Vault } from '@contact-sync/core';
import { type KeyPlace, keyRing, ringIfAny } from '../secrets/key-sources.js';
import type { KeyRing } from '../secrets/keys.js';
import { type SealedVault, sealedVault } from '../secrets/sealed-vault.js';
import { openToOthers, openVault, type Place } from '../stores.js';
import type { Terminal } from '../terminal.js';

export type Secrets = { readonly vault: Vault; readonly keys: KeyRing; readonly sealed: SealedVault };

/** How long to wait for another process that changes connections, in milliseconds. */
const patienceMs = 30_000;

/** `make`: the store is made where there is none. `write`: tokens may be renewed. `read`: nothing is written. */
export type VaultMode = 'read' | 'write' | 'make';

/** Does its work with the secrets beside a book. */
export async function withSecrets<T>(
  terminal: Terminal,
  place: Place,
  mode: VaultMode,
  work: (secrets: Secrets) => Promise<T>,
): Promise<T> {
  const keys = await keyRing(keyPlace(terminal));
  return await withVault(place, mode, async (vault) => {
    warnIfOpen(terminal, place);
    return await work({ vault, keys, sealed: sealedVault(vault, keys) });
  });
}

export async function withVault<T>(
  place: Place,
  mode: VaultMode,
  work: (vault: Vault) => Promise<T>,
  waitMs = patienceMs,
): Promise<T> {
  const vault = await openVault(place, { readOnly: mode === 'read', create: mode === 'make', waitMs });
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}

/** The keys, or null where none are set. */
export async function keysIfAny(terminal: Terminal): Promise<KeyRing | null> {
  return await ringIfAny(keyRing(keyPlace(terminal)));
}

function keyPlace({ env, cwd, signal }: Terminal): KeyPlace {
  return { env, cwd, signal };
}

function warnIfOpen(terminal: Terminal, place: Place): void {
  const problem = openToOthers(place);
  if (problem !== null) terminal.err(`${terminal.styleErr('yellow', 'Warning')}: ${problem}\n`);
}
