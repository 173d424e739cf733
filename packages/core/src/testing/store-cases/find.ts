import { nameEmailKey } from '../../canonical.js';
import { bookOf, byId, type Check, idsOf, linkTo, people, person, same, source, synced } from '../store-kit.js';

/** Contacts by id, link, or name and email. */
export const find: readonly Check[] = [
  {
    id: 'find-by-id',
    name: 'contacts are found by their ids, and ids of nobody find nobody',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 4));
      same(byId(await store.find({ ids: ['2', 'nobody', '4'] })), [person('2'), person('4')], 'who is found by id');
    },
  },
  {
    id: 'find-by-link',
    name: 'contacts are found by their links, whatever their type, several with one link too',
    async check(kit) {
      const external = person('2', { recordType: 'external', link: linkTo('record-1') });
      const manual = person('3', { link: linkTo('record-3') });
      const store = await bookOf(kit, synced('1'), external, manual, synced('4'));
      const found = await store.find({ links: { source, externalIds: ['record-1', 'record-3', 'nobody'] } });
      same(byId(found), [synced('1'), external, manual], 'who is found by link');
    },
  },
  {
    id: 'find-by-link-of-one-source',
    name: 'contacts of other sources are not found by the same external id',
    async check(kit) {
      const other = synced('2', { link: { source: 'fyi:tenant', externalId: 'record-1' } });
      const store = await bookOf(kit, synced('1'), other);
      same(idsOf(await store.find({ links: { source, externalIds: ['record-1'] } })), ['1'], 'who is found by link');
    },
  },
  {
    id: 'find-by-name-and-email',
    name: 'all contacts with a name and email are found by their key, whatever their type and phone',
    async check(kit) {
      const values = { name: 'Same Name', email: 'same@example.com' };
      const contacts = [
        person('1', values),
        person('2', { ...values, phone: null }),
        synced('3', values),
        person('4', { ...values, recordType: 'external' }),
      ];
      const store = await bookOf(
        kit,
        ...contacts,
        person('5', { name: values.name }),
        person('6', { email: values.email }),
      );
      const found = await store.find({
        nameEmailKeys: [nameEmailKey(values), nameEmailKey({ name: 'No', email: 'body' })],
      });
      same(byId(found), contacts, 'who is found by name and email');
    },
  },
  {
    id: 'find-by-folded-key',
    name: 'names and emails are found as core folds them, beyond the letters of English too',
    async check(kit) {
      const values = { name: 'ÅSA Straße ΌΣΟΣ', email: 'ÅSA@Example.COM' };
      const store = await bookOf(kit, person('1', values));
      const typed = { name: 'åsa STRASSE όσος', email: 'åsa@example.com' };
      same(
        idsOf(await store.find({ nameEmailKeys: [nameEmailKey(typed)] })),
        ['1'],
        'who is found by folded name and email',
      );
    },
  },
  {
    id: 'find-once-by-several',
    name: 'a contact that fits by id, link and key is found once',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'), synced('3'), synced('4'));
      const found = await store.find({
        ids: ['1', '2'],
        links: { source, externalIds: ['record-1', 'record-3'] },
        nameEmailKeys: [nameEmailKey(synced('1')), nameEmailKey(synced('2')), nameEmailKey(synced('3'))],
      });
      same(idsOf(byId(found)), ['1', '2', '3'], 'who is found by any of them');
    },
  },
  {
    id: 'find-once-by-repeats',
    name: 'a contact that is asked for twice is found once',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      const key = nameEmailKey(synced('1'));
      same(idsOf(await store.find({ ids: ['1', '1'] })), ['1'], 'who is found by an id given twice');
      same(idsOf(await store.find({ nameEmailKeys: [key, key] })), ['1'], 'who is found by a key given twice');
      const links = { source, externalIds: ['record-1', 'record-1'] };
      same(idsOf(await store.find({ links })), ['1'], 'who is found by a link given twice');
    },
  },
  {
    id: 'find-nothing',
    name: 'asking for nobody finds nobody',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), person('2'));
      same(await store.find({}), [], 'who is found by an empty query');
      const nobody = { ids: [], links: { source, externalIds: [] }, nameEmailKeys: [] };
      same(await store.find(nobody), [], 'who is found by empty lists');
    },
  },
  {
    id: 'find-thousands',
    name: 'thousands of ids, links and keys can be asked for at once',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3), synced('4'), synced('5'));
      // Those that are there come last.
      const numbers = Array.from({ length: 5000 }, (_, index) => String(5001 - index));
      const keyOf = (id: string) => nameEmailKey(person(id));
      same(byId(await store.find({ ids: numbers })).length, 4, 'how many are found by 5,000 ids');
      same(byId(await store.find({ nameEmailKeys: numbers.map(keyOf) })).length, 4, 'how many are found by 5,000 keys');
      const externalIds = numbers.map((id) => `record-${id}`);
      same(
        idsOf(byId(await store.find({ links: { source, externalIds } }))),
        ['4', '5'],
        'who is found by 5,000 links',
      );
    },
  },
];
