import type { ReadProgress } from '@contact-sync/core';
import spinner from 'yocto-spinner';
import { printable } from './show/printable.js';
import type { Terminal } from './terminal.js';

type Work<T> = (
  onProgress: (progress: ReadProgress) => void,
  /** Takes the line away while a person is asked. */
  pause: <A>(asking: () => Promise<A>) => Promise<A>,
) => Promise<T>;

/** A line that moves while a source is read, on a terminal; nothing in a pipe. */
export async function progressOf<T>(terminal: Terminal, source: string, work: Work<T>): Promise<T> {
  if (!terminal.showsProgress)
    return await work(
      () => undefined,
      (asking) => asking(),
    );
  const line = spinner({ text: `Reading ${printable(source)}` }).start();
  const begin = terminal.now().getTime();
  try {
    return await work(
      ({ pages, records, requestsLeft }) => {
        const left = Object.entries(requestsLeft ?? {}).map(([window, n]) => `${window} ${n}`);
        const limits = left.length === 0 ? [] : [`requests left: ${left.join(', ')}`];
        line.text = [
          `Reading ${printable(source)}: ${many(records, 'record')} on ${many(pages, 'page')}`,
          ...limits,
          `${Math.round((terminal.now().getTime() - begin) / 1000)} s`,
        ].join('; ');
      },
      async (asking) => {
        line.stop();
        return await asking();
      },
    );
  } finally {
    line.stop();
  }
}

function many(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
