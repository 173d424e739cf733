import { linkHash } from '../../fingerprint.js';
import type { Decision } from '../../plan.js';
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
  linkTo,
  listOf,
  people,
  person,
  planOf,
  refused,
  remove,
  reopened,
  same,
  source,
  synced,
  twoBooks,
  versionOf,
} from '../store-kit.js';

/** Forgetting a person: what goes, and what stays. */
export const forgetting: readonly Check[] = [
  {
    id: 'forget-removes',
    name: 'a person who was forgotten is found nowhere, and the others stay',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), synced('2'));
      await store.forget('1', signature);
      same(await contactsIn(store, '1', '2'), [synced('2')], 'the contacts after one was forgotten');
      same([...(await store.links(source)).keys()], ['record-2'], 'the linked ids');
      same((await store.search({ limit: 9 })).contacts, [synced('2')], 'what a search for all finds');
    },
  },
  {
    id: 'forget-is-a-run',
    name: 'that a person was forgotten is in the history, with who, when and why, and without decisions',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      const run = await store.forget('1', signature);
      for (const { kind, outcome, actor, at, why, counts } of [run, await store.run(run.id)]) {
        const expected = { kind: 'forget', outcome: 'applied', ...signature, reasons: { forgotten_contact: 1 } };
        same({ kind, outcome, actor, at, why, reasons: counts.reasons }, expected, 'the run of a forgotten person');
      }
      same(await listOf(store.decisions(run.id)), [], 'its decisions');
    },
  },
  {
    id: 'forget-raises-version',
    name: 'forgetting a person raises the version, so that a plan made before is refused',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 2));
      const plan = planOf(await versionOf(store), [create(person('3'))]);
      await store.forget('1', signature);
      await refused(store.apply(plan), 'store_conflict', 'a plan made before somebody was forgotten');
    },
  },
  {
    id: 'forget-nobody',
    name: 'forgetting a contact that is not there fails, and changes nothing',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const version = await versionOf(store);
      for (const id of ['2', '01', '']) await refused(store.forget(id, signature), 'not_found', `forgetting "${id}"`);
      same(await contactsIn(store, '1'), [person('1')], 'the contacts');
      same(await versionOf(store), version, 'the version');
    },
  },
  {
    id: 'forget-who-left',
    name: 'a person whose contact left the book is forgotten as the history last knew it',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      await apply(store, remove(synced('1')));
      await store.forget('1', signature);
      same(await history(store), [], 'the decisions of all runs');
      same([...(await store.forgotten(source))], [linkHash(linkTo('record-1'))], 'the hashes of the source');
    },
  },
  {
    id: 'forget-keeps-the-heir',
    name: 'forgetting a person whose contact left the book leaves the contact that has the record now',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      await apply(store, remove(synced('1')));
      const { id } = await apply(store, create(synced('2', { link: linkTo('record-1') })));
      await store.forget('1', signature);
      same([...(await store.forgotten(source))], [], 'the hashes of the source');
      same((await listOf(store.decisions(id))).length, 1, 'what is known of the other contact');
    },
  },
  {
    id: 'forget-clears-history',
    name: 'what plans did to a person who was forgotten is in no run any more',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await apply(store, change(person('1'), { name: 'Changed' }));
      await apply(store, remove(person('1', { name: 'Changed' })));
      await apply(store, create(person('1')));
      await store.forget('1', signature);
      same(await history(store), [], 'the decisions of all runs');
    },
  },
  {
    id: 'forget-clears-what-was-stopped',
    name: 'what stopped and failed plans would have done to a person who was forgotten is in no run any more',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const plan = planOf(await versionOf(store), [change(person('1'), { name: 'Changed' }), create(person('3'))]);
      const blocked = await store.record({ ...plan, blocked: [block] }, { outcome: 'blocked' });
      const failed = await store.record(plan, { outcome: 'failed', error: { code: 'internal', message: 'No.' } });
      await store.forget('1', signature);
      for (const { id } of [blocked, failed]) {
        same(await listOf(store.decisions(id)), [create(person('3'))], 'the decisions of a plan that was not applied');
      }
    },
  },
  {
    id: 'forget-clears-rows',
    name: 'what a run said of the record of a person who was forgotten is gone, also where it is of no contact',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      const { id } = await sync(store, source, row('record-1'), row('record-2'), create(person('9')));
      await store.forget('1', signature);
      same(await listOf(store.decisions(id)), [row('record-2'), create(person('9'))], 'the decisions about rows');
    },
  },
  {
    id: 'forget-clears-the-record',
    name: 'what runs say of other contacts that had the record of a person who was forgotten is gone',
    async check(kit) {
      const store = await bookOf(kit, synced('1', { link: linkTo('a') }));
      await apply(store, remove(synced('1', { link: linkTo('a') })));
      await apply(store, create(synced('2', { link: linkTo('a') })));
      await store.forget('2', signature);
      same(await history(store), [], 'the decisions of all runs');
    },
  },
  {
    id: 'forget-keeps-others',
    name: 'what runs say of others stays, also of records with the same id in another system',
    async check(kit) {
      const other = { source: 'fyi:other', externalId: 'record-1' };
      const store = await bookOf(kit, synced('1'));
      const ofThis = [row('record-2'), create(person('12'))];
      const ofAnother = [row('record-1'), create(synced('11', { link: other }))];
      const runs = [await sync(store, source, ...ofThis), await sync(store, other.source, ...ofAnother)] as const;
      await store.forget('1', signature);
      same(await listOf(store.decisions(runs[0].id)), ofThis, "the decisions about others of the person's system");
      same(await listOf(store.decisions(runs[1].id)), ofAnother, 'the decisions about another system');
    },
  },
  {
    id: 'forget-keeps-link-hash',
    name: 'a hash of the link of a person who was forgotten stays, with the source that it belongs to',
    async check(kit) {
      const store = await bookOf(kit, synced('1'));
      await store.forget('1', signature);
      same([...(await store.forgotten(source))], [linkHash(linkTo('record-1'))], 'the hashes of the source');
      same([...(await store.forgotten('fyi:other'))], [], 'the hashes of another source');
    },
  },
  {
    id: 'forget-keeps-every-link-hash',
    name: 'the hashes of all who were forgotten stay, of whatever type they were',
    async check(kit) {
      const types = ['manual', 'contact-sync', 'external'] as const;
      const store = await bookOf(kit, ...types.map((recordType, n) => synced(String(n), { recordType })));
      for (const id of ['0', '1', '2']) await store.forget(id, signature);
      const expected = ['record-0', 'record-1', 'record-2'].map((id) => linkHash(linkTo(id)));
      same([...(await store.forgotten(source))].sort(), expected.sort(), 'the hashes');
    },
  },
  {
    id: 'forget-without-link',
    name: 'of a person without a link nothing is kept',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      await store.forget('1', signature);
      for (const name of [source, '']) same([...(await store.forgotten(name))], [], `the hashes of "${name}"`);
    },
  },
  {
    id: 'forgotten-stays',
    name: 'the hashes of those who were forgotten are there when the book is opened again',
    async check(kit) {
      const first = await bookOf(kit, synced('1'));
      await first.forget('1', signature);
      const store = await reopened(kit, first);
      same(
        [...(await store.forgotten(source))],
        [linkHash(linkTo('record-1'))],
        'the hashes of a book that was closed',
      );
    },
  },
  {
    id: 'forgotten-id',
    name: 'the id of a person who was forgotten is not given out again',
    async check(kit) {
      const store = await bookOf(kit, ...people(1, 3));
      await store.forget('3', signature);
      const { newId } = await store.head();
      check(![newId(), newId()].includes('3'), 'the id of a person who was forgotten is given out again');
    },
  },
  {
    id: 'forgotten-link-is-free',
    name: 'another contact can get the link of a person who was forgotten',
    async check(kit) {
      const store = await bookOf(kit, synced('1'), person('2'));
      await store.forget('1', signature);
      await apply(store, change(person('2'), { link: linkTo('record-1') }));
      same(await contactsIn(store, '2'), [person('2', { link: linkTo('record-1') })], 'who has the link now');
    },
  },
  {
    id: 'forget-in-one-book',
    name: 'forgetting a person of one book leaves the other one as it is, contacts and history',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      // The other one first: that both may have the same ids and links is a check of its own.
      await apply(other, create(synced('1')));
      const { id } = await apply(one, create(synced('1')));
      await other.forget('1', signature);
      same(await contactsIn(one, '1'), [synced('1')], 'the contact of the book that forgot nobody');
      same(await listOf(one.decisions(id)), [create(synced('1'))], 'its history');
    },
  },
  {
    id: 'books-have-own-forgotten',
    name: 'who was forgotten in one book was not forgotten in the other one',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await apply(one, create(synced('1')));
      await one.forget('1', signature);
      same([...(await other.forgotten(source))], [], 'the hashes of the other book');
    },
  },
];

const signature = { actor: 'zoë <z@example.com>', at: '2026-04-05T06:07:08.009Z', why: 'she "asked" for it' };

/** A row that was rejected, and so is about no contact. */
function row(externalId: string): Decision {
  const faults = ['rejected_name_missing'] as const;
  const says = { name: '', email: 'x@example.com', phone: null };
  return { reason: faults[0], externalId, before: null, after: null, flags: [], says, faults, note: null };
}

async function sync(store: ContactStore, from: string, ...decisions: Decision[]): Promise<Run> {
  return store.apply(planOf(await versionOf(store), decisions, { kind: 'sync', source: from }));
}

async function history(store: ContactStore): Promise<Decision[]> {
  const { runs } = await store.runs({ limit: 99 });
  return (await Promise.all(runs.map(({ id }) => listOf(store.decisions(id))))).flat();
}
