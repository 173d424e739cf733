import {
  apply,
  bookOf,
  byId,
  type Check,
  contactsIn,
  create,
  idsOf,
  linkTo,
  listOf,
  person,
  refused,
  reopened,
  same,
  source,
  synced,
  twoBooks,
  versionOf,
} from '../store-kit.js';

/** What stays when a book is closed, and what stays apart when several books are in one place. */
export const books: readonly Check[] = [
  {
    id: 'contacts-stay',
    name: 'the contacts of a book are there when it is opened again',
    async check(kit) {
      const contacts = [
        synced('1', { forcedManual: true, missingSince: '2026-01-01T00:00:00.000Z' }),
        person('2', { name: 'Åsa 𠮷', phone: null }),
        person('3', { recordType: 'external', link: linkTo('x') }),
      ];
      const store = await reopened(kit, await bookOf(kit, ...contacts));
      same(await contactsIn(store, '1', '2', '3'), contacts, 'the contacts of a book that was closed');
    },
  },
  {
    id: 'links-stay',
    name: 'the links of a book and their fingerprints are there when it is opened again',
    async check(kit) {
      const first = await bookOf(kit, synced('1'), synced('2'), person('3', { link: linkTo('manual') }));
      const links = [...(await first.links(source))].sort();
      const store = await reopened(kit, first);
      same([...(await store.links(source))].sort(), links, 'the links of a book that was closed');
    },
  },
  {
    id: 'version-stays-when-closed',
    name: 'the version of a book is the same when it is opened again',
    async check(kit) {
      const first = await bookOf(kit, person('1'));
      await apply(first, create(person('2')));
      const version = await versionOf(first);
      same(await versionOf(await reopened(kit, first)), version, 'the version of a book that was closed');
    },
  },
  {
    id: 'history-stays',
    name: 'the history of a book and its decisions are there when it is opened again',
    async check(kit) {
      const first = await kit.open();
      const runs = [await apply(first, create(person('1'))), await apply(first, create(person('2')))];
      const store = await reopened(kit, first);
      same(
        idsOfRuns(await store.runs({ limit: 9 })),
        runs.map(({ id }) => id).reverse(),
        'the runs of a book that was closed',
      );
      same(await listOf(store.decisions(runs[0]?.id ?? '')), [create(person('1'))], 'the decisions of its first run');
    },
  },
  {
    id: 'writing-goes-on',
    name: 'a book that is opened again can be written to, and refuses what it refused before',
    async check(kit) {
      const store = await reopened(kit, await bookOf(kit, synced('1')));
      await apply(store, create(person('2')));
      same(
        idsOf(await contactsIn(store, '1', '2')),
        ['1', '2'],
        'the contacts of a book that was closed and written to',
      );
      await refused(
        apply(store, create(synced('3', { link: linkTo('record-1') }))),
        'plan_invalid',
        'a link that is taken',
      );
    },
  },
  {
    id: 'books-have-own-contacts',
    name: 'a contact of one book is in no other one, however it is looked for',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(person('1')));
      await apply(other, create(person('2')));
      same(idsOf(await contactsIn(one, '1', '2')), ['1'], 'the contacts of one book');
      same(idsOf(await contactsIn(other, '1', '2')), ['2'], 'the contacts of the other one');
    },
  },
  {
    id: 'books-have-own-search',
    name: 'a search finds contacts of its own book only',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(person('1')));
      await apply(other, create(person('2')));
      const found = [await one.search({ text: 'person', limit: 9 }), await other.search({ text: 'person', limit: 9 })];
      same(
        found.map(({ contacts }) => idsOf(contacts)),
        [['1'], ['2']],
        'what a search finds in each book',
      );
    },
  },
  {
    id: 'books-have-own-ids',
    name: 'two books may have contacts of the same id, which change apart from each other',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(person('1', { name: 'One' })));
      await apply(other, create(person('1', { name: 'Other' })));
      same(await contactsIn(one, '1'), [person('1', { name: 'One' })], 'contact 1 of one book');
      same(await contactsIn(other, '1'), [person('1', { name: 'Other' })], 'contact 1 of the other one');
    },
  },
  {
    id: 'books-have-own-links',
    name: 'two books may have contacts with the same link',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(synced('1', { link: linkTo('same') })));
      await apply(other, create(synced('2', { link: linkTo('same') })));
      const query = { links: { source, externalIds: ['same'] } };
      same(
        [idsOf(byId(await one.find(query))), idsOf(byId(await other.find(query)))],
        [['1'], ['2']],
        'who has the link',
      );
    },
  },
  {
    id: 'books-have-own-versions',
    name: 'a change of one book leaves the version of the other one',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      const version = await versionOf(other);
      await apply(one, create(person('1')));
      same(await versionOf(other), version, 'the version of the other book');
    },
  },
  {
    id: 'books-have-own-history',
    name: 'the runs of one book are in no other history',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(person('1')));
      same(idsOfRuns(await other.runs({ limit: 9 })), [], 'the history of the other book');
    },
  },
];

function idsOfRuns({ runs }: { runs: readonly { id: string }[] }): string[] {
  return runs.map(({ id }) => id);
}
