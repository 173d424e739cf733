import { isDeepStrictEqual } from 'node:util';
import { type Connector, ContactSyncError, parsePolicy } from '@contact-sync/core';
import { changed } from '../connections/change-stored.js';
import { refuseConnected } from '../connections/end-access.js';
import { connecting, newGrantKey } from '../connections/grants.js';
import { noteChange } from '../connections/note-change.js';
import { type Connected, storeChecked } from '../connections/store-checked.js';
import { readStored, type StoredConnection, storedSources } from '../connections/stored.js';
import { policyOf } from '../connections/texts.js';
import type { Secrets } from '../connections/vaults.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { parseSchedule, scheduleText } from '../serve/schedule.js';
import { offered } from './connectors.js';
import { addressIn, clientOf, refuseUnsafe, secretsOf, settingsKept } from './given.js';
import { type Inner, isoNow, noticed, storeOf } from './inner.js';
import { endAccess } from './plans.js';
import type { SignIns } from './sign-ins.js';
import type { ConnectedView, Connecting, ConnectionChanges, HostBook, Joined, Reconnecting } from './types.js';

type Connects = Pick<HostBook, 'connect' | 'reconnect' | 'removeStored'> & {
  change(source: string, changes: ConnectionChanges, actor: string): Promise<void>;
};

/** Connections are made and changed here as `connect` and `connections set` do it, with everything given at once. */
export function connectingOf(inner: Inner, signIns: SignIns): Connects {
  return {
    connect: (wanted, actor, place) => connect(inner, signIns, wanted, { actor, ...place }),
    reconnect: (source, given, actor, place) => reconnect(inner, signIns, source, given, { actor, ...place }),
    change: (source, changes, actor) => change(inner, source, changes, actor),
    async removeStored(source, actor) {
      refuseConnected((await (await storeOf(inner)).head()).connections, source);
      if (!(await endAccess(inner, source))) throw notStored(source);
      await noted(inner, source, actor, 'What was stored to read it was removed.');
      await noticed(inner);
    },
  };
}

/** Refuses where secrets of the service would go to an address that a page named. */
export type Check = (settings: StoredConnection['settings']) => Promise<void>;

type By = { readonly actor: string; readonly redirectUri: string };

async function connect(inner: Inner, signIns: SignIns, wanted: Connecting, by: By): Promise<ConnectedView> {
  const { policy, kind, schedule } = wanted;
  // What a form left empty was not said.
  const settings = Object.fromEntries(Object.entries(wanted.settings).filter(([, text]) => text.trim() !== ''));
  const connector = await offered(inner, wanted.connector);
  const isTyped = allTyped(inner, connector, wanted);
  // Somebody else may store an address meanwhile, so it is asked again under the lock, before anything is sent there.
  const check = async (given: StoredConnection['settings']) =>
    refuseUnsafe(connector, given, isTyped, await settingsKept(await secretsFor(inner), connector, book));
  const { book } = inner.book.place;
  await check(settings);
  parsePolicy(policyOf(policy));
  const client = wanted.signIn ? clientOf(inner, connector, wanted.client) : null;
  const without = client === null ? undefined : connector.signIn?.setting;
  const made: StoredConnection = {
    ...{ connector: wanted.connector, settings, policy, kind },
    schedule: schedule === null ? null : scheduleText(parseSchedule(schedule)),
    secrets: secretsOf(inner, connector, wanted.secrets, without),
    signIn: client && { grant: newGrantKey(book, connector.name), client },
    createdBy: by.actor,
    at: isoNow(inner),
  };
  if (client !== null) {
    const begun = await signIns.begin(inner, { connector, made, check, ...by });
    return { connected: [], signIn: begun };
  }
  return { connected: await withKeys(inner, connector, made, check), signIn: null };
}

/** What is stored stays as it is, but for what opens the system. */
async function reconnect(
  inner: Inner,
  signIns: SignIns,
  source: string,
  given: Reconnecting,
  by: By,
): Promise<ConnectedView> {
  const { book } = inner.book.place;
  const { sealed } = await secretsFor(inner);
  const stored = await readStored(sealed, book, source);
  if (stored === null) throw notStored(source);
  const connector = await inner.load(stored.connector);
  const without = stored.signIn === null ? undefined : connector.signIn?.setting;
  const secrets = { ...stored.secrets, ...anewOf(inner, connector, given, stored.settings, without) };
  const made: StoredConnection = { ...stored, secrets, createdBy: by.actor, at: isoNow(inner) };
  // What is stored is opened for the address that it was given for.
  const check = async () => refuseMoved(await readStored(sealed, book, source), stored);
  if (stored.signIn === null) {
    return { connected: await withKeys(inner, connector, made, check), signIn: null };
  }
  const client = clientOf(inner, connector, given.client, stored.signIn.client);
  const signIn = { grant: newGrantKey(book, connector.name), client };
  const begun = await signIns.begin(inner, { connector, made: { ...made, signIn }, check, ...by });
  return { connected: [], signIn: begun };
}

async function withKeys(
  inner: Inner,
  connector: Connector,
  stored: StoredConnection,
  check: Check,
): Promise<readonly Joined[]> {
  const secrets = await secretsFor(inner);
  const target = { connector, book: inner.book.place.book };
  const connected = await connecting(secrets.vault, target.book, async () => {
    await check(stored.settings);
    return await storeChecked(secrets, target, [{ stored, title: null }], inner.options.signal);
  });
  return await joined(inner, connected, stored.createdBy);
}

/** What was connected, once the service knows of it. It is synced at once, also where it was connected before. */
export async function joined(inner: Inner, connected: readonly Connected[], actor: string): Promise<readonly Joined[]> {
  await noticed(inner);
  const { name } = inner.book;
  for (const { source, replaced } of connected) {
    await noted(inner, source, actor, replaced ? 'Connected again.' : 'Connected.');
    inner.tell({ type: 'connection', book: name, source });
    inner.service.resync(name, source, actor);
  }
  return connected.map(({ source, title, replaced }) => ({ source, title, replaced }));
}

async function change(inner: Inner, source: string, changes: ConnectionChanges, actor: string): Promise<void> {
  const { settings, policy, unset, schedule, secrets: typed } = changes;
  const { load, options, book } = inner;
  const secrets = await secretsFor(inner);
  const world = { cwd: options.cwd, signal: options.signal, load };
  await changed(world, secrets, book.place.book, source, {
    ...{ settings, policy, unset, schedule },
    async anew({ stored, connector }) {
      const names = Object.keys(connector.secrets);
      const all = stored.signIn === null && names.every((name) => (typed[name] ?? '').trim() !== '');
      const news = Object.entries(settings).filter(([name, text]) => stored.settings[name] !== text);
      refuseUnsafe(connector, Object.fromEntries(news), all);
      const without = stored.signIn === null ? undefined : connector.signIn?.setting;
      return { held: secretsOf(unknowing(inner), connector, typed, without), client: null };
    },
  });
  await noted(inner, source, actor, changedWords(changes));
  await noticed(inner);
  inner.tell({ type: 'connection', book: book.name, source });
}

/** Which settings, but not to what: a setting may be an address with a name in it. */
function changedWords({ schedule, settings, policy, unset, secrets }: ConnectionChanges): string {
  const list = (what: string, names: readonly string[]) => (names.length === 0 ? [] : [`${what} ${names.join(', ')}`]);
  const typed = Object.keys(secrets).filter((name) => (secrets[name] ?? '').trim() !== '');
  const parts = [
    ...(schedule === null ? [] : [`schedule ${scheduleText(parseSchedule(schedule))}`]),
    ...list('settings', Object.keys(settings)),
    ...list('policy', Object.keys(policy)),
    ...list('taken away', unset),
    ...list('new secrets', typed),
  ];
  return parts.length === 0 ? 'Stored anew.' : `Changed: ${parts.join('; ')}.`;
}

async function noted(inner: Inner, source: string, actor: string, why: string): Promise<void> {
  await noteChange(await storeOf(inner), source, { actor, why, at: isoNow(inner) });
}

/** Fails with `store_conflict` where somebody changed the settings meanwhile, or removed them. */
function refuseMoved(now: StoredConnection | null, before: StoredConnection): void {
  if (now !== null && isDeepStrictEqual(now.settings, before.settings)) return;
  throw new ContactSyncError('store_conflict', 'The settings of the connection were changed meanwhile.', {
    hint: 'Look at them, and then connect again.',
  });
}

/** The secrets that were typed; where none were, those of the environment, unless they would go to another address. */
function anewOf(
  inner: Inner,
  connector: Connector,
  { secrets }: Reconnecting,
  settings: StoredConnection['settings'],
  without: string | undefined,
) {
  const isTyped = Object.values(secrets).some((text) => text.trim() !== '');
  const knows = !isTyped && addressIn(settings) === null;
  return secretsOf(knows ? inner : unknowing(inner), connector, secrets, without);
}

/** For what may be opened with what a person typed alone. */
function unknowing(inner: Inner): Inner {
  return { ...inner, options: { ...inner.options, env: {} } };
}

function allTyped({ options: { env } }: Inner, { secrets, signIn }: Connector, wanted: Connecting): boolean {
  const isTyped = (name: string) => (wanted.secrets[name] ?? '').trim() !== '';
  const isKnown = (variable: string) => (env[variable] ?? '') !== '';
  const ofSecrets = Object.entries(secrets).every(([name, variable]) => isTyped(name) || !isKnown(variable));
  return ofSecrets && (!wanted.signIn || wanted.client !== null || !isKnown(signIn?.client.id ?? ''));
}

/** The vault of the book, open, and the keys to it as they are now. */
export async function secretsFor({ book }: Inner): Promise<Secrets> {
  const { vault } = await book.opened();
  const keys = await book.keys();
  return { vault, keys, sealed: sealedVault(vault, keys) };
}

/** Fails with `not_found` unless it is stored how to read a source; what is stored is not opened. */
export async function refuseUnstored({ book }: Inner, source: string): Promise<void> {
  const { vault } = await book.opened();
  if (!(await storedSources(vault, book.place.book)).includes(source)) throw notStored(source);
}

function notStored(source: string): ContactSyncError {
  return new ContactSyncError('not_found', `It is not stored how to read ${source}.`, {
    hint: 'Connect it if you need it.',
  });
}
