import type { Complete, ContactSource, Page } from '../src/index.js';
import { type Answer, failure, type List, ledger, type Parts, type System, sound } from './ledger.js';

export type BrokenSource = {
  /** The check that is meant to catch it, and the only one that does. */
  readonly caughtBy: string;
  readonly mistake: string;
  readonly make: (system: System) => ContactSource;
};

function broken(caughtBy: string, mistake: string, changed: Partial<Parts>): BrokenSource {
  return { caughtBy, mistake, make: (system) => ledger(system, changed) };
}

function rebuilt(caughtBy: string, mistake: string, make: BrokenSource['make']): BrokenSource {
  return { caughtBy, mistake, make };
}

type Read = ContactSource['read'];
type Reading = ReturnType<Read>;

/** The sound connector with another way to read, made from its own. */
function reading(caughtBy: string, mistake: string, change: (read: Read, system: System) => Read): BrokenSource {
  return rebuilt(caughtBy, mistake, (system) => {
    const source = ledger(system);
    return { source: source.source, read: change(source.read, system) };
  });
}

const nobody: List = { rows: [], total: 0, pages: 1 };

/** Takes an answer for an empty list where the predicate says so. */
function emptyIf(predicate: (answer: Answer, page: number) => boolean): Partial<Parts> {
  return { open: (answer, page, system) => (predicate(answer, page) ? nobody : sound.open(answer, page, system)) };
}

/** Says more in an error than it should. */
function telling(extra: (answer: Answer, system: System) => { text: string; cause?: unknown }): Partial<Parts> {
  return {
    open(answer, page, system) {
      try {
        return sound.open(answer, page, system);
      } catch (error) {
        const { text, cause } = extra(answer, system);
        const { code, message } = error as ReturnType<typeof failure>;
        throw failure(code, `${message} ${text}`, cause);
      }
    },
  };
}

/** The fields of a page or an end that no type would let through. */
function misshapen<T>(value: unknown): T {
  return value as T;
}

export const brokenSources: readonly BrokenSource[] = [
  broken('reads_none', 'takes the first row for granted', {
    page(list, record) {
      if (list.rows[0] === undefined) throw failure('source_unreadable', 'There is no first row.');
      return sound.page(list, record);
    },
  }),
  broken('reads_one', 'expects a list, and finds an object where there is one row', {
    page: (list, record) => sound.page(list.total === 1 ? nobody : list, record),
  }),
  broken('reads_every_page', 'reads six pages at most', { pages: (list) => Math.min(list.pages, 6) }),
  broken('reads_full_pages', 'asks for one page too many if the last is full', {
    pages: (list) => Math.floor(list.total / 3) + 1,
  }),
  broken('hands_over_as_said', 'trims names', {
    record: (row) => ({ ...sound.record(row), name: row.name?.trim() ?? null }),
  }),
  broken('hands_over_as_said', 'composes letters', {
    record: (row) => ({ ...sound.record(row), name: row.name?.normalize('NFC') ?? null }),
  }),
  broken('hands_over_as_said', 'folds email addresses', {
    record: (row) => ({ ...sound.record(row), email: row.email?.toLowerCase() ?? null }),
  }),
  broken('hands_over_as_said', 'takes the first of several addresses', {
    record: (row) => ({ ...sound.record(row), email: row.email?.split(';')[0] ?? null }),
  }),
  broken('hands_over_as_said', 'makes phones numbers', {
    record: (row) => ({
      ...sound.record(row),
      phone: /^00\d+$/.test(row.phone ?? '') ? String(Number(row.phone)) : row.phone,
    }),
  }),
  broken('leaves_empty_what_is_empty', 'joins what is not there', {
    record: (row) => ({ ...sound.record(row), phone: `${row.phone}` }),
  }),
  broken('leaves_empty_what_is_empty', 'drops people without an address', {
    page: (list, record) => ({
      ...sound.page(list, record),
      records: sound.page(list, record).records.filter(({ email }) => email !== null),
      skipped: { no_email: list.rows.filter(({ deleted, email }) => deleted || email === null).length },
    }),
  }),
  broken('keeps_look_alikes', 'takes people with one address for one', {
    page(list, record) {
      const page = sound.page(list, record);
      const first = new Map(
        page.records.map(({ email, externalId }) => [email ?? externalId, externalId]).reverse() as [string, string][],
      );
      return {
        ...page,
        records: page.records.filter(({ email, externalId }) => first.get(email ?? externalId) === externalId),
      };
    },
  }),
  broken('page_shape', 'hands over a date of birth', {
    record: (row) => misshapen({ ...sound.record(row), born: row.born }),
  }),
  broken('page_shape', 'leaves a field out', {
    record: ({ id, name, email, phone }) =>
      misshapen({ externalId: String(id), name, email, ...(phone === null ? {} : { phone }) }),
  }),
  broken('page_shape', 'leaves out the unreadable rows if there are none', {
    page(list, record) {
      const { unreadable, ...page } = sound.page(list, record);
      return unreadable.length > 0 ? { ...page, unreadable } : misshapen<Page>(page);
    },
  }),
  broken('says_complete', 'returns nothing', { end: () => misshapen<Complete>(undefined) }),
  broken('says_complete', 'returns a count as well', {
    end: () => misshapen<Complete>({ complete: true, tenant: 't1', total: 11 }),
  }),
  broken('says_complete', 'answers as another tenant', { end: () => ({ complete: true, tenant: 't2' }) }),
  reading('ends_once', 'begins anew after its end', (read) => (options) => {
    let current = read(options);
    return wrapped(() => current, {
      async next() {
        const step = await current.next();
        if (step.done) current = read(options);
        return step;
      },
    });
  }),
  rebuilt('name_and_tenant', 'has no tenant in its name', (system) =>
    ledger(system, { source: 'ledger', end: () => ({ complete: true, tenant: null }) }),
  ),
  rebuilt('name_and_tenant', 'has another name after a read', (system) => {
    let reads = 0;
    const { read } = ledger(system, { end: () => ({ complete: true, tenant: null }) });
    return {
      get source() {
        return `ledger:${reads}`;
      },
      read(options) {
        reads += 1;
        return read(options);
      },
    };
  }),
  rebuilt('same_twice', 'numbers the rows of the first read on', (system) => {
    let rows = 0;
    let first = true;
    return ledger(system, {
      record(row) {
        rows += 1;
        return first ? sound.record(row) : { ...sound.record(row), externalId: `row ${rows}` };
      },
      end() {
        first = false;
        return sound.end();
      },
    });
  }),
  rebuilt('reads_are_independent', 'keeps its place in the connector, not in the read', (system) => {
    let number = 1;
    return {
      source: sound.source,
      async *read({ signal }) {
        number = 1;
        let list: List;
        do {
          list = sound.open(await sound.ask(system, number, signal), number, system);
          yield sound.page(list, sound.record);
          number += 1;
        } while (number <= list.pages);
        return sound.end();
      },
    };
  }),
  broken('rows_add_up', 'counts the end of the list as a row', {
    page(list, record) {
      const page = sound.page(list, record);
      return list.rows.length < 3 ? { ...page, skipped: { ...page.skipped, end: 1 } } : page;
    },
  }),
  broken('counts_what_it_leaves_out', 'leaves rows out and tells nobody', {
    page: (list, record) => ({ ...sound.page(list, record), skipped: {} }),
  }),
  broken('counts_what_it_leaves_out', 'hands over deleted rows', {
    page: (list, record) => ({
      ...sound.page(list, record),
      records: list.rows.filter(({ id }) => typeof id === 'string').map(record),
      skipped: {},
    }),
  }),
  reading('asks_nothing_before_next', 'asks for the first page at once', (read, system) => (options) => {
    if (!options.signal.aborted) system.get(1, options.signal).catch(() => undefined);
    return read(options);
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
      return system.get(page, own.signal);
    },
  }),
  broken('cancelled_in_flight', 'looks at the signal between requests only', {
    async ask(system, page, signal) {
      signal.throwIfAborted();
      const answer = await system.get(page, new AbortController().signal);
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
  broken(
    'fault_unauthorized',
    'takes a refusal for an empty list',
    emptyIf(({ status }, page) => status === 401 && page === 1),
  ),
  broken('fault_unauthorized', 'has one name for every fault', {
    open(answer, page, system) {
      if (answer.status === 401) throw failure('source_refused', 'The ledger answered with status 401.');
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
        const answer = await system.get(page, signal);
        if (answer.status !== 503) return answer;
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
      return answer.body.startsWith('{') ? JSON.parse(answer.body) : sound.open(answer, page, system);
    },
  }),
  broken(
    'fault_garbage',
    'takes a web page for an empty list',
    emptyIf(({ body }, page) => body.startsWith('<') && page === 1),
  ),
  broken('fault_in_the_middle', 'takes a failing page for the last', {
    open(answer, page, system) {
      return answer.status !== 200 && page > 1 ? nobody : sound.open(answer, page, system);
    },
  }),
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
    telling(({ body }) => ({ text: body.startsWith('{') ? body : '' })),
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
];

/** A generator that differs from another one in some of its methods. */
function wrapped(current: () => Reading, changed: Partial<Pick<Reading, 'next' | 'return'>>): Reading {
  const generator = {
    next: () => current().next(),
    return: (value: Complete) => current().return(value),
    throw: (error: unknown) => current().throw(error),
    [Symbol.asyncIterator]: (): Reading => generator,
    [Symbol.asyncDispose]: async () => {
      await current().return({ complete: true, tenant: null });
    },
    ...changed,
  };
  return generator;
}
