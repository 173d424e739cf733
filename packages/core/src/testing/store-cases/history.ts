import {
  apply,
  bookOf,
  type Check,
  change,
  contactsIn,
  create,
  listOf,
  people,
  person,
  planOf,
  refused,
  same,
  versionOf,
} from '../store-kit.js';
import { applied, block, failure, rejected } from './full-plan.js';

/** Decisions of runs, and plans that were not applied. */
export const history: readonly Check[] = [
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
