import type { Decision } from '../../plan.js';
import type { ContactStore, HistoryEntry } from '../../store.js';
import {
  apply,
  block,
  bookOf,
  type Check,
  change,
  check,
  create,
  keep,
  people,
  person,
  planOf,
  refused,
  remove,
  reopened,
  same,
  synced,
  twoBooks,
  versionOf,
} from '../store-kit.js';

const changed = person('1', { name: 'Changed' });
const held: Decision = { ...keep(changed), reason: 'held_identity_change', externalId: 'record-1' };
const signature = { actor: 'kit', at: '2026-03-02T00:00:00.000Z', why: null };

/** The history of one contact. */
export const contactHistory: readonly Check[] = [
  {
    id: 'contact-history',
    name: 'the history of a contact has the decisions about it and no others, with their runs',
    async check(kit) {
      const store = await bookOf(kit, person('1'), person('11'));
      const [made] = (await store.runs({ limit: 1 })).runs;
      const run = await apply(store, change(person('11'), { name: 'Other' }), change(person('1'), { name: 'Changed' }));
      const decisions = [change(person('1'), { name: 'Changed' }), create(person('1'))];
      const expected = [run, made].map((of, at) => ({ run: of, decision: decisions[at] }));
      same((await store.history('1', { limit: 10 })).entries, expected, 'the history of a contact');
    },
  },
  {
    id: 'contact-history-of-what-was-held',
    name: 'what was held of a contact, and what a stopped plan would have done to it, is in its history',
    async check(kit) {
      const store = await bookOf(kit, changed);
      await apply(store, held);
      const plan = planOf(await versionOf(store), [remove(changed)], { blocked: [block] });
      await store.record(plan, { outcome: 'blocked' });
      same(await decisionsOf(store, '1'), [remove(changed), held, create(changed)], 'the history of the contact');
    },
  },
  {
    id: 'contact-history-of-who-left',
    name: 'a contact that left the book keeps its history',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await apply(store, remove(person('1')));
      same(await decisionsOf(store, '1'), [remove(person('1')), create(person('1'))], 'the history of who left');
    },
  },
  {
    id: 'contact-history-of-nobody',
    name: 'a contact that never was has no history, and its id is compared exactly',
    async check(kit) {
      const store = await bookOf(kit, person('1'), person('a"\\b'), person('A'));
      const counts: number[] = [];
      for (const id of ['2', '01', ' 1', '', 'a', 'a"\\b', '%']) counts.push((await decisionsOf(store, id)).length);
      same(counts, [0, 0, 0, 0, 0, 1, 0], 'how many decisions are about these');
    },
  },
  {
    id: 'contact-history-pages',
    name: "page by page the history of a contact comes once, the newest run first, then in the plan's order",
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3));
      const notes = ['a', 'b', 'c'];
      const two = notes.map((note) => ({ ...keep(person('2')), note }));
      for (let n = 0; n < 4; n += 1) await apply(store, keep(person('1')), ...two, keep(person('3')));
      const expected = [...Array.from({ length: 4 }, () => notes).flat(), null];
      for (const limit of [1, 2, 3, 13]) {
        const got = (await pageThrough(store, '2', limit)).map(({ decision }) => decision.note);
        same(got, expected, `the notes in pages of ${limit}`);
      }
    },
  },
  {
    id: 'contact-history-of-no-page',
    name: 'a page of a history that no page named is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      for (const after of ['', 'x', '1', '-1.0', '1.0; DROP']) {
        await refused(store.history('1', { limit: 1, after }), 'usage', `the page after "${after}"`);
      }
    },
  },
  {
    id: 'contact-history-of-the-forgotten',
    name: 'a person who was forgotten has no history',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'));
      await store.forget('1', signature);
      same(await decisionsOf(store, '1'), [], 'the history of who was forgotten');
      same((await decisionsOf(store, '2')).length, 1, 'how many decisions are about the other');
    },
  },
  {
    id: 'contact-history-purged',
    name: 'a history has nothing of runs that were purged',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await store.purge('2026-03-01T09:30:00.001Z');
      const at = '2026-03-05T00:00:00.000Z';
      await store.apply(planOf(await versionOf(store), [keep(person('1'))], { at }));
      same(await decisionsOf(store, '1'), [keep(person('1'))], 'the history');
    },
  },
  {
    id: 'contact-history-stays',
    name: 'the history of a contact is there when the book is opened again',
    async check(kit) {
      const store = await reopened(kit, await bookOf(kit, person('1')));
      same(await decisionsOf(store, '1'), [create(person('1'))], 'the history');
    },
  },
  {
    id: 'contact-history-in-one-book',
    name: 'contacts of other books with the same id have histories of their own',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(person('1')));
      await apply(other, create(changed));
      same(await decisionsOf(one, '1'), [create(person('1'))], 'the history in the first book');
      same(await decisionsOf(other, '1'), [create(changed)], 'the history in the other book');
    },
  },
];

async function decisionsOf(store: ContactStore, id: string): Promise<Decision[]> {
  return (await store.history(id, { limit: 100 })).entries.map(({ decision }) => decision);
}

async function pageThrough(store: ContactStore, id: string, limit: number): Promise<HistoryEntry[]> {
  const all: HistoryEntry[] = [];
  let after: string | undefined;
  do {
    const { entries, next } = await store.history(id, { limit, after });
    check(entries.length <= limit, `a page of ${limit} has ${entries.length} entries`);
    check(all.length < 100, 'the pages do not end');
    all.push(...entries);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}
