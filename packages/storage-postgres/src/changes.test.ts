import { type Contact, type ContactStore, type Decision, memoryStore } from '@contact-sync/core';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decisionOf, people, planFor } from '../test/plans.js';
import { failureOf, newDatabase, newUser, query, withUser } from '../test/support.js';
import { postgresStore } from './postgres-store.js';
import { bulks, statements } from './statements.js';

// Plans of so many decisions that they are copied; `writer.test.ts` and the kit have the others.

const count = 1200;
const crowd = people(count, 'old');
const made = crowd.map((contact) => decisionOf(null, contact));
const renamed = crowd.map((contact) => decisionOf(contact, { ...contact, name: 'new' }));
const link = (id: number) => crowd[id - 1]?.link ?? null;

let url = '';
let store: ContactStore;
beforeEach(async () => {
  url = await newDatabase();
  store = postgresStore({ url });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
});

async function contactsOf(from: ContactStore): Promise<Contact[]> {
  return from.find({ ids: Array.from({ length: count + 10 }, (_, index) => String(index + 1)) });
}

/** The tables that rows are copied to while the work is done. */
async function copied(work: () => Promise<unknown>): Promise<string[]> {
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  const texts = asked.mock.calls.map(([first]: unknown[]) => (typeof first === 'object' ? JSON.stringify(first) : ''));
  asked.mockRestore();
  return texts.flatMap((text) => /COPY (\S+)/.exec(String(text))?.[1] ?? []);
}

test('more than are changed at once are all changed, and each is found by its key', async () => {
  const many = people(4100, 'old');
  await store.apply(
    planFor(
      0,
      many.map((contact) => decisionOf(null, contact)),
    ),
  );
  const renaming = many.map((contact) => decisionOf(contact, { ...contact, name: `new ${contact.id}` }));
  const tables = await copied(() => store.apply(planFor(1, renaming)));
  expect(tables).toEqual(['pg_temp.staged_contacts', 'pg_temp.staged_contacts', 'contact_sync.decisions']);
  const ids = many.map(({ id }) => id);
  expect((await store.find({ ids })).map(({ name }) => name)).toEqual(ids.map((id) => `new ${id}`));

  const client = new pg.Client(url);
  await client.connect();
  await client.query(`BEGIN; ${bulks.staged.before}; INSERT INTO pg_temp.staged_contacts (id, name)
    SELECT n::text, repeat('name', 20) FROM generate_series(1, 4000) AS n`);
  const { rows } = await client.query(`EXPLAIN ${statements.changeStaged}`, [1]);
  const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(plan).toMatch(/Index Cond: .*= staged\.id/);
  expect(plan).toContain('Tid Scan on contacts');
  expect(plan).not.toMatch(/Seq Scan on contacts/);
  await client.end();
});

test('any text is the same when it has been copied, and so is the history', async () => {
  const odd = [
    '\\N',
    '\\.',
    'a\tb',
    'a\nb',
    'a\rb',
    'a\\',
    '\\\\n',
    '"',
    "'; DROP TABLE x",
    '🙂',
    'é',
    '\u2028',
    '',
    ' ',
  ];
  const oddly = (contact: Contact, shift: number): Contact => {
    const text = odd[(Number(contact.id) + shift) % odd.length] ?? '';
    const record = { source: text || 's', externalId: `${text}${contact.id}` };
    return { ...contact, name: text, email: text, phone: shift === 0 ? null : text, link: record };
  };
  const first = crowd.map((contact) => ({ ...oddly(contact, 0), link: null }));
  const second = crowd.map((contact) => oddly(contact, 1));
  const plans = [
    planFor(
      0,
      first.map((contact) => decisionOf(null, contact)),
    ),
    planFor(
      1,
      second.map((after, index) => ({ ...decisionOf(first[index] ?? null, after), note: after.name })),
    ),
  ] as const;
  expect(await copied(() => store.apply(plans[0]))).toEqual(['contact_sync.contacts', 'contact_sync.decisions']);
  expect(await contactsOf(store)).toEqual(first);
  expect(await copied(() => store.apply(plans[1]))).toEqual(['pg_temp.staged_contacts', 'contact_sync.decisions']);
  expect(await contactsOf(store)).toEqual(second);
  const kept: Decision[] = [];
  for await (const decision of store.decisions('2')) kept.push(decision);
  expect(kept).toEqual(plans[1].decisions);
  expect((await store.history('1200', { limit: 5 })).entries.length).toBe(2);
});

const one = crowd[0] as Contact;
const misfits: readonly [string, readonly Decision[]][] = [
  ['Contact 1201 is not in the book.', [decisionOf({ ...one, id: '1201' }, { ...one, id: '1201', name: 'x' })]],
  ['Contact 1 is in the book already.', [decisionOf(null, { ...one, link: null })]],
  ...[
    { name: 'x' },
    { email: 'x' },
    { phone: null },
    { phone: '+61499999999' },
    { recordType: 'manual' as const },
    { forcedManual: true },
    { link: null },
    { link: { source: 'xpm:t', externalId: 'x' } },
    { missingSince: '2026-01-01T00:00:00.000Z' },
  ].map((other): [string, Decision[]] => [
    'Contact 1 is not what the plan says.',
    [decisionOf({ ...one, ...other }, { ...one, ...other, email: 'new' })],
  ]),
  [
    'Contact 1 is changed by two decisions.',
    [decisionOf(one, { ...one, name: 'a' }), decisionOf(one, { ...one, name: 'b' })],
  ],
  ['Contact 1 is to get another id.', [decisionOf(one, { ...one, id: '1300' })]],
  ['Contact 1 is not what the plan says.', [decisionOf({ ...one, name: 'x' }, { ...one, name: 'x' })]],
  ['Contact 1 is not what the plan says.', [decisionOf({ ...one, name: 'x' }, null)]],
  ['Contact 1 is not what the plan says.', [decisionOf({ ...one, name: 'half \ud83d' }, { ...one, name: 'x' })]],
  ['Two contacts would be linked to record old 1 of xpm:t.', [decisionOf(null, { ...one, id: '1202', link: link(2) })]],
  [
    'Two contacts would be linked to record new of xpm:t.',
    ['1201', '1202'].map((id) => decisionOf(null, { ...one, id, link: { source: 'xpm:t', externalId: 'new' } })),
  ],
];

test.each(misfits)('of many decisions one does not fit the book: %s', async (message, wrong) => {
  await store.apply(planFor(0, made));
  const others = renamed.slice(1);
  const said = message.replace('is in the', 'is to be made, and is in the');
  expect(await failureOf(store.apply(planFor(1, [...others, ...wrong])))).toMatchObject({
    code: 'plan_invalid',
    message: said,
  });
  expect(await contactsOf(store)).toEqual(crowd);
  expect((await store.runs({ limit: 5 })).runs.length).toBe(1);
});

test('many changes of every kind leave the book that they leave in memory', async () => {
  const held = decisionOf(crowd[3] ?? null, crowd[3] ?? null);
  const changes = crowd.flatMap((contact, index): Decision[] => {
    const before = contact;
    switch (index % 6) {
      case 0:
        return [decisionOf(before, { ...contact, email: `new${index}`, missingSince: '2026-01-01T00:00:00.000Z' })];
      case 1:
        // Links go round: that of the next such contact.
        return [decisionOf(before, { ...contact, link: link(((index + 6) % count) + 1) })];
      case 2:
        return [decisionOf(before, null), decisionOf(null, { ...contact, id: String(count + 1 + index) })];
      case 3:
        return [decisionOf(before, { ...contact, recordType: 'external' })];
      case 4:
        return [decisionOf(before, { ...contact, recordType: 'manual', link: null, phone: null })];
      default:
        return [decisionOf(before, { ...contact, forcedManual: true })];
    }
  });
  const inMemory = memoryStore();
  for (const [base, decisions] of [made, changes.filter(({ before }) => before?.id !== '4').concat(held)].entries()) {
    const [run, other] = [await store.apply(planFor(base, decisions)), await inMemory.apply(planFor(base, decisions))];
    expect(run).toEqual(other);
    const query = { limit: 10_000 };
    expect(await store.search(query)).toEqual(await inMemory.search(query));
    expect(await store.links('xpm:t')).toEqual(await inMemory.links('xpm:t'));
  }
});

test.each(['a client that sends statements ahead', 'a user who may make no temporary table'])(
  '%s copies nothing',
  async (who) => {
    const user = await newUser();
    const database = new URL(url).pathname.slice(1);
    await query(
      url,
      `REVOKE TEMP ON DATABASE ${database} FROM PUBLIC; GRANT CREATE ON DATABASE ${database} TO ${user}`,
    );
    const ahead = who.startsWith('a client');
    const config = { connectionString: ahead ? url : withUser(url, user), pipeline: ahead };
    const pool = new pg.Pool(config);
    const other = postgresStore({ pool });
    const apply = async () => {
      await other.apply(planFor(0, made));
      await other.apply(planFor(1, renamed));
    };
    expect(await copied(apply)).toEqual([]);
    expect(new Set((await contactsOf(other)).map(({ name }) => name))).toEqual(new Set(['new']));
    await pool.end();
  },
);
