import { expect, test } from 'vitest';
import {
  accountAnswer,
  contactRow,
  contactsAnswer,
  entityAnswer,
  fundRow,
  fundsAnswer,
  membersAnswer,
  personRow,
  trusteesAnswer,
} from './wire.js';

const nobody = { id: null, contactType: null, firstName: null, lastName: null, name: null, email: null };
const noContact = { ...nobody, mobile: null, phone1: null, phone2: null, representativeIds: null };
const noNames = { peopleId: null, memberRefKey: null, firstName: null, lastName: null, email: null };
const noPerson = { ...noNames, mobile: null, phone: null, deceased: false };

test.each([undefined, null, '', '  ', 'null', ' null\n'])('%j says that there is nothing', (nothing) => {
  const contact = Object.fromEntries(Object.keys(noContact).map((key) => [key, nothing]));
  expect(contactRow(contact)).toEqual({ value: noContact });
  const person = { ...Object.fromEntries(Object.keys(noPerson).map((key) => [key, nothing])), dateOfDeath: nothing };
  expect(personRow(person)).toEqual({ value: noPerson });
  expect(contactRow({})).toEqual({ value: noContact });
  expect(personRow({})).toEqual({ value: noPerson });
  const entity = { id: 'f', entityType: nothing, windUpDate: nothing, windupDate: nothing };
  expect(entityAnswer.parse(entity)).toEqual({ entityType: null, woundUp: false });
  const trustees = { trusteeOrDirector: [], corporateDetails: nothing };
  expect(trusteesAnswer.parse(trustees)).toEqual({ people: [], corporate: false });
});

test.each(['Null', 'NULL', 'Nullah', '0', 'none'])('%j is a value', (value) => {
  expect(contactRow({ firstName: value })).toEqual({ value: { ...noContact, firstName: value } });
});

test('only the fields that are used come out', () => {
  const private1 = { taxNumber: 'Canary', birthday: 'Canary', addressId: 'Canary', skype: 'Canary', sex: 'Canary' };
  expect(contactRow({ id: 7, ...private1 })).toEqual({ value: { ...noContact, id: '7' } });
  const private2 = { tfn: 'Canary', dob: 'Canary', streetLine1: 'Canary', accounts: ['Canary'], dateOfDeath: 'Canary' };
  expect(personRow({ peopleId: 'p', ...private2 })).toEqual({ value: { ...noPerson, peopleId: 'p', deceased: true } });
  expect(fundRow({ fundID: 'f', ABN: 'Canary', members: ['Canary'] })).toEqual({
    value: { fundID: 'f', entityType: null },
  });
});

test.each<[unknown, string | null, string]>([
  [7, null, 'it is no object'],
  [null, null, 'it is no object'],
  ['Canary', null, 'it is no object'],
  [[{ id: 1 }], null, 'it is no object'],
  [{ id: 7, email: ['Canary'] }, '7', 'email is of another kind than it should be'],
  [{ id: '7', email: 5 }, '7', 'email is of another kind than it should be'],
  [{ id: { a: 1 }, email: 'x' }, null, 'id is of another kind than it should be'],
  [{ id: 1.5 }, null, 'id is of another kind than it should be'],
  [{ id: 2 ** 53 }, null, 'id is of another kind than it should be'],
  [{ id: 7, mobile: true }, '7', 'mobile is of another kind than it should be'],
  [{ id: 7, representativeIds: 'Canary' }, '7', 'representativeIds is of another kind than it should be'],
  [{ id: 7, representativeIds: [{}] }, '7', 'representativeIds is of another kind than it should be'],
])('the row %j cannot be read', (row, id, problem) => {
  expect(contactRow(row)).toEqual({ value: null, id, problem });
});

test('of a person that cannot be read, the id is told as of one that can', () => {
  const problem = 'email is of another kind than it should be';
  expect(personRow({ peopleId: 'p', memberRefKey: 'm', email: 5 })).toEqual({ value: null, id: 'p', problem });
  expect(personRow({ peopleId: 'null', memberRefKey: 'm', email: 5 })).toEqual({ value: null, id: 'm', problem });
});

test.each([undefined, null, '', 'null', 7, '../account', 'a/b', 'a?b', '..'])(
  'a fund id of %j is none that an address may hold',
  (fundID) => {
    const problem = 'fundID is of another kind than it should be';
    expect(fundRow({ fundID })).toMatchObject({ value: null, problem });
  },
);

test('lists come in an object or by themselves', () => {
  expect(contactsAnswer.parse([1])).toEqual({ contacts: [1], total: null });
  expect(contactsAnswer.parse({ contacts: [1], total: 3, offset: 1 })).toEqual({ contacts: [1], total: 3 });
  expect(contactsAnswer.parse({ contacts: [1], total: '3' })).toEqual({ contacts: [1], total: 3 });
  expect(contactsAnswer.parse({ contacts: [], total: null })).toEqual({ contacts: [], total: null });
  expect(contactsAnswer.parse({ contacts: [] })).toEqual({ contacts: [], total: null });
  expect(fundsAnswer.parse([1])).toEqual([1]);
  expect(fundsAnswer.parse({ funds: [1] })).toEqual([1]);
  expect(membersAnswer.parse([1])).toEqual([1]);
  for (const none of [null, '', 'null', []]) {
    expect(membersAnswer.parse({ members: none })).toEqual([]);
    expect(trusteesAnswer.parse({ trusteeOrDirector: none })).toEqual({ people: [], corporate: false });
  }
});

test.each<[string, { safeParse(value: unknown): { success: boolean } }, unknown[]]>([
  ['contacts', contactsAnswer, [{}, { contacts: null }, { contacts: {} }, null, 'x', { contacts: [], total: -1 }]],
  ['funds', fundsAnswer, [{}, { funds: null }, { funds: '' }, null]],
  ['members', membersAnswer, [{}, { member: [] }, { members: {} }, null]],
  ['trustees', trusteesAnswer, [{}, [], { corporateDetails: {} }, null]],
  ['an entity', entityAnswer, [{}, { id: '' }, { id: ' ' }, { name: 'x' }, null, []]],
  [
    'an account',
    accountAnswer,
    [
      {},
      { Account: {} },
      { Account: { bglAccountId: '' } },
      { Account: { bglAccountId: 'null' } },
      { bglAccountId: 'x' },
    ],
  ],
])('no answer is taken for %s that is not one', (_, schema, answers) => {
  for (const answer of answers) expect(schema.safeParse(answer).success, JSON.stringify(answer)).toBe(false);
});

test('the two spellings of the date on which a fund was wound up', () => {
  expect(entityAnswer.parse({ id: 'f', windUpDate: '2020-06-30' })).toEqual({ entityType: null, woundUp: true });
  expect(entityAnswer.parse({ id: 'f', windupDate: '2020-06-30' })).toEqual({ entityType: null, woundUp: true });
});

test('the id of the firm is text or a number', () => {
  expect(accountAnswer.parse({ Account: { bglAccountId: 'a1' } })).toEqual({ id: 'a1', title: null });
  expect(accountAnswer.parse({ Account: { bglAccountId: 17, name: 'X' } })).toEqual({ id: '17', title: 'X' });
});
