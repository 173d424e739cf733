import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, asApiError } from './request.js';

export type Loaded<T> = {
  /** Undefined until it is loaded for the first time; while it is loaded again, what was there before. */
  readonly data: T | undefined;
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly reload: () => void;
};

type State<T> = { readonly key: string; readonly data: T | undefined; readonly error: ApiError | null };

/**
 * Loads what `key` stands for, anew when the key changes or `reload` is called; the request before is aborted, so no older
 * answer comes after a newer one. With `keep`, what another key had is shown until the new answer is there.
 */
export function useData<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { keep = false }: { readonly keep?: boolean } = {},
): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key, data: undefined, error: null });
  const [round, setRound] = useState(0);
  const [done, setDone] = useState<string | null>(null);
  const latest = useRef(load);
  latest.current = load;
  const wanted = `${round} ${key}`;

  useEffect(() => {
    const ended = new AbortController();
    const answered = (next: (before: State<T>) => State<T>) => {
      if (ended.signal.aborted) return;
      setState(next);
      setDone(wanted);
    };
    latest.current(ended.signal).then(
      (data) => answered(() => ({ key, data, error: null })),
      (error: unknown) =>
        answered((before) => ({
          key,
          data: before.key === key ? before.data : undefined,
          error: asApiError(error),
        })),
    );
    return () => ended.abort();
  }, [wanted]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const current = state.key === key || keep;
  return {
    data: current ? state.data : undefined,
    error: state.key === key ? state.error : null,
    loading: done !== wanted,
    reload,
  };
}
