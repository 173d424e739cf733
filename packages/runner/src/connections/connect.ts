import { type ConnectionKind, type Connector, type ContactSource, parsePolicy, type Tenant } from '@contact-sync/core';
import type { Terminal } from '../terminal.js';
import { askSecrets, refuseSecrets, signInClient } from './ask-secrets.js';
import { connecting, newGrantKey, removeUnusedGrants } from './grants.js';
import { keepable } from './keepable.js';
import { type Redirect, signInWithBrowser } from './sign-in.js';
import { openedSignIn, probe, sourceOf, tokensOf } from './source.js';
import { readIfOpens, type StoredConnection, storedSources, writeStored } from './stored.js';
import { chooseTenants, fits } from './tenants.js';
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

export type Connected = {
  readonly source: string;
  /** The tenant's name, where the system tells it. */
  readonly title: string | null;
  readonly signedIn: boolean;
  /** Whether there was a stored connection of this source before. */
  readonly replaced: boolean;
};

/** Asks for what is needed, sees that the source can be read with it, and only then stores it. */
export async function connect(terminal: Terminal, secrets: Secrets, wanted: Wanted): Promise<readonly Connected[]> {
  refuseSecrets(wanted.connector, wanted.settings);
  parsePolicy(policyOf(wanted.policy));
  return await connecting(secrets.vault, wanted.book, async () => {
    const client = wanted.signIn ? await signInClient(terminal, wanted.connector, wanted.asks) : null;
    const made = {
      connector: wanted.name,
      settings: keepable(wanted.settings, terminal.cwd),
      policy: wanted.policy,
      kind: wanted.kind,
      schedule: null,
      createdBy: terminal.user,
      at: terminal.now().toISOString(),
    };
    const without = client === null ? undefined : wanted.connector.signIn?.setting;
    const held = await askSecrets(terminal, wanted.connector, { asks: wanted.asks && client === null, without });
    if (client === null) {
      const stored: StoredConnection = { ...made, secrets: held, signIn: null };
      return await checkAndStore(terminal, secrets, wanted, [{ stored, title: null }]);
    }
    const grant = newGrantKey(wanted.book, wanted.connector.name);
    return await withSignIn(terminal, secrets, wanted, { ...made, secrets: held, signIn: { grant, client } });
  });
}

async function withSignIn(terminal: Terminal, secrets: Secrets, wanted: Wanted, base: StoredConnection) {
  const { connector, book } = wanted;
  const { signal } = terminal;
  const place = { vault: secrets.sealed, key: base.signIn?.grant ?? '' };
  // The grant of a sign-in that came to nothing, or that nothing uses any more.
  return await cleaningUp(
    () => removeUnusedGrants(secrets.vault, secrets.keys, book, connector.name),
    async () => {
      const asking = await likeBefore(secrets, wanted, base);
      const opened = openedSignIn(connector, asking);
      await signInWithBrowser(terminal, opened, place, wanted.redirect);
      const tokens = tokensOf(connector, asking, secrets.sealed);
      const all = await opened.tenants?.(tokens, { signal });
      const chosen =
        all === undefined
          ? [null]
          : await chooseTenants(terminal, all, {
              wanted: wanted.tenants,
              settings: base.settings,
              title: connector.title,
              asks: wanted.asks,
            });
      const connected = await checkAndStore(
        terminal,
        secrets,
        wanted,
        chosen.map((tenant) => ({
          stored: { ...base, settings: { ...base.settings, ...tenant?.settings } },
          title: tenant?.title ?? null,
        })),
        asking.settings,
      );
      await moveOthers(secrets, wanted, base, all ?? []);
      return connected;
    },
  );
}

/** What went wrong first is what a person has to know: an error of cleaning up shows only where there was none. */
async function cleaningUp<T>(cleanUp: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let done: T;
  try {
    done = await work();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
  return done;
}

type Made = { readonly stored: StoredConnection; readonly title: string | null };

type Settings = StoredConnection['settings'];

/**
 * All or nothing, as far as checking goes.
 *
 * @param usual what the sign-in was asked with: a source cannot even be named without a setting that the sign-in needs
 */
async function checkAndStore(
  terminal: Terminal,
  { vault, sealed }: Secrets,
  { connector, book }: Wanted,
  made: readonly Made[],
  usual: Settings = {},
): Promise<readonly Connected[]> {
  const before = await storedSources(vault, book);
  const checked: (Made & { readonly source: ContactSource })[] = [];
  for (const { stored: wanted, title } of made) {
    const { source: name } = sourceOf(connector, { ...wanted, settings: { ...usual, ...wanted.settings } }, sealed);
    // One that does not open is replaced.
    const stored = before.includes(name) ? over(await readIfOpens(sealed, book, name), wanted) : wanted;
    const source = sourceOf(connector, stored, sealed);
    await probe(source, terminal.signal);
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
function over(old: StoredConnection | null, { settings, policy, kind, ...rest }: StoredConnection): StoredConnection {
  if (old === null) return { ...rest, settings, policy, kind };
  return {
    ...rest,
    settings: { ...old.settings, ...settings },
    policy: { ...old.policy, ...policy },
    kind: kind ?? old.kind,
    schedule: old.schedule,
  };
}

/** For signing in again what the one connection says that there is: a scope, for one, that the vendor has to be asked for. */
async function likeBefore({ vault, sealed }: Secrets, { connector, book }: Wanted, base: StoredConnection) {
  const [only, ...more] = (await storedSources(vault, book)).filter((one) => one.startsWith(`${connector.name}:`));
  const old = only !== undefined && more.length === 0 ? await readIfOpens(sealed, book, only) : null;
  return old === null ? base : { ...base, settings: { ...old.settings, ...base.settings } };
}

/** Other stored connections that the new sign-in opens use it from now on: one sign-in mends all of them. */
async function moveOthers(
  { vault, sealed }: Secrets,
  { connector, book, name }: Wanted,
  { signIn }: StoredConnection,
  tenants: readonly Tenant[],
): Promise<void> {
  for (const source of await storedSources(vault, book)) {
    if (!source.startsWith(`${connector.name}:`)) continue;
    // One that does not open is left as it is.
    const stored = await readIfOpens(sealed, book, source);
    if (stored === null || stored.connector !== name || stored.signIn === null) continue;
    const names = (tenant: Tenant) =>
      fits(tenant, stored.settings) && Object.keys(tenant.settings).every((key) => Object.hasOwn(stored.settings, key));
    if (tenants.some(names)) await writeStored(sealed, book, source, { ...stored, signIn });
  }
}
