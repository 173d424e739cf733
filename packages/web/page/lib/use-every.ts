import { useEffect, useRef } from 'preact/hooks';

/** Calls `work` every so often while the page can be seen, and at once when it is seen again. */
export function useEvery(ms: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = () => {
      clearInterval(timer);
      if (!document.hidden) timer = setInterval(() => latest.current(), ms);
    };
    const seen = () => {
      start();
      if (!document.hidden) latest.current();
    };
    start();
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [ms]);
}
