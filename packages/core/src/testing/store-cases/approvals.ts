import { planHash } from '../../ndjson.js';
import type { Plan } from '../../plan.js';
import type { ContactStore, Run } from '../../store.js';
import {
  apply,
  block,
  bookOf,
  type Check,
  contactsIn,
  create,
  ignoreRefusal,
  keep,
  people,
  person,
  planOf,
  refused,
  reopened,
  same,
  twoBooks,
  versionOf,
} from '../store-kit.js';

/** A person's word for a plan that a guard had stopped. */
export const approvals: readonly Check[] = [
  {
    id: 'approval-applies',
    name: 'a plan that a guard had stopped is applied when it is approved',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      same((await store.apply(plan, by(run))).outcome, 'applied', 'the outcome of an approved plan');
      same(await contactsIn(store, '1', '2'), people(1, 2), 'the contacts after it');
    },
  },
  {
    id: 'approval-signs',
    name: 'the run of an approved plan is signed by who approved, and says which run that was and what its plan said',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      const approved = await store.apply(plan, by(run));
      for (const { actor, why, at, approves, hash, kind, blocked } of [approved, await store.run(approved.id)]) {
        const expected = { ...by(run), hash: planHash(plan), kind: plan.kind, blocked: plan.blocked };
        same({ actor, why, at, run: approves, hash, kind, blocked }, expected, 'the run of an approved plan');
      }
    },
  },
  {
    id: 'approval-of-no-run',
    name: 'approving a run that is not there is refused',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      for (const id of [`${run.id}0`, 'nobody', '']) {
        await refused(store.apply(plan, { ...by(run), run: id }), 'plan_invalid', `approving the run "${id}"`);
      }
    },
  },
  {
    id: 'approval-of-what-was-not-stopped',
    name: 'only a run that a guard stopped can be approved',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const plan = planOf(await versionOf(store), [keep(person('1'))]);
      const failed = await store.record(plan, {
        outcome: 'failed',
        error: { code: 'internal', message: 'It failed.' },
      });
      const unchanged = await store.apply(plan);
      for (const run of [failed, unchanged]) {
        await refused(store.apply(plan, by(run)), 'plan_invalid', `approving a run that is ${run.outcome}`);
      }
    },
  },
  {
    id: 'approval-of-another-plan',
    name: 'approving a run allows its plan and no other',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      const others = [
        { ...plan, decisions: [create(person('2', { name: 'Other' }))] },
        { ...plan, at: '2026-03-01T09:30:00.001Z' },
      ];
      for (const other of others) await refused(store.apply(other, by(run)), 'plan_invalid', 'another plan');
    },
  },
  {
    id: 'approval-only-once',
    name: 'a run is approved once',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const { plan, run } = await stoppedAsItIs(store);
      await store.apply(plan, by(run));
      await refused(store.apply(plan, by(run)), 'plan_invalid', 'approving a run that was approved');
    },
  },
  {
    id: 'approval-of-a-stale-plan',
    name: 'an approved plan is refused where the book moved on since it was made',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      await apply(store, create(person('3')));
      await refused(store.apply(plan, by(run)), 'store_conflict', 'an approved plan for an earlier version');
      same(await contactsIn(store, '2'), [], 'the contact that it would have made');
    },
  },
  {
    id: 'refused-approval-changes-nothing',
    name: 'an approval that is refused changes nothing, and the run can still be approved',
    async check(kit) {
      const { store, plan, run } = await stopped(await bookOf(kit, person('1')));
      const version = await versionOf(store);
      await ignoreRefusal(store.apply({ ...plan, why: 'another' }, by(run)));
      same(await contactsIn(store, '1', '2'), [person('1')], 'the contacts after a refused approval');
      same(await versionOf(store), version, 'the version after a refused approval');
      await store.apply(plan, by(run));
      same(await contactsIn(store, '1', '2'), people(1, 2), 'the contacts after the right plan was approved');
    },
  },
  {
    id: 'approvals-stay',
    name: 'a run that was approved is not approved again after the book was closed either',
    async check(kit) {
      const first = await bookOf(kit, person('1'));
      const { plan, run } = await stoppedAsItIs(first);
      await first.apply(plan, by(run));
      const store = await reopened(kit, first);
      const [end] = await Promise.allSettled([store.apply(plan, by(run))]);
      same(end.status, 'rejected', 'how approving a run again ended, in a book that was closed');
    },
  },
  {
    id: 'books-have-own-approvals',
    name: 'a run that was stopped in one book cannot be approved in the other one',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      const { plan, run } = await stopped(one);
      // So that it has a run as well, perhaps with the same id.
      const error = { code: 'internal', message: 'It failed.' };
      await other.record(planOf(await versionOf(other), []), { outcome: 'failed', error });
      await refused(other.apply(plan, by(run)), 'plan_invalid', "approving another book's run");
    },
  },
];

function by({ id }: Run) {
  return { run: id, actor: 'åsa <asa@example.com>', why: 'I "looked" at it', at: '2026-03-09T10:11:12.013Z' };
}

async function stopped(store: ContactStore): Promise<{ store: ContactStore; plan: Plan; run: Run }> {
  const plan = planOf(await versionOf(store), [create(person('2'))], { why: 'the plan', blocked: [block] });
  return { store, plan, run: await store.record(plan, { outcome: 'blocked' }) };
}

/** A stopped plan that changes nothing, so that it fits the book also after it was applied. */
async function stoppedAsItIs(store: ContactStore): Promise<{ plan: Plan; run: Run }> {
  const plan = planOf(await versionOf(store), [], { blocked: [block] });
  return { plan, run: await store.record(plan, { outcome: 'blocked' }) };
}
