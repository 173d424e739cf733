import { type ApiError, asApiError } from './request.js';

export type Part<T> = { readonly items: readonly T[]; readonly next: string | null };
/** Reads the part of a list that comes after `after`: the `next` of the part before. */
export type LoadPart<T> = (after: string | undefined, signal: AbortSignal) => Promise<Part<T>>;

export type ListState<T> = {
  readonly items: readonly T[];
  /** Where the list goes on; null: it ends here. Undefined: nothing was read yet. */
  readonly next: string | null | undefined;
  readonly loading: boolean;
  readonly error: ApiError | null;
};

/** A list that is read part by part. */
export type List<T> = {
  readonly state: () => ListState<T>;
  /** Reads the next part, unless one is being read or the list has ended. */
  readonly more: () => void;
  /** Reads it from the beginning; what was read before stays until the answer is there. */
  readonly reload: () => void;
  /** Puts something else in the place of what was read. */
  readonly change: (changed: (items: readonly T[]) => readonly T[]) => void;
  /** Ends a request that is under way. The list can be gone on with later. */
  readonly stop: () => void;
  readonly subscribe: (listener: () => void) => () => void;
};

export function createList<T>(load: LoadPart<T>): List<T> {
  const listeners = new Set<() => void>();
  let state: ListState<T> = { items: [], next: undefined, loading: false, error: null };
  let running: AbortController | null = null;

  const set = (change: Partial<ListState<T>>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const read = (after: string | undefined, join: (part: readonly T[]) => readonly T[]) => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    set({ loading: true, error: null });
    // Only the latest request is listened to, whatever comes when.
    const answered = (change: () => Partial<ListState<T>>) => {
      if (running !== mine) return;
      running = null;
      set({ ...change(), loading: false });
    };
    load(after, mine.signal).then(
      ({ items, next }) => answered(() => ({ items: join(items), next })),
      (error: unknown) => answered(() => ({ error: asApiError(error) })),
    );
  };

  return {
    state: () => state,
    more: () => {
      if (state.loading || state.next === null) return;
      read(state.next, (part) => [...state.items, ...part]);
    },
    reload: () => read(undefined, (part) => part),
    change: (changed) => set({ items: changed(state.items) }),
    stop: () => {
      if (running === null) return;
      running.abort();
      running = null;
      set({ loading: false });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
