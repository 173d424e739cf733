import { emailFault } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { practice } from './index.js';

const large = practice({ seed: 7, size: 400 });
const emails = [...large.people, ...large.clients].map(({ email }) => email);
const phones = [
  ...large.people.flatMap(({ mobile, phone }) => [mobile, phone]),
  ...large.clients.map(({ phone }) => phone),
];

test('the same seed and size give the same practice, and other seeds another one', () => {
  expect(practice({ seed: 7, size: 400 })).toEqual(large);
  expect(practice()).toEqual(practice({ seed: 1, size: 40 }));
  const ids = new Set(large.people.map(({ id }) => id));
  const other = practice({ seed: 8, size: 400 });
  expect(other.people.filter(({ id }) => ids.has(id))).toEqual([]);
  expect(other.people.map(({ name }) => name)).not.toEqual(large.people.map(({ name }) => name));
});

test.each([0, 1, 2, 3, 17, 60, 399])('a practice of %i people is the beginning of a larger one', (size) => {
  const small = practice({ seed: 7, size });
  expect(small.people).toHaveLength(size);
  expect(small.people).toEqual(large.people.slice(0, size));
  expect(small.clients).toEqual(large.clients.slice(0, small.clients.length));
});

test.each([-1, 0.5, Number.NaN, 2 ** 60])('%d is neither a seed nor a size', (number) => {
  expect(() => practice({ seed: number })).toThrow(RangeError);
  expect(() => practice({ size: number })).toThrow(RangeError);
});

test('people and clients are numbered, and each has an id of its own that is a UUID', () => {
  expect(large.people.map(({ number }) => number)).toEqual(large.people.map((_, index) => index + 1));
  expect(large.clients.map(({ number }) => number)).toEqual(large.clients.map((_, index) => index + 1));
  const ids = [...large.people, ...large.clients].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^00000007-000[12]-4000-8000-[0-9a-f]{12}$/);
});

test('addresses of email are of domains that nobody can own', () => {
  const domains = emails.flatMap((email) => [...email.matchAll(/@ ?([a-z0-9.-]+)/gi)].map(([, domain]) => domain));
  expect(domains.length).toBeGreaterThan(600);
  for (const domain of domains) expect(domain).toMatch(/^(example\.(com|net|org)|[a-z0-9]+\.example)$/i);
});

test('phone numbers are of those that ACMA keeps free for fiction', () => {
  const numbers = phones.flatMap((phone) => phone.replace(/ext 4|[^\d+/]/g, '').split('/')).filter((n) => n !== '');
  expect(numbers.length).toBeGreaterThan(600);
  const mobile = /^(\+?61|\+610|0)?49157\d{4}$/;
  const landline = /^((\+61|0)[2378])?(5550|7010)\d{4}$/;
  for (const number of numbers) expect(mobile.test(number) || landline.test(number), number).toBe(true);
});

test.each([
  ['a clean email', emails, /^[a-z.]+\d+@[a-z.]+$/],
  ['an email in capitals', emails, /^[A-Z0-9.]+@[A-Z.]+$/],
  ['an email within spaces', emails, /^ .*@.* $/],
  ['two emails with a semicolon', emails, /@.+; .+@/],
  ['two emails with a comma', emails, /@.+, .+@/],
  ['no email', emails, /^$/],
  ['words in place of an email', emails, /^n\/a$/],
  ['half an email', emails, /@$/],
  ['an email with a name', emails, /<.+>$/],
  ['a mobile in groups', phones, /^0491 57\d \d{3}$/],
  ['a mobile with a plus', phones, /^\+61 491 57\d \d{3}$/],
  ['a mobile with 61 only', phones, /^6149157\d{4}$/],
  ['a mobile without its zero', phones, /^49157\d{4}$/],
  ['two numbers', phones, / \/ /],
  ['letters in place of a phone', phones, /^call the office$/],
  ['a phone with letters', phones, /^0491.+[a-z]/],
  ['a landline in brackets', phones, /^\(0\d\) \d{4} \d{4}$/],
  ['a landline without its area code', phones, /^(5550|7010) \d{4}$/],
])('there is %s', (_, values, pattern) => {
  expect(values.some((value) => pattern.test(value))).toBe(true);
});

test('there are names that programs trip over', () => {
  const names = large.people.map(({ name }) => name);
  for (const pattern of [
    /O'Brien/,
    /Nguyễn/,
    /^[A-ZÀ-Ž' -]{3,}, \p{L}/u,
    /-/,
    /^.{40,}$/,
    / {2}/,
    /\u0301|\u0323|\u0302/,
  ]) {
    expect(
      names.some((name) => pattern.test(name)),
      String(pattern),
    ).toBe(true);
  }
});

test('most emails are valid, and not all', () => {
  const valid = large.people.filter(({ email }) => emailFault(email.trim()) === null).length;
  expect(valid).toBeGreaterThan(280);
  expect(valid).toBeLessThan(380);
});

test('there are clients of every kind and status', () => {
  const kinds = new Set(large.clients.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['company', 'individual', 'partnership', 'super-fund', 'trust']);
  const states = new Set(large.clients.map(({ status }) => status));
  expect([...states].sort()).toEqual(['active', 'archived', 'deleted', 'prospect']);
  expect(large.people.some(({ deleted }) => deleted)).toBe(true);
  expect(large.people.some(({ deceased }) => deceased)).toBe(true);
});

test('people stand under several clients, and everybody under one', () => {
  const times = new Map<number, number>();
  const count = (number: number) => times.set(number, (times.get(number) ?? 0) + 1);
  for (const { person, contacts } of large.clients) {
    if (person !== null) count(person.number);
    for (const contact of contacts) if (contact.person !== person) count(contact.person.number);
  }
  expect([...times.values()].filter((clients) => clients >= 3).length).toBeGreaterThan(40);
  expect(large.people.filter(({ number }) => !times.has(number))).toEqual([]);
});

test('households share an address, a phone and some an email', () => {
  const shared = (of: (person: (typeof large.people)[number]) => string) =>
    new Set(large.people.map(of)).size / large.people.length;
  expect(shared(({ address }) => JSON.stringify(address))).toBeLessThan(0.7);
  const common = large.people.filter(({ email }) => /s\d+@example\.com$/.test(email));
  expect(common.length).toBeGreaterThan(new Set(common.map(({ email }) => email)).size);
});

test('a super fund has members, and its trustee is a company of the same people', () => {
  const funds = large.clients.filter(({ kind }) => kind === 'super-fund');
  expect(funds.length).toBeGreaterThan(30);
  expect(funds.some(({ trustee }) => trustee !== null)).toBe(true);
  for (const { contacts, trustee } of funds) {
    expect(contacts.map(({ role }) => role)).toEqual(contacts.map(() => 'member'));
    if (trustee === null) continue;
    const company = large.clients.find(({ number }) => number === trustee);
    expect(company?.kind).toBe('company');
    expect(company?.contacts.map(({ person }) => person.number)).toEqual(contacts.map(({ person }) => person.number));
  }
});
