import { beforeEach, expect, test } from 'vitest';
import { createList } from '../../lib/list.js';
import type { Contact } from '../../lib/types.js';
import {
  changeInList,
  comeBack,
  dropList,
  dropStale,
  isStale,
  keepPlace,
  keptAddress,
  keptList,
  keptPlace,
  markFresh,
  markStale,
} from './kept-list.js';

const fresh = () => createList<Contact>(() => Promise.resolve({ items: [], next: null }));
const key = 'main ?text=ann';

function contact(id: string): Contact {
  const details = { name: `Person ${id}`, email: `p${id}@example.com`, phone: null };
  return { id, ...details, recordType: 'manual', forcedManual: false, link: null, missingSince: null };
}

beforeEach(dropList);

test('whoever comes back finds the list and their place in it; another filter has another list', () => {
  const list = keptList(key, '?text=ann', fresh);
  keepPlace(key, { scroll: 300 });
  keepPlace(key, { row: 7 });
  keepPlace('main ', { scroll: 9 });
  expect(keptList(key, '?text=ann', fresh)).toBe(list);
  expect(keptPlace(key)).toEqual({ scroll: 300, row: 7, wanted: false });
  expect(keptAddress()).toBe('?text=ann');
  expect(keptList('main ', '', fresh)).not.toBe(list);
  expect(keptPlace('main ')).toEqual({ scroll: 0, row: null, wanted: false });
});

test('who asked to come back is brought back once', () => {
  keptList(key, '?text=ann', fresh);
  comeBack();
  expect(keptPlace(key).wanted).toBe(true);
  expect(keptPlace(key).wanted).toBe(false);
});

test('after a sync it is kept for who goes back, and dropped for who comes anew', () => {
  const list = keptList(key, '?text=ann', fresh);
  dropStale();
  expect(keptList(key, '?text=ann', fresh)).toBe(list);
  markStale();
  expect(isStale(key)).toBe(true);
  expect(keptList(key, '?text=ann', fresh)).toBe(list);
  dropStale();
  expect(keptList(key, '?text=ann', fresh)).not.toBe(list);
  markStale();
  markFresh();
  expect(isStale(key)).toBe(false);
});

test('a contact that was changed or forgotten on its own page is so in the list too', () => {
  const list = keptList(key, '?text=ann', fresh);
  list.change(() => [contact('1'), contact('2'), contact('3')]);
  changeInList('2', { ...contact('2'), forcedManual: true });
  changeInList('3', null);
  expect(list.state().items).toEqual([contact('1'), { ...contact('2'), forcedManual: true }]);
});
