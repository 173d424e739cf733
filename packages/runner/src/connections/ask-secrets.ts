import { type Connector, ContactSyncError } from '@contact-sync/core';
import { type Secret, secret } from '../secrets/secret.js';
import type { Terminal } from '../terminal.js';
import type { StoredSignIn } from './stored.js';

/**
 * Secrets come from the environment, or from a person who is asked; never from an argument, which others can see.
 *
 * @param options `without`: the secret that a sign-in takes the place of
 */
export async function askSecrets(
  terminal: Terminal,
  { title, secrets }: Connector,
  options: { readonly asks: boolean; readonly without?: string | undefined },
): Promise<Record<string, Secret>> {
  const found: Record<string, Secret> = {};
  for (const [name, variable] of Object.entries(secrets)) {
    if (name === options.without) continue;
    const held = await askSecret(terminal, variable, `${title}, ${name}`, options.asks);
    if (held !== null) found[name] = held;
  }
  return found;
}

export function refuseSecrets({ secrets }: Connector, given: Readonly<Record<string, string>>): void {
  for (const [name, variable] of Object.entries(secrets)) {
    if (!Object.hasOwn(given, name)) continue;
    throw new ContactSyncError('setting_invalid', `${name} is a secret and does not belong on a command line.`, {
      hint: `Put it in the environment variable ${variable}, or leave it out and be asked for it.`,
    });
  }
}

/** The app to sign in with, where its id is in the environment. */
export async function signInClient(
  terminal: Terminal,
  { title, signIn }: Connector,
  asks: boolean,
): Promise<StoredSignIn['client'] | null> {
  const id = signIn === undefined ? '' : (terminal.env[signIn.client.id] ?? '');
  if (signIn === undefined || id === '') return null;
  const { secret: variable, secretNeeded } = signIn.client;
  const held = await askSecret(terminal, variable, `${title}, secret of the app`, asks && secretNeeded);
  return checkedClient({ title, signIn }, { id, secret: held });
}

/** An app that can sign in with this. */
export function checkedClient(
  { title, signIn }: Pick<Connector, 'title' | 'signIn'>,
  client: StoredSignIn['client'],
): StoredSignIn['client'] {
  if (client.secret !== null || !signIn?.client.secretNeeded) return client;
  throw new ContactSyncError('setting_missing', `${title}: the secret of the app is missing.`, {
    hint: `Put it in the environment variable ${signIn.client.secret}, beside ${signIn.client.id}.`,
  });
}

/** A secret of the environment; null where there is none. */
export function secretIn(env: Terminal['env'], variable: string): Secret | null {
  const given = env[variable];
  return given === undefined || given === '' ? null : secret(given);
}

async function askSecret(terminal: Terminal, variable: string, what: string, asks: boolean): Promise<Secret | null> {
  const given = secretIn(terminal.env, variable);
  if (given !== null || !asks) return given;
  const line = await terminal.readLine(`${what} (${variable}), not shown: `, {
    hidden: true,
    signal: terminal.signal,
  });
  if (terminal.signal.aborted) {
    throw new ContactSyncError('cancelled', 'Nothing was stored.', { hint: 'Connect again when you like.' });
  }
  return line === null || line.trim() === '' ? null : secret(line.trim());
}
