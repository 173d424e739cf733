/** The time one attempt has. It ends by the caller's signal or by the deadline, whichever comes first. */
export type Scope = {
  readonly signal: AbortSignal;
  /** Why the signal aborted, or null while it has not. */
  ended(): 'cancelled' | 'timeout' | null;
  /** Takes timer and listener away. */
  close(): void;
};

export function openScope(signal: AbortSignal, deadlineMs: number): Scope {
  const controller = new AbortController();
  let reason: 'cancelled' | 'timeout' | null = null;
  const end = (why: 'cancelled' | 'timeout'): void => {
    if (reason !== null) return;
    reason = why;
    controller.abort(new Error(why));
  };
  const cancel = (): void => end('cancelled');

  // The transport's own time limits are per chunk: a body of one byte a second would never end.
  const timer = setTimeout(() => end('timeout'), deadlineMs);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return {
    signal: controller.signal,
    ended: () => reason,
    close: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}
