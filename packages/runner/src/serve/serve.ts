import { setTimeout } from 'node:timers/promises';
import { errorCodes } from '@contact-sync/core';
import { type SinkSettings, sinkOf } from '../alerts/sinks.js';
import { keyRing } from '../secrets/key-sources.js';
import { openToOthers } from '../stores.js';
import { systemClock } from './clock.js';
import { type Listen, type Listening, listen } from './http.js';
import { type LogLevel, runLogger } from './log.js';
import type { ServedWeb } from './serve-page.js';
import { openBook, servedBook } from './served-book.js';
import { type Service, startService } from './service.js';
import type { ServeOptions } from './types.js';

/** Everything of the service as plain data, from a configuration or a command line. */
export type Serving = Omit<ServeOptions, 'log' | 'sinks' | 'watchers'> & {
  /** Null: answers nobody. */
  readonly listen: Listen | null;
  readonly alertsTo?: readonly SinkSettings[] | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** Whom runs change is logged too, at `debug`. */
  readonly logPersonalData?: boolean | undefined;
  /** Takes the lines of the log. */
  readonly write: (line: string) => void;
  /** The page, where its package is installed. Null, or nothing: none. */
  readonly web?: ServedWeb | null | undefined;
  /** Hears of the service once it runs. */
  readonly onStart?: ((service: Service, url: string | null) => void) | undefined;
};

/** After the signal, so long for runs to end by themselves, in milliseconds. They end at once, or are writing. */
const patienceMs = 20_000;

/**
 * Syncs the stored connections of these books, each on its schedule, until the signal aborts.
 *
 * @throws ContactSyncError for what a person must mend before it can begin: a store that is not there, no key, a port
 *   that is taken. What goes wrong later is logged and told, and ends nothing.
 */
export async function serve(serving: Serving): Promise<void> {
  const { signal, clock = systemClock, logLevel = 'info', logPersonalData = false } = serving;
  const [{ jsonLog }, { metrics }] = await Promise.all([import('./json-log.js'), import('./metrics.js')]);
  const log = jsonLog(logLevel, serving.write, () => new Date(clock.now()));
  const sinks = (serving.alertsTo ?? []).map((settings, index, all) => {
    const sink = sinkOf(settings, clock.now);
    const same = all.slice(0, index).filter(({ kind }) => kind === settings.kind).length;
    return same === 0 ? sink : { ...sink, name: `${sink.name}-${same + 1}` };
  });
  const { servedPage } = await import('./serve-page.js');
  const page = await servedPage(serving, { clock, log });
  await checkStart(serving);
  const measured = metrics();
  const watchers = [runLogger(log, logPersonalData), measured.watcher];
  // The port is taken first: a second service on the same machine ends before it syncs anything.
  const later: { service: Service | null } = { service: null };
  const shown = {
    status: () => later.service?.status() ?? [],
    problems: () => later.service?.problems() ?? ['It is starting.'],
  };
  const listening: Listening | null =
    serving.listen === null ? null : await listen(serving.listen, shown, measured, clock.now, page?.handle);
  // What people asked for is answered before the books are closed.
  const stop = new AbortController();
  const onSignal = () => {
    if (page === null) stop.abort();
    else void page.end().finally(() => stop.abort());
  };
  try {
    const service = startService({ ...serving, signal: stop.signal, log, sinks, watchers });
    later.service = service;
    signal.addEventListener('abort', onSignal, { once: true });
    if (signal.aborted) onSignal();
    for (const book of serving.books) {
      const problem = openToOthers({ address: book.store, book: book.book, cwd: serving.cwd });
      if (problem !== null) log.warn({ book: book.name ?? book.book }, problem);
    }
    log.info({ books: serving.books.length, listen: listening?.url ?? null }, 'started');
    if (page !== null && listening !== null) {
      await page.begin(service, listening.url).catch(async (error: unknown) => {
        stop.abort();
        await service.ended;
        throw error;
      });
    }
    serving.onStart?.(service, listening?.url ?? null);
    await endOf(service, signal, () => log.error({}, 'a run did not end in time'));
  } finally {
    signal.removeEventListener('abort', onSignal);
    stop.abort();
    await listening?.close();
    log.info({}, 'ended');
  }
}

/** What a person must mend is said now; what mends itself is tried again by the loop. */
async function checkStart({ books, env, cwd, signal, open = openBook }: Serving): Promise<void> {
  await keyRing({ env, cwd, signal });
  for (const book of books) {
    const served = servedBook(book, { env, cwd, signal, open }, () => 0);
    try {
      await served.look().catch((error: unknown) => {
        const code = served.problem()?.code;
        if (code === undefined || errorCodes[code].kind === 'usage') throw error;
      });
    } finally {
      await served.close();
    }
  }
}

async function endOf(service: Service, signal: AbortSignal, late: () => void): Promise<void> {
  const over = new AbortController();
  const bound = new Promise<void>((resolve) => {
    const start = () => {
      setTimeout(patienceMs, undefined, { signal: over.signal }).then(
        () => {
          late();
          resolve();
        },
        () => resolve(),
      );
    };
    signal.addEventListener('abort', start, { once: true });
    if (signal.aborted) start();
  });
  try {
    await Promise.race([service.ended, bound]);
  } finally {
    over.abort();
  }
}
