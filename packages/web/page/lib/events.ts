import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { Events } from './types.js';

type Name = keyof Events;
type Handler = (data: never) => void;

export type EventStream = {
  /** Calls `handler` with every event of this name until the function it answers with is called. */
  readonly on: <K extends Name>(name: K, handler: (data: Events[K]) => void) => () => void;
  /** After the line was down: events may have been missed. */
  readonly onBack: (handler: () => void) => () => void;
  readonly close: () => void;
};

const names: readonly Name[] = ['connection', 'progress', 'run', 'preview'];
const firstWait = 2000;
const longestWait = 60_000;

/** Whether somebody sees the page. */
type Seen = Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;

/**
 * Listens to what the server tells, for as long as the page is seen: a browser has six lines to a server for all its tabs,
 * and those that nobody looks at must not take them all. When the line is down, tries again, ever less often.
 */
export function openEvents(url: string, Source = EventSource, seen: Seen = document): EventStream {
  const handlers = new Map<Name, Set<Handler>>(names.map((name) => [name, new Set()]));
  const back = new Set<() => void>();
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWait;
  let wasOpen = false;

  const shut = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    const line = new Source(url);
    source = line;
    for (const name of names) {
      line.addEventListener(name, (event) => {
        const data = JSON.parse((event as MessageEvent<string>).data) as never;
        for (const handler of handlers.get(name) ?? []) handler(data);
      });
    }
    line.addEventListener('open', () => {
      wait = firstWait;
      if (wasOpen) for (const handler of back) handler();
      wasOpen = true;
    });
    line.addEventListener('error', () => {
      // A browser tries again by itself, but not after an answer that is an error.
      if (line !== source || line.readyState !== Source.CLOSED) return;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, longestWait);
    });
  };
  const look = () => {
    if (seen.hidden) shut();
    else if (source === undefined) open();
  };
  seen.addEventListener('visibilitychange', look);
  look();

  return {
    on: (name, handler) => added(handlers.get(name) ?? new Set<Handler>(), handler as Handler),
    onBack: (handler) => added(back, handler),
    close: () => {
      seen.removeEventListener('visibilitychange', look);
      shut();
    },
  };
}

function added<T>(set: Set<T>, value: T): () => void {
  set.add(value);
  return () => {
    set.delete(value);
  };
}

export const EventsContext = createContext<EventStream | null>(null);

/** Calls `handler` with every event of this name while the component is there. */
export function useEvent<K extends Name>(name: K, handler: (data: Events[K]) => void): void {
  const events = useContext(EventsContext);
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => events?.on(name, (data) => latest.current(data)), [events, name]);
}

/** Calls `handler` when the line to the server is back: what was missed has to be read again. */
export function useBack(handler: () => void): void {
  const events = useContext(EventsContext);
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => events?.onBack(() => latest.current()), [events]);
}
