import { type Connection, ContactSyncError } from '@contact-sync/core';
import { openedSignIn } from '../connections/source.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import type { Resync } from '../serve/due.js';
import { statusOf, type Watched } from '../serve/watched.js';
import { type Inner, noticed, storeOf, titleOf } from './inner.js';
import type { ConnectionView, HostBook, SyncNow } from './types.js';
import { runView } from './views.js';

/** The connections of a book, as people see them. */
export function connectionViewsOf(inner: Inner): Pick<HostBook, 'connections' | 'connection'> {
  const contactsOf = countingContacts();
  const view = async (at: Awaited<ReturnType<typeof look>>, source: string) =>
    await viewOf(inner, at.known.get(source), source, await contactsOf(at, source));
  return {
    // Every source that the book knows or that is stored to be read, in the order of their names.
    async connections() {
      const at = await look(inner);
      const sources = new Set([...at.known.keys(), ...inner.book.connections.keys()]);
      return await Promise.all([...sources].toSorted().map((source) => view(at, source)));
    },
    async connection(source) {
      const at = await look(inner);
      const isThere = () => at.known.has(source) || inner.book.connections.has(source);
      if (!isThere()) await noticed(inner);
      if (isThere()) return await view(at, source);
      throw new ContactSyncError('not_found', `The book has no connection to ${source}.`, {
        hint: 'See them in the list of connections.',
      });
    },
  };
}

/** Counts once for each version of the book: people look often, and a book has many contacts. */
function countingContacts() {
  let counted = { version: -1, of: new Map<string, number>() };
  return async ({ store, version }: Awaited<ReturnType<typeof look>>, source: string): Promise<number> => {
    if (counted.version !== version) counted = { version, of: new Map() };
    const { of } = counted;
    const count = of.get(source) ?? (await store.count({ source }));
    of.set(source, count);
    return count;
  };
}

export function shownSyncNow(answer: Resync): SyncNow {
  if (answer.started) return { allowed: true, why: null, possibleAt: null };
  return { allowed: false, why: answer.why, possibleAt: answer.possibleAt };
}

async function look(inner: Inner) {
  const store = await storeOf(inner);
  const { version, connections } = await store.head();
  return { store, version, known: new Map(connections.map((connection) => [connection.source, connection])) };
}

async function viewOf(
  inner: Inner,
  known: Connection | undefined,
  source: string,
  contacts: number,
): Promise<ConnectionView> {
  const { book, service } = inner;
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
    contacts,
    syncNow: shownSyncNow(service.mayResync(book.name, source)),
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
