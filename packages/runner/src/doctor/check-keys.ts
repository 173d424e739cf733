import { ContactSyncError, type Vault } from '@contact-sync/core';
import { readStored, storedSources } from '../connections/stored.js';
import { keyRing, keyVariables } from '../secrets/key-sources.js';
import type { KeyRing } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import type { Terminal } from '../terminal.js';
import { type Check, failed, failedBy, ok, warning } from './check.js';

const about = { area: 'keys', source: null } as const;

export type Keys = {
  readonly checks: readonly Check[];
  readonly keys: KeyRing | null;
  readonly sources: readonly string[];
};

/** Whether there is a key, in a file of its own, and it opens what is stored. The key itself is never shown. */
export async function checkKeys(terminal: Terminal, vault: Vault | null, book: string): Promise<Keys> {
  const stored = vault === null ? [] : await storedSources(vault, book);
  let keys: KeyRing;
  try {
    keys = await keyRing(terminal);
  } catch (error) {
    const missing = ContactSyncError.is(error) && error.code === 'setting_missing';
    const check =
      missing && stored.length === 0
        ? warning(about, 'There is no key, so no connection can be stored.', error.hint)
        : failedBy(about, error);
    return { checks: [check], keys: null, sources: [] };
  }
  const checks = [ok(about, keyText(keys, terminal))];
  const sources: string[] = [];
  for (const source of stored) {
    try {
      if (vault !== null) await readStored(sealedVault(vault, keys), book, source);
      sources.push(source);
    } catch (error) {
      checks.push(failedBy({ area: 'keys', source }, error));
    }
  }
  if (sources.length > 0) checks.push(ok(about, `What is stored of ${many(sources.length)} opens with it.`));
  if (stored.length > 0 && sources.length === 0) {
    checks.push(failed(about, 'The key opens nothing of what is stored.', 'Give the key that it was stored with.'));
  }
  return { checks, keys, sources };
}

function keyText(keys: KeyRing, { env }: Terminal): string {
  const from = Object.values(keyVariables).find((name) => (env[name] ?? '') !== '') ?? '';
  const where = from === keyVariables.file ? ` (${env[from]}, which only you can read)` : '';
  return `${keys.length === 1 ? 'There is a key' : `There are ${keys.length} keys`}, by ${from}${where}.`;
}

function many(n: number): string {
  return n === 1 ? 'one connection' : `${n} connections`;
}
