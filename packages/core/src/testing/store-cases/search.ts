import type { Contact } from '../../contact.js';
import type { ContactStore, SearchFilter } from '../../store.js';
import { bookOf, type Check, check, idsOf, linkTo, person, same } from '../store-kit.js';

const jane = person('21', { name: 'Jane Citizen', email: 'jc@work.example', phone: '+61412345678' });
const bob = person('22', { name: 'Bob Builder', email: 'builder@site.example', phone: '+61298765432' });
const none = person('23', { name: 'Nora None', email: 'nora@home.example', phone: null });

/** What people look for. */
export const search: readonly Check[] = [
  finds('search-name', 'contacts are found by a part of the name', [
    ['e Cit', ['21']],
    ['Build', ['22']],
    ['xyz', []],
  ]),
  finds('search-email', 'contacts are found by a part of the email', [
    ['c@work', ['21']],
    ['.example', ['22', '21', '23']],
  ]),
  finds('search-phone', 'contacts are found by a part of the phone', [
    ['12345', ['21']],
    ['+612987', ['22']],
    ['+6', ['22', '21']],
  ]),
  finds(
    'search-phone-as-written',
    'phones are found however they are written: spaces, brackets, dashes, a zero for the country',
    [
      ['+61 412 345', ['21']],
      ['(02) 9876-5432', ['22']],
      ['0412 345 678', ['21']],
      ['2.345.678', ['21']],
    ],
  ),
  finds(
    'search-any-case',
    'the case of letters does not matter, beyond the letters of English too',
    [
      ['åsa STRASSE', ['31']],
      ['ÉMILE@', ['32']],
    ],
    [person('31', { name: 'ÅSA Straße' }), person('32', { email: 'Émile@example.com' })],
  ),
  finds('search-trims', 'spaces around what was typed do not matter', [
    ['  jane ', ['21']],
    [' 21 ', ['21']],
  ]),
  finds(
    'search-id',
    'a contact is found by its id, as a whole',
    [
      ['21', ['21']],
      ['c-9', ['c-9']],
      ['c-', []],
    ],
    [person('c-9', { name: 'Cee', email: 'cee@example.com', phone: null })],
  ),
  finds(
    'search-external-id',
    'a contact is found by its external id, as a whole',
    [
      ['q-81', ['41']],
      ['q-8', []],
    ],
    [person('41', { link: linkTo('q-81') })],
  ),
  finds(
    'search-marks',
    'marks that mean something to a database mean themselves',
    [
      ['%', ['51']],
      ['_', ['52']],
      ['\\', ['53']],
      ["'", ['54']],
      ['a*', []],
      ['J_ne', []],
      ['%citizen', []],
    ],
    [
      person('51', { name: '100% Pty', email: 'x1@example.com' }),
      person('52', { name: 'Snake_Case', email: 'x2@example.com' }),
      person('53', { name: 'Back\\Slash', email: 'x3@example.com' }),
      person('54', { name: "O'Brien", email: 'x4@example.com' }),
    ],
  ),
  finds('search-all', 'without text, or with spaces only, everybody is found', [
    [undefined, ['22', '21', '23']],
    ['', ['22', '21', '23']],
    [' ', ['22', '21', '23']],
  ]),
  {
    id: 'search-order',
    name: 'results are in the order of folded name, then folded email, by code point',
    async check(kit) {
      const store = await bookOf(
        kit,
        person('1', { name: 'bea' }),
        person('2', { name: 'Ada', email: 'Z@example.com' }),
        person('3', { name: 'Zoe' }),
        person('4', { name: 'ada', email: 'b@example.com' }),
        person('5', { name: 'Östen' }),
        person('6', { name: 'Ad' }),
        person('7', { name: '𝒵oe' }),
        person('8', { name: '\uff3aoe' }),
      );
      const { contacts } = await store.search({ limit: 10 });
      same(idsOf(contacts), ['6', '4', '2', '1', '3', '5', '8', '7'], 'the order of the results');
    },
  },
  {
    id: 'search-order-of-twins',
    name: 'results of equal name and email are in the order of their ids, numbers as numbers and first',
    async check(kit) {
      const ids = ['b', '10', '9', 'a', '100', '09', '99999999999999999999'];
      const store = await bookOf(kit, ...ids.map(twin));
      const expected = ['09', '9', '10', '100', '99999999999999999999', 'a', 'b'];
      same(idsOf((await store.search({ limit: 10 })).contacts), expected, 'the order of equal results');
    },
  },
  {
    id: 'search-order-of-words',
    name: 'ids that are not all digits are in the order of their code points, whatever their length',
    async check(kit) {
      const store = await bookOf(kit, ...['b', '9a', '\u0663', 'aa', '10a', 'B', '0b', '-5'].map(twin));
      const expected = ['-5', '0b', '10a', '9a', 'B', 'aa', 'b', '\u0663'];
      same(idsOf((await store.search({ limit: 10 })).contacts), expected, 'the order of equal results');
    },
  },
  {
    id: 'search-pages',
    name: 'page by page everybody is found once, in order, and no page is longer than asked',
    async check(kit) {
      const contacts = Array.from({ length: 11 }, (_, at) => person(String(at + 10), { name: `Person ${at + 10}` }));
      const store = await bookOf(kit, ...contacts);
      for (const limit of [1, 3, 4]) {
        same(await pageThrough(store, limit), [...contacts.map(({ id }) => id)], `the results in pages of ${limit}`);
      }
    },
  },
  {
    id: 'search-pages-of-twins',
    name: 'pages may end between contacts of equal name and email',
    async check(kit) {
      const store = await bookOf(kit, ...['1', '2', '3', '4', '5'].map(twin));
      same(await pageThrough(store, 2), ['1', '2', '3', '4', '5'], 'equal results in pages of 2');
    },
  },
  {
    id: 'search-pages-of-a-text',
    name: 'the second page has what was looked for, as the first one has',
    async check(kit) {
      const store = await bookOf(
        kit,
        ...['1', '2', '3', '4'].map((id) => person(id, { name: `${id} is ${Number(id) % 2 ? 'odd' : 'even'}` })),
      );
      same(await pageThrough(store, 1, { text: 'odd' }), ['1', '3'], 'the odd ones in pages of 1');
    },
  },
  {
    id: 'search-last-page',
    name: 'a last page that is full is known to be the last',
    async check(kit) {
      const store = await bookOf(kit, jane, bob, none);
      const { next } = await store.search({ limit: 3 });
      same(next, null, 'what comes after all results');
    },
  },
];

type Asked = readonly [text: string | undefined, ids: readonly string[]];

/** Beside the contacts of a check three others are in the book. */
function finds(id: string, name: string, asked: readonly Asked[], contacts: readonly Contact[] = []): Check {
  return {
    id,
    name,
    async check(kit) {
      const store = await bookOf(kit, jane, bob, none, ...contacts);
      for (const [text, ids] of asked) {
        const found = await store.search({ limit: 100, ...(text === undefined ? {} : { text }) });
        same(idsOf(found.contacts), ids, `who is found by "${text}"`);
      }
    },
  };
}

/** Equal to the others in name and email, not in phone. */
function twin(id: string): Contact {
  return person(id, { name: 'Twin', email: 'twin@example.com', phone: `+6125550${id}` });
}

export async function pageThrough(store: ContactStore, limit: number, filter: SearchFilter = {}): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.search({ ...filter, limit, after });
    check(page.contacts.length <= limit, `a page of ${limit} has ${page.contacts.length} contacts`);
    check(ids.length < 100, 'the pages do not end');
    ids.push(...idsOf(page.contacts));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}
