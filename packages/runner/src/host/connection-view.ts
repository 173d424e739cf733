import { type Connection, type ContactStore, ContactSyncError } from '@contact-sync/core';
import { openedSignIn } from '../connections/source.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { statusOf, type Watched } from '../serve/watched.js';
import { type Inner, noticed, storeOf, titleOf } from './inner.js';
import type { ConnectionView, SyncNow } from './types.js';
import { runView } from './views.js';

/** Every source that the book knows or that is stored to be read, in the order of their names. */
export async function connectionViews(inner: Inner): Promise<ConnectionView[]> {
  const { store, known } = await look(inner);
  const sources = new Set([...known.keys(), ...inner.book.connections.keys()]);
  return await Promise.all([...sources].toSorted().map((source) => viewOf(inner, store, known.get(source), source)));
}

export async function connectionView(inner: Inner, source: string): Promise<ConnectionView> {
  const { store, known } = await look(inner);
  const isThere = () => known.has(source) || inner.book.connections.has(source);
  if (!isThere()) await noticed(inner);
  if (isThere()) return await viewOf(inner, store, known.get(source), source);
  throw new ContactSyncError('not_found', `The book has no connection to ${source}.`, {
    hint: 'See them in the list of connections.',
  });
}

export function syncNowOf({ service, book }: Inner, source: string, isAsked: boolean): SyncNow {
  const answer = isAsked ? service.resync(book.name, source) : service.mayResync(book.name, source);
  if (answer.started) return { allowed: true, why: null, possibleAt: null };
  return { allowed: false, why: answer.why, possibleAt: answer.possibleAt };
}

async function look(inner: Inner) {
  const store = await storeOf(inner);
  const { connections } = await store.head();
  return { store, known: new Map(connections.map((connection) => [connection.source, connection])) };
}

async function viewOf(
  inner: Inner,
  store: ContactStore,
  known: Connection | undefined,
  source: string,
): Promise<ConnectionView> {
  const { book } = inner;
  const watched = book.connections.get(source);
  const status = watched === undefined ? null : statusOf(watched);
  const { name, title } = await titleOf(inner, source);
  const lastRun = book.lastSync(source);
  return {
    ...{ source, connector: name, title },
    kind: known?.kind ?? watched?.stored?.kind ?? null,
    state: known?.state ?? null,
    stored: watched !== undefined,
    schedule: status?.schedule ?? null,
    running: status?.running ?? false,
    progress: status?.progress ?? null,
    nextAt: status?.nextAt ?? null,
    lastAt: status?.lastAt ?? lastRun?.at ?? null,
    lastGoodAt: status?.lastGoodAt ?? book.lastDone(source)?.at ?? null,
    lastRun: lastRun && runView(lastRun),
    requestsLeft: status?.requestsLeft ?? null,
    incidents: { ...status?.incidents },
    signIn: watched === undefined ? null : await signInOf(inner, watched),
    settings: watched?.stored?.settings ?? {},
    policy: watched?.stored?.policy ?? {},
    contacts: (await store.links(source)).size,
    syncNow: syncNowOf(inner, source, false),
  };
}

/** What is known of it without asking the system. One that does not open is told of by the runs. */
async function signInOf({ book, load }: Inner, { stored }: Watched): Promise<ConnectionView['signIn']> {
  if (!stored?.signIn) return null;
  try {
    const { vault } = await book.opened();
    const opened = openedSignIn(await load(stored.connector), stored);
    const state = await opened.state({ vault: sealedVault(vault, await book.keys()), key: stored.signIn.grant });
    return state && { grantedAt: state.grantedAt, renewedAt: state.renewedAt, endsAt: state.endsAt };
  } catch (error) {
    if (ContactSyncError.is(error)) return null;
    throw error;
  }
}
