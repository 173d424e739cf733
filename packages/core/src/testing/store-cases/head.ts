import { compareContactIds } from '../../order.js';
import type { ContactStore } from '../../store.js';
import {
  apply,
  bookOf,
  type Check,
  change,
  check,
  create,
  keep,
  people,
  person,
  remove,
  same,
  source,
  versionOf,
} from '../store-kit.js';

/** Versions and new ids. */
export const head: readonly Check[] = [
  {
    id: 'empty-book',
    name: 'a new book is empty, whatever it is asked for',
    async check({ open }) {
      const store = await open();
      const { version, connections } = await store.head();
      check(Number.isSafeInteger(version) && version >= 0, `a version is a whole number, got ${version}`);
      same(connections, [], 'the connections of a new book');
      same([...(await store.links(source))], [], 'its links');
      same(await store.find({ ids: ['1'], nameEmailKeys: ['a\nb'] }), [], 'what is found in it');
      same(await store.search({ limit: 10 }), { contacts: [], next: null }, 'what a search finds in it');
      same(await store.runs({ limit: 10 }), { runs: [], next: null }, 'its history');
    },
  },
  {
    id: 'version-rises',
    name: 'the version rises when a contact comes, changes or goes',
    async check({ open }) {
      const store = await open();
      const contact = person('1');
      const changed = { ...contact, name: 'Changed' };
      let version = await versionOf(store);
      for (const [what, decision] of [
        ['was made', create(contact)],
        ['was changed', change(contact, { name: 'Changed' })],
        ['was removed', remove(changed)],
      ] as const) {
        await apply(store, decision);
        const next = await versionOf(store);
        check(next > version, `the version was ${version}, and is ${next} after a contact ${what}`);
        version = next;
      }
    },
  },
  {
    id: 'version-stays',
    name: 'a plan that changes nothing leaves the version as it is, and says so',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const version = await versionOf(store);
      same((await apply(store, keep(person('1')))).outcome, 'unchanged', 'the outcome of a plan that changes nothing');
      same(await versionOf(store), version, 'the version after it');
      same((await apply(store)).outcome, 'unchanged', 'the outcome of a plan without decisions');
      same(await versionOf(store), version, 'the version after that');
    },
  },
  {
    id: 'new-ids-rise',
    name: 'new ids rise and differ, however many are asked for, and asking uses none up',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3));
      const ids = await newIds(store, 300);
      const sorted = [...new Set(ids)].sort(compareContactIds);
      same(ids, sorted, 'the new ids of a book, in order and without repeats');
      same(await newIds(store, 300), ids, 'the new ids when they are asked for again');
    },
  },
  {
    id: 'new-ids-are-free',
    name: 'no new id is in the book, in whatever order ids came into it',
    async check(kit) {
      const store = await bookOf(kit, person('12'), person('7'));
      const taken = (await newIds(store, 20)).filter((id) => id === '7' || id === '12');
      same(taken, [], 'new ids that are in the book already');
    },
  },
  {
    id: 'new-ids-after-removal',
    name: 'the id of a removed contact is not given out again',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3));
      await apply(store, remove(person('3')));
      check(!(await newIds(store, 5)).includes('3'), 'the id of a removed contact is given out again');
    },
  },
  {
    id: 'new-ids-after-reopening',
    name: 'the id of a removed contact is not given out again after the book was closed either',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3));
      await apply(store, remove(person('3')));
      await kit.close(store);
      const ids = await newIds(await kit.again(store), 5);
      check(!ids.includes('3'), 'the id of a removed contact is given out again by a book that was closed');
    },
  },
  {
    id: 'new-ids-of-any-size',
    name: 'ids beyond the whole numbers of every number type stay exact',
    async check(kit) {
      for (const id of ['9007199254740993', '18446744073709551615', '123456789012345678901234567890']) {
        const store = await bookOf(kit, person(id));
        const next = await newIds(store, 3);
        same(new Set(next).size, 3, `how many new ids of three differ, beside ${id}`);
        check(!next.includes(id), `${id} is in the book, and is given out as a new id`);
        check(
          next.every((newId) => compareContactIds(newId, id) > 0),
          `new ids of a book with ${id} come after it, got ${next.join(', ')}`,
        );
      }
    },
  },
  {
    id: 'new-ids-beside-words',
    name: 'ids that are no numbers do not disturb new ones',
    async check(kit) {
      const words = ['c0ffee00-0000-4000-8000-000000000001', '12a', 'person', '1.5', '-3'];
      const store = await bookOf(kit, ...words.map((id) => person(id)));
      const ids = await newIds(store, 20);
      same(new Set(ids).size, 20, 'how many new ids of twenty differ');
      same(
        ids.filter((id) => words.includes(id) || !/^.+$/.test(id)),
        [],
        'new ids that are in the book or empty',
      );
    },
  },
];

async function newIds(store: ContactStore, count: number): Promise<string[]> {
  const { newId } = await store.head();
  return Array.from({ length: count }, newId);
}
