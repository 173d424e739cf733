import { type ContactStore, changesBook, type Decision, type Run } from '@contact-sync/core';

export type RunChanges = {
  readonly run: Run;
  /** Each contact that the run made, changed or removed, with `before`, `after` and the reason. It can be read again. */
  readonly changes: AsyncIterable<Decision>;
};

/**
 * What happened to a book since a run, as a feed: the runs that were applied after it, oldest first. Follow it by keeping
 * the id of the last run that was worked through, and asking again with that. Runs that a guard stopped or that failed
 * changed nothing and are left out; so are those that came while the feed is read: they come next time.
 *
 * Of a run with `purged`, and of somebody who was forgotten (`kind: 'forget'`), the history does not have the contacts
 * any more: whoever keeps a copy of them compares it with the book then.
 *
 * @param after the id of a run; null: from the beginning
 * @throws ContactSyncError `not_found` if the book has no such run
 */
export async function* changesSince(store: ContactStore, after: string | null): AsyncGenerator<RunChanges, void, void> {
  if (after !== null) await store.run(after);
  const newestFirst: Run[] = [];
  for await (const run of runsSince(store, after)) if (run.outcome === 'applied') newestFirst.push(run);
  for (const run of newestFirst.reverse()) {
    yield { run, changes: { [Symbol.asyncIterator]: () => changesOf(store, run.id) } };
  }
}

async function* changesOf(store: ContactStore, run: string): AsyncGenerator<Decision, void, void> {
  for await (const decision of store.decisions(run)) if (changesBook(decision)) yield decision;
}

/** Newest first. */
export async function* runsSince(store: ContactStore, newest: string | null): AsyncGenerator<Run, void, void> {
  let after: string | null = null;
  do {
    // Most often nothing is newer.
    const limit = after === null ? 2 : 100;
    const page: Awaited<ReturnType<ContactStore['runs']>> = await store.runs({ limit, ...(after && { after }) });
    for (const run of page.runs) {
      if (run.id === newest) return;
      yield run;
    }
    after = page.next;
  } while (after !== null);
}
