import type { ContactStore, Run } from '@contact-sync/core';

/** What the history tells of a source. Times are milliseconds since 1970; null: it does not tell. */
export type LastRuns = {
  /** When the last sync began that was not cancelled. */
  readonly at: number | null;
  /** When the last one began that was done. */
  readonly goodAt: number | null;
  readonly disconnectedAt: number | null;
};

const none: LastRuns = { at: null, goodAt: null, disconnectedAt: null };

/** At the first look, no more of the history than this is read. Who did not sync for so many runs is due anyway. */
const firstLook = 2000;

export type History = {
  /** Reads what is new in the history. */
  update(store: ContactStore): Promise<void>;
  of(source: string): LastRuns;
  /** The last sync of a source, however it ended. */
  lastSync(source: string): Run | null;
  /** The last one that was done. */
  lastDone(source: string): Run | null;
};

/**
 * Follows the history of a book, whoever writes it.
 *
 * @param onRun is told of every run that comes after the first look, in order
 */
export function followHistory(onRun: (run: Run) => void = () => {}): History {
  const known = new Map<string, LastRuns>();
  const syncs = new Map<string, Run>();
  const done = new Map<string, Run>();
  let newest: string | null = null;
  let isFirst = true;
  let updating: Promise<unknown> = Promise.resolve();

  return {
    of: (source) => known.get(source) ?? none,
    lastSync: (source) => syncs.get(source) ?? null,
    lastDone: (source) => done.get(source) ?? null,
    // One at a time: two at once would both find the same news.
    update(store) {
      const next = updating.then(() => update(store));
      updating = next.catch(() => undefined);
      return next;
    },
  };

  async function update(store: ContactStore): Promise<void> {
    const news: Run[] = [];
    let after: string | null = null;
    look: do {
      const limit = newest === null ? 500 : 20;
      const page: Awaited<ReturnType<ContactStore['runs']>> = await store.runs({ limit, ...(after && { after }) });
      for (const run of page.runs) {
        if (run.id === newest) break look;
        news.push(run);
      }
      after = page.next;
    } while (after !== null && (newest !== null || news.length < firstLook));
    newest = news[0]?.id ?? newest;
    for (const run of news.reverse()) note(run);
    if (!isFirst) for (const run of news) onRun(run);
    isFirst = false;
  }

  function note(run: Run): void {
    const { source, kind, at, outcome, error } = run;
    if (source === null) return;
    if (kind === 'sync') syncs.set(source, run);
    const before = known.get(source) ?? none;
    const time = Date.parse(at);
    if (kind === 'disconnect') known.set(source, { ...before, disconnectedAt: time });
    // What was cancelled was not done: it is made up for.
    if (kind !== 'sync' || error?.code === 'cancelled') return;
    const good = outcome === 'applied' || outcome === 'unchanged';
    if (good) done.set(source, run);
    known.set(source, {
      ...before,
      at: later(before.at, time),
      goodAt: good ? later(before.goodAt, time) : before.goodAt,
    });
  }
}

/** Runs are noted when they end: of two at once, the later begin may come first. */
function later(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b);
}
