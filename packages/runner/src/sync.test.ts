import {
  type Contact,
  type ContactSource,
  type ContactStore,
  ContactSyncError,
  type Decision,
  memoryStore,
  type Page,
  type RawRecord,
  type Run,
} from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { noteChange } from './connections/note-change.js';
import { preview, sync } from './sync.js';

const john: RawRecord = { externalId: 'A', name: 'John', email: 'j@x.com', phone: null };
const jane: RawRecord = { externalId: 'B', name: 'Jane', email: 'jane@x.com', phone: null };
const source = (records: readonly RawRecord[] = [john]) => memorySource({ source: 'xpm:t', tenant: 't', records });
const now = () => new Date('2026-01-31T00:00:00Z');
const actor = 'tester';

async function runsOf(store: ContactStore): Promise<Run[]> {
  return (await store.runs({ limit: 100 })).runs;
}

async function contactsOf(store: ContactStore): Promise<Contact[]> {
  return (await store.search({ limit: 100 })).contacts;
}

/** A source that yields one page and then does what it is told. */
function failing(then: () => never): ContactSource {
  return {
    source: 'xpm:t',
    // biome-ignore lint/correctness/useYield: it fails where a page would come
    async *read(): AsyncGenerator<Page, never, void> {
      return then();
    },
  };
}

test('a sync writes what its plan says, notes it, and the next one writes nothing', async () => {
  const store = memoryStore();
  const first = await sync({ source: source([john, jane]), store, actor, why: 'a note', now });
  expect(first.outcome).toBe('applied');
  expect(await contactsOf(store)).toMatchObject([{ name: 'Jane' }, { name: 'John' }]);
  expect(await runsOf(store)).toMatchObject([
    { outcome: 'applied', actor, why: 'a note', at: '2026-01-31T00:00:00.000Z' },
  ]);

  const { version } = await store.head();
  const second = await sync({ source: source([jane, john]), store, actor, now });
  expect(second).toMatchObject({
    outcome: 'unchanged',
    plan: { decisions: [], counts: { reasons: { unchanged: 2 } } },
  });
  expect((await store.head()).version).toBe(version);
});

test('confirm is shown the plan; its no leaves no trace', async () => {
  const store = memoryStore();
  const seen: Decision[] = [];
  const result = await sync({
    source: source(),
    store,
    actor,
    now,
    confirm: async (plan) => {
      seen.push(...plan.decisions);
      return false;
    },
  });
  expect(result).toMatchObject({ outcome: 'declined', run: null });
  expect(seen.map(({ reason }) => reason)).toEqual(['created']);
  expect(await runsOf(store)).toEqual([]);
  expect(await contactsOf(store)).toEqual([]);
});

test('a preview writes nothing at all', async () => {
  const store = memoryStore();
  const plan = await preview({ source: source(), store, actor, now });
  expect(plan.decisions.map(({ reason }) => reason)).toEqual(['created']);
  expect(await runsOf(store)).toEqual([]);
});

test('a guard stops the run: nothing is written but its line', async () => {
  const store = memoryStore();
  await sync({ source: source([john, jane]), store, actor, now });
  const before = await contactsOf(store);
  const result = await sync({ source: source([]), store, actor, now });
  expect(result).toMatchObject({ outcome: 'blocked', plan: { blocked: [{ guard: 'source_empty', count: 2 }] } });
  expect(await contactsOf(store)).toEqual(before);
  expect((await runsOf(store))[0]).toMatchObject({ outcome: 'blocked', blocked: [{ guard: 'source_empty' }] });
});

test('a read that fails is noted, and the book stays as it was', async () => {
  const store = memoryStore();
  await sync({ source: source(), store, actor, now });
  const before = await contactsOf(store);
  const unreachable = new ContactSyncError('source_unreachable', 'Nobody answers.', { hint: 'Try again.' });
  const attempt = sync({
    source: failing(() => {
      throw unreachable;
    }),
    store,
    actor,
    now,
  });
  await expect(attempt).rejects.toBe(unreachable);
  expect(await contactsOf(store)).toEqual(before);
  expect((await runsOf(store))[0]).toMatchObject({
    outcome: 'failed',
    source: 'xpm:t',
    error: { code: 'source_unreachable', message: 'Nobody answers.' },
  });
});

test('a failure that cannot be noted either says both', async () => {
  const store = { ...memoryStore(), record: () => Promise.reject(new Error('disk full')) };
  const failure = new ContactSyncError('source_rate_limited', 'Enough.', {
    hint: 'Wait.',
    resumeAt: '2026-02-01T00:00:00Z',
  });
  const attempt = sync({
    source: failing(() => {
      throw failure;
    }),
    store,
    actor,
    now,
  });
  await expect(attempt).rejects.toMatchObject({
    code: 'source_rate_limited',
    hint: 'Wait. The failure could not be noted in the history either.',
    resumeAt: '2026-02-01T00:00:00Z',
  });
});

test('where the book moved on, it is planned again from the same read', async () => {
  const store = memoryStore();
  let reads = 0;
  const counted: ContactSource = {
    source: 'xpm:t',
    read: (options) => {
      reads += 1;
      return source().read(options);
    },
  };
  let meddled = false;
  const result = await sync({
    source: counted,
    store,
    actor,
    now,
    confirm: async () => {
      if (!meddled)
        await sync({ source: memorySource({ source: 'fyi:u', tenant: 'u', records: [jane] }), store, actor, now });
      meddled = true;
      return true;
    },
  });
  expect(result.outcome).toBe('applied');
  expect(reads).toBe(1);
  expect(await contactsOf(store)).toMatchObject([{ name: 'Jane' }, { name: 'John' }]);
});

test('a change of how a source is read does not overtake a run', async () => {
  const store = memoryStore();
  const read: ContactSource = {
    source: 'xpm:t',
    async *read(options) {
      const done = yield* source([john]).read(options);
      await noteChange(store, 'xpm:t', { actor: 'ann', at: now().toISOString(), why: 'Changed: schedule hourly.' });
      return done;
    },
  };
  expect(await sync({ source: read, store, actor, now })).toMatchObject({ outcome: 'applied' });
});

test('a run that was overtaken by another one of its source writes nothing', async () => {
  const store = memoryStore();
  await sync({ source: source([john]), store, actor, now });
  const newer = source([{ ...john, name: 'Johnny' }]);
  let overtaken = false;
  const slow: ContactSource = {
    source: 'xpm:t',
    async *read(options) {
      const done = yield* source([{ ...john, name: 'Old John' }]).read(options);
      // The other process reads later and is done earlier.
      if (!overtaken) await sync({ source: newer, store, actor, now });
      overtaken = true;
      return done;
    },
  };
  const attempt = sync({ source: slow, store, actor, now });
  await expect(attempt).rejects.toMatchObject({
    code: 'store_conflict',
    message: 'Run 2 of xpm:t finished while this one was under way.',
  });
  expect(await contactsOf(store)).toMatchObject([{ name: 'Johnny' }]);

  overtaken = false;
  const unchanged = sync({ source: slow, store, actor, now });
  await expect(unchanged).rejects.toMatchObject({ code: 'store_conflict' });
  expect(await contactsOf(store)).toMatchObject([{ name: 'Johnny' }]);
});

test('a book that never rests is given up on', async () => {
  const store = memoryStore();
  let n = 0;
  const attempt = sync({
    source: source(),
    store,
    actor,
    now,
    confirm: async () => {
      n += 1;
      const record = { ...jane, externalId: String(n), email: `${n}@x.com` };
      await sync({
        source: memorySource({ source: `fyi:${n}`, tenant: String(n), records: [record] }),
        store,
        actor,
        now,
      });
      return true;
    },
  });
  await expect(attempt).rejects.toMatchObject({ code: 'store_conflict' });
  expect(n).toBe(5);
});

test('a sync cancelled after the plan was made writes nothing', async () => {
  const store = memoryStore();
  const abort = new AbortController();
  const attempt = sync({
    source: source(),
    store,
    actor,
    now,
    signal: abort.signal,
    confirm: () => {
      abort.abort();
      return true;
    },
  });
  await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
  expect(await contactsOf(store)).toEqual([]);
  expect(await runsOf(store)).toMatchObject([{ outcome: 'failed', error: { code: 'cancelled' } }]);
});

test('a policy that cannot be used is refused before anything is read', async () => {
  const attempt = sync({ source: source(), store: memoryStore(), actor, now, policy: { manyMissing: 3 } });
  await expect(attempt).rejects.toMatchObject({
    code: 'setting_invalid',
    message: expect.stringContaining('manyMissing'),
  });
});
