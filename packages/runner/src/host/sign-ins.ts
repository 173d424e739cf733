import { randomUUID } from 'node:crypto';
import {
  asContactSyncError,
  type BegunSignIn,
  type Connector,
  ContactSyncError,
  type Tenant,
} from '@contact-sync/core';
import { type SigningIn, signingIn } from '../connections/signing-in.js';
import type { StoredConnection } from '../connections/stored.js';
import { fittingTenants } from '../connections/tenants.js';
import { type Check, joined, secretsFor } from './connecting.js';
import type { Inner } from './inner.js';
import type { HostBook, SignInView } from './types.js';
import { shownError } from './views.js';

type Held = {
  readonly id: string;
  readonly inner: Inner;
  readonly actor: string;
  readonly connector: Connector;
  readonly made: StoredConnection;
  readonly state: string;
  readonly begun: BegunSignIn;
  readonly signing: SigningIn;
  readonly madeAt: number;
  readonly stop: AbortController;
  /** That can be chosen. */
  tenants: readonly Tenant[];
  view: SignInView;
};

type Begin = Pick<Held, 'actor' | 'connector' | 'made'> & { readonly check: Check; readonly redirectUri: string };

export type SignIns = {
  begin(inner: Inner, wanted: Begin): Promise<{ readonly id: string; readonly url: string }>;
  finish(redirected: string, actor: string): { readonly book: string; readonly id: string };
  of(inner: Inner): Pick<HostBook, 'signIn' | 'chooseTenants'>;
  close(): Promise<void>;
};

/** For how long a person may take to sign in, and then to choose, in milliseconds. */
const patienceMs = 15 * 60_000;

/** How many may be under way, of all books; one more ends the oldest. */
const most = 20;

/** Sign-ins in two steps: a person is sent to the vendor, and comes back with an answer that belongs to one of them. */
export function signIns(): SignIns {
  const all = new Map<string, Held>();
  const working = new Set<Promise<void>>();

  function drop(held: Held): void {
    all.delete(held.id);
    held.stop.abort();
  }

  function forgetOld(): void {
    for (const held of all.values()) {
      const { inner, madeAt, view } = held;
      const age = inner.now() - madeAt;
      if (view.state === 'waiting' && age >= patienceMs) show(held, { state: 'failed', error: shownError(tooLate()) });
      // How it ended can be looked at for a while yet.
      if (age >= 2 * patienceMs) drop(held);
    }
  }

  function show(held: Held, change: Partial<SignInView>): void {
    held.view = { ...held.view, ...change };
  }

  function find(fits: (held: Held) => boolean): Held {
    forgetOld();
    const held = [...all.values()].find(fits);
    if (held !== undefined) return held;
    throw new ContactSyncError('not_found', 'There is no such sign-in any more.', { hint: 'Connect again.' });
  }

  function work(held: Held, what: () => Promise<void>): void {
    const task = what()
      .catch((error: unknown) => show(held, { state: 'failed', error: shownError(asContactSyncError(error)) }))
      .finally(() => working.delete(task));
    working.add(task);
  }

  return {
    async begin(inner, { redirectUri, check, ...wanted }) {
      forgetOld();
      const { connector, made } = wanted;
      const secrets = await secretsFor(inner);
      const signing = await signingIn(secrets, { connector, book: inner.book.place.book }, made, check);
      const begun = await signing.opened.begin({ redirectUri });
      const state = new URL(begun.url).searchParams.get('state');
      if (state === null || state === '') throw withoutState(connector);
      for (const held of all.values()) if (all.size >= most) drop(held);
      const id = randomUUID();
      const view: SignInView = {
        ...{ id, connector: connector.name, state: 'waiting', tenants: [], connected: [], error: null },
      };
      const stop = new AbortController();
      all.set(id, { ...wanted, ...{ id, inner, state, begun, signing, stop, view }, madeAt: inner.now(), tenants: [] });
      return { id, url: begun.url };
    },
    finish(redirected, actor) {
      const state = URL.canParse(redirected) ? new URL(redirected).searchParams.get('state') : null;
      const held = find((one) => one.state === state && one.actor === actor);
      // Whoever comes back twice is shown what became of it.
      if (held.view.state === 'waiting') {
        show(held, { state: 'checking' });
        work(held, () => look(held, redirected));
      }
      return { book: held.inner.book.name, id: held.id };
    },
    of: (inner) => ({
      signIn: (id, actor) => findOwn(inner, id, actor).view,
      async chooseTenants(id, ids, actor) {
        const held = findOwn(inner, id, actor);
        if (held.view.state !== 'choose') {
          throw new ContactSyncError('usage', 'There is nothing to choose in this sign-in now.', {
            hint: 'See how it stands.',
          });
        }
        const chosen = fittingTenants(held.tenants, { wanted: ids, settings: {}, title: held.connector.title });
        show(held, { state: 'checking', tenants: [] });
        work(held, () => store(held, chosen));
        return held.view;
      },
    }),
    async close() {
      for (const held of all.values()) drop(held);
      await Promise.all(working);
    },
  };

  function findOwn(inner: Inner, id: string, actor: string): Held {
    return find((held) => held.id === id && held.inner.book === inner.book && held.actor === actor);
  }

  async function look(held: Held, redirected: string): Promise<void> {
    const { begun, signing, connector, made } = held;
    const signal = signalOf(held);
    await begun.finish(redirected, { ...signing.place, signal });
    const tenants = await signing.tenants(signal);
    if (tenants === null) return await store(held, null);
    const fitting = fittingTenants(tenants, { wanted: [], settings: made.settings, title: connector.title });
    if (fitting.length === 1) return await store(held, fitting);
    held.tenants = fitting;
    show(held, { state: 'choose', tenants: fitting.map(({ id, title }) => ({ id, title })) });
  }

  async function store(held: Held, chosen: readonly Tenant[] | null): Promise<void> {
    const { inner, signing, actor } = held;
    const connected = await signing.store(await secretsFor(inner), chosen, signalOf(held));
    show(held, { state: 'done', connected: await joined(inner, connected, actor) });
  }
}

function signalOf({ inner, stop }: Held): AbortSignal {
  return AbortSignal.any([inner.options.signal, stop.signal]);
}

function tooLate(): ContactSyncError {
  return new ContactSyncError('cancelled', 'Nobody signed in within 15 minutes.', {
    hint: 'Nothing was stored. Connect again when you like.',
  });
}

function withoutState({ title }: Connector): ContactSyncError {
  return new ContactSyncError('connector_broken', `The sign-in of ${title} cannot tell its answer from another's.`, {
    hint: 'Install a version of the connector that fits this version of contact-sync.',
  });
}
