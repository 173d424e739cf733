import type { ContactStore } from '@contact-sync/core';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decisionOf, people, planFor, renaming } from '../test/plans.js';
import { failureOf, newDatabase } from '../test/support.js';
import { postgresStore } from './postgres-store.js';
import { statements } from './statements.js';

let pool: pg.Pool;
let store: ContactStore;
beforeEach(async () => {
  pool = new pg.Pool({ connectionString: await newDatabase() });
  store = postgresStore({ pool });
  await store.head();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  // The pool is its maker's: a closed store leaves it open.
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});

test('thousands of contacts take a few statements, however they change', async () => {
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  const count = async (work: Promise<unknown>) => {
    asked.mockClear();
    await work;
    return asked.mock.calls.length;
  };
  const crowd = people(5000, 'old');
  // Five for the frame (book, version, run), then one for each thousand of contacts and of decisions, and their links.
  expect(
    await count(
      store.apply(
        planFor(
          0,
          crowd.map((contact) => decisionOf(null, contact)),
        ),
      ),
    ),
  ).toBeLessThan(30);
  expect(await count(store.apply(await renaming(store, 'new')))).toBeLessThan(40);
  expect(await count(store.find({ ids: crowd.map(({ id }) => id) }))).toBeLessThan(5);
  const { contacts } = await store.search({ limit: 5000 });
  expect(
    await count(
      store.apply(
        planFor(
          2,
          contacts.map((contact) => decisionOf(contact, null)),
        ),
      ),
    ),
  ).toBeLessThan(30);
  expect((await store.search({ limit: 1 })).contacts).toEqual([]);
});

test('each contact is looked up in an index, also where the server has no statistics yet', async () => {
  const crowd = people(2000, 'old');
  await store.apply(
    planFor(
      0,
      crowd.map((contact) => decisionOf(null, contact)),
    ),
  );
  const ids = crowd.map(({ id }) => id);
  const links = crowd.flatMap(({ link }) =>
    link === null ? [] : [{ source: link.source, external_id: link.externalId }],
  );
  const asked = [
    [statements.contactsById, JSON.stringify(ids)],
    [
      statements.contactsByAny,
      JSON.stringify(ids),
      'xpm:t',
      JSON.stringify(links.map((link) => link.external_id)),
      '["old\\n1@example.com"]',
    ],
    [statements.linkHolders, JSON.stringify(links)],
    [statements.removeContacts, JSON.stringify(ids)],
  ] as const;
  for (const [sql, ...values] of asked) {
    const { rows } = await pool.query(`EXPLAIN ${sql}`, [1, ...values]);
    const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    const lookUps = plan.match(/Index Cond: .*/g) ?? [];
    expect(lookUps.length).toBe(sql.match(/OFFSET 0/g)?.length);
    for (const lookUp of lookUps) expect(lookUp).toContain('= wanted');
    expect(plan).not.toMatch(/Filter: .*ANY|Seq Scan/);
  }
  const { rows } = await pool.query(`EXPLAIN ${statements.decisionsAbout}`, [1, '7', 9, 0, 10]);
  expect(rows.map((row) => String(row['QUERY PLAN'])).join('\n')).toMatch(
    /decisions_contact.*\n.*Index Cond: .*split_part/,
  );
});

test('links go round within a plan, also where a contact becomes external and gives its link up so', async () => {
  const [a, b, c] = people(3, 'x');
  if (a === undefined || b === undefined || c === undefined) throw new Error('There are three.');
  const before = [a, b, c];
  await store.apply(
    planFor(
      0,
      before.map((contact) => decisionOf(null, contact)),
    ),
  );
  const round = [
    decisionOf(a, { ...a, link: b.link }),
    decisionOf(b, { ...b, link: c.link }),
    decisionOf(c, { ...c, link: a.link }),
  ];
  await store.apply(planFor(1, round));
  const now = round.flatMap(({ after }) => after ?? []);
  const external = now.map((contact) => ({ ...contact, recordType: 'external' as const }));
  const next = [
    // Comes first, and wants the link of the one that becomes external.
    decisionOf(null, { ...a, id: '9', link: now[0]?.link ?? null }),
    decisionOf(now[0] ?? null, external[0] ?? null),
  ];
  await store.apply(planFor(2, next));
  expect(
    (await store.find({ links: { source: 'xpm:t', externalIds: [b.link?.externalId ?? ''] } }))
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(['1', '9']);

  const back = planFor(3, [decisionOf(external[0] ?? null, now[0] ?? null)]);
  expect(await failureOf(store.apply(back))).toMatchObject({
    code: 'plan_invalid',
    message: `Two contacts would be linked to record ${b.link?.externalId} of xpm:t.`,
  });
});

test.each(['a\0b', 'half \ud83d', '\ude00'])('a contact with a text that cannot be stored: %j', async (name) => {
  const contact = { ...people(1, 'x')[0], name } as ReturnType<typeof people>[number];
  expect(await failureOf(store.apply(planFor(0, [decisionOf(null, contact)])))).toMatchObject({
    code: 'plan_invalid',
    message: 'Contact 1 holds a character that cannot be stored.',
  });
  expect((await store.runs({ limit: 1 })).runs).toEqual([]);

  // What the source said of a rejected record is only kept, and may be anything.
  const rejected = {
    ...decisionOf(null, null),
    says: { name, email: name, phone: null },
    note: name,
    externalId: name,
  };
  const plan = { ...planFor(0, [rejected]), why: name, actor: name };
  const run = await store.apply(plan);
  expect([run.why, (await store.runs({ limit: 1 })).runs[0]?.why]).toEqual([name, name]);
  for await (const decision of store.decisions(run.id)) expect(decision).toEqual(rejected);
});

test('texts that cannot be stored are looked for in vain', async () => {
  await store.apply(
    planFor(
      0,
      people(1, '\ufffd').map((contact) => decisionOf(null, contact)),
    ),
  );
  for (const text of ['\0', '\ud83d']) {
    expect(await store.find({ ids: [text], nameEmailKeys: [`${text}\n1@example.com`] })).toEqual([]);
    expect(await store.find({ links: { source: 'xpm:t', externalIds: [text] } })).toEqual([]);
    expect(await store.find({ links: { source: text, externalIds: ['x'] } })).toEqual([]);
    expect([...(await store.links(text))]).toEqual([]);
    expect((await store.search({ text, limit: 5 })).contacts).toEqual([]);
    expect(await failureOf(store.search({ limit: 5, after: JSON.stringify([text, '1']) }))).toMatchObject({
      code: 'usage',
    });
  }
});
