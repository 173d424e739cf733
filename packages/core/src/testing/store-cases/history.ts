import { planHash } from '../../ndjson.js';
import type { Decision, Plan } from '../../plan.js';
import type { ContactStore, Run } from '../../store.js';
import {
  apply,
  block,
  bookOf,
  type Check,
  change,
  check,
  contactsIn,
  create,
  keep,
  listOf,
  people,
  person,
  planOf,
  refused,
  same,
  source,
  synced,
  unversioned,
  versionOf,
} from '../store-kit.js';

/** The history: what was applied or stopped, by whom, and every decision of it. */
export const history: readonly Check[] = [
  {
    id: 'run-says-what-the-plan-said',
    name: 'a run has what its plan says, and the hash of the plan',
    async check({ open }) {
      const store = await open();
      const { run, plan } = await applied(store);
      const { kind, actor, why, at, counts, blocked } = plan;
      const { id: _, version: __, base: ___, ...said } = run;
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
        connections: [],
        approves: null,
        purged: false,
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
  {
    id: 'decisions-are-kept',
    name: 'the decisions of a run come back with all they say',
    async check({ open }) {
      const store = await open();
      const { run, plan } = await applied(store);
      same(await listOf(store.decisions(run.id)), plan.decisions, 'the decisions');
    },
  },
  {
    id: 'decisions-in-order',
    name: "many decisions come back in the plan's order",
    async check({ open }) {
      const store = await open();
      // 7 and 1201 have no factor in common: every number comes once, and not in order.
      const decisions = Array.from({ length: 1201 }, (_, index) => create(person(String((index * 7) % 1201))));
      const run = await store.apply(planOf(await versionOf(store), decisions));
      const got = (await listOf(store.decisions(run.id))).map(({ after }) => after?.id);
      same(
        got,
        decisions.map(({ after }) => after?.id),
        'the order of the decisions',
      );
    },
  },
  {
    id: 'decisions-of-an-unchanged-book',
    name: 'a plan that changes nothing is in the history with its decisions',
    async check({ open }) {
      const store = await open();
      const decisions = [{ ...rejected, note: null }];
      const run = await store.apply(planOf(await versionOf(store), decisions));
      same(
        (await store.runs({ limit: 5 })).runs.map(({ id }) => id),
        [run.id],
        'the history',
      );
      same(await listOf(store.decisions(run.id)), decisions, 'the decisions');
    },
  },
  {
    id: 'decisions-of-one-run',
    name: 'each run has its own decisions',
    async check(kit) {
      const store = await kit.open();
      const [one, two] = [await apply(store, create(person('1'))), await apply(store, create(person('2')))];
      same(await listOf(store.decisions(one.id)), [create(person('1'))], 'the decisions of the first run');
      same(await listOf(store.decisions(two.id)), [create(person('2'))], 'the decisions of the second run');
    },
  },
  {
    id: 'decisions-of-no-run',
    name: 'asking for the decisions of a run that is not there fails',
    async check({ open }) {
      const store = await open();
      const run = await apply(store, create(person('1')));
      for (const id of [`${run.id}0`, 'nobody', '', '-1', '1e0', '99999999999999999999']) {
        if (id !== run.id) await refused(listOf(store.decisions(id)), 'not_found', `the decisions of run "${id}"`);
      }
    },
  },
  {
    id: 'decisions-read-in-part',
    name: 'while the decisions of a run are read, and after the reader stopped in the middle, the book can be changed',
    async check(kit) {
      const store = await kit.open();
      const run = await apply(store, ...people(1, 3).map(create));
      for await (const _ of store.decisions(run.id)) {
        await apply(store, create(person('4')));
        break;
      }
      await apply(store, create(person('5')));
      same(await contactsIn(store, '4', '5'), people(4, 5), 'the contacts made meanwhile');
    },
  },
  {
    id: 'blocked-is-recorded',
    name: 'a plan that a guard stopped is in the history, with the guard and its decisions',
    async check({ open }) {
      const store = await open();
      const plan = planOf(await versionOf(store), [create(person('1'))], { blocked: [block] });
      const run = await store.record(plan, { outcome: 'blocked' });
      same([run.outcome, run.blocked, run.error], ['blocked', [block], null], 'the run that was stopped');
      same(await listOf(store.decisions(run.id)), plan.decisions, 'its decisions');
    },
  },
  {
    id: 'failed-is-recorded',
    name: 'a plan that failed is in the history, with the error',
    async check({ open }) {
      const store = await open();
      const run = await store.record(planOf(await versionOf(store), []), failure);
      same([run.outcome, run.error], ['failed', failure.error], 'the run that failed');
    },
  },
  {
    id: 'record-changes-nothing',
    name: 'recording a plan changes neither contacts nor version',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const version = await versionOf(store);
      const plan = planOf(version, [create(person('2')), change(person('1'), { name: 'Changed' })]);
      await store.record(plan, { outcome: 'blocked' });
      same(await contactsIn(store, '1', '2'), [person('1')], 'the contacts after a plan was recorded');
      same(await versionOf(store), version, 'the version after a plan was recorded');
    },
  },
  {
    id: 'record-fits-always',
    name: 'a plan is recorded also where the book has moved on or does not fit it',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = await versionOf(store);
      await apply(store, create(person('2')));
      const run = await store.record(planOf(base, [create(person('2'))]), failure);
      same(
        (await store.runs({ limit: 1 })).runs.map(({ id }) => id),
        [run.id],
        'the newest run',
      );
    },
  },
  {
    id: 'approved-plan',
    name: 'a plan that guards speak against is applied when it is applied: a person has approved it',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const run = await store.apply(planOf(await versionOf(store), [create(person('2'))], { blocked: [block] }));
      same([run.outcome, run.blocked], ['applied', [block]], 'the run of an approved plan');
      same(await contactsIn(store, '2'), [person('2')], 'the contact it made');
    },
  },
];

const failure = {
  outcome: 'failed',
  error: { code: 'source_timeout', message: 'It took "too" long.\nWay too long.' },
} as const;

const rejected: Decision = {
  reason: 'rejected_name_missing',
  externalId: 'row-7',
  before: null,
  after: null,
  flags: ['phone_dropped'],
  says: { name: '', email: 'x@example.com', phone: null },
  faults: ['rejected_name_missing', 'rejected_email_several'],
  note: 'line 7: "quoted"',
};

/** A plan that fills every field, applied to an empty book. */
async function applied(store: ContactStore): Promise<{ run: Run; plan: Plan }> {
  const missing = {
    ...create(synced('2', { missingSince: '2026-01-01T00:00:00.000Z' })),
    flags: ['twin_of_missing', 'returned'],
  } as const;
  const decisions = [create(person('1')), rejected, missing];
  const plan = planOf(await versionOf(store), decisions, {
    kind: 'sync',
    source,
    actor: 'Zoë <z@example.com>',
    why: "it's March",
    at: '2026-03-04T05:06:07.008Z',
    counts: {
      rows: 6,
      reasons: { imported: 2, rejected_name_missing: 1, unchanged: 2 },
      flags: { returned: 1 },
      skipped: { archived: 3 },
    },
  });
  return { run: await store.apply(plan), plan };
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
