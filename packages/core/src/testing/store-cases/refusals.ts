import type { Contact } from '../../contact.js';
import {
  apply,
  bookOf,
  type Check,
  change,
  contactsIn,
  create,
  keep,
  linkTo,
  people,
  person,
  planOf,
  refused,
  remove,
  same,
  synced,
  versionOf,
} from '../store-kit.js';

/** Plans that do not fit the book. Here only that they are refused; that they leave nothing behind is in wholeness.ts. */
export const refusals: readonly Check[] = [
  {
    id: 'stale-plan',
    name: 'a plan for an earlier version is refused, even where its decisions would fit, and nothing of it is applied',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = await versionOf(store);
      await apply(store, create(person('2')));
      await refused(
        store.apply(planOf(base, [create(person('3'))])),
        'store_conflict',
        'a plan for an earlier version',
      );
      same(await contactsIn(store, '1', '2', '3'), people(1, 2), 'the contacts after a stale plan');
    },
  },
  {
    id: 'plan-from-the-future',
    name: 'a plan for a later version is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = (await versionOf(store)) + 1;
      await refused(store.apply(planOf(base, [create(person('2'))])), 'store_conflict', 'a plan for a later version');
    },
  },
  {
    id: 'stale-plan-of-nothing',
    name: 'a plan for an earlier version is refused also where it changes nothing',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = await versionOf(store);
      await apply(store, create(person('2')));
      await refused(store.apply(planOf(base, [])), 'store_conflict', 'a plan for an earlier version without decisions');
    },
  },
  {
    id: 'create-what-is-there',
    name: 'making a contact whose id is in the book is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(
        apply(store, create(person('1', { name: 'Other' }))),
        'plan_invalid',
        'making a contact that is there',
      );
    },
  },
  {
    id: 'change-what-is-not-there',
    name: 'changing a contact that is not in the book is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(
        apply(store, change(person('2'), { name: 'New' })),
        'plan_invalid',
        'changing a contact that is not there',
      );
    },
  },
  {
    id: 'change-what-is-different',
    name: 'changing a contact is refused where any value of it is not what the plan says it was',
    async check(kit) {
      const contact = synced('1');
      const store = await bookOf(kit, contact);
      for (const values of differences) {
        const before = { ...contact, ...values };
        const what = `changing a contact whose ${Object.keys(values).join()} is not what the plan says`;
        await refused(apply(store, change(before, { name: 'New' })), 'plan_invalid', what);
      }
    },
  },
  {
    id: 'remove-what-is-not-there',
    name: 'removing a contact that is not in the book is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(apply(store, remove(person('2'))), 'plan_invalid', 'removing a contact that is not there');
    },
  },
  {
    id: 'remove-what-is-different',
    name: 'removing a contact is refused where it is not what the plan says it was',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(
        apply(store, remove(person('1', { name: 'Other' }))),
        'plan_invalid',
        'removing a contact that is different',
      );
    },
  },
  {
    id: 'keep-what-is-different',
    name: 'a decision that changes nothing is refused as well where the contact is not what it says',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(
        apply(store, keep(person('1', { name: 'Other' }))),
        'plan_invalid',
        'keeping a contact that is different',
      );
    },
  },
  {
    id: 'another-id',
    name: 'a decision that would give a contact another id is refused',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await refused(apply(store, change(person('1'), { id: '2' })), 'plan_invalid', 'giving a contact another id');
    },
  },
  {
    id: 'changed-twice',
    name: 'a plan that changes a contact twice is refused: every decision is judged by the book before the plan',
    async check(kit) {
      const [a, b] = [person('1'), person('1', { name: 'B' })];
      const store = await bookOf(kit, a);
      const work = apply(store, change(a, { name: 'B' }), change(b, { name: 'C' }));
      await refused(work, 'plan_invalid', 'changing a contact, and then what it became');
    },
  },
  {
    id: 'made-twice',
    name: 'a plan that makes two contacts with one id is refused',
    async check({ open }) {
      const store = await open();
      const work = apply(store, create(person('1')), create(person('1', { name: 'Other' })));
      await refused(work, 'plan_invalid', 'making two contacts with one id');
    },
  },
  {
    id: 'link-taken',
    name: 'a contact cannot get a link that another one has',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'));
      await refused(
        apply(store, create(person('3', { link: linkTo('record-1') }))),
        'plan_invalid',
        'a second contact with a link',
      );
      await refused(
        apply(store, change(synced('2'), { link: linkTo('record-1') })),
        'plan_invalid',
        'relinking to a taken link',
      );
    },
  },
  {
    id: 'link-given-twice',
    name: 'a plan cannot give one link to two contacts',
    async check({ open }) {
      const store = await open();
      const twins = [synced('1', { link: linkTo('a') }), person('2', { link: linkTo('a') })];
      await refused(apply(store, ...twins.map(create)), 'plan_invalid', 'one link for two new contacts');
    },
  },
  {
    id: 'external-becomes-another',
    name: 'an external contact cannot become another type while a contact has its link',
    async check(kit) {
      const external = person('2', { recordType: 'external', link: linkTo('record-1') });
      const store = await bookOf(kit, synced('1'), external);
      await refused(
        apply(store, change(external, { recordType: 'manual' })),
        'plan_invalid',
        'a second contact with a link',
      );
    },
  },
];

const differences: readonly Partial<Contact>[] = [
  { name: 'Other' },
  { email: 'other@example.com' },
  { phone: null },
  { recordType: 'manual' },
  { forcedManual: true },
  { link: null },
  { link: linkTo('other') },
  { missingSince: '2026-01-01T00:00:00.000Z' },
];
