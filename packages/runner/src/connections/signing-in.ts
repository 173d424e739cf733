import { type GrantPlace, memoryVault, type OpenSignIn, type Tenant } from '@contact-sync/core';
import { systemClock } from '../serve/clock.js';
import { connecting, removeUnusedGrants } from './grants.js';
import { openedSignIn, tokensOf } from './source.js';
import { type Connected, storeChecked, type Target } from './store-checked.js';
import { readIfOpens, type StoredConnection, storedSources, writeStored } from './stored.js';
import { fits } from './tenants.js';
import type { Secrets } from './vaults.js';

/** A sign-in that is under way, and what becomes of it. */
export type SigningIn = {
  readonly opened: OpenSignIn;
  /**
   * Where its grant is, until it is known what it is for: in memory, so that a sign-in that comes to nothing leaves
   * nothing behind, and nobody has to wait for it.
   */
  readonly place: GrantPlace;
  /** What it opens, once it has ended; null where there is nothing to choose. */
  tenants(signal: AbortSignal): Promise<readonly Tenant[] | null>;
  /** Stores the connections to these, or the only one, and moves the others that it opens to it. */
  store(secrets: Secrets, chosen: readonly Tenant[] | null, signal: AbortSignal): Promise<readonly Connected[]>;
};

/**
 * @param base what is to be stored, but for what the tenants add; with the key of its grant
 * @param check refuses before anything is sent to where these settings lead, and again before anything is stored
 */
export async function signingIn(
  secrets: Pick<Secrets, 'vault' | 'sealed'>,
  target: Target,
  base: StoredConnection,
  check: (settings: StoredConnection['settings']) => Promise<void> = async () => {},
): Promise<SigningIn> {
  const { connector, book } = target;
  const asking = await likeBefore(secrets, target, base);
  await check(asking.settings);
  const opened = openedSignIn(connector, asking);
  const place = {
    vault: memoryVault({ leaseMs: 60_000, waitMs: 30_000, clock: systemClock }),
    key: base.signIn?.grant ?? '',
  };
  let all: readonly Tenant[] | null = null;

  async function store({ vault, sealed, keys }: Secrets, chosen: readonly Tenant[] | null, signal: AbortSignal) {
    const made = (chosen ?? [null]).map((tenant) => ({
      stored: { ...base, settings: { ...base.settings, ...tenant?.settings } },
      title: tenant?.title ?? null,
    }));
    return await connecting(vault, book, () =>
      // The grant, where it came to nothing, and any that nothing uses any more.
      cleaningUp(
        () => removeUnusedGrants(vault, keys, book, connector.name),
        async () => {
          await check(asking.settings);
          await sealed.replace(place.key, (await place.vault.read(place.key)) ?? '');
          const connected = await storeChecked({ vault, sealed, keys }, target, made, signal, asking.settings);
          await moveOthers({ vault, sealed }, target, base, all ?? []);
          return connected;
        },
      ),
    );
  }

  return {
    opened,
    place,
    store,
    async tenants(signal) {
      all = (await opened.tenants?.(tokensOf(connector, asking, place.vault), { signal })) ?? null;
      return all;
    },
  };
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

type Vaults = Pick<Secrets, 'vault' | 'sealed'>;

/** For signing in again what the one connection says that there is: a scope, for one, that the vendor has to be asked for. */
async function likeBefore({ vault, sealed }: Vaults, { connector, book }: Target, base: StoredConnection) {
  const [only, ...more] = (await storedSources(vault, book)).filter((one) => one.startsWith(`${connector.name}:`));
  const old = only !== undefined && more.length === 0 ? await readIfOpens(sealed, book, only) : null;
  return old === null ? base : { ...base, settings: { ...old.settings, ...base.settings } };
}

/** Other stored connections that the new sign-in opens use it from now on: one sign-in mends all of them. */
async function moveOthers(
  { vault, sealed }: Vaults,
  { connector, book }: Target,
  { signIn, connector: name }: StoredConnection,
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
