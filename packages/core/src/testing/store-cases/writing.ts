import type { Contact } from '../../contact.js';
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
  people,
  person,
  remove,
  same,
  source,
  synced,
} from '../store-kit.js';

/** What a plan does to the contacts of a book. */
export const writing: readonly Check[] = [
  {
    id: 'creates',
    name: 'a contact that was made is in the book with every value it was given',
    async check(kit) {
      const contacts = [
        person('1', { forcedManual: true }),
        synced('2', { missingSince: '2026-02-03T04:05:06.789Z', forcedManual: true }),
        person('3', { recordType: 'external', link: linkTo('x') }),
      ];
      const store = await bookOf(kit, ...contacts);
      same(await contactsIn(store, '1', '2', '3'), contacts, 'the contacts of the book');
    },
  },
  {
    id: 'updates',
    name: 'a contact that was changed has its new values, and the others keep theirs',
    async check(kit) {
      const before = synced('1');
      const values = { name: 'New', email: 'new@example.com', phone: '+61299991111', forcedManual: true } as const;
      const store = await bookOf(kit, before, synced('2'));
      await apply(store, change(before, values));
      same(await contactsIn(store, '1', '2'), [{ ...before, ...values }, synced('2')], 'the contacts after the change');
    },
  },
  {
    id: 'clears-a-phone',
    name: 'a phone that a plan takes away is gone',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await apply(store, change(person('1'), { phone: null }));
      same(await contactsIn(store, '1'), [person('1', { phone: null })], 'the contact without its phone');
    },
  },
  {
    id: 'clears-missing-since',
    name: 'a contact that is back is no longer marked as missing',
    async check(kit) {
      const missing = synced('1', { missingSince: '2026-02-03T04:05:06.789Z' });
      const store = await bookOf(kit, missing);
      await apply(store, change(missing, { missingSince: null }));
      same(await contactsIn(store, '1'), [synced('1')], 'the contact that is back');
    },
  },
  {
    id: 'changes-the-type',
    name: 'a contact that is disconnected or connected again has its new type, and keeps its link',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), person('2', { link: linkTo('record-2') }));
      const disconnected = synced('1', { recordType: 'manual' });
      await apply(
        store,
        change(synced('1'), { recordType: 'manual' }),
        change(person('2', { link: linkTo('record-2') }), { recordType: 'contact-sync' }),
      );
      same(await contactsIn(store, '1', '2'), [disconnected, synced('2')], 'the contacts with their new types');
    },
  },
  {
    id: 'relinks',
    name: 'a contact that gets another link is under the new one and no longer under the old one',
    async check(kit) {
      const store = await bookOf(kit, synced('1', { link: linkTo('old') }));
      await apply(store, change(synced('1', { link: linkTo('old') }), { link: linkTo('new') }));
      same([...(await store.links(source)).keys()], ['new'], 'the linked ids');
      same(
        await found(store.find({ links: { source, externalIds: ['old', 'new'] } })),
        ['1 new'],
        'who is found by link',
      );
    },
  },
  {
    id: 'unlinks',
    name: 'a contact that loses its link has none, and is not found by it',
    async check(kit) {
      const linked = person('1', { link: linkTo('old') });
      const store = await bookOf(kit, linked);
      await apply(store, change(linked, { link: null }));
      same(await contactsIn(store, '1'), [person('1')], 'the contact without its link');
      same(await store.find({ links: { source, externalIds: ['old'] } }), [], 'who is found by the link');
    },
  },
  {
    id: 'removes',
    name: 'a contact that was removed is found nowhere, and the others stay',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'));
      await apply(store, remove(synced('1')));
      same(await contactsIn(store, '1', '2'), [synced('2')], 'the contacts after one was removed');
      same([...(await store.links(source)).keys()], ['record-2'], 'the linked ids');
      same((await store.search({ limit: 10 })).contacts, [synced('2')], 'what a search for all finds');
    },
  },
  {
    id: 'twins',
    name: 'two contacts may be equal in name, email and phone',
    async check(kit) {
      const twin = { name: 'Twin', email: 'twin@example.com', phone: '+61255500000' };
      const store = await bookOf(kit, person('1', twin), person('2', twin));
      same(await contactsIn(store, '1', '2'), [person('1', twin), person('2', twin)], 'the two equal contacts');
    },
  },
  {
    id: 'many-decisions',
    name: 'a plan of 6,000 decisions is applied to the last one',
    async check({ open }) {
      const store = await open();
      // With twelve columns, more values than SQLite and PostgreSQL take in one statement.
      const contacts = people(1, 6000);
      await apply(store, ...contacts.map(create));
      const some = contacts.filter((_, index) => index % 100 === 99);
      same(byId(await store.find({ ids: idsOf(some) })), byId(some), 'every hundredth contact after 6,000 were made');
    },
  },
  {
    id: 'links-swap',
    name: 'contacts may pass their links round within one plan',
    async check(kit) {
      const [a, b, c] = [synced('1'), synced('2'), synced('3')] as const;
      const store = await bookOf(kit, a, b, c);
      await apply(store, change(a, { link: b.link }), change(b, { link: c.link }), change(c, { link: a.link }));
      const now = await contactsIn(store, '1', '2', '3');
      same(
        now.map(({ link }) => link?.externalId),
        ['record-2', 'record-3', 'record-1'],
        'the links after passing them round',
      );
    },
  },
  {
    id: 'link-of-a-removed-contact',
    name: 'a plan may give the link of a contact that it removes to another, before or after it removes it',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'));
      await apply(
        store,
        create(person('3', { link: linkTo('record-1') })),
        remove(synced('1')),
        remove(synced('2')),
        create(person('4', { link: linkTo('record-2') })),
      );
      same(
        await found(store.find({ links: { source, externalIds: ['record-1', 'record-2'] } })),
        ['3 record-1', '4 record-2'],
        'who has the links of the removed contacts',
      );
    },
  },
];

async function found(contacts: Promise<readonly Contact[]>): Promise<string[]> {
  return byId(await contacts).map(({ id, link }) => `${id} ${link?.externalId}`);
}
