import { useEffect, useState } from 'preact/hooks';
import { useBook } from '../../lib/book.js';
import { useBack, useEvent } from '../../lib/events.js';
import { type ApiError, asApiError } from '../../lib/request.js';
import type { Run, Runs } from '../../lib/types.js';
import { useData } from '../../lib/use-data.js';
import { useSoon } from '../../lib/use-soon.js';

export type LoadedRuns = {
  /** Undefined until they are loaded for the first time. */
  readonly runs: readonly Run[] | undefined;
  /** Null: there are no older ones. */
  readonly next: string | null;
  readonly error: ApiError | null;
  readonly more: () => Promise<void>;
  readonly reload: () => void;
};

const atOnce = 50;

/** Runs, the newest first. New ones come on top as they end; older ones are read when they are asked for. */
export function useRuns(): LoadedRuns {
  const { api, book } = useBook();
  const newest = useData(`runs ${book}`, (signal) => api.runs({ limit: atOnce }, signal));
  const [known, setKnown] = useState<Runs | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const soon = useSoon(newest.reload);
  useEvent('run', (event) => event.book === book && soon());
  useBack(soon);

  const first = newest.data;
  useEffect(() => {
    if (first !== undefined) setKnown((before) => withNewest(first, before));
  }, [first]);

  const more = async () => {
    if (known === null || known.next === null) return;
    setError(null);
    try {
      const page = await api.runs({ limit: atOnce, after: known.next });
      setKnown({ runs: [...known.runs, ...page.runs], next: page.next });
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  return {
    runs: known?.runs,
    next: known?.next ?? null,
    error: newest.error ?? error,
    more,
    reload: newest.reload,
  };
}

/** What is known, with the newest page on top of it. Where runs between the two are not known, what is older goes. */
export function withNewest(first: Runs, known: Runs | null): Runs {
  const ids = new Set(first.runs.map(({ id }) => id));
  if (known === null || !known.runs.some(({ id }) => ids.has(id))) return first;
  return { runs: [...first.runs, ...known.runs.filter(({ id }) => !ids.has(id))], next: known.next };
}
