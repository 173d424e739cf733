import { fingerprint } from '../../fingerprint.js';
import type { ContactStore } from '../../store.js';
import {
  apply,
  bookOf,
  type Check,
  change,
  check,
  contactsIn,
  create,
  linkTo,
  person,
  same,
  source,
  synced,
} from '../store-kit.js';

/** The map of links, which decides what a sync looks at. */
export const links: readonly Check[] = [
  {
    id: 'links-of-manual-contacts',
    name: 'links has the manual contacts too: a link outlives a disconnect',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), person('2', { link: linkTo('manual') }), person('3'));
      same(
        (await linked(store)).map(([externalId]) => externalId),
        ['manual', 'record-1'],
        'the linked ids',
      );
    },
  },
  {
    id: 'links-without-externals',
    name: 'links does not have external contacts',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), person('2', { recordType: 'external', link: linkTo('external') }));
      same(
        (await linked(store)).map(([externalId]) => externalId),
        ['record-1'],
        'the linked ids',
      );
    },
  },
  {
    id: 'externals-share-links',
    name: 'an external contact may have a link that others have, and does not hide them',
    async check(kit) {
      const external = { recordType: 'external', link: linkTo('record-1') } as const;
      const store = await bookOf(
        kit,
        person('1', external),
        synced('2', { link: linkTo('record-1') }),
        person('3', external),
      );
      const shown = await store.find({ links: { source, externalIds: ['record-1'] }, ids: ['2'] });
      check(
        shown.some(({ id }) => id === '2'),
        'the synced contact is gone that shares its link with external ones',
      );
    },
  },
  {
    id: 'link-freed-by-external',
    name: 'a contact that becomes external frees its link for a new contact, whichever the plan has first',
    async check(kit) {
      const heir = synced('2', { link: linkTo('record-1') });
      const external = change(synced('1'), { recordType: 'external' });
      for (const decisions of [
        [create(heir), external],
        [external, create(heir)],
      ]) {
        const store = await bookOf(kit, synced('1'));
        await apply(store, ...decisions);
        same(await contactsIn(store, '1', '2'), [external.after, heir], 'the contacts that share a link');
      }
    },
  },
  {
    id: 'links-of-one-source',
    name: 'links has the contacts of one source only',
    async check(kit) {
      const at = (name: string) => ({ link: { source: name, externalId: `of ${name}` } });
      const sources = ['xpm:tenant', 'xpm:tenant-2', 'XPM:tenant', 'xpm', 'pm:tenant'];
      const store = await bookOf(kit, ...sources.map((name, index) => synced(String(index + 1), at(name))));
      for (const name of sources)
        same([...(await store.links(name)).keys()], [`of ${name}`], `the linked ids of ${name}`);
      same([...(await store.links('xpm:%')).keys()], [], 'the linked ids of a source that is not there');
    },
  },
  {
    id: 'links-are-exact',
    name: 'external ids that differ in case, spaces or a zero in front are different ids',
    async check(kit) {
      const ids = ['a', 'A', ' a', 'a ', '1', '01', '1.0'];
      const store = await bookOf(kit, ...ids.map((id, index) => synced(String(index + 1), { link: linkTo(id) })));
      same(
        (await linked(store)).map(([externalId]) => externalId),
        [...ids].sort(),
        'the linked ids',
      );
    },
  },
  {
    id: 'fingerprints',
    name: "each link has core's fingerprint of the contact",
    async check(kit) {
      const contacts = [synced('1'), synced('2', { phone: null }), synced('3', { name: 'Zoë Ångström' })];
      const store = await bookOf(kit, ...contacts);
      const expected = contacts.map((contact) => [contact.link?.externalId, fingerprint(contact)]);
      same(await linked(store), expected, 'the links');
    },
  },
  {
    id: 'no-fingerprint-of-manual',
    name: 'a manual contact has no fingerprint, nor has one that was disconnected',
    async check(kit) {
      const manual = person('1', { link: linkTo('a') });
      const store = await bookOf(kit, manual, synced('2', { link: linkTo('b') }));
      await apply(store, change(synced('2', { link: linkTo('b') }), { recordType: 'manual' }));
      const taken = [...(await store.links(source))].filter(([, known]) => known !== null);
      same(taken, [], 'the manual contacts with a fingerprint');
    },
  },
  {
    id: 'no-fingerprint-of-forced',
    name: 'a forced-manual contact has no fingerprint',
    async check(kit) {
      const store = await bookOf(kit, synced('1', { forcedManual: true }));
      same(await linked(store), [['record-1', null]], 'the links of a forced-manual contact');
    },
  },
  {
    id: 'no-fingerprint-of-missing',
    name: 'a contact whose record is missing has no fingerprint',
    async check(kit) {
      const store = await bookOf(kit, synced('1', { missingSince: '2026-01-01T00:00:00.000Z' }));
      same(await linked(store), [['record-1', null]], 'the links of a missing contact');
    },
  },
  {
    id: 'fingerprints-follow',
    name: 'the fingerprint of a contact follows its changes',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      await apply(store, change(synced('1'), { email: 'new@example.com' }));
      const expected = [['record-1', fingerprint(synced('1', { email: 'new@example.com' }))]];
      same(await linked(store), expected, 'the links after a change');
    },
  },
];

async function linked(store: ContactStore) {
  return [...(await store.links(source))].sort(([a], [b]) => (a < b ? -1 : 1));
}
