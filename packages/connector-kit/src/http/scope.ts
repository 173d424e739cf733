/** The time one attempt has. It ends by the caller's signal or by the deadline, whichever comes first. */
export type Scope = {
  readonly signal: AbortSignal;
  /** Why the signal aborted, or null while it has not. */
  ended(): 'cancelled' | 'timeout' | null;
  /** The work, or a rejection when the scope ends first: a transport hears no signal while it connects. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Takes timer and listener away. */
  close(): void;
};

/** @param signal not aborted yet */
export function openScope(signal: AbortSignal, deadlineMs: number): Scope {
  const controller = new AbortController();
  let reason: 'cancelled' | 'timeout' | null = null;
  const end = (why: 'cancelled' | 'timeout'): void => {
    if (reason !== null) return;
    reason = why;
    controller.abort(new Error(why));
  };
  const cancel = (): void => end('cancelled');

  const ending = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  // Nobody may be racing when it ends.
  ending.catch(() => undefined);

  // The transport's own time limits are per chunk: a body of one byte a second would never end.
  const timer = setTimeout(() => end('timeout'), deadlineMs);
  signal.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    race: (work) => Promise.race([work, ending]),
    ended: () => reason,
    close: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}
