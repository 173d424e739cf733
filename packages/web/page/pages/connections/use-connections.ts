import { useEffect, useState } from 'preact/hooks';
import { useBook } from '../../lib/book.js';
import { useBack, useEvent } from '../../lib/events.js';
import type { Connection, Progress } from '../../lib/types.js';
import { type Loaded, useData } from '../../lib/use-data.js';
import { useSoon } from '../../lib/use-soon.js';

/** The connections of the book, those last that are over, read again whenever something happens to one of them. */
export function useConnections(): Loaded<readonly Connection[]> {
  const { api, book } = useBook();
  const loaded = useData(`connections of ${book}`, async (signal) => {
    const { connections } = await api.connections(signal);
    return connections.toSorted((a, b) => Number(b.stored) - Number(a.stored));
  });
  const soon = useSoon(loaded.reload);
  useEvent('connection', (event) => event.book === book && soon());
  useEvent('run', (event) => event.book === book && soon());
  useBack(soon);
  return loaded;
}

/** How far the sync that is running has come; null where none is. */
export function useProgress({ source, running, progress }: Connection): Progress | null {
  const { book } = useBook();
  const [told, setTold] = useState<Progress | null>(null);
  useEvent('progress', (event) => {
    if (event.book === book && event.source === source) setTold(event.progress);
  });
  useEffect(() => {
    if (!running) setTold(null);
  }, [running]);
  return running ? (told ?? progress) : null;
}
