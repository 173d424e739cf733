import { type Contact, type ContactStore, nameEmailKey, type SearchQuery, searchMarkAfter } from '@contact-sync/core';
import { allOf, broken } from './broken.js';

const has = (value: string | null, text: string) => value?.toLowerCase().includes(text.toLowerCase()) === true;

export const search = [
  broken(
    'search-name',
    'looks for the first word only',
    (store) => asking(store, (text) => (/[a-z]/i.test(text) ? (text.trim().split(' ')[0] ?? '') : text)),
    ['search-by-all-of-it'],
  ),
  broken('search-email', 'looks at the beginning of emails only', (store) =>
    losing(store, ({ name, email }, text) => !has(name, text) && has(email.slice(1), text) && email.search(text) !== 0),
  ),
  broken('search-phone', 'looks at the beginning of phones only', (store) =>
    losing(store, ({ phone }, text) => has(phone, text) && !phone?.startsWith(text)),
  ),
  broken('search-phone-as-written', 'wants phones written as it keeps them', (store) =>
    losing(
      store,
      ({ id, phone }, text) =>
        /^[\d\s().+-]+$/.test(text) && text.trim() !== '' && id !== text.trim() && !has(phone, text),
    ),
  ),
  broken('search-any-case', 'folds the letters of English only', (store) =>
    losing(store, ({ name, email }, text) => {
      const ascii = (value: string) => value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
      return /[^ -~]/.test(text) && !ascii(`${name}\n${email}`).includes(ascii(text));
    }),
  ),
  broken('search-trims', 'looks for the spaces too', (store) =>
    losing(store, ({ name, email }, text) => text !== text.trim() && !has(`${name}\n${email}`, text)),
  ),
  broken('search-id', 'finds parts of ids', (store) => gaining(store, ({ id }, text) => id.includes(text))),
  broken('search-external-id', 'finds parts of external ids', (store) =>
    gaining(store, ({ link }, text) => link?.externalId.includes(text) === true),
  ),
  broken('search-marks', 'hands what was typed to LIKE', (store) =>
    gaining(store, ({ name }, text) => {
      const pattern = text
        .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return /[%_]/.test(text) && new RegExp(pattern, 'i').test(name);
    }),
  ),
  broken('search-all', 'finds nobody by an empty text', (store) => losing(store, (_, text) => text.trim() === '')),
  broken('search-order', 'orders by UTF-16 units', (store) =>
    ordering(store, (a, b) => compare(nameEmailKey(a), nameEmailKey(b))),
  ),
  broken('search-order-of-twins', 'orders ids as text', (store) =>
    ordering(store, (a, b) => (nameEmailKey(a) === nameEmailKey(b) ? compare(a.id, b.id) : 0)),
  ),
  broken('search-order-of-words', 'orders words by their length, as it does numbers', (store) =>
    ordering(store, (a, b) => {
      const words = [a, b].every(({ id }) => /[^0-9]/.test(id));
      return words && nameEmailKey(a) === nameEmailKey(b) ? a.id.length - b.id.length : 0;
    }),
  ),
  broken('search-pages', 'keeps one digit of where the next page begins', (store) => ({
    search: async (query) => {
      const start = query.after === undefined ? 0 : Number(query.after.slice(0, 1));
      const found = (await store.search({ ...withoutAfter(query), limit: Number.POSITIVE_INFINITY })).contacts;
      const end = start + query.limit;
      return { contacts: found.slice(start, end), next: end < found.length ? String(end) : null };
    },
  })),
  broken('search-pages-of-twins', 'goes on after the name and email of the last page', (store) => ({
    search: async (query) => {
      const found = (await store.search({ ...withoutAfter(query), limit: Number.POSITIVE_INFINITY })).contacts;
      const { after } = query;
      const rest = found.filter((contact) => after === undefined || nameEmailKey(contact) > after);
      const page = rest.slice(0, query.limit);
      const last = page.at(-1);
      return { contacts: page, next: last !== undefined && rest.length > query.limit ? nameEmailKey(last) : null };
    },
  })),
  broken('search-pages-of-a-text', 'forgets what was looked for on the second page', (store) => ({
    search: async ({ text, ...query }) =>
      store.search(query.after === undefined && text !== undefined ? { ...query, text } : query),
  })),
  broken('search-last-page', 'offers another page whenever one is full', (store) => ({
    search: async (query) => {
      const { contacts } = await store.search(query);
      const last = contacts.at(-1);
      return { contacts, next: last !== undefined && contacts.length === query.limit ? searchMarkAfter(last) : null };
    },
  })),
];

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutAfter({ after: _, ...query }: SearchQuery): SearchQuery {
  return query;
}

function asking(store: ContactStore, ask: (text: string) => string): Partial<ContactStore> {
  return {
    search: (query) => store.search(query.text === undefined ? query : { ...query, text: ask(query.text) }),
  };
}

/** Loses some of what it should find. */
function losing(store: ContactStore, lost: (contact: Contact, text: string) => boolean): Partial<ContactStore> {
  return {
    search: async (query) => {
      const { text } = query;
      const found = await store.search(query);
      if (text === undefined) return found;
      return { ...found, contacts: found.contacts.filter((contact) => !lost(contact, text)) };
    },
  };
}

/** Finds more than it should. */
function gaining(store: ContactStore, found: (contact: Contact, text: string) => boolean): Partial<ContactStore> {
  return {
    search: async (query) => {
      const { text } = query;
      const right = await store.search(query);
      if (text === undefined || text.trim() === '' || query.after !== undefined) return right;
      const ids = new Set(right.contacts.map(({ id }) => id));
      const more = (await allOf(store)).filter((contact) => !ids.has(contact.id) && found(contact, text));
      return { ...right, contacts: [...right.contacts, ...more] };
    },
  };
}

/** Sorts each page in an order of its own. */
function ordering(store: ContactStore, order: (a: Contact, b: Contact) => number): Partial<ContactStore> {
  return {
    search: async (query) => {
      const found = await store.search(query);
      return { ...found, contacts: found.contacts.toSorted(order) };
    },
  };
}
