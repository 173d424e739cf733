import {
  apply,
  bookOf,
  type Check,
  connect,
  connection,
  create,
  person,
  planOf,
  refused,
  same,
  unversioned,
  versionOf,
} from '../store-kit.js';

/** Runs one by one. */
export const runs: readonly Check[] = [
  {
    id: 'run-by-id',
    name: 'a run is found by its id as it was returned when it was applied or recorded',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = await versionOf(store);
      const counts = { rows: 3, reasons: {}, flags: {}, skipped: { archived: 3 } };
      const values = { actor: 'zoë', why: 'since "she" said so', counts };
      const blocked = await store.record(planOf(base, [create(person('2'))], values), { outcome: 'blocked' });
      const applied = await store.apply(planOf(base, [create(person('3'))], { why: 'another reason' }));
      for (const run of [blocked, applied]) {
        same(unversioned(await store.run(run.id)), unversioned(run), 'a run that was asked for by its id');
      }
    },
  },
  {
    id: 'run-of-no-id',
    name: 'asking for a run that is not there fails',
    async check({ open }) {
      const store = await open();
      const { id } = await apply(store, create(person('1')));
      for (const other of [`${id}0`, 'nobody', '', '-1', '1e0', '01', '99999999999999999999']) {
        if (other !== id) await refused(store.run(other), 'not_found', `the run "${other}"`);
      }
    },
  },
  {
    id: 'run-base',
    name: 'a run has the version that its plan was made for',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const base = await versionOf(store);
      const run = await apply(store, create(person('2')));
      same([run.base, (await store.run(run.id)).base], [base, base], 'the base of a run');
    },
  },
  {
    id: 'run-connections',
    name: 'a run has the changes of connections of its plan, in the order of the plan',
    async check({ open }) {
      const store = await open();
      const connections = [connect(connection({ source: 'z:2', kind: 'external' })), connect(connection())];
      const run = await store.apply(planOf(await versionOf(store), [], { connections }));
      same(run.connections, connections, 'the connections of a run');
      same((await store.run(run.id)).connections, connections, 'the connections of a run that was asked for');
    },
  },
];
