import { ContactSyncError, type Run } from '@contact-sync/core';
import { readStored, type StoredConnection, storedSources } from '../connections/stored.js';
import { keyRing } from '../secrets/key-sources.js';
import type { KeyRing } from '../secrets/keys.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { openStore, openVault, type Place } from '../stores.js';
import { followHistory } from './history.js';
import { dropKept, readKept } from './kept.js';
import { parseSchedule } from './schedule.js';
import type { BookToServe, OpenBook, ServeOptions } from './types.js';
import { newWatched, type Watched } from './watched.js';

export type ServedBook = {
  readonly name: string;
  readonly served: BookToServe;
  readonly place: Place;
  /** By source. */
  readonly connections: ReadonlyMap<string, Watched>;
  /** Notices what is new, changed and gone, one look at a time. Rejects where the store does not answer. */
  look(): Promise<void>;
  /** What the last look met. */
  readonly problem: () => ContactSyncError | null;
  opened(): Promise<OpenBook>;
  keys(): Promise<KeyRing>;
  /** What is stored of a connection, as it is now. */
  stored(source: string): Promise<StoredConnection | null>;
  /** What the history says of a source, as it is now. */
  lastRuns(source: string): Promise<Watched['last']>;
  /** The last sync of a source that the history was seen to have; and the last one that was done. */
  readonly lastSync: (source: string) => Run | null;
  readonly lastDone: (source: string) => Run | null;
  close(): Promise<void>;
};

/** Hears what the book's looks see, whoever did it. */
export type BookWatcher = {
  /** A run is new in the history. */
  readonly ran?: (run: Run) => void;
  /** It is stored now how to read a source, or is not any more. */
  readonly changed?: (source: string) => void;
};

/** How long to wait for another process that changes the same value, in milliseconds. */
const patienceMs = 5000;

/** How often at most the keys are got anew because they do not open what is stored: it may run a command. */
const keysPauseMs = 5 * 60_000;

export async function openBook(place: Place): Promise<OpenBook> {
  // First, for this makes no file where there is none.
  const vault = await openVault(place, { waitMs: patienceMs });
  return { vault, eager: await openVault(place), store: await openStore(place, 'write') };
}

export function servedBook(
  served: BookToServe,
  options: Pick<ServeOptions, 'env' | 'cwd' | 'signal' | 'open'>,
  now: () => number,
  watcher: BookWatcher = {},
): ServedBook {
  const { store: address, book, name = book } = served;
  const usual = parseSchedule(served.schedule ?? 'hourly');
  const { env, cwd, signal, open = openBook } = options;
  const place: Place = { address, book, cwd };
  const connections = new Map<string, Watched>();
  const history = followHistory(watcher.ran);
  let looking: Promise<unknown> = Promise.resolve();
  let opening: Promise<OpenBook> | null = null;
  let ring: Promise<KeyRing> | null = null;
  let renewedAt: number | null = null;
  let problem: ContactSyncError | null = null;

  const opened = () => {
    opening ??= open(place).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const keys = () => {
    ring ??= keyRing({ env, cwd, signal }).catch((error: unknown) => {
      ring = null;
      throw error;
    });
    return ring;
  };

  async function stored(source: string): Promise<StoredConnection | null> {
    const { vault } = await opened();
    const used = keys();
    try {
      return await readStored(sealedVault(vault, await used), book, source);
    } catch (error) {
      // The key was changed, perhaps, and is to be had where it came from.
      if (!ContactSyncError.is(error) || error.code !== 'key_wrong') throw error;
      if (ring === used) {
        if (renewedAt !== null && now() - renewedAt < keysPauseMs) throw error;
        renewedAt = now();
        ring = keyRing({ env, cwd, signal }).catch((failed: unknown) => {
          ring = used;
          throw failed;
        });
      }
      return await readStored(sealedVault(vault, await keys()), book, source);
    }
  }

  async function lookAt(source: string, known: ReadonlyMap<string, Watched['state']>): Promise<void> {
    const { vault } = await opened();
    const isNew = !connections.has(source);
    const watched = connections.get(source) ?? newWatched(name, source, now());
    if (!watched.unsaved && !watched.sending && !watched.running) watched.kept = await readKept(vault, book, source);
    watched.state = known.get(source) ?? null;
    watched.last = history.of(source);
    try {
      watched.stored = await stored(source);
    } catch {
      // Its next run meets the same, and that is told as any failure.
      watched.stored = null;
    }
    if (watched.stored !== null) {
      watched.storedAt = Date.parse(watched.stored.at);
      watched.schedule = scheduleOf(watched.stored) ?? usual;
    }
    connections.set(source, watched);
    if (isNew) watcher.changed?.(source);
  }

  async function look(): Promise<void> {
    const { store, vault } = await opened();
    const sources = new Set(await storedSources(vault, book));
    const { connections: known } = await store.head();
    await history.update(store);
    const states = new Map(known.map(({ source, state }) => [source, state]));
    for (const source of sources) await lookAt(source, states);
    const gone = [...connections].filter(([source, { running }]) => !sources.has(source) && !running);
    for (const [source] of gone) {
      connections.delete(source);
      watcher.changed?.(source);
    }
    if (gone.length > 0) await dropKept(vault, book, sources);
  }

  return {
    name,
    served,
    place,
    connections,
    problem: () => problem,
    opened,
    keys,
    stored,
    look() {
      const next = looking.then(lookOrClose);
      looking = next.catch(() => undefined);
      return next;
    },
    async lastRuns(source) {
      await history.update((await opened()).store);
      return history.of(source);
    },
    lastSync: history.lastSync,
    lastDone: history.lastDone,
    close,
  };

  async function lookOrClose(): Promise<void> {
    try {
      await look();
      problem = null;
    } catch (error) {
      problem = ContactSyncError.is(error) ? error : unknown(error);
      // A file that was moved, a server that was restarted: it is opened anew next time, unless it is in use.
      if (![...connections.values()].some(({ running, sending }) => running || sending)) await close();
      throw problem;
    }
  }

  async function close(): Promise<void> {
    const held = await opening?.catch(() => null);
    opening = null;
    if (held) await Promise.allSettled([held.store.close(), held.vault.close(), held.eager.close()]);
  }
}

function scheduleOf({ schedule }: StoredConnection): Watched['schedule'] | null {
  try {
    return schedule === null ? null : parseSchedule(schedule);
  } catch {
    // It was checked when it was stored; another version may know more of schedules.
    return null;
  }
}

function unknown(cause: unknown): ContactSyncError {
  return new ContactSyncError('store_failed', 'The store could not be looked at.', { hint: 'See the cause.', cause });
}
