import { ContactSyncError } from '@contact-sync/core';
import { defaultAlertSettings } from '../alerts/alerts.js';
import { isDue } from '../alerts/outbox.js';
import { systemClock } from './clock.js';
import { mayResync, type Resync } from './due.js';
import { lookAtGrant } from './grants.js';
import { errorFacts } from './log.js';
import { requestCounter } from './requests.js';
import { runConnection } from './run-connection.js';
import { type ServedBook, servedBook } from './served-book.js';
import { change, eventOf, note, send } from './tell.js';
import type { ConnectionStatus, ServeOptions, Watcher } from './types.js';
import { nextRunOf, standingOf, statusOf, type Watched } from './watched.js';

export type Service = {
  /** Resolves once the signal aborted and everything that was under way has ended. */
  readonly ended: Promise<void>;
  status(): readonly ConnectionStatus[];
  /** What is wrong with the service itself; nothing while it is well. */
  problems(): readonly string[];
  /** Has a connection synced now, at most every five minutes. `book`: as it is called; `actor`: who asked, for the history. */
  resync(book: string, source: string, actor?: string): Resync;
  /** What `resync` would answer now. */
  mayResync(book: string, source: string): Resync;
  /** The books that are served. */
  readonly books: readonly ServedBook[];
  /** Looks at a book at once, rather than at the next turn: for whoever has changed something there. */
  look(book: ServedBook): Promise<void>;
  /** Has somebody more hear what happens. Gives the end of it. */
  watch(watcher: Watcher): () => void;
  /** Whether something is under way, and until it is not. */
  busy(): boolean;
  settled(): Promise<void>;
};

/** How long the loop may be silent beyond its pause before it counts as dead, in milliseconds. */
const silenceMs = 120_000;

/** Syncs the stored connections of its books, each on its schedule, until the signal aborts. */
export function startService(options: ServeOptions): Service {
  const { signal, log, clock = systemClock, lookMs = 15_000, atOnce = 4, sinks = [] } = options;
  const watchers = [...(options.watchers ?? [])];
  const now = clock.now;
  const settings = { ...defaultAlertSettings, ...options.alerts };
  const telling = { now, signal, sinks, settings, log, watchers };
  const books = checkNames(
    options.books.map((served) => {
      const { book, name = book } = served;
      return servedBook(served, options, now, {
        changed: (source) => changed(name, source),
        ran(run) {
          for (const watcher of watchers) watcher.ran?.({ book: name, run });
          if (run.source !== null) changed(name, run.source);
        },
      });
    }),
  );
  const counter = requestCounter();
  const tasks = new Set<Promise<void>>();
  let pause = new AbortController();
  let beat = now();
  let runs = 0;
  const wake = () => pause.abort();

  function changed(book: string, source: string): void {
    for (const watcher of watchers) watcher.changed?.({ book, source });
  }

  function begin(work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => log.error({ error: factsOf(error) }, 'something went wrong that nobody expected'))
      .finally(() => {
        tasks.delete(task);
        wake();
      });
    tasks.add(task);
  }

  async function runOne(book: ServedBook, watched: Watched): Promise<void> {
    watched.triedAt = now();
    const actor = watched.asked?.actor ?? options.actor;
    watched.asked = null;
    const about = { book: book.name, source: watched.source };
    const onProgress = () => {
      const { progress } = watched;
      if (progress !== null) for (const watcher of watchers) watcher.progress?.({ ...about, progress });
    };
    changed(book.name, watched.source);
    try {
      const ended = await runConnection(book, watched, { ...options, actor, now, signal, counter, onProgress });
      if (ended === null) return;
      for (const watcher of watchers) watcher.ended?.(ended);
      watched.last = await book.lastRuns(watched.source).catch(() => watched.last);
      // What a stopping service cancels is made up for when it starts again, and is no news.
      if (signal.aborted && ended.outcome === 'failed') return;
      const resumeAt = ended.outcome === 'failed' ? (ended.error.resumeAt ?? null) : null;
      await note(book, watched, eventOf(ended), telling, { resumeAt });
      await lookAtGrant(book, watched, options, telling);
    } finally {
      watched.running = false;
      watched.progress = null;
      runs -= 1;
      changed(book.name, watched.source);
    }
  }

  function sendAll(book: ServedBook, watched: Watched): void {
    if (watched.sending || watched.sendAt > now()) return;
    if (!watched.kept.outbox.some((pending) => isDue(pending, now()))) return;
    watched.sending = true;
    begin(async () => {
      try {
        await send(book, watched, telling);
      } finally {
        watched.sending = false;
      }
    });
  }

  /** Looks at everything, begins what is due, and says when to look again. */
  async function round(): Promise<number> {
    let next = now() + lookMs;
    const due: { book: ServedBook; watched: Watched; at: number }[] = [];
    for (const book of books) {
      const before = book.problem()?.code;
      await book.look().catch((error: unknown) => {
        if (book.problem()?.code !== before)
          log.error({ book: book.name, error: factsOf(error) }, 'the store does not answer');
      });
      if (book.problem() === null && before !== undefined) log.info({ book: book.name }, 'the store answers again');
      for (const watched of book.connections.values()) {
        if (watched.unsaved && book.problem() === null) await change(book, watched, telling, (kept) => kept);
        await lookAtGrant(book, watched, options, telling, hour);
        sendAll(book, watched);
        for (const pending of watched.kept.outbox)
          if (!isDue(pending, now())) next = Math.min(next, Date.parse(pending.due));
          else if (watched.sendAt > now()) next = Math.min(next, watched.sendAt);
        const at = nextRunOf(watched);
        if (at !== null && at <= now()) due.push({ book, watched, at });
        else if (at !== null) next = Math.min(next, at);
      }
    }
    for (const { book, watched } of due.sort((a, b) => a.at - b.at)) {
      // The end of a run wakes the loop.
      if (runs >= atOnce || signal.aborted) break;
      runs += 1;
      watched.running = true;
      begin(() => runOne(book, watched));
    }
    return next;
  }

  async function loop(): Promise<void> {
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      pause = new AbortController();
      const next = await round();
      beat = now();
      if (!signal.aborted) await clock.wait(Math.max(0, next - now()), pause.signal);
    }
    await settled();
    counter.close();
    await Promise.all(books.map((book) => book.close()));
    signal.removeEventListener('abort', wake);
  }

  function asked(name: string, source: string): { watched: Watched | undefined; answer: Resync } {
    const watched = books.find((book) => book.name === name)?.connections.get(source);
    const refused = (why: 'unknown' | 'stopping' | 'running') => ({
      watched,
      answer: { started: false, why, possibleAt: null } as const,
    });
    if (watched === undefined) return refused('unknown');
    if (signal.aborted) return refused('stopping');
    if (watched.running || watched.asked) return refused('running');
    return { watched, answer: mayResync(standingOf(watched), now()) };
  }

  async function settled(): Promise<void> {
    while (tasks.size > 0) await Promise.all(tasks);
  }

  return {
    ended: loop(),
    status: () => books.flatMap(({ connections }) => [...connections.values()].map(statusOf)),
    problems() {
      const silent = now() - beat > lookMs + silenceMs ? ['The loop does not turn.'] : [];
      const stores = books.flatMap((book) => {
        const problem = book.problem();
        return problem === null ? [] : [`The store of ${book.name} does not answer: ${problem.code}.`];
      });
      return [...silent, ...stores];
    },
    resync(name, source, actor) {
      const { watched, answer } = asked(name, source);
      if (watched !== undefined && answer.started) {
        watched.asked = { actor: actor ?? options.actor };
        wake();
      }
      return answer;
    },
    mayResync: (name, source) => asked(name, source).answer,
    books,
    async look(book) {
      await book.look();
      wake();
    },
    watch(watcher) {
      watchers.push(watcher);
      return () => {
        const at = watchers.indexOf(watcher);
        if (at >= 0) watchers.splice(at, 1);
      };
    },
    busy: () => tasks.size > 0,
    settled,
  };
}

const hour = 3_600_000;

function factsOf(error: unknown): object {
  return ContactSyncError.is(error) ? errorFacts(error) : { code: 'internal' };
}

function checkNames(books: readonly ServedBook[]): readonly ServedBook[] {
  const twice = books.find(({ name }, index) => books.findIndex((other) => other.name === name) !== index);
  if (twice === undefined) return books;
  throw new ContactSyncError('setting_invalid', `Two books are called "${twice.name}".`, {
    hint: 'Give each a name of its own, by which metrics and alerts tell them apart.',
  });
}
