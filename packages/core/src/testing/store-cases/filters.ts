import type { SearchFilter } from '../../store.js';
import {
  apply,
  bookOf,
  type Check,
  create,
  idsOf,
  linkTo,
  people,
  person,
  same,
  synced,
  twoBooks,
} from '../store-kit.js';
import { pageThrough } from './search.js';

const missing = '2026-01-01T00:00:00.000Z';
const ann = person('1', { name: 'Ann Manual' });
const ben = synced('2', { name: 'Ben Synced' });
const cat = synced('3', { name: 'Cat Missing', missingSince: missing });
const dan = synced('4', { name: 'Dan Forced', recordType: 'manual', forcedManual: true });
const eve = person('5', { name: 'Eve External', recordType: 'external', link: linkTo('record-5') });
const fay = synced('6', { name: 'Fay Elsewhere', link: { source: 'xpm:tenant-2', externalId: 'record-2' } });

/** What a search leaves out, and how many it finds. */
export const filters: readonly Check[] = [
  leaves('search-by-type', 'a search finds contacts of one record type', [
    [{ recordType: 'manual' }, ['1', '4']],
    [{ recordType: 'contact-sync' }, ['2', '3', '6']],
    [{ recordType: 'external' }, ['5']],
  ]),
  leaves('search-by-source', 'a search finds contacts that are linked to one source, external ones too', [
    [{ source: 'xpm:tenant' }, ['2', '3', '4', '5']],
    [{ source: 'xpm:tenant-2' }, ['6']],
    [{ source: 'xpm:' }, []],
    [{ source: '' }, []],
  ]),
  leaves('search-by-forced-manual', 'a search finds contacts that were taken over by hand, or the others', [
    [{ forcedManual: true }, ['4']],
    [{ forcedManual: false }, ['1', '2', '3', '5', '6']],
  ]),
  leaves('search-by-missing', 'a search finds contacts whose record is missing, or the others', [
    [{ missing: true }, ['3']],
    [{ missing: false }, ['1', '2', '4', '5', '6']],
  ]),
  leaves('search-by-ids', 'a search finds none but contacts with these ids, in the order of all searches', [
    [{ ids: ['6', '7', '02', '1', '1'] }, ['1', '6']],
    [{ ids: [...people(10, 5009).map(({ id }) => id), '3'] }, ['3']],
    [{ ids: [] }, []],
  ]),
  leaves('search-by-all-of-it', 'filters and text hold together', [
    [{ text: 'n m', recordType: 'manual' }, ['1']],
    [{ text: 'fay', source: 'xpm:tenant-2' }, ['6']],
    [{ text: 'ben', source: 'xpm:tenant-2' }, []],
    [{ recordType: 'contact-sync', source: 'xpm:tenant', missing: true, forcedManual: false }, ['3']],
    [{ recordType: 'manual', missing: true }, []],
    [{ ids: ['1', '2', '3'], text: 'ben' }, ['2']],
    [{ ids: ['1', '2', '3'], missing: true }, ['3']],
  ]),
  {
    id: 'search-pages-of-a-filter',
    name: 'the second page leaves out what the first one does',
    async check(kit) {
      const store = await bookOf(kit, ann, ben, cat, dan, eve, fay);
      for (const filter of [{ source: 'xpm:tenant' }, { ids: ['2', '3', '4', '5'] }]) {
        same(await pageThrough(store, 1, filter), ['2', '3', '4', '5'], 'a filtered search in pages of 1');
      }
    },
  },
  {
    id: 'count-all',
    name: 'without text and filters all contacts are counted, however many',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 1203));
      same(await store.count({}), 1203, 'the count of all');
      same(await store.count({ text: ' ' }), 1203, 'the count of all, spaces being typed');
    },
  },
  {
    id: 'count-text',
    name: 'whom a text finds is counted, by whatever it finds them',
    async check(kit) {
      const jane = synced('21', { name: 'Jané_Citizen', email: 'jc@work.example', phone: '+61412345678' });
      const store = await bookOf(
        kit,
        jane,
        person('22', { phone: '+61298765432' }),
        person('23', { phone: 'ask Jané' }),
      );
      const texts = [
        'JANÉ',
        'c@w',
        '0412 345',
        '(02) 98',
        '12345',
        '+',
        '61',
        '21',
        'record-21',
        'record',
        '_',
        '%',
        'x\ny',
      ];
      const counts: number[] = [];
      for (const text of texts) counts.push(await store.count({ text }));
      same(counts, [2, 1, 1, 1, 1, 2, 2, 1, 1, 0, 1, 0, 0], `the counts of ${texts.join(', ')}`);
    },
  },
  {
    id: 'count-filters',
    name: 'filters hold for counting too',
    async check(kit) {
      const store = await bookOf(kit, ann, ben, cat, dan, eve, fay);
      const asked: SearchFilter[] = [
        { recordType: 'contact-sync' },
        { source: 'xpm:tenant' },
        { forcedManual: true },
        { forcedManual: false },
        { missing: true },
        { missing: false },
        { ids: ['1', '6', '7'] },
        { ids: [] },
        { ids: ['1', '2'], text: 'ben' },
        { text: 'n', source: 'xpm:tenant', missing: false },
      ];
      const counts: number[] = [];
      for (const filter of asked) counts.push(await store.count(filter));
      same(counts, [3, 4, 1, 5, 1, 5, 2, 0, 1, 3], 'the counts');
    },
  },
  {
    id: 'count-in-one-book',
    name: 'contacts of other books are not counted',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(ann));
      await apply(other, create(ben), create(cat));
      same([await one.count({}), await other.count({})], [1, 2], 'the counts of two books');
    },
  },
];

type Asked = readonly [filter: SearchFilter, ids: readonly string[]];

function leaves(id: string, name: string, asked: readonly Asked[]): Check {
  return {
    id,
    name,
    async check(kit) {
      const store = await bookOf(kit, ann, ben, cat, dan, eve, fay);
      for (const [filter, ids] of asked) {
        const { contacts } = await store.search({ ...filter, limit: 100 });
        same(idsOf(contacts), ids, `who is found by ${JSON.stringify(filter).slice(0, 100)}`);
      }
    },
  };
}
