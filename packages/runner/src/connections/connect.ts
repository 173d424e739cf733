import { type ConnectionKind, type Connector, parsePolicy } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { askSecrets, refuseSecrets, signInClient } from './ask-secrets.js';
import { connecting, newGrantKey } from './grants.js';
import { keepable } from './keepable.js';
import { type Redirect, signInWithBrowser } from './sign-in.js';
import { signingIn } from './signing-in.js';
import { type Connected, storeChecked } from './store-checked.js';
import type { StoredConnection } from './stored.js';
import { chooseTenants } from './tenants.js';
import { policyOf } from './texts.js';
import type { Secrets } from './vaults.js';

export type Wanted = {
  /** As it was named, so that it can be loaded again. */
  readonly name: string;
  readonly connector: Connector;
  readonly book: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: Readonly<Record<string, string>>;
  readonly kind: ConnectionKind | null;
  readonly tenants: readonly string[];
  /** False: a ready token is wanted, although there is an app to sign in with. */
  readonly signIn: boolean;
  readonly redirect: Redirect;
  /** Whether a person can be asked. */
  readonly asks: boolean;
};

/** Asks at a terminal for what is needed, sees that the source can be read with it, and only then stores it. */
export async function connect(terminal: Terminal, secrets: Secrets, wanted: Wanted): Promise<readonly Connected[]> {
  refuseSecrets(wanted.connector, wanted.settings);
  parsePolicy(policyOf(wanted.policy));
  const client = wanted.signIn ? await signInClient(terminal, wanted.connector, wanted.asks) : null;
  const without = client === null ? undefined : wanted.connector.signIn?.setting;
  const made: StoredConnection = {
    connector: wanted.name,
    settings: keepable(wanted.settings, terminal.cwd),
    secrets: await askSecrets(terminal, wanted.connector, { asks: wanted.asks && client === null, without }),
    signIn: client === null ? null : { grant: newGrantKey(wanted.book, wanted.connector.name), client },
    policy: wanted.policy,
    kind: wanted.kind,
    schedule: null,
    createdBy: terminal.user,
    at: terminal.now().toISOString(),
  };
  if (client !== null) return await withSignIn(terminal, secrets, wanted, made);
  return await connecting(secrets.vault, wanted.book, () =>
    storeChecked(secrets, wanted, [{ stored: made, title: null }], terminal.signal),
  );
}

async function withSignIn(terminal: Terminal, secrets: Secrets, wanted: Wanted, base: StoredConnection) {
  const { signal } = terminal;
  const signing = await signingIn(secrets, wanted, base);
  await signInWithBrowser(terminal, signing.opened, signing.place, wanted.redirect);
  const all = await signing.tenants(signal);
  const { tenants, asks, settings, connector } = wanted;
  const choice = { wanted: tenants, settings, title: connector.title, asks };
  const chosen = all === null ? null : await chooseTenants(terminal, all, choice);
  return await signing.store(secrets, chosen, signal);
}
