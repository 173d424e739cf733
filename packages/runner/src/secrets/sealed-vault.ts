import type { Vault } from '@contact-sync/core';
import { isSealedWith, seal, unseal } from './envelope.js';
import type { KeyRing } from './keys.js';

/** Before the keys of all values that are sealed, so that other things can be kept in the same vault. */
const prefix = 'secret:';

export type SealedVault = Vault & {
  /** Keeps a value without looking at the one before, which perhaps does not open any more. */
  replace(key: string, value: string): Promise<void>;
};

/**
 * A vault whose values are encrypted at rest. Keys and locks are not: they are names. Closing it closes the vault below.
 * Reading fails with `key_wrong` or `secret_damaged` where a value does not open, and so does taking its lock.
 */
export function sealedVault(vault: Vault, keys: KeyRing): SealedVault {
  const [first] = keys;
  return {
    locked: (key, work) => {
      const place = prefix + key;
      return vault.locked(place, ({ value, save, signal }) =>
        work({
          value: value === null ? null : unseal(value, place, keys),
          save: (next) => save(next === null ? null : seal(next, place, first)),
          signal,
        }),
      );
    },
    async read(key) {
      const place = prefix + key;
      const value = await vault.read(place);
      return value === null ? null : unseal(value, place, keys);
    },
    replace: (key, value) => vault.locked(prefix + key, ({ save }) => save(seal(value, prefix + key, first))),
    keys: (begin) => sealedKeys(vault, begin),
    close: () => vault.close(),
  };
}

/** The keys of sealed values, which are no secret: nobody needs the key to list or to remove them. */
export async function sealedKeys(vault: Vault, begin: string): Promise<string[]> {
  return (await vault.keys(prefix + begin)).map((key) => key.slice(prefix.length));
}

export async function removeSealed(vault: Vault, key: string): Promise<void> {
  await vault.locked(prefix + key, ({ save }) => save(null));
}

export type Rotation = { readonly sealed: number; readonly already: number };

/**
 * Seals every value anew with the first key. Each is one step under its lock, so a process that is killed leaves values
 * that one of the keys opens, and going on later finds the rest.
 */
export async function rotate(vault: Vault, keys: KeyRing): Promise<Rotation> {
  const [first] = keys;
  let sealed = 0;
  let already = 0;
  for (const place of await vault.keys(prefix)) {
    await vault.locked(place, async ({ value, save }) => {
      if (value === null) return;
      const text = unseal(value, place, keys);
      if (isSealedWith(value, first)) {
        already += 1;
        return;
      }
      await save(seal(text, place, first));
      sealed += 1;
    });
  }
  return { sealed, already };
}
