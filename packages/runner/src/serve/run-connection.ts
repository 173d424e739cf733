import { asContactSyncError, ContactSyncError, type ReadProgress } from '@contact-sync/core';
import { checkSame } from '../connections/open-stored.js';
import { sourceOf } from '../connections/source.js';
import { policyOf } from '../connections/texts.js';
import { loadConnector } from '../connectors.js';
import { runLock } from '../run-lock.js';
import { sealedVault } from '../secrets/sealed-vault.js';
import { type SyncOptions, sync } from '../sync.js';
import type { RequestCounter } from './requests.js';
import type { ServedBook } from './served-book.js';
import type { Ended, ServeOptions, SyncProgress } from './types.js';
import type { Watched } from './watched.js';

type World = Pick<ServeOptions, 'actor' | 'load' | 'cwd'> & {
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly counter: RequestCounter;
  /** Is told how far the read is, each time that `watched.progress` changes. */
  readonly onProgress?: () => void;
};

/** One sync of a stored connection, under its lock. Rejects never; null: another process has done it meanwhile. */
export async function runConnection(book: ServedBook, watched: Watched, world: World): Promise<Ended | null> {
  const { source } = watched;
  const at = new Date(world.now()).toISOString();
  const begin = performance.now();
  return await world.counter.counted(async (count) => {
    const about = () => ({
      book: book.name,
      source,
      at,
      milliseconds: performance.now() - begin,
      requests: count.requests,
      requestsLeft: watched.requestsLeft,
    });
    try {
      const result = await locked(book, watched, world);
      return result === 'done by another' ? null : { ...about(), ...result };
    } catch (error) {
      return { ...about(), outcome: 'failed', error: asContactSyncError(error) };
    }
  });
}

async function locked(book: ServedBook, watched: Watched, world: World) {
  const { source } = watched;
  const { eager, store } = await book.opened();
  const before = watched.last.at;
  return await eager.locked(runLock(book.place.book, source), async (lock) => {
    const { at } = await book.lastRuns(source);
    if (at !== null && (before === null || at > before)) return 'done by another' as const;
    const { actor, now } = world;
    const { keepDays } = book.served;
    const reading = await readingOf(book, source, world);
    const stop = either(world.signal, lock.signal);
    try {
      const result = await sync({
        ...reading,
        store,
        actor,
        ...(keepDays === undefined ? {} : { keepDays }),
        now: () => new Date(now()),
        signal: stop.signal,
        onProgress: (progress) => {
          watched.requestsLeft = progress.requestsLeft ?? watched.requestsLeft;
          watched.progress = progressOf(progress);
          world.onProgress?.();
        },
      });
      if (result.outcome === 'declined') throw new TypeError('Nobody was asked.');
      return result;
    } finally {
      stop.forget();
    }
  });
}

/** What a stored connection reads, and how. Fails with `not_found` where it is not stored any more. */
export async function readingOf(
  book: ServedBook,
  source: string,
  { load = loadConnector, cwd }: Pick<World, 'load' | 'cwd'>,
): Promise<Pick<SyncOptions, 'source' | 'kind' | 'policy'>> {
  const { eager } = await book.opened();
  const stored = await book.stored(source);
  if (stored === null) throw removed(source);
  const tokens = sealedVault(eager, await book.keys());
  const reads = sourceOf(await load(stored.connector, cwd), stored, tokens);
  checkSame(source, reads.source);
  return {
    source: reads,
    ...(stored.kind === null ? {} : { kind: stored.kind }),
    policy: { ...book.served.policy, ...policyOf(stored.policy) },
  };
}

/** What of the progress of a read is for people. */
export function progressOf({ records, pages, requestsLeft }: ReadProgress): SyncProgress {
  return { rows: records, pages, requestsLeft: requestsLeft ?? null };
}

/** As `AbortSignal.any`, but of a long-lived signal that must not remember every run. */
function either(...signals: readonly AbortSignal[]): { signal: AbortSignal; forget: () => void } {
  const both = new AbortController();
  const stops = signals.map((signal) => {
    const stop = () => both.abort(signal.reason);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    return () => signal.removeEventListener('abort', stop);
  });
  return {
    signal: both.signal,
    forget: () => {
      for (const stop of stops) stop();
    },
  };
}

function removed(source: string): ContactSyncError {
  return new ContactSyncError('not_found', `The stored connection ${source} was removed a moment ago.`, {
    hint: 'Connect again if you need it.',
  });
}
