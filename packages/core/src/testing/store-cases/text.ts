import {
  apply,
  bookOf,
  byId,
  type Check,
  change,
  contactsIn,
  create,
  idsOf,
  linkTo,
  listOf,
  person,
  planOf,
  same,
  source,
  synced,
  versionOf,
} from '../store-kit.js';

/** That a store keeps what it was given, code point by code point, and keeps it to itself. */
export const text: readonly Check[] = [
  {
    id: 'text-is-kept',
    name: 'text comes back code point by code point',
    async check(kit) {
      const names = [
        '\u00c5sa', // composed
        'A\u030asa', // decomposed
        '\u212bsa', // the sign for the unit, which looks the same
        '𠮷野家 𝒜𝓃𝓃',
        '\u05d3\u05d5\u05d3 \u200fCohen\u200e',
        '👩‍👩‍👧‍👦 Family 🇦🇺',
        'O\'Brien "Bob" \\ %_ ; -- /*',
        'Nguyễn\u00a0Văn',
        '{{name}} :name ?1 $1 @p \\0 %00',
        'ı İ ß ẞ ﬁ ΐ',
      ];
      const contacts = names.map((name, index) => person(`k${index}`, { name, email: `${name}@example.com` }));
      const store = await bookOf(kit, ...contacts);
      same(await contactsIn(store, ...idsOf(contacts)), byId(contacts), 'the contacts with names of many kinds');
    },
  },
  {
    id: 'look-alikes-stay-apart',
    name: 'ids that look alike, composed and decomposed for one, are different ids',
    async check(kit) {
      const ids = ['\u00c5', 'A\u030a', '\u212b', 'a\u200d', 'a'];
      const contacts = ids.map((id, index) => synced(`k${index}`, { link: linkTo(id) }));
      const store = await bookOf(kit, ...contacts);
      for (const [index, id] of ids.entries()) {
        const found = await store.find({ links: { source, externalIds: [id] } });
        same(idsOf(found), [`k${index}`], `who is linked to an id that looks like others`);
      }
    },
  },
  {
    id: 'long-text-is-kept',
    name: 'values of the greatest length are kept whole',
    async check(kit) {
      const longest = person('1', {
        name: '𠮷'.repeat(200),
        email: `${'e'.repeat(242)}@example.com`,
        phone: '9'.repeat(64),
        link: { source: `xpm:${'t'.repeat(300)}`, externalId: '𠮷'.repeat(128) },
      });
      const store = await bookOf(kit, longest);
      same(await contactsIn(store, '1'), [longest], 'the contact with the longest values');
    },
  },
  {
    id: 'empty-is-not-nothing',
    name: 'an empty text stays an empty text, and no phone stays no phone',
    async check(kit) {
      const contacts = [person('1', { phone: '', email: '' }), person('2', { phone: null, name: '' })];
      const store = await bookOf(kit, ...contacts);
      same(await contactsIn(store, '1', '2'), contacts, 'the contacts with empty values');
    },
  },
  {
    id: 'digits-are-text',
    name: 'text of digits stays text: zeros in front, points and exponents too',
    async check(kit) {
      const digits = ['0412', '1e5', '1.50', '-0', '0x1F', '٣', '00000000000000000000001'];
      const contacts = digits.map((value, index) => person(`k${index}`, { name: value, phone: value }));
      const store = await bookOf(kit, ...contacts);
      same(await contactsIn(store, ...idsOf(contacts)), contacts, 'the contacts with digits for values');
    },
  },
  {
    id: 'ids-are-exact',
    name: 'contact ids that differ in case, spaces or a zero in front are different ids',
    async check(kit) {
      const ids = ['a', 'A', 'a ', '1', '01', '1.0'];
      const store = await bookOf(kit, ...ids.map((id) => person(id)));
      for (const id of ids) same(await store.find({ ids: [id] }), [person(id)], `who is found by the id "${id}"`);
      await apply(store, change(person('a'), { name: 'Changed' }));
      same(await contactsIn(store, 'A'), [person('A')], 'the contact A after contact a was changed');
    },
  },
  {
    id: 'words-of-the-language',
    name: 'ids that are words of JavaScript are ids like others',
    async check(kit) {
      const ids = ['__proto__', 'constructor', 'toString', 'undefined', 'null'];
      const contacts = ids.map((id) => synced(id, { link: linkTo(id) }));
      const store = await bookOf(kit, ...contacts);
      same(idsOf(await contactsIn(store, ...ids)), [...ids].sort(), 'who is found by id');
      same([...(await store.links(source)).keys()].sort(), [...ids].sort(), 'the linked ids');
      same([...(await store.links('__proto__'))], [], 'the links of a source nobody has');
    },
  },
  {
    id: 'found-contacts-are-copies',
    name: 'what a caller does with contacts it found changes nothing in the book',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      for (const contact of [...(await store.find({ ids: ['1'] })), ...(await store.search({ limit: 1 })).contacts]) {
        spoil(contact);
        if (contact.link !== null) spoil(contact.link);
      }
      same(await contactsIn(store, '1'), [synced('1')], 'the contact after a caller changed what it found');
    },
  },
  {
    id: 'links-are-a-copy',
    name: 'what a caller does with the links it was given changes nothing in the book',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      const links = await store.links(source);
      links.clear();
      links.set('other', null);
      same([...(await store.links(source)).keys()], ['record-1'], 'the linked ids after a caller changed its links');
    },
  },
  {
    id: 'plans-are-copied',
    name: 'what a caller does with a plan after it was applied changes neither the book nor its history',
    async check({ open }) {
      const store = await open();
      const contact = synced('1');
      const run = await store.apply(planOf(await versionOf(store), [create(contact)]));
      spoil(contact);
      same(await contactsIn(store, '1'), [synced('1')], 'the contact after a caller changed its plan');
      const decisions = await listOf(store.decisions(run.id));
      same(decisions, [create(synced('1'))], 'the decisions after a caller changed its plan');
    },
  },
];

/** What TypeScript forbids, and JavaScript does not. */
function spoil(value: object): void {
  const fields = value as Record<string, unknown>;
  for (const field of Object.keys(fields)) if (typeof fields[field] === 'string') fields[field] = 'spoilt';
}
