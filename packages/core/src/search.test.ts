import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { fitsSearch, searchTerms } from './search.js';

const contact: Contact = {
  id: '21',
  name: 'Zoë Straße',
  email: 'zoe@example.com',
  phone: '+61412345678',
  recordType: 'manual',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: 'Q-8 ' },
  missingSince: null,
};

function finds(text: string, values: Partial<Contact> = {}): boolean {
  const terms = searchTerms(text);
  return terms !== null && fitsSearch({ ...contact, ...values }, terms);
}

test.each([undefined, '', ' ', '\u00a0\u3000'])('%j looks for everybody', (text) => {
  expect(searchTerms(text)).toBeNull();
});

test.each(['ZOË', 'zoe\u0308', 'STRASSE', 'ë  s', '@EXAMPLE', '21', ' 21 ', 'Q-8 '])('%j finds the contact', (text) => {
  expect(finds(text)).toBe(true);
});

// The second and third are parts of ids, which must agree as a whole; a name and an email do not run together.
test.each(['zoe x', '2', 'Q-8', 'q-8 ', 'straße\nzoe'])('%j does not', (text) => {
  expect(finds(text, { phone: null })).toBe(false);
});

test.each([
  ['+61412345678', true],
  ['61 412', true],
  ['0412 345 678', true],
  ['(04) 1234', true],
  ['345\u2011678', true],
  ['0', false],
  // After the country code, not somewhere in the number.
  ['0345', false],
  ['4123456789', false],
  ['04a12', false],
])('a phone in E.164 and %j: %j', (text, found) => {
  expect(finds(text)).toBe(found);
});

test.each([
  ['EXT 5', true],
  ['0299', true],
  ['99', true],
  // Nobody knows its country code.
  ['0029', false],
])('a phone that is no number and %j: %j', (text, found) => {
  expect(finds(text, { phone: '02 9 9 ext 5' })).toBe(found);
});

test('no phone is found by no number', () => {
  expect(finds('0412', { phone: null })).toBe(false);
});
