import { expect, test, vi } from 'vitest';
import { ContactSyncError } from './error.js';
import { readAll } from './read.js';
import type { Complete, ContactSource, Page } from './source.js';

const ada = { externalId: 'a', name: 'Ada', email: 'ada@example.com', phone: null };
const ben = { externalId: 'b', name: 'Ben', email: 'ben@example.com', phone: '0412 345 678' };
const row = { externalId: null, where: 'line 3', problem: 'it has two names' };
const page: Page = { records: [ada], unreadable: [], skipped: {} };
const end: Complete = { complete: true, tenant: 't1' };

type Step = Page | (() => unknown);

/** A source that hands over these pages, or does what they do, and tells whether it was closed. */
function sourceOf(steps: readonly Step[], ...last: [unknown?]): ContactSource & { closed(): boolean } {
  let closed = false;
  return {
    source: 'ledger:t1',
    closed: () => closed,
    async *read() {
      try {
        for (const step of steps) yield typeof step === 'function' ? ((await step()) as Page) : step;
        return (last.length === 0 ? end : last[0]) as Complete;
      } finally {
        closed = true;
      }
    },
  };
}

async function errorOf(work: Promise<unknown>): Promise<ContactSyncError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!ContactSyncError.is(error)) throw error;
  return error;
}

const never = () => new Promise<never>(() => {});

test('a whole read holds every row, in order, and counts them all', async () => {
  const pages: Page[] = [
    { records: [ada], unreadable: [row], skipped: { archived: 2 }, requestsLeft: { day: 9 } },
    { records: [], unreadable: [], skipped: {} },
    { records: [ben], unreadable: [], skipped: { archived: 1, deleted: 3 } },
  ];
  expect(await readAll(sourceOf(pages))).toEqual({
    source: 'ledger:t1',
    tenant: 't1',
    records: [ada, ben],
    unreadable: [row],
    skipped: { archived: 3, deleted: 3 },
    // 2 records, 1 unreadable, 6 skipped.
    rows: 9,
  });
});

test('a read without a page is complete too, and a system may not tell its tenant', async () => {
  const read = await readAll(sourceOf([], { complete: true, tenant: null }));
  expect(read).toMatchObject({ records: [], rows: 0, tenant: null });
});

test('progress is told after each page', async () => {
  const onProgress = vi.fn();
  await readAll(sourceOf([{ ...page, requestsLeft: { minute: 59 } }, page]), { onProgress });
  expect(onProgress.mock.calls).toEqual([
    [{ pages: 1, records: 1, requestsLeft: { minute: 59 } }],
    [{ pages: 2, records: 2, requestsLeft: undefined }],
  ]);
});

test.each<[string, unknown, string]>([
  ['a page that is nothing', undefined, 'page 2 in a wrong shape at its top'],
  ['a page without records', { unreadable: [], skipped: {} }, 'at records (invalid_type)'],
  ['records that are none', { ...page, records: 'Ada' }, 'at records (invalid_type)'],
  [
    'an id that is a number',
    { ...page, records: [ada, { ...ben, externalId: 7 }] },
    'at records.1.externalId (invalid_type)',
  ],
  ['a name that is not there', { ...page, records: [{ ...ada, name: undefined }] }, 'at records.0.name (invalid_type)'],
  ['a phone that is a number', { ...page, records: [{ ...ada, phone: 412 }] }, 'at records.0.phone (invalid_type)'],
  [
    'a further field of a record',
    { ...page, records: [{ ...ada, born: '1990-01-01' }] },
    'at records.0 (unrecognized_keys)',
  ],
  ['a further field of a page', { ...page, total: 3 }, 'at its top (unrecognized_keys)'],
  [
    'a further field of a row',
    { ...page, unreadable: [{ ...row, raw: 'Ada' }] },
    'at unreadable.0 (unrecognized_keys)',
  ],
  ['a count below 0', { ...page, skipped: { archived: -1 } }, 'at skipped.archived (too_small)'],
  ['half a row', { ...page, skipped: { archived: 0.5 } }, 'at skipped.archived (invalid_type)'],
])('a connector that hands over %s broke its contract, and the error names the place', async (_, wrong, place) => {
  const source = sourceOf([page, wrong as Page]);
  const error = await errorOf(readAll(source));
  expect(error.code).toBe('source_broken');
  expect(error.message).toContain(`ledger:t1`);
  expect(error.message).toContain(place);
  expect(error.hint).toContain('author of the connector');
  expect(error.message).not.toContain('Ada');
  expect(source.closed()).toBe(true);
});

test.each<[unknown, string]>([
  [undefined, 'at its top (invalid_type)'],
  [{ complete: false, tenant: 't1' }, 'at complete (invalid_value)'],
  [{ complete: true }, 'at tenant (invalid_type)'],
  [{ ...end, total: 3 }, 'at its top (unrecognized_keys)'],
])('a read that ends with %o is not complete', async (last, place) => {
  const error = await errorOf(readAll(sourceOf([page], last)));
  expect(error.code).toBe('source_broken');
  expect(error.message).toContain(`the end of the read in a wrong shape ${place}`);
});

test('an error of the source is handed on as it is', async () => {
  const thrown = new ContactSyncError('source_unauthorized', 'The token has ended.', { hint: 'Sign in again.' });
  const source = sourceOf([page, () => Promise.reject(thrown)]);
  expect(await errorOf(readAll(source))).toBe(thrown);
  expect(source.closed()).toBe(true);
});

test('any other error of the source means that the connector is broken, and is the cause', async () => {
  const thrown = new TypeError("cannot read 'rows' of undefined");
  const error = await errorOf(readAll(sourceOf([() => Promise.reject(thrown)])));
  expect(error.code).toBe('source_broken');
  expect(error.cause).toBe(thrown);
  expect(error.message).toBe('The connector of ledger:t1 failed in a way it does not explain.');
  expect(error.hint).toContain('author of the connector');
});

test.each<[string, unknown]>([
  [
    'throws at once',
    () => {
      throw new TypeError('no');
    },
  ],
  ['gives no generator', () => ({})],
  ['gives nothing', () => undefined],
])('a connector whose read %s is broken', async (_, read) => {
  const error = await errorOf(readAll({ source: 'ledger:t1', read: read as ContactSource['read'] }));
  expect(error.code).toBe('source_broken');
  expect(error.cause).toBeInstanceOf(TypeError);
});

test('an error of onProgress is not blamed on the source, and closes it', async () => {
  const thrown = new Error('the screen is gone');
  const source = sourceOf([page, page]);
  const onProgress = () => {
    throw thrown;
  };
  await expect(readAll(source, { onProgress })).rejects.toBe(thrown);
  expect(source.closed()).toBe(true);
});

test('a read that is cancelled before it begins does not begin', async () => {
  const read = vi.fn();
  const error = await errorOf(readAll({ source: 'ledger:t1', read }, { signal: AbortSignal.abort() }));
  expect(error.code).toBe('cancelled');
  expect(error.message).toBe('The read of ledger:t1 was cancelled.');
  expect(error.hint).toContain('Nothing was written.');
  expect(read).not.toHaveBeenCalled();
});

test('a read that is cancelled between two pages asks for no other, and closes the source', async () => {
  const cancel = new AbortController();
  const second = vi.fn(() => page);
  const source = sourceOf([page, second]);
  const error = await errorOf(readAll(source, { signal: cancel.signal, onProgress: () => cancel.abort() }));
  expect(error.code).toBe('cancelled');
  expect(second).not.toHaveBeenCalled();
  expect(source.closed()).toBe(true);
});

test('a read that is cancelled while it ends is not complete', async () => {
  const cancel = new AbortController();
  const source = sourceOf([
    () => {
      cancel.abort();
      return page;
    },
  ]);
  expect((await errorOf(readAll(source, { signal: cancel.signal }))).code).toBe('cancelled');
  const ending: ContactSource = {
    source: 'ledger:t1',
    async *read() {
      yield page;
      cancelEnd.abort();
      return end;
    },
  };
  const cancelEnd = new AbortController();
  expect((await errorOf(readAll(ending, { signal: cancelEnd.signal }))).code).toBe('cancelled');
  const atOnce = new AbortController();
  const next = () => {
    atOnce.abort();
    return Promise.resolve({ done: true, value: end });
  };
  const iterator = { source: 'ledger:t1', read: () => ({ next }) } as unknown as ContactSource;
  expect((await errorOf(readAll(iterator, { signal: atOnce.signal }))).code).toBe('cancelled');
});

test('what a source says once it was cancelled is the cause, and not the news', async () => {
  const cancel = new AbortController();
  const thrown = new ContactSyncError('source_unreachable', 'The connection ended.', { hint: 'Try again.' });
  const source = sourceOf([
    () => {
      cancel.abort(new Error('stop'));
      throw thrown;
    },
  ]);
  const error = await errorOf(readAll(source, { signal: cancel.signal }));
  expect(error.code).toBe('cancelled');
  expect([thrown, cancel.signal.reason]).toContain(error.cause);
});

test('a source that is cancelled and throws before its first page leaves no rejection behind', async () => {
  const cancel = new AbortController();
  const thrown = new Error('no');
  const read = () => {
    cancel.abort();
    throw thrown;
  };
  const error = await errorOf(readAll({ source: 'ledger:t1', read }, { signal: cancel.signal }));
  expect(error).toMatchObject({ code: 'cancelled', cause: thrown });
});

test('the source is given the signal', async () => {
  const { signal } = new AbortController();
  const source = sourceOf([]);
  const read = vi.spyOn(source, 'read');
  await readAll(source, { signal });
  expect(read.mock.calls).toEqual([[{ signal }]]);
});

test('a cancelled read does not wait for a source that does not listen', async () => {
  const cancel = new AbortController();
  const asked = Promise.withResolvers<void>();
  const deaf = () => {
    asked.resolve();
    return never();
  };
  const reading = readAll(sourceOf([page, deaf]), { signal: cancel.signal });
  await asked.promise;
  cancel.abort();
  expect((await errorOf(reading)).code).toBe('cancelled');
});

test.each<[string, () => Promise<never>]>([
  ['never ends', never],
  ['fails', () => Promise.reject(new Error('the connection cannot be closed'))],
])('a source whose closing %s does not hide why the read failed', async (_, closing) => {
  const source: ContactSource = {
    source: 'ledger:t1',
    async *read() {
      try {
        yield { ...page, records: 'none' } as unknown as Page;
        return end;
      } finally {
        await closing();
      }
    },
  };
  expect((await errorOf(readAll(source))).message).toContain('at records (invalid_type)');
});

test('an iterator without return() does not hide why the read failed', async () => {
  const iterator = { next: async () => ({ done: false, value: null }) };
  const source = { source: 'ledger:t1', read: () => iterator } as unknown as ContactSource;
  expect((await errorOf(readAll(source))).message).toContain('page 1 in a wrong shape');
});

test('no listener is left on the signal, however the read ends', async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  await readAll(sourceOf([page]), { signal });
  await errorOf(readAll(sourceOf([], null), { signal }));
  const listeners = added.mock.calls.map(([type, listener]) => [type, listener]);
  expect(listeners).toEqual([
    ['abort', expect.any(Function)],
    ['abort', expect.any(Function)],
  ]);
  expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(listeners);
});
