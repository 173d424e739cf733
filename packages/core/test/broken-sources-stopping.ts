import { type BrokenSource, broken, reading, rebuilt, wrapped } from './broken-source.js';
import { type Answer, ledger, sound } from './ledger.js';

/* Wrong in how they begin and end, and in what they share. */

export const brokenAtStopping: readonly BrokenSource[] = [
  rebuilt('asks_nothing_before_next', 'asks for the first page before anybody wants it', (system) => {
    let early: Promise<Answer> | null = null;
    const { source, read } = ledger(system, {
      get(its, page, signal) {
        const asked = page === 1 ? early : null;
        if (page === 1) early = null;
        return asked ?? sound.get(its, page, signal);
      },
    });
    return {
      source,
      read(options) {
        if (!options.signal.aborted) early = system.get(1, options.signal);
        early?.catch(() => undefined);
        return read(options);
      },
    };
  }),
  reading('cancelled_before', 'listens for a cancellation that is over', (read) => (options) => {
    if (!options.signal.aborted) return read(options);
    return read({ signal: new AbortController().signal });
  }),
  broken('cancelled_between_pages', 'listens for each request anew', {
    ask(system, page, signal) {
      const own = new AbortController();
      if (page === 1) signal.throwIfAborted();
      signal.addEventListener('abort', () => own.abort(signal.reason));
      return sound.ask(system, page, own.signal, sound);
    },
  }),
  broken('cancelled_in_flight', 'looks at the signal between requests only', {
    async ask(system, page, signal) {
      signal.throwIfAborted();
      const answer = await sound.ask(system, page, new AbortController().signal, sound);
      signal.throwIfAborted();
      return answer;
    },
  }),
  reading('stops_when_left', 'reads the rest to be polite', (read, system) => (options) => {
    const current = read(options);
    return wrapped(() => current, {
      async return(value) {
        await system.get(2, options.signal);
        return current.return(value);
      },
    });
  }),
  broken('cancelled_in_body', 'listens until the first bytes have come', {
    finish: (answer, _, page) => sound.finish(answer, new AbortController().signal, page),
  }),
  sharedSystem(),
  rebuilt('one_cancelled_of_two', 'ends every read if one is cancelled', (system) => {
    let shared = new AbortController();
    const { source, read } = ledger(system);
    return {
      source,
      read({ signal }) {
        const own = shared;
        const cancel = () => {
          // Reads that begin later are not concerned.
          shared = new AbortController();
          own.abort(signal.reason);
        };
        if (signal.aborted) cancel();
        signal.addEventListener('abort', cancel, { once: true });
        return read({ signal: own.signal });
      },
    };
  }),
  rebuilt('readable_after_leaving', 'goes on where a read was left', (system) => {
    let from = 1;
    let place = { number: 1 };
    const { source, read } = ledger(system, {
      place() {
        place = { number: from };
        from = 1;
        return place;
      },
    });
    return {
      source,
      read(options) {
        const current = read(options);
        return wrapped(() => current, {
          async return(value) {
            from = place.number + 1;
            return current.return(value);
          },
        });
      },
    };
  }),
];

function sharedSystem(): BrokenSource {
  let latest: Parameters<BrokenSource['make']>[0] | null = null;
  return rebuilt('sources_are_independent', 'keeps its settings for all sources in one place', (system) => {
    latest = system;
    return ledger(system, { get: (_, page, signal) => sound.get(latest ?? system, page, signal) });
  });
}
