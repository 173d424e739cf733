import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import type { Step } from './decide.js';
import { memoryStore } from './memory-store.js';
import { planSync } from './plan-sync.js';
import { defaultPolicy } from './policy.js';
import type { Read } from './read.js';
import type { RawRecord } from './source.js';
import type { ContactStore } from './store.js';

const john = { name: 'John', email: 'j@x.com', phone: null };
const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  ...john,
  recordType: 'manual',
  forcedManual: false,
  link: null,
  missingSince: null,
  ...more,
});
const linked = (externalId: string) => ({ link: { source: 'xpm:t', externalId } });
const record = (externalId: string, more: Partial<RawRecord> = {}): RawRecord => ({ externalId, ...john, ...more });
const readOf = (records: RawRecord[]): Read => ({
  source: 'xpm:t',
  tenant: 't',
  records,
  unreadable: [],
  skipped: {},
  rows: records.length,
});
const options = { policy: defaultPolicy, at: '2026-01-31T00:00:00.000Z', actor: 'me' };

async function stepsOf(contacts: Contact[], records: RawRecord[], id = records[0]?.externalId) {
  const steps: Step[] = [];
  await planSync(memoryStore({ contacts }), { ...options, read: readOf(records), onStep: (step) => steps.push(step) });
  return steps.filter((step) => step.record.externalId === id).map(({ line, whyNot }) => [line, whyNot]);
}

const notInvalid = [1, 'the record is valid'];
const notLinked = [2, 3, 4, 5].map((line) => [line, 'no contact is linked to this id']);
const notUnlinked = (by: number) => [6, 7, 8, 9].map((line) => [line, `line ${by} decided`]);

// Every line says why it does not fit, in words worked out from the rules.
test.each([
  [
    'an invalid record',
    [],
    [record('A', { name: null })],
    [[1, null], ...[2, 3, 4, 5, 6, 7, 8, 9].map((line) => [line, 'line 1 decided'])],
  ],
  [
    'line 2',
    [contact('1', { ...linked('A'), forcedManual: true })],
    [record('A')],
    [notInvalid, [2, null], [3, 'line 2 decided'], [4, 'line 2 decided'], [5, 'line 2 decided'], ...notUnlinked(2)],
  ],
  [
    'line 3',
    [contact('1', { ...linked('A'), recordType: 'contact-sync' })],
    [record('A')],
    [
      notInvalid,
      [2, 'the contact is not forced manual'],
      [3, null],
      [4, 'line 3 decided'],
      [5, 'line 3 decided'],
      ...notUnlinked(3),
    ],
  ],
  [
    'line 4',
    [contact('1', linked('A'))],
    [record('A')],
    [
      notInvalid,
      [2, 'the contact is not forced manual'],
      [3, 'the contact is manual'],
      [4, null],
      [5, 'line 4 decided'],
      ...notUnlinked(4),
    ],
  ],
  [
    'line 5',
    [contact('1', linked('A'))],
    [record('A', { name: 'Johnny' })],
    [
      notInvalid,
      [2, 'the contact is not forced manual'],
      [3, 'the details differ'],
      [4, 'the details differ'],
      [5, null],
      ...notUnlinked(5),
    ],
  ],
  [
    'line 6',
    [contact('1')],
    [record('A')],
    [notInvalid, ...notLinked, [6, null], [7, 'line 6 decided'], [8, 'line 6 decided'], [9, 'line 6 decided']],
  ],
  [
    'line 7',
    [contact('1', { recordType: 'external' })],
    [record('A')],
    [
      notInvalid,
      ...notLinked,
      [6, 'no manual contact has this name, email and phone'],
      [7, null],
      [8, 'line 7 decided'],
      [9, 'line 7 decided'],
    ],
  ],
  [
    'line 8, by another phone',
    [contact('1', { phone: '+61400000001' })],
    [record('A')],
    [
      notInvalid,
      ...notLinked,
      [6, 'no manual contact has this name, email and phone'],
      [7, 'no external contact has this name, email and phone'],
      [8, null],
      [9, 'line 8 decided'],
    ],
  ],
  [
    'line 8, by a contact that is not free',
    [contact('1', linked('B')), contact('2', { recordType: 'external' })],
    [record('A'), record('B')],
    [
      notInvalid,
      ...notLinked,
      [6, 'no such contact is free: 1 has another link, or another record took it'],
      [7, 'a manual contact has this name, email and phone'],
      [8, null],
      [9, 'line 8 decided'],
    ],
  ],
  [
    'line 9',
    [],
    [record('A')],
    [
      notInvalid,
      ...notLinked,
      [6, 'no manual contact has this name, email and phone'],
      [7, 'no external contact has this name, email and phone'],
      [8, 'no manual contact has this name and email'],
      [9, null],
    ],
  ],
])('the steps to %s', async (_, contacts, records, expected) => {
  expect(await stepsOf(contacts, records)).toEqual(expected);
});

test('a step has its record, its sentence, and what it decided if it did', async () => {
  const steps: Step[] = [];
  const contacts = [contact('1', { ...linked('A'), recordType: 'contact-sync' })];
  await planSync(memoryStore({ contacts }), {
    ...options,
    read: readOf([record('A')]),
    onStep: (step) => steps.push(step),
  });
  expect(steps[2]).toMatchObject({
    record: { externalId: 'A' },
    line: 3,
    when: 'a synced contact is linked to this id, and its details are equal',
    decision: { reason: 'unchanged', before: { id: '1' }, after: { id: '1' } },
  });
  expect(steps.filter(({ decision }) => decision !== null)).toHaveLength(1);
});

/** A store that counts what is asked of it, and to which somebody writes between two looks. */
function watched(store: ContactStore, moves: number) {
  let looks = 0;
  const found: number[] = [];
  return {
    found,
    store: {
      ...store,
      async head() {
        const head = await store.head();
        looks += 1;
        return { ...head, version: head.version + Math.min(Math.floor(looks / 2), moves) };
      },
      async find(query: Parameters<ContactStore['find']>[0]) {
        const contacts = await store.find(query);
        found.push(contacts.length);
        return contacts;
      },
    },
  };
}

test('a contact whose fingerprint says the same is not loaded, unless the steps are to be seen', async () => {
  const contacts = [contact('1', { ...linked('A'), recordType: 'contact-sync' })];
  const fast = watched(memoryStore({ contacts }), 0);
  await planSync(fast.store, { ...options, read: readOf([record('A')]) });
  expect(fast.found).toEqual([0]);
  const slow = watched(memoryStore({ contacts }), 0);
  await planSync(slow.store, { ...options, read: readOf([record('A')]), onStep: () => undefined });
  expect(slow.found).toEqual([1]);
});

test('a plan comes from one version of the book, and a book that never rests is given up on', async () => {
  const restless = watched(memoryStore(), 2);
  const plan = await planSync(restless.store, { ...options, read: readOf([record('A')]) });
  expect(plan).toMatchObject({ base: 2, kind: 'sync', why: null });
  expect(restless.found).toHaveLength(3);

  const never = watched(memoryStore(), 99);
  const attempt = planSync(never.store, { ...options, read: readOf([record('A')]) });
  await expect(attempt).rejects.toMatchObject({
    code: 'store_conflict',
    message: 'The book changed 5 times while the plan was made.',
    hint: 'Nothing was written. Run it again when less is going on.',
  });
  expect(never.found).toHaveLength(5);
});

test('a connection keeps its kind', async () => {
  const store = memoryStore({ contacts: [contact('1', { ...linked('A'), recordType: 'contact-sync' })] });
  const attempt = planSync(store, { ...options, read: readOf([record('A')]), kind: 'external' });
  await expect(attempt).rejects.toMatchObject({
    code: 'setting_invalid',
    message: 'The connection to xpm:t is of kind contact-sync, not external.',
  });
});

test('a store that does not find what it says it has is a fault, and nothing is planned', async () => {
  const store = { ...memoryStore({ contacts: [contact('1', linked('A'))] }), find: async () => [] };
  await expect(planSync(store, { ...options, read: readOf([record('A')]) })).rejects.toMatchObject({
    code: 'internal',
    message: 'The contact linked to xpm:t A was not loaded.',
    hint: 'Nothing was written. Please report this with the name of the store.',
  });
});

test('rows that were lost on the way are a fault', async () => {
  const read = { ...readOf([record('A')]), rows: 2 };
  await expect(planSync(memoryStore(), { ...options, read })).rejects.toMatchObject({
    code: 'internal',
    message: 'The counts do not add up: 2 rows were read, 1 decided and 0 skipped.',
    hint: 'Nothing was written. Please report this with the version and the connector.',
  });
});
