import { type BrokenSource, broken, emptyIf, nobody, rebuilt, telling } from './broken-source.js';
import { type Answer, failure, ledger, type Parts, sound, wait } from './ledger.js';

/* Wrong in what they make of faults. */

/** Takes one of these pages, if it fails, for the end of the list. */
function endsAt(from: number, to: number): Partial<Parts> {
  return {
    open: (answer, page, system) =>
      answer.status !== 200 && page >= from && page <= to ? nobody : sound.open(answer, page, system),
    moved: (list, first) => list !== nobody && sound.moved(list, first),
  };
}

/** Takes such an answer for the last word. */
function asksOnceIf(predicate: (answer: Answer, page: number) => boolean): Partial<Parts> {
  return {
    async ask(system, page, signal, parts) {
      const first = await sound.get(system, page, signal).catch((error: unknown): Answer => {
        if (error instanceof Error && error.message === 'reset') return { status: 0, body: '' };
        throw error;
      });
      if (first.status === 200 || predicate(first, page)) return first;
      return sound.ask(system, page, signal, parts);
    },
  };
}

/** Mends the pages of a read whose first page needs it, and no page of another read. */
function lenient(caughtBy: string, mistake: string, mend: (body: string) => string): BrokenSource {
  return rebuilt(caughtBy, mistake, (system) => {
    let mends = false;
    return ledger(system, {
      open(answer, page, its) {
        if (page === 1) mends = answer.body !== mend(answer.body);
        return sound.open(mends ? { ...answer, body: mend(answer.body) } : answer, page, its);
      },
    });
  });
}

export const brokenAtFaults: readonly BrokenSource[] = [
  broken(
    'fault_unauthorized',
    'takes a refusal for an empty list',
    emptyIf(({ status, body }, page) => status === 401 && body.includes('no longer') && page === 1),
  ),
  broken('fault_unauthorized', 'has one name for every fault', {
    open(answer, page, system) {
      if (answer.body.endsWith('no longer good'))
        throw failure('source_refused', 'The ledger answered with status 401.');
      return sound.open(answer, page, system);
    },
  }),
  broken(
    'fault_unavailable',
    'takes a failure for an empty list',
    emptyIf(({ status }, page) => status === 503 && page === 1),
  ),
  broken('fault_unavailable', 'asks for ever', {
    async ask(system, page, signal) {
      for (;;) {
        const answer = await sound.ask(system, page, signal, sound);
        if (answer.status !== 503) return answer;
        await wait(20, signal);
      }
    },
  }),
  broken(
    'fault_cut',
    'takes what there is of a cut answer',
    emptyIf(({ body }, page) => body.startsWith('{') && !body.endsWith('}') && page === 1),
  ),
  broken('fault_cut', 'lets the parser speak', {
    open(answer, page, system) {
      const isCut = answer.body.startsWith('{') && !answer.body.endsWith('}');
      return isCut ? JSON.parse(answer.body) : sound.open(answer, page, system);
    },
  }),
  broken(
    'fault_garbage',
    'takes a web page for an empty list',
    emptyIf(({ body }, page) => body.startsWith('<') && page === 1),
  ),
  broken('fault_in_the_middle', 'takes a failing page for the last', endsAt(2, 3)),
  broken('fault_at_the_end', 'takes a failing page for the last one if nearly all has come', endsAt(4, 9)),
  broken(
    'errors_hold_no_secret',
    'quotes the answer to a failed request',
    telling(({ status, body }) => ({ text: status === 200 ? '' : body })),
  ),
  broken(
    'errors_hold_no_secret',
    'shows its header, which base64 does not hide',
    telling((_, { token }) => ({ text: `Basic ${btoa(`me:${token}`)}` })),
  ),
  broken(
    'errors_hold_no_secret',
    'shows its address',
    telling((_, { token }) => ({ text: `GET /list?key=${encodeURIComponent(token)}` })),
  ),
  broken(
    'errors_hold_no_secret',
    'carries the request as the cause',
    telling((_, { token }) => ({
      text: '',
      cause: Object.assign(new Error('failed'), { request: { headers: new Map([['authorization', token]]) } }),
    })),
  ),
  broken(
    'errors_hold_nobody',
    'quotes a cut answer',
    telling(({ body }) => ({ text: body.startsWith('{') && body.length < 2000 ? body : '' })),
  ),
  rebuilt('readable_after_failure', 'remembers its failure for ever', (system) => {
    let failed = false;
    return ledger(system, {
      open(answer, page, ledgerSystem) {
        if (failed) throw failure('source_unauthorized', 'The ledger did not accept the token before.');
        failed = answer.status === 401;
        return sound.open(answer, page, ledgerSystem);
      },
    });
  }),
  broken(
    'fault_expired',
    'takes the end of a token for an empty list',
    emptyIf(({ body }, page) => body.endsWith('has ended') && page === 1),
  ),
  broken(
    'fault_forbidden',
    'takes what it may not read for an empty list',
    emptyIf(({ status }, page) => status === 403 && page === 1),
  ),
  broken(
    'fault_absent',
    'takes a list that is not there for an empty one',
    emptyIf(({ status }, page) => status === 404 && page === 1),
  ),
  broken(
    'fault_limited',
    'takes a limit without a time for an empty list',
    emptyIf(({ status, retryAfter }, page) => status === 429 && retryAfter === undefined && page === 1),
  ),
  broken('fault_limited_long', 'calls a limit of days a failure', {
    open(answer, page, system) {
      if (answer.status !== 429 || answer.retryAfter === undefined) return sound.open(answer, page, system);
      throw failure('source_unavailable', 'Too busy.', { resumeAt: '2026-03-03T00:00:00.000Z' });
    },
  }),
  broken('says_when_to_come_back', 'does not say when to come back', {
    open(answer, page, system) {
      if (answer.status === 429) throw failure('source_rate_limited', 'The ledger limits requests.');
      return sound.open(answer, page, system);
    },
  }),
  broken(
    'fault_reset',
    'takes a broken connection for an empty list',
    emptyIf(({ status }, page) => status === 0 && page === 1),
  ),
  broken(
    'fault_broken_off',
    'takes what came of what was announced for all',
    emptyIf(({ length = 0, body }, page) => length > body.length && length < 10 ** 6 && page === 1),
  ),
  broken(
    'fault_empty',
    'takes no body for an empty list',
    emptyIf(({ status, body }, page) => status === 200 && body === '' && page === 1),
  ),
  broken(
    'fault_refused',
    'takes a no with status 200 for an empty list',
    emptyIf(({ body }, page) => body.startsWith('{"error"') && page === 1),
  ),
  lenient('fault_charset', 'drops the letters that it cannot read', (body) => body.replaceAll('\ufffd', '')),
  broken(
    'fault_oversized',
    'takes too large an answer for an empty list',
    emptyIf(({ length = 0 }, page) => length > 10 ** 6 && page === 1),
  ),
  lenient('fault_bomb', 'unpacks whatever comes', (body) => body.replace(/ {100,}/g, '')),
  broken(
    'fault_redirect',
    'takes a redirect for an empty list',
    emptyIf(({ status }, page) => status === 302 && page === 1),
  ),
  lenient('fault_next_elsewhere', 'leaves a link unread, wherever it leads, and does not wonder', (body) =>
    body.replace(/,"next":"[^"]*"/, ''),
  ),
  broken('fault_repeats', 'reads one page where it does not believe the number of them', {
    pages: (list, first) => (first.pages > 1000 ? 1 : list.pages),
  }),
  broken('gives_up_soon', 'asks three dozen times', {
    async ask(system, page, signal, parts) {
      for (let round = 1; ; round += 1) {
        const answer = await sound.ask(system, page, signal, parts);
        if (answer.status !== 503 || round === 9) return answer;
      }
    },
  }),
  broken(
    'errors_are_plain',
    'quotes the beginning of a web page',
    telling(({ body }) => ({ text: body.startsWith('<') ? body.slice(0, 6) : '' })),
  ),
  broken(
    'passes_limited_once',
    'gives up at the first limit',
    asksOnceIf(({ status }, page) => status === 429 && page === 1),
  ),
  broken(
    'passes_unavailable_once',
    'gives up at the first failure',
    asksOnceIf(({ status }, page) => status === 503 && page === 1),
  ),
  broken(
    'passes_reset_once',
    'gives up at the first broken connection',
    asksOnceIf(({ status }) => status === 0),
  ),
  broken('passes_slow', 'loses a letter between two pieces', {
    finish: (answer, signal, page) =>
      sound.finish(
        {
          ...answer,
          ...(answer.rest === undefined ? {} : { rest: async (its) => ((await answer.rest?.(its)) ?? '').slice(1) }),
        },
        signal,
        page,
      ),
  }),
  broken(
    'passing_in_the_middle',
    'asks again for the first page only',
    asksOnceIf(({ status }, page) => status === 503 && page > 1),
  ),
];
