import type { HostEvent } from '@contact-sync/runner/host';

/** Tells everybody who listens what happened. Who is slow hears only the newest of each thing. */
export type Hub = {
  tell(event: HostEvent): void;
  listen(): Listener;
};

export type Listener = {
  /** What happened since the last call, the oldest first; empty where nothing did. `full`: some of it is lost. */
  take(): { readonly events: readonly HostEvent[]; readonly full: boolean };
  /** Resolves as soon as there is something to take. */
  readonly ready: () => Promise<void>;
  leave(): void;
};

/** So much is kept for somebody who does not read. */
const most = 500;

export function eventHub(): Hub {
  const listeners = new Set<(event: HostEvent) => void>();

  return {
    tell(event) {
      for (const hear of listeners) hear(event);
    },
    listen() {
      let waiting = new Map<string, HostEvent>();
      let full = false;
      let wake = Promise.withResolvers<void>();
      const hear = (event: HostEvent) => {
        const key = subjectOf(event);
        // As new as it is, it comes last.
        waiting.delete(key);
        if (waiting.size >= most) full = true;
        else waiting.set(key, event);
        wake.resolve();
      };
      listeners.add(hear);
      return {
        take() {
          const taken = { events: [...waiting.values()], full };
          waiting = new Map();
          full = false;
          wake = Promise.withResolvers();
          return taken;
        },
        ready: () => wake.promise,
        leave: () => void listeners.delete(hear),
      };
    },
  };
}

/** Of two events about the same, the later says all. */
function subjectOf(event: HostEvent): string {
  const { type, book } = event;
  switch (type) {
    case 'connection':
    case 'progress':
      return JSON.stringify([type, book, event.source]);
    case 'preview':
      return JSON.stringify([type, book, event.id]);
    case 'run':
      return JSON.stringify([type, book, event.run]);
  }
}
