import { type ContactStore, ContactSyncError } from '@contact-sync/core';
import {
  type BookSettings,
  type LastRuns,
  readStored,
  type ServedBook,
  type StoredConnection,
  sealedVault,
  type Watched,
} from '@contact-sync/runner/engine';
import { postgresStore } from '@contact-sync/storage-postgres';
import type { World } from './world.js';

/** So much of the history is looked through for the last sync of a source. */
const mostRuns = 100;

/**
 * A book as a sync needs it: it is opened for one job, with the connections that all jobs of a worker share. What a
 * service learns by looking at a book again and again, the fleet knows from its own table.
 */
export function jobBook(
  world: World,
  name: string,
  settings: BookSettings,
  url: string,
  cwd: string,
): ServedBook & { found(): StoredConnection | null } {
  const { pool, vault, eager } = world;
  const store = postgresStore({ pool, book: name });
  const connections = new Map<string, Watched>();
  let found: StoredConnection | null = null;
  return {
    name,
    served: { store: url, book: name, ...settings },
    place: { address: url, book: name, cwd },
    connections,
    look: async () => undefined,
    problem: () => null,
    opened: async () => ({ store, vault, eager }),
    keys: world.keys,
    async stored(source) {
      found = await storedOf(world, name, source);
      return found;
    },
    /** What was stored when it was last read; null: nothing, or nothing that opens. */
    found: () => found,
    lastRuns: (source) => lastRuns(store, source),
    lastSync: () => null,
    lastDone: () => null,
    close: () => store.close(),
  };
}

/** What is stored of a connection. The key was changed perhaps, and is to be had where it came from. */
export async function storedOf(world: World, book: string, source: string): Promise<StoredConnection | null> {
  try {
    return await readStored(sealedVault(world.vault, await world.keys()), book, source);
  } catch (error) {
    if (!ContactSyncError.is(error) || error.code !== 'key_wrong' || !(await world.renewKeys())) throw error;
    return await readStored(sealedVault(world.vault, await world.keys()), book, source);
  }
}

async function lastRuns(store: ContactStore, source: string): Promise<LastRuns> {
  let at: number | null = null;
  let after: string | null = null;
  for (let seen = 0; seen < mostRuns; ) {
    // Most often it is the last run.
    const limit = seen === 0 ? 2 : 10;
    const page: Awaited<ReturnType<ContactStore['runs']>> = await store.runs({ limit, ...(after && { after }) });
    for (const run of page.runs) {
      if (run.source !== source || run.kind !== 'sync' || run.error?.code === 'cancelled') continue;
      at ??= Date.parse(run.at);
      const good = run.outcome === 'applied' || run.outcome === 'unchanged';
      if (good) return { at, goodAt: Date.parse(run.at), disconnectedAt: null };
    }
    seen += page.runs.length;
    after = page.next;
    if (after === null) break;
  }
  return { at, goodAt: null, disconnectedAt: null };
}
