import type { Decision } from '../../plan.js';
import type { ContactStore, Run } from '../../store.js';
import {
  block,
  type Check,
  contactsIn,
  create,
  type Kit,
  listOf,
  person,
  planOf,
  reopened,
  same,
  source,
  synced,
  twoBooks,
  versionOf,
} from '../store-kit.js';

/** Retention: what is deleted of old runs, and what stays. */
export const purging: readonly Check[] = [
  {
    id: 'purge-deletes-decisions',
    name: 'the decisions of runs before a moment are deleted, and how many runs it were is told',
    async check(kit) {
      const { store, runs } = await threeRuns(kit);
      same(await store.purge(afterTwo), 2, 'how many runs were purged');
      for (const { id } of runs.slice(0, 2)) same(await listOf(store.decisions(id)), [], 'the decisions of an old run');
    },
  },
  {
    id: 'purge-marks-runs',
    name: 'runs whose decisions were deleted say so, and the others do not',
    async check(kit) {
      const { store, runs } = await threeRuns(kit);
      await store.purge(afterTwo);
      same(await marksOf(store, runs), [true, true, false], 'which runs are purged');
      const listed = (await store.runs({ limit: 9 })).runs.filter(({ purged }) => purged);
      same(listed.length, 2, 'how many runs of the list are purged');
    },
  },
  {
    id: 'purge-only-older',
    name: 'a run of that very moment keeps its decisions',
    async check(kit) {
      const { store, runs } = await threeRuns(kit);
      same(await store.purge(times[0]), 0, 'how many runs were purged');
      same(await listOf(store.decisions(runs[0].id)), [create(synced('1'))], 'the decisions of a run of the moment');
    },
  },
  {
    id: 'purge-what-was-stopped',
    name: 'the decisions of stopped runs are deleted as well',
    async check({ open }) {
      const store = await open();
      const plan = planOf(await versionOf(store), [create(person('1'))], { at: times[0], blocked: [block] });
      const { id } = await store.record(plan, { outcome: 'blocked' });
      await store.purge(afterOne);
      same(await listOf(store.decisions(id)), [], 'the decisions of a stopped run');
    },
  },
  {
    id: 'purge-counts-once',
    name: 'a run is purged once',
    async check(kit) {
      const { store } = await threeRuns(kit);
      await store.purge(afterOne);
      same(await store.purge(afterTwo), 1, 'how many runs were purged the second time');
      same(await store.purge(afterTwo), 0, 'how many runs were purged the third time');
    },
  },
  {
    id: 'purge-keeps-runs',
    name: 'all else that a purged run says stays',
    async check(kit) {
      const { store, runs } = await threeRuns(kit);
      const before = await store.run(runs[0].id);
      await store.purge(afterOne);
      same({ ...(await store.run(runs[0].id)), purged: false }, before, 'a purged run');
    },
  },
  {
    id: 'purge-keeps-the-book',
    name: 'contacts, links and version stay as they are',
    async check(kit) {
      const { store } = await threeRuns(kit);
      const version = await versionOf(store);
      await store.purge(afterTwo);
      same(
        await contactsIn(store, '1', '2', '3'),
        ['1', '2', '3'].map((id) => synced(id)),
        'the contacts',
      );
      same([...(await store.links(source)).keys()].sort(), ['record-1', 'record-2', 'record-3'], 'the linked ids');
      same(await versionOf(store), version, 'the version');
    },
  },
  {
    id: 'purged-stays',
    name: 'a purged run is marked when the book is opened again',
    async check(kit) {
      const { store: first, runs } = await threeRuns(kit);
      await first.purge(afterOne);
      const store = await reopened(kit, first);
      same(await marksOf(store, runs), [true, false, false], 'which runs of a book that was closed are purged');
    },
  },
  {
    id: 'purge-in-one-book',
    name: 'purging one book leaves the history of the other one',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      const run = await applyAt(one, times[0], create(person('1')));
      await other.purge(afterOne);
      same(await listOf(one.decisions(run.id)), [create(person('1'))], 'the decisions of the book that was not purged');
      same((await one.run(run.id)).purged, false, 'whether its run is purged');
    },
  },
];

const times = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'] as const;

const afterOne = '2026-03-01T12:00:00.000Z';
const afterTwo = '2026-03-02T12:00:00.000Z';

/** A book with a run of each time, which makes a contact. */
async function threeRuns(kit: Kit): Promise<{ store: ContactStore; runs: [Run, Run, Run] }> {
  const store = await kit.open();
  const made = async (at: string, id: string) => applyAt(store, at, create(synced(id)));
  return { store, runs: [await made(times[0], '1'), await made(times[1], '2'), await made(times[2], '3')] };
}

async function applyAt(store: ContactStore, at: string, ...decisions: Decision[]): Promise<Run> {
  return store.apply(planOf(await versionOf(store), decisions, { at }));
}

async function marksOf(store: ContactStore, runs: readonly Run[]): Promise<boolean[]> {
  return Promise.all(runs.map(async ({ id }) => (await store.run(id)).purged));
}
