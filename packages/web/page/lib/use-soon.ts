import { useCallback, useEffect, useRef } from 'preact/hooks';

/** A function that is called once a moment after it was asked for, however often that was: events come in bursts. */
export function useSoon(work: () => void, afterMs = 150): () => void {
  const latest = useRef(work);
  latest.current = work;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(), afterMs);
  }, [afterMs]);
}
