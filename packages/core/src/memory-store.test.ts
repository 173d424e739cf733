import { expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { memoryStore } from './memory-store.js';

// What every store does is in the kit; here is what only this one has.

const contact: Contact = {
  id: '4',
  name: 'Leila',
  email: 'leila@example.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:t', externalId: 'a' },
  missingSince: null,
};

test('a book begins with the contacts it is given, at version 0 and without a history', async () => {
  const store = memoryStore({ contacts: [contact] });
  expect(await store.find({ ids: ['4'] })).toEqual([contact]);
  expect([...(await store.links('xpm:t')).keys()]).toEqual(['a']);
  expect((await store.head()).version).toBe(0);
  expect((await store.runs({ limit: 5 })).runs).toEqual([]);
});

test('new ids begin above the contacts, and at nextId where it is higher', async () => {
  const next = async (options: Parameters<typeof memoryStore>[0]) => (await memoryStore(options).head()).newId();
  expect(await next({})).toBe('1');
  expect(await next({ contacts: [contact] })).toBe('5');
  expect(await next({ contacts: [contact], nextId: '9' })).toBe('9');
  expect(await next({ contacts: [contact], nextId: '2' })).toBe('5');
});

test('contacts that cannot be in one book are refused', () => {
  expect(() => memoryStore({ contacts: [contact, contact] })).toThrow('Contact 4 is changed by two decisions');
  const twin = { ...contact, id: '5' };
  expect(() => memoryStore({ contacts: [contact, twin] })).toThrow('Two contacts would be linked to record a of xpm:t');
});

test('a page that no other one named is refused', async () => {
  const store = memoryStore({ contacts: [contact] });
  for (const after of ['', 'x', '[]', '["a"]', '{}', '["a",1]']) {
    await expect(store.search({ limit: 5, after })).rejects.toMatchObject({ code: 'usage' });
    await expect(store.runs({ limit: 5, after })).rejects.toMatchObject({ code: 'usage' });
  }
});
