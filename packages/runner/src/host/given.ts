import { type Connector, ContactSyncError } from '@contact-sync/core';
import { checkedClient, refuseSecrets, secretIn } from '../connections/ask-secrets.js';
import { readIfOpens, type StoredSignIn, storedSources } from '../connections/stored.js';
import type { Secrets } from '../connections/vaults.js';
import { type Secret, secret } from '../secrets/secret.js';
import type { Inner } from './inner.js';
import type { Client } from './types.js';

type Texts = Readonly<Record<string, string>>;

/** The secrets of a connector: as a person typed them, else from the environment of the service. */
export function secretsOf(
  { options }: Inner,
  { title, secrets }: Connector,
  typed: Texts,
  without?: string,
): Record<string, Secret> {
  for (const name of Object.keys(typed)) {
    if (Object.hasOwn(secrets, name) && name !== without) continue;
    throw new ContactSyncError('setting_invalid', `${title} has no secret "${name.slice(0, 64)}" to be given here.`, {
      hint: `Its secrets: ${Object.keys(secrets).join(', ') || 'none'}.`,
    });
  }
  const found: Record<string, Secret> = {};
  for (const [name, variable] of Object.entries(secrets)) {
    if (name === without) continue;
    const held = typedIn(typed, name) ?? secretIn(options.env, variable);
    if (held !== null) found[name] = held;
  }
  return found;
}

function typedIn(typed: Texts, name: string): Secret | null {
  const text = Object.hasOwn(typed, name) ? (typed[name] ?? '').trim() : '';
  return text === '' ? null : secret(text);
}

/** The app to sign in with: the one that was typed, else the one it was before, else that of the environment. */
export function clientOf(
  { options }: Inner,
  { title, signIn }: Connector,
  typed: Client | null,
  before: StoredSignIn['client'] | null = null,
): StoredSignIn['client'] {
  if (signIn === undefined) {
    throw new ContactSyncError('setting_invalid', `Nobody signs in to ${title}: it is connected with keys.`, {
      hint: 'Give its keys instead.',
    });
  }
  const checked = (client: StoredSignIn['client']) => checkedClient({ title, signIn }, client);
  if (typed !== null) {
    const text = typed.secret?.trim() ?? '';
    return checked({ id: typed.id.trim(), secret: text === '' ? null : secret(text) });
  }
  if (before !== null) return before;
  const id = options.env[signIn.client.id] ?? '';
  if (id !== '') return checked({ id, secret: secretIn(options.env, signIn.client.secret) });
  throw new ContactSyncError('setting_missing', `${title}: the id of the app to sign in with is missing.`, {
    hint: `Type it, or put it in the environment variable ${signIn.client.id} of the service.`,
  });
}

/**
 * What a page may not give. A file is one of the machine that the service runs on, which whoever sees a page need not be
 * allowed to read. And secrets that somebody else gave to the service do not go to an address that a page names.
 *
 * @param allTyped whether every secret that would be sent there was typed by the person who names it
 * @param kept settings that would be kept with these
 */
export function refuseUnsafe(
  connector: Connector,
  settings: Texts,
  allTyped: boolean,
  kept: readonly Texts[] = [],
): void {
  refuseSecrets(connector, settings);
  if (Object.hasOwn(settings, 'file')) {
    throw new ContactSyncError('setting_invalid', 'A file of the machine that serves cannot be named here.', {
      hint: 'Connect it at the command line of that machine: contact-sync connect csv --set file=…',
    });
  }
  const elsewhere = [settings, ...kept].map(addressIn).find((name) => name !== null);
  if (elsewhere === undefined || allTyped) return;
  throw new ContactSyncError(
    'setting_invalid',
    `${elsewhere}: secrets that the service has are not sent to an address that was given here.`,
    { hint: 'Type the secrets too, or connect at the command line of the machine that serves.' },
  );
}

/** The setting that names an address, other than of this machine; null where none does. */
export function addressIn(settings: Texts): string | null {
  return Object.entries(settings).find(([, text]) => isElsewhere(text))?.[0] ?? null;
}

function isElsewhere(text: string): boolean {
  const url = URL.parse(text);
  // As a connector may read it, which mends what is written oddly.
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

/** What connecting again would keep: the settings of all connections of a connector, as they are stored now. */
export async function settingsKept(
  { vault, sealed }: Pick<Secrets, 'vault' | 'sealed'>,
  { name }: Connector,
  book: string,
): Promise<readonly Texts[]> {
  const kept: Texts[] = [];
  for (const source of await storedSources(vault, book)) {
    if (!source.startsWith(`${name}:`)) continue;
    const stored = await readIfOpens(sealed, book, source);
    if (stored !== null) kept.push(stored.settings);
  }
  return kept;
}
