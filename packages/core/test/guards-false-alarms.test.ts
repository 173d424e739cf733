import { describe, expect, test } from 'vitest';
import type { Connection, Contact, ContactSource, PolicyInput } from '../src/index.js';
import { planDisconnect } from '../src/index.js';
import { at, bookOf, complete, manual, records, S, synced, tryRun, verdictOf } from './guards-incidents.js';

/* What looks alarming and is not, or is too small to be: guards that cry wolf get switched off. `does`: the counts by hand. */
type Calm = {
  readonly what: string;
  readonly seen?: string;
  readonly book: readonly Contact[];
  readonly source: ContactSource;
  readonly policy?: PolicyInput;
  readonly connections?: readonly Connection[];
  readonly kind?: Connection['kind'];
  readonly does: Readonly<Record<string, number>>;
  readonly outcome?: 'applied' | 'unchanged';
};

const renamed = (n: number, of: number) =>
  records(of, (record, index) => (index < n ? { ...record, name: `${record.name} Jr` } : record));
const since = '2026-01-01T00:00:00.000Z';
const old: Connection = { source: 'fyi:old', kind: 'contact-sync', state: 'disconnected' };
const disconnected: Connection = { source: S, kind: 'contact-sync', state: 'disconnected' };

const calm: readonly Calm[] = [
  {
    what: 'the first sync into an empty book',
    seen: 'pimutils/vdirsyncer#769',
    book: [],
    source: complete(records(200)),
    does: { created: 200 },
  },
  {
    what: 'both sides are empty, the first time',
    seen: 'pimutils/vdirsyncer#1099',
    book: [],
    source: complete([]),
    does: {},
  },
  {
    what: 'both sides are empty, once more',
    seen: 'pimutils/vdirsyncer#1099',
    book: [],
    source: complete([]),
    connections: [{ ...disconnected, state: 'connected' }],
    does: {},
    outcome: 'unchanged',
  },
  {
    what: 'the first sync into a book that was kept by hand',
    seen: 'pimutils/vdirsyncer#694',
    book: manual(100),
    source: complete(records(100)),
    does: { matched_profile: 100 },
  },
  {
    what: 'an empty source beside contacts made by hand',
    book: manual(50),
    source: complete([]),
    does: {},
  },
  {
    what: 'a small book loses 3 of 4',
    book: synced(4),
    source: complete(records(1)),
    does: { unchanged: 1, missing: 3 },
  },
  {
    what: 'in a small book 5 of 6 change',
    book: synced(6),
    source: complete(renamed(5, 6)),
    does: { updated: 5, unchanged: 1 },
  },
  { what: 'in a small book all 5 change', book: synced(5), source: complete(renamed(5, 5)), does: { updated: 5 } },
  {
    what: 'exactly 30 % are missing',
    book: synced(100),
    source: complete(records(70)),
    does: { unchanged: 70, missing: 30 },
  },
  {
    what: 'exactly 30 % change',
    book: synced(100),
    source: complete(renamed(30, 100)),
    does: { updated: 30, unchanged: 70 },
  },
  {
    what: '6 of 20 are more than 5, and exactly 30 %',
    book: synced(20),
    source: complete(records(14)),
    does: { unchanged: 14, missing: 6 },
  },
  {
    what: '30 % change and 30 % are missing',
    book: synced(100),
    source: complete(renamed(30, 70)),
    does: { updated: 30, unchanged: 40, missing: 30 },
  },
  {
    what: 'the firm grows tenfold',
    book: synced(10),
    source: complete(records(100)),
    does: { unchanged: 10, created: 90 },
  },
  {
    what: 'a reconnect after everybody changed',
    book: synced(50, { recordType: 'manual' }),
    source: complete(renamed(50, 50)),
    connections: [disconnected],
    does: { relinked_updated: 50 },
  },
  {
    what: 'a reconnect to a source that was emptied',
    book: synced(50, { recordType: 'manual' }),
    source: complete([]),
    connections: [disconnected],
    does: {},
  },
  {
    what: 'a change of system',
    book: manual(50).map((one): Contact => ({ ...one, link: { source: 'fyi:old', externalId: one.id } })),
    source: complete(records(50)),
    connections: [old],
    does: { matched_profile: 50 },
  },
  {
    what: 'a system that does not tell who answers',
    book: synced(20),
    source: complete(records(20), { tenant: null }),
    does: { unchanged: 20 },
    outcome: 'unchanged',
  },
  {
    what: 'those who were marked before are still missing',
    book: synced(100).map((one, index) => (index < 60 ? one : { ...one, missingSince: since })),
    source: complete(records(60)),
    does: { unchanged: 60 },
    outcome: 'unchanged',
  },
  {
    what: 'everybody is back',
    book: synced(100, { missingSince: since }),
    source: complete(records(100)),
    does: { unchanged: 100 },
  },
  {
    what: 'the source says something else of contacts that people took over',
    book: synced(50, { forcedManual: true }),
    source: complete(renamed(50, 50)),
    does: { kept_forced_manual: 50 },
    outcome: 'unchanged',
  },
  {
    what: 'half are not there, and a row without an id is: it may be anybody',
    book: synced(100),
    source: complete([...records(50), { externalId: '', name: 'Person', email: 'p@x.au', phone: null }]),
    does: { unchanged: 50, rejected_id_missing: 1 },
    outcome: 'unchanged',
  },
  {
    what: 'half the rows are rejected, and so not missing',
    book: synced(100),
    source: complete(records(100, (record, index) => (index < 50 ? { ...record, email: 'none' } : record))),
    does: { rejected_email_invalid: 50, unchanged: 50 },
    outcome: 'unchanged',
  },
  {
    what: 'everybody seems to be somebody else, and is held for a person',
    book: synced(40),
    source: complete(records(40, (record) => ({ ...record, name: 'Else', email: `${record.externalId}@else.au` }))),
    policy: { identityChange: 'hold' },
    does: { held_identity_change: 40 },
    outcome: 'unchanged',
  },
  {
    what: 'an integration of kind external that renamed everybody',
    book: synced(20, { recordType: 'external' }),
    source: complete(renamed(20, 20)),
    connections: [{ source: S, kind: 'external', state: 'connected' }],
    kind: 'external',
    does: { created_external: 20 },
  },
  {
    what: 'an empty integration of kind external',
    book: synced(20, { recordType: 'external' }),
    source: complete([]),
    kind: 'external',
    does: {},
  },
  {
    what: 'a firm that allows for more',
    book: synced(100),
    source: complete(records(40)),
    policy: { manyMissing: 0.6 },
    does: { unchanged: 40, missing: 60 },
  },
];

describe('what is no incident passes', () => {
  test.each(calm)('$what', async ({ book, source, policy, connections, kind, does, outcome = 'applied' }) => {
    const store = await bookOf(book, connections);
    const options = { ...(policy === undefined ? {} : { policy }), ...(kind === undefined ? {} : { kind }) };
    const tried = await tryRun(store, source, options);
    expect(verdictOf(tried)).toBe(outcome);
    expect('plan' in tried && tried.plan.counts.reasons).toEqual(does);
  });

  test('there are at least fifteen, each with a name of its own', () => {
    expect(calm.length).toBeGreaterThanOrEqual(15);
    expect(new Set(calm.map(({ what }) => what)).size).toBe(calm.length);
  });

  test('a disconnect by hand and a reconnect', async () => {
    const store = await bookOf(synced(40));
    await store.apply(await planDisconnect(store, S, { actor: 'ann', why: null, at }));
    const tried = await tryRun(store, complete(renamed(40, 40)));
    expect('plan' in tried && tried.plan.counts.reasons).toEqual({ relinked_updated: 40 });
    expect(verdictOf(tried)).toBe('applied');
  });

  test('a source whose only valid record is of somebody who was forgotten is not empty', async () => {
    const store = await bookOf(synced(2));
    await store.forget('2', { actor: 'ann', why: null, at });
    const tried = await tryRun(store, complete(records(2).slice(1)));
    expect(verdictOf(tried)).toBe('applied');
    expect('plan' in tried && tried.plan.counts.reasons).toEqual({ forgotten: 1, missing: 1 });
  });
});
