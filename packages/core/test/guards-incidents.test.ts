import { describe, expect, test } from 'vitest';
import { type Contact, type ContactSource, ContactSyncError, type ErrorCode, type PolicyInput } from '../src/index.js';
import { bookOf, complete, page, records, S, saying, synced, tryRun, verdictOf } from './guards-incidents.js';

/*
 * What happened to people elsewhere, as a book and a read: success, but empty or partial. Each must be stopped and leave
 * nothing behind. `why` says how the numbers come about.
 */
type Incident = {
  readonly what: string;
  /** Where it happened. */
  readonly seen?: string;
  readonly book: readonly Contact[];
  readonly source: ContactSource;
  readonly policy?: PolicyInput;
  readonly stopped: string;
  readonly why?: string;
};

const fault = (code: ErrorCode) => new ContactSyncError(code, 'It went wrong.', { hint: 'Try again.' });

/** Fails before this page, counted from 1. */
function failing(n: number, code: ErrorCode, number: number) {
  const beforePage = (now: { number: number }) => {
    if (now.number === number) throw fault(code);
  };
  return complete(records(n), { pageSize: 10, beforePage });
}

const incidents: readonly Incident[] = [
  {
    what: 'success with zero entries, since the account lost its right to read',
    seen: 'h44z/wg-portal#744',
    book: synced(100),
    source: complete([]),
    stopped: 'many_missing 100/100, source_empty 100/100',
  },
  {
    what: 'zero users, and all of them are orphaned',
    seen: 'keycloak/keycloak#48781',
    book: synced(12),
    source: complete([]),
    stopped: 'many_missing 12/12, source_empty 12/12',
  },
  {
    what: 'zero entries for a book of one',
    book: synced(1),
    source: complete([]),
    stopped: 'source_empty 1/1',
    why: '1 missing is not more than 5',
  },
  {
    what: 'zero entries for a book of five',
    book: synced(5),
    source: complete([]),
    stopped: 'source_empty 5/5',
    why: '5 missing are not more than 5',
  },
  {
    what: 'a search that fails half way, as a warning only',
    seen: 'glpi-project/glpi#984',
    book: synced(50),
    source: failing(50, 'source_unavailable', 3),
    stopped: 'failed: source_unavailable',
  },
  {
    what: 'a search that fails half way and lists fewer',
    seen: 'glpi-project/glpi#984',
    book: synced(512),
    source: complete(records(256)),
    stopped: 'many_missing 256/512',
  },
  {
    what: 'a server that lists its first 500 and no more',
    book: synced(720),
    source: complete(records(500)),
    stopped: 'many_missing 220/720',
    why: '30 % of 720 are 216',
  },
  {
    what: 'four of thirteen pages lost',
    book: synced(130),
    source: complete(records(130).filter((_, index) => index < 40 || index >= 80)),
    stopped: 'many_missing 40/130',
    why: '30 % of 130 are 39',
  },
  {
    what: 'one of two directories behind a source is silent',
    seen: 'zulip/zulip#13130',
    book: synced(40),
    source: complete(records(20)),
    stopped: 'many_missing 20/40',
  },
  {
    what: 'the source cannot be reached, and all are deactivated',
    seen: 'zulip/zulip#13130',
    book: synced(40),
    source: failing(40, 'source_unreachable', 1),
    stopped: 'failed: source_unreachable',
  },
  {
    what: 'an empty list, taken at its word',
    seen: 'go-gitea/gitea#7949',
    book: synced(6),
    source: complete([]),
    stopped: 'many_missing 6/6, source_empty 6/6',
    why: '6 are more than 5, and more than 30 %',
  },
  {
    what: 'a full refresh that wipes first, and then the source fails',
    seen: 'airbytehq/airbyte#13312',
    book: synced(30),
    source: failing(30, 'source_timeout', 1),
    stopped: 'failed: source_timeout',
  },
  {
    what: 'a full refresh that fails on its last page',
    seen: 'airbytehq/airbyte#11251',
    book: synced(30),
    source: failing(30, 'source_incomplete', 3),
    stopped: 'failed: source_incomplete',
  },
  {
    what: 'success, all records loaded, and every table empty',
    seen: 'airbytehq/airbyte#73715',
    book: synced(20),
    source: complete(records(20, ({ externalId }) => ({ externalId, name: null, email: null, phone: null }))),
    stopped: 'source_empty 20/20',
    why: 'every record is rejected; their ids are there, so nobody is missing',
  },
  {
    what: 'the addresses moved to a field that nobody reads',
    book: synced(8),
    source: complete(records(8, (record) => ({ ...record, email: '' }))),
    stopped: 'source_empty 8/8',
  },
  {
    what: 'a column too many: names under phone, addresses under name',
    book: synced(15),
    source: complete(
      records(15, (record) => ({ ...record, name: record.email, email: record.phone, phone: record.name })),
    ),
    stopped: 'source_empty 15/15',
    why: 'a phone number is no address',
  },
  {
    what: 'a changed path, which leads to other people',
    seen: 'pimutils/vdirsyncer#42',
    book: synced(50),
    source: complete(records(50, (record) => ({ ...record, externalId: `other ${record.externalId}`, name: 'Else' }))),
    stopped: 'many_missing 50/50',
  },
  {
    what: 'a changed path, which leads nowhere',
    seen: 'pimutils/vdirsyncer#42',
    book: synced(50),
    source: complete([]),
    stopped: 'many_missing 50/50, source_empty 50/50',
  },
  {
    what: 'another tenant answers, which numbers its people from 1 too',
    book: synced(10),
    source: complete(
      records(10, (record) => ({
        ...record,
        name: `Else ${record.externalId}`,
        email: `else${record.externalId}@y.au`,
      })),
      { tenant: 'u' },
    ),
    stopped: 'many_changed 10/10, tenant_changed 10/10',
  },
  {
    what: 'another tenant answers at the very first sync',
    book: [],
    source: complete(records(3), { tenant: 'u' }),
    stopped: 'tenant_changed 0/0',
  },
  {
    what: 'the demo company answers, which is empty',
    book: synced(8),
    source: complete([], { tenant: 'demo' }),
    stopped: 'many_missing 8/8, source_empty 8/8, tenant_changed 8/8',
  },
  {
    what: 'another tenant with the same people, a copy made for training',
    book: synced(7),
    source: complete(records(7), { tenant: 'T' }),
    stopped: 'tenant_changed 7/7',
    why: 'T is not t',
  },
  {
    what: 'only the entries of the recycle bin are listed',
    seen: 'bitwarden/directory-connector#548',
    book: synced(60),
    source: complete(records(20)),
    stopped: 'many_missing 40/60',
  },
  {
    what: 'entries of the recycle bin come beside the living',
    seen: 'bitwarden/directory-connector#548',
    book: synced(30),
    source: complete([...records(30), ...records(30, (record) => ({ ...record, name: 'Deleted user' }))]),
    stopped: 'source_empty 30/30',
    why: 'each id comes twice and differs, so all 60 rows are rejected',
  },
  {
    what: 'one column sorted without the others',
    book: synced(20),
    source: complete(
      records(20, (record, index) => ({
        ...record,
        name: `Person ${((index + 1) % 20) + 1}`,
        email: `p${((index + 1) % 20) + 1}@x.au`,
      })),
    ),
    stopped: 'many_changed 20/20',
  },
  {
    what: 'a wrong encoding: 13 of 40 names are garbled',
    book: synced(40),
    source: complete(records(40, (record, index) => (index < 13 ? { ...record, name: `Ã© ${record.name}` } : record))),
    stopped: 'many_changed 13/40',
    why: '30 % of 40 are 12',
  },
  {
    what: 'the system no longer gives phone numbers',
    book: synced(25),
    source: complete(records(25, (record) => ({ ...record, phone: null }))),
    stopped: 'many_changed 25/25',
  },
  {
    what: 'every address was replaced by one for testing',
    book: synced(10),
    source: complete(records(10, (record) => ({ ...record, email: 'test@example.com' }))),
    stopped: 'many_changed 10/10',
  },
  {
    what: 'a migration numbered everybody anew',
    book: synced(9),
    source: complete(records(9, (record) => ({ ...record, externalId: `n${record.externalId}` }))),
    stopped: 'many_missing 9/9',
  },
  {
    what: 'a spreadsheet cut the zeros in front of the ids',
    book: synced(15).map((contact) => ({ ...contact, link: { source: S, externalId: `000${contact.id}` } })),
    source: complete(records(15)),
    stopped: 'many_missing 15/15',
  },
  {
    what: 'a filter that leaves everybody out',
    book: synced(12),
    source: complete([], { skipped: { archived: 12 } }),
    stopped: 'many_missing 12/12, source_empty 12/12',
  },
  {
    what: 'a right lost for one office of three',
    book: synced(30),
    source: complete(records(20)),
    stopped: 'many_missing 10/30',
    why: '30 % of 30 are 9',
  },
  {
    what: 'the same pages over and over',
    seen: 'NangoHQ/nango-sync#20',
    book: synced(100),
    source: complete([1, 2, 3, 4, 5].flatMap(() => records(20))),
    stopped: 'many_missing 80/100',
    why: 'the 80 copies agree, and are no one else',
  },
  {
    what: 'a read that ends without saying that it is complete',
    seen: 'adswerve/target-bigquery#9',
    book: synced(10),
    source: saying(async function* () {
      yield page(records(2));
    }),
    stopped: 'failed: source_broken',
  },
  {
    what: 'a read that says it is not complete',
    book: synced(10),
    source: saying(async function* () {
      yield page(records(2));
      return { complete: false, tenant: 't' };
    }),
    stopped: 'failed: source_broken',
  },
  {
    what: 'a connector that breaks in the middle without a word',
    book: synced(10),
    source: saying(async function* () {
      yield page(records(5));
      throw new TypeError('undefined is not a function');
    }),
    stopped: 'failed: source_broken',
  },
  {
    what: 'an answer in another shape',
    book: synced(10),
    source: saying(async function* () {
      yield page(records(10).map((record) => ({ ...record, name: 7 })));
      return { complete: true, tenant: 't' };
    }),
    stopped: 'failed: source_broken',
  },
  {
    what: 'the token runs out on page 2',
    book: synced(30),
    source: failing(30, 'source_unauthorized', 2),
    stopped: 'failed: source_unauthorized',
  },
  {
    what: 'the limit of requests is used up on page 3',
    book: synced(30),
    source: failing(30, 'source_rate_limited', 3),
    stopped: 'failed: source_rate_limited',
  },
  {
    what: 'a firm that wants to know of 3 in 20',
    book: synced(20),
    source: complete(records(17)),
    policy: { manyMissing: 0.1, atLeast: 2 },
    stopped: 'many_missing 3/20',
    why: '10 % of 20 are 2',
  },
];

describe('what happened to others is stopped', () => {
  test.each(incidents)('$what', async ({ book, source, policy, stopped }) => {
    const store = await bookOf(book);
    const before = await everything(store);
    const tried = await tryRun(store, source, policy === undefined ? {} : { policy });
    expect(verdictOf(tried)).toBe(stopped);
    expect(await everything(store)).toEqual(before);
    if (!('plan' in tried)) return;
    // The history says who was to be changed, and the message has the numbers.
    expect(tried.run).toMatchObject({ outcome: 'blocked', blocked: tried.plan.blocked });
    for (const { count, message, guard } of tried.plan.blocked)
      if (guard !== 'tenant_changed') expect(message).toContain(String(count));
  });

  test('there are at least thirty, each with a name of its own', () => {
    expect(incidents.length).toBeGreaterThanOrEqual(30);
    expect(new Set(incidents.map(({ what }) => what)).size).toBe(incidents.length);
  });

  test('a run that is told to stop in the middle writes nothing', async () => {
    const store = await bookOf(synced(30));
    const before = await everything(store);
    const abort = new AbortController();
    const beforePage = ({ number }: { number: number }) => {
      if (number === 2) abort.abort();
    };
    const source = complete(records(5), { pageSize: 2, beforePage });
    expect(verdictOf(await tryRun(store, source, { signal: abort.signal }))).toBe('failed: cancelled');
    expect(await everything(store)).toEqual(before);
  });

  test('one of two sources that is silent does not touch the contacts of the other', async () => {
    const other = synced(10).map(
      (contact): Contact => ({
        ...contact,
        id: `9${contact.id}`,
        link: { source: 'fyi:u', externalId: contact.id },
      }),
    );
    const store = await bookOf([...synced(10), ...other]);
    expect(verdictOf(await tryRun(store, complete([])))).toBe('many_missing 10/10, source_empty 10/10');
    const fyi = complete(records(9), { source: 'fyi:u' });
    expect(verdictOf(await tryRun(store, fyi))).toBe('applied');
    const marked = (await store.search({ limit: 100 })).contacts.filter(({ missingSince }) => missingSince !== null);
    expect(marked.map(({ id }) => id)).toEqual(['910']);
  });
});

async function everything(store: Awaited<ReturnType<typeof bookOf>>) {
  const { version, connections, newId } = await store.head();
  return { version, connections, nextId: newId(), ...(await store.search({ limit: 2000 })) };
}
