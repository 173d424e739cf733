import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { createList, type List, type ListState, type LoadPart } from './list.js';

export type Listed<T> = ListState<T> & {
  readonly list: List<T>;
  /** What is shown is what another key had: the answer to this one is not there yet. */
  readonly waiting: boolean;
};

/**
 * The list that `key` stands for, its first part read at once. With another key another list begins; what the one before
 * had is shown until the first answer is there. `make` may give a list that was read before.
 */
export function useList<T>(
  key: string,
  load: LoadPart<T>,
  make: (key: string, fresh: () => List<T>) => List<T> = (_, fresh) => fresh(),
): Listed<T> {
  const [, update] = useReducer((n: number) => n + 1, 0);
  const list = useMemo(() => make(key, () => createList(load)), [key]);
  const shown = useRef<ListState<T>>(list.state());
  useEffect(() => {
    const end = list.subscribe(() => update(0));
    if (list.state().next === undefined) list.more();
    else update(0);
    return () => {
      end();
      list.stop();
    };
  }, [list]);
  const state = list.state();
  const waiting = state.next === undefined && state.error === null;
  if (!waiting) shown.current = state;
  return { ...shown.current, error: state.error, loading: state.loading || waiting, list, waiting };
}
