import type { Decision } from '../../plan.js';
import type { ContactStore } from '../../store.js';
import {
  apply,
  bookOf,
  byId,
  type Check,
  change,
  contactsIn,
  create,
  ignoreRefusal,
  type Kit,
  linkTo,
  people,
  person,
  planOf,
  refused,
  same,
  source,
  synced,
  versionOf,
} from '../store-kit.js';

/** A plan is applied in full or not at all, also when several want to apply one. */
export const wholeness: readonly Check[] = [
  {
    id: 'misfit-changes-nothing',
    name: 'of a plan with a decision that does not fit, first, in the middle or last, nothing is applied',
    async check(kit) {
      const good = (id: string) => change(person(id), { name: 'Changed' });
      const bad = change(person('1', { name: 'Never' }), { name: 'Changed' });
      for (const decisions of [
        [bad, good('2'), good('3')],
        [good('2'), bad, good('3')],
        [good('2'), good('3'), bad],
      ]) {
        const store = await bookOf(kit, ...people(1, 3));
        await ignoreRefusal(apply(store, ...decisions));
        same(await contactsIn(store, '1', '2', '3'), people(1, 3), 'the contacts after a plan that does not fit');
      }
    },
  },
  {
    id: 'taken-link-changes-nothing',
    name: 'of a plan that would give a link to two contacts nothing is applied',
    async check(kit) {
      const bad = create(person('9', { link: linkTo('record-1') }));
      for (const decisions of [
        [bad, create(person('8'))],
        [create(person('8')), bad],
      ]) {
        const store = await bookOf(kit, synced('1'));
        await ignoreRefusal(apply(store, ...decisions));
        same(await contactsIn(store, '1', '8', '9'), [synced('1')], 'the contacts after a plan with a taken link');
      }
    },
  },
  {
    id: 'refused-plan-leaves-version',
    name: 'a refused plan leaves the version as it is',
    async check(kit) {
      const { store, version } = await refusedPlan(kit);
      same(await versionOf(store), version, 'the version after a refused plan');
    },
  },
  {
    id: 'refused-plan-leaves-no-run',
    name: 'a refused plan is not in the history',
    async check(kit) {
      const { store } = await refusedPlan(kit);
      same(
        (await store.runs({ limit: 10 })).runs.length,
        1,
        'how many runs there are after one plan was applied and one refused',
      );
    },
  },
  {
    id: 'works-after-a-refusal',
    name: 'after a refused plan the next one is applied as if nothing had been',
    async check(kit) {
      const { store } = await refusedPlan(kit);
      await apply(store, create(person('5')));
      same(await contactsIn(store, '1', '5'), [person('1'), person('5')], 'the contacts after the next plan');
    },
  },
  {
    id: 'another-handle-sees-it',
    name: 'what one handle wrote, another one sees, also where it looked before',
    async check(kit) {
      const one = await bookOf(kit, synced('1'));
      const other = await kit.again(one);
      await look(other);
      await apply(one, change(synced('1'), { name: 'Changed' }), create(synced('2')));
      const now = { links: ['record-1', 'record-2'], contacts: [synced('1', { name: 'Changed' }), synced('2')] };
      same(await look(other), now, 'the book, seen by another handle');
    },
  },
  {
    id: 'stale-plan-of-another-handle',
    name: 'a plan is refused where another handle wrote since it was made',
    async check(kit) {
      const one = await bookOf(kit, person('1'));
      const other = await kit.again(one);
      const plan = planOf(await versionOf(other), [create(person('2'))]);
      await apply(one, create(person('3')));
      await refused(other.apply(plan), 'store_conflict', 'a plan made before another handle wrote');
    },
  },
  {
    id: 'one-of-two-at-once',
    name: 'of two plans for one version, applied at the same moment, one is applied and one is refused',
    async check(kit) {
      const one = await bookOf(kit, person('1'));
      const other = await kit.again(one);
      const base = await versionOf(one);
      const plans = [planOf(base, [create(person('2'))]), planOf(base, [create(person('3'))])] as const;
      const ends = await Promise.allSettled([one.apply(plans[0]), other.apply(plans[1])]);
      same(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'how two plans for one version ended');
    },
  },
];

async function look(store: ContactStore) {
  const links = [...(await store.links(source)).keys()].sort();
  return { links, contacts: byId(await store.find({ ids: ['1', '2'] })) };
}

/** A book with one contact, after a plan that does not fit it. */
async function refusedPlan(kit: Kit): Promise<{ store: ContactStore; version: number }> {
  const store = await bookOf(kit, person('1'));
  const version = await versionOf(store);
  const decisions: Decision[] = [change(person('1', { name: 'Never' }), { name: 'Changed' }), create(person('2'))];
  await ignoreRefusal(store.apply(planOf(version, decisions)));
  return { store, version };
}
