import { expect, test } from 'vitest';
import { defaultPolicy, memoryStore, type Read } from '../src/index.js';
import { exampleContact, type WorkedExample, workedExamples } from '../src/testing/examples.js';
import { bookOf, differences, engine, planFor } from './engine.js';
import { oracle, type World } from './oracle.js';

// `exampleContact` leaves every value as the tables have it, but for the phone and the link; this says so by hand.
test('a row of the examples is stored with its phone in E.164 and its metadata as a link', () => {
  const [first] = workedExamples;
  expect(exampleContact(first.expected[5], first.source)).toEqual({
    id: '6',
    name: 'Mary Smith',
    email: 'mary@smith.com',
    phone: '+61400000001',
    recordType: 'contact-sync',
    forcedManual: false,
    link: { source: 'xpm:example', externalId: 'B' },
    missingSince: null,
  });
});

/** By hand: what each record's decision is about, as reason, external id, contact before, contact after. */
const decided: Record<string, [string, string, string | null, string][]> = {
  'first time or reconnecting': [
    ['matched_profile', 'A', '1', '1'],
    ['created_partial_match', 'B', null, '6'],
    ['created_external_ignored', 'C', null, '7'],
    ['relinked_updated', 'D', '4', '4'],
    ['relinked_forced_manual', 'E', '5', '5'],
  ],
  'ongoing sync': [
    ['updated', 'D', '4', '4'],
    // Harry's record changes nothing, and is listed for its flag: the source says something else.
    ['kept_forced_manual', 'E', '5', '5'],
    ['created', 'F', null, '6'],
  ],
};

test.each<WorkedExample>([...workedExamples])('example "$name" comes out row by row', async (example) => {
  const world = worldOf(example);
  const expectedBook = example.expected.map((row) => exampleContact(row, example.source));
  const store = memoryStore({ contacts: [...world.contacts] });
  const plan = await planFor(store, world);

  expect(plan.blocked).toEqual([]);
  expect(
    plan.decisions.map(({ reason, externalId, before, after }) => [reason, externalId, before?.id ?? null, after?.id]),
  ).toEqual(decided[example.name]);
  for (const row of example.expected) {
    const decision = plan.decisions.find(({ after }) => after?.id === row.id);
    // A contact that no decision is about is unchanged: counted if a record is about it, else not spoken of at all.
    if (row.reason === null || row.reason === 'unchanged') expect(decision, row.name).toBeUndefined();
    else expect(decision, row.name).toMatchObject({ reason: row.reason, after: exampleContact(row, example.source) });
  }
  const reasons = example.expected.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  expect(plan.counts).toEqual({
    rows: example.imported.length,
    reasons: Object.fromEntries(reasons.map((reason) => [reason, 1])),
    flags: { source_differs: 1 },
    skipped: {},
  });

  const run = await store.apply(plan);
  expect(run.outcome).toBe('applied');
  expect(await bookOf(store)).toEqual(expectedBook);
});

test.each<WorkedExample>([...workedExamples])('example "$name" comes out of the oracle, too', async (example) => {
  const world = worldOf(example);
  const outcome = oracle(world);
  expect(outcome.book).toEqual(example.expected.map((row) => exampleContact(row, example.source)));
  const expectedReasons = example.expected.flatMap(({ reason, metadata }) =>
    reason === null ? [] : [[metadata, reason]],
  );
  const reasons = outcome.verdicts.map(({ externalId, reason }) => [externalId, reason]);
  expect(reasons.sort()).toEqual(expectedReasons.sort());
  expect(differences(outcome, await engine(world))).toEqual([]);
});

function worldOf(example: WorkedExample): World {
  const read: Read = {
    source: example.source,
    tenant: 'example',
    records: example.imported,
    unreadable: [],
    skipped: {},
    rows: example.imported.length,
  };
  const contacts = example.existing.map((row) => exampleContact(row, example.source));
  return { contacts, read, connected: [], policy: defaultPolicy, at: '2026-02-03T04:05:06.000Z' };
}
