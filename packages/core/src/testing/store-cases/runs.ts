import { planHash } from '../../ndjson.js';
import type { ContactStore, Run } from '../../store.js';
import { apply, type Check, check, create, keep, person, planOf, same, source, versionOf } from '../store-kit.js';
import { applied, failure } from './full-plan.js';

/** The list of runs: what was applied or stopped, when and by whom. */
export const runs: readonly Check[] = [
  {
    id: 'run-says-what-the-plan-said',
    name: 'a run has what its plan says, and the hash of the plan',
    async check({ open }) {
      const store = await open();
      const { run, plan } = await applied(store);
      const { kind, actor, why, at, counts, blocked } = plan;
      const { id: _, version: __, ...said } = run;
      const expected = {
        kind,
        source,
        actor,
        why,
        at,
        counts,
        blocked,
        hash: planHash(plan),
        outcome: 'applied',
        error: null,
      };
      same(said, expected, 'the run');
    },
  },
  {
    id: 'run-version',
    name: "a run has the book's version after it",
    async check({ open }) {
      const store = await open();
      same(
        (await apply(store, create(person('1')))).version,
        await versionOf(store),
        'the version of a run that made a contact',
      );
      same(
        (await apply(store, keep(person('1')))).version,
        await versionOf(store),
        'the version of a run that changed nothing',
      );
      const blocked = await store.record(planOf(await versionOf(store), []), { outcome: 'blocked' });
      same(blocked.version, await versionOf(store), 'the version of a run that was stopped');
    },
  },
  {
    id: 'runs-are-listed',
    name: 'the history lists a run as it was returned when it was applied or recorded',
    async check({ open }) {
      const store = await open();
      const { run } = await applied(store);
      const failed = await store.record(
        planOf(await versionOf(store), [], { at: '2026-03-05T00:00:00.000Z' }),
        failure,
      );
      const { runs } = await store.runs({ limit: 10 });
      same(runs.map(unversioned), [unversioned(failed), unversioned(run)], 'the history');
    },
  },
  {
    id: 'runs-newest-first',
    name: 'the newest run comes first, whatever its plan says of the time',
    async check({ open }) {
      const store = await open();
      const times = ['2026-03-02T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-03-03T00:00:00.000Z'];
      for (const at of times) await store.apply(planOf(await versionOf(store), [], { at }));
      same(
        (await store.runs({ limit: 5 })).runs.map(({ at }) => at),
        [...times].reverse(),
        'the times of the runs',
      );
    },
  },
  {
    id: 'runs-pages',
    name: 'page by page every run is listed once, newest first',
    async check({ open }) {
      const store = await open();
      const ids: string[] = [];
      for (let n = 0; n < 23; n += 1) ids.unshift((await apply(store)).id);
      same(new Set(ids).size, 23, 'how many run ids of 23 differ');
      for (const limit of [1, 10, 23]) same(await pageThrough(store, limit), ids, `the runs in pages of ${limit}`);
    },
  },
  {
    id: 'runs-last-page',
    name: 'a last page of runs that is full is known to be the last',
    async check({ open }) {
      const store = await open();
      await apply(store);
      await apply(store);
      same((await store.runs({ limit: 2 })).next, null, 'what comes after all runs');
    },
  },
];

/** What a run's version is, is a check of its own. */
function unversioned({ version: _, ...run }: Run) {
  return run;
}

async function pageThrough(store: ContactStore, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.runs({ limit, ...(after === undefined ? {} : { after }) });
    check(page.runs.length <= limit, `a page of ${limit} has ${page.runs.length} runs`);
    check(ids.length < 100, 'the pages do not end');
    ids.push(...page.runs.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}
