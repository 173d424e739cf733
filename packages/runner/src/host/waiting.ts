import { type Decision, type Run, reasons } from '@contact-sync/core';
import { isOpen } from '../reports/report.js';
import { type Inner, storeOf } from './inner.js';

/** What the last sync of a source that was done left for people, and where it saw the source say something else. */
export type Seen = { readonly run: Run; readonly decisions: readonly Decision[] };

export type Waiting = {
  /** Of one source; null where none was done. */
  of(source: string): Promise<Seen | null>;
  /** Of every source that the book is connected to. */
  all(): Promise<readonly Seen[]>;
};

/**
 * Reads the decisions of a run once, for as long as nothing is new in the history: a person who is forgotten is forgotten
 * here too.
 */
export function waitingOf(inner: Inner): Waiting {
  let cached: { newest: string | null; seen: Map<string, Promise<Seen>> } = { newest: null, seen: new Map() };

  async function of(source: string): Promise<Seen | null> {
    const store = await storeOf(inner);
    const newest = (await store.runs({ limit: 1 })).runs[0]?.id ?? null;
    await inner.book.lastRuns(source);
    if (cached.newest !== newest) cached = { newest, seen: new Map() };
    const run = inner.book.lastDone(source);
    if (run === null) return null;
    const { seen } = cached;
    const found = seen.get(source) ?? read(run);
    seen.set(source, found);
    found.catch(() => seen.delete(source));
    return await found;
  }

  async function read(run: Run): Promise<Seen> {
    const store = await storeOf(inner);
    const decisions: Decision[] = [];
    for await (const decision of store.decisions(run.id)) {
      if (isOpen(decision) || decision.says !== null) decisions.push(decision);
    }
    return { run, decisions };
  }

  return {
    of,
    async all() {
      const { connections } = await (await storeOf(inner)).head();
      const connected = connections.filter(({ state }) => state !== 'disconnected');
      const seen: Seen[] = [];
      for (const { source } of connected) {
        const one = await of(source);
        if (one !== null) seen.push(one);
      }
      return seen;
    },
  };
}

export function kindOf({ reason }: Decision): 'held' | 'rejected' {
  return reasons[reason].action === 'hold' ? 'held' : 'rejected';
}
