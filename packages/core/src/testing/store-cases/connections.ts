import type { Connection, ConnectionChange } from '../../connection.js';
import type { ContactStore } from '../../store.js';
import {
  apply,
  applyConnections,
  block,
  bookOf,
  type Check,
  change,
  check,
  connect,
  connection,
  connectionsOf,
  contactsIn,
  create,
  ignoreRefusal,
  type Kit,
  person,
  planOf,
  refused,
  reopened,
  same,
  twoBooks,
  versionOf,
} from '../store-kit.js';

/** The connections of a book, which plans make, change and remove. */
export const connections: readonly Check[] = [
  {
    id: 'connections-are-set',
    name: 'connections that a plan makes are in the book, with their kinds and states',
    async check({ open }) {
      const store = await open();
      const made = [
        connection({ source: 'bgl:one', kind: 'external' }),
        connection({ source: 'fyi:two', state: 'disconnected' }),
        connection({ source: 'xpm:three', state: 'paused' }),
      ];
      await applyConnections(store, ...made.map(connect));
      same(await connectionsOf(store), made, 'the connections of the book');
    },
  },
  {
    id: 'connections-change',
    name: 'a connection that a plan changes is what the plan says, and the others stay',
    async check(kit) {
      const other = connection({ source: 'zzz:other' });
      const store = await connectedBook(kit, connection(), other);
      await applyConnections(store, { before: connection(), after: paused });
      same(await connectionsOf(store), [paused, other], 'the connections after one was paused');
    },
  },
  {
    id: 'connections-end',
    name: 'a connection that a plan removes is gone, and the others stay',
    async check(kit) {
      const other = connection({ source: 'zzz:other' });
      const store = await connectedBook(kit, connection(), other);
      await applyConnections(store, { before: connection(), after: null });
      same(await connectionsOf(store), [other], 'the connections after one was removed');
    },
  },
  {
    id: 'connections-are-not-contacts',
    name: 'what plans do to contacts makes, changes and ends no connection',
    async check(kit) {
      const store = await connectedBook(kit, connection());
      await apply(store, create(person('1', { recordType: 'contact-sync', link: elsewhere })));
      same(await connectionsOf(store), [connection()], 'the connections after a contact of another source was made');
    },
  },
  {
    id: 'connections-stay',
    name: 'the connections of a book are there when it is opened again',
    async check(kit) {
      const store = await reopened(kit, await connectedBook(kit, paused));
      same(await connectionsOf(store), [paused], 'the connections of a book that was closed');
    },
  },
  {
    id: 'connection-raises-version',
    name: 'a plan that changes a connection and nothing else is applied, and raises the version',
    async check({ open }) {
      const store = await open();
      const version = await versionOf(store);
      same((await applyConnections(store, connect(connection()))).outcome, 'applied', 'the outcome');
      const next = await versionOf(store);
      check(next > version, `the version was ${version}, and is ${next} after a connection was made`);
    },
  },
  {
    id: 'connection-that-is-there',
    name: 'making a connection that the book has is refused',
    async check(kit) {
      const store = await connectedBook(kit, paused);
      await refused(applyConnections(store, connect(connection())), 'plan_invalid', 'making what is there');
    },
  },
  {
    id: 'connection-that-is-not-there',
    name: 'changing or removing a connection that the book does not have is refused',
    async check({ open }) {
      const store = await open();
      for (const after of [paused, null]) {
        const work = applyConnections(store, { before: connection(), after });
        await refused(work, 'plan_invalid', 'changing a connection that is not there');
      }
    },
  },
  {
    id: 'connection-that-differs',
    name: 'changing or removing a connection is refused where its kind or state is not what the plan says it was',
    async check(kit) {
      const store = await connectedBook(kit, connection());
      for (const before of [paused, connection({ kind: 'external' })]) {
        for (const after of [connection({ state: 'disconnected' }), null]) {
          await refused(applyConnections(store, { before, after }), 'plan_invalid', 'changing what differs');
        }
      }
    },
  },
  {
    id: 'connection-changed-twice',
    name: 'a plan that changes a connection twice is refused',
    async check({ open }) {
      const store = await open();
      const work = applyConnections(store, connect(connection()), { before: connection(), after: paused });
      await refused(work, 'plan_invalid', 'changing a connection, and then what it became');
    },
  },
  {
    id: 'connection-of-another-source',
    name: 'a change that would make a connection one of another source is refused',
    async check(kit) {
      const store = await connectedBook(kit, connection());
      const work = applyConnections(store, { before: connection(), after: connection({ source: 'fyi:other' }) });
      await refused(work, 'plan_invalid', 'giving a connection another source');
    },
  },
  {
    id: 'connection-misfit-changes-nothing',
    name: 'of a plan with a connection that does not fit nothing is applied',
    async check(kit) {
      const store = await connectedBook(kit, connection());
      const version = await versionOf(store);
      const changes = [connect(connection({ source: 'fyi:other' })), { before: paused, after: null }];
      await ignoreRefusal(store.apply(planOf(version, [create(person('1'))], { connections: changes })));
      same(await contactsIn(store, '1'), [], 'the contacts after a plan with a connection that does not fit');
      same(await connectionsOf(store), [connection()], 'the connections after it');
      same(await versionOf(store), version, 'the version after it');
    },
  },
  {
    id: 'misfit-leaves-connections',
    name: 'a plan with a decision that does not fit leaves the connections as they are',
    async check(kit) {
      const store = await bookOf(kit, person('1'));
      const decisions = [change(person('1', { name: 'Never' }), { name: 'Changed' })];
      await ignoreRefusal(
        store.apply(planOf(await versionOf(store), decisions, { connections: [connect(connection())] })),
      );
      same(await connectionsOf(store), [], 'the connections after a plan with a decision that does not fit');
    },
  },
  {
    id: 'record-leaves-connections',
    name: 'recording a plan leaves the connections as they are',
    async check({ open }) {
      const store = await open();
      const plan = planOf(await versionOf(store), [], { connections: [connect(connection())], blocked: [block] });
      await store.record(plan, { outcome: 'blocked' });
      same(await connectionsOf(store), [], 'the connections after a plan was recorded');
    },
  },
  {
    id: 'books-have-own-connections',
    name: 'the connections of one book are no connections of the other one',
    async check(kit) {
      const { one, other } = await twoBooks(kit);
      await applyConnections(one, connect(connection()));
      same(await connectionsOf(other), [], 'the connections of the other book');
    },
  },
];

const paused = connection({ state: 'paused' });
const elsewhere = { source: 'fyi:elsewhere', externalId: 'a' };

async function connectedBook(kit: Kit, ...made: Connection[]): Promise<ContactStore> {
  const store = await kit.open();
  const changes: ConnectionChange[] = made.map(connect);
  await applyConnections(store, ...changes);
  return store;
}
