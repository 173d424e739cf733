import { memoryStore, planAdd, planForceManual } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { changesSince } from './changes-since.js';
import { sync } from './sync.js';

const now = () => new Date('2026-01-31T00:00:00Z');
const person = (id: string, phone: string | null = null) => ({
  externalId: id,
  name: `Person ${id}`,
  email: `${id}@example.com`,
  phone,
});

async function feed(store: ReturnType<typeof memoryStore>, after: string | null) {
  const seen: [string, string, string[]][] = [];
  for await (const { run, changes } of changesSince(store, after)) {
    const names: string[] = [];
    for await (const { reason, after: contact } of changes) names.push(`${reason} ${contact?.name}`);
    seen.push([run.id, run.kind, names]);
  }
  return seen;
}

test('a host follows what changed, run by run', async () => {
  const store = memoryStore();
  expect(await feed(store, null)).toEqual([]);
  const syncing = (...records: ReturnType<typeof person>[]) =>
    sync({ source: memorySource({ source: 'memory:one', records }), store, actor: 'host', now });

  await syncing(person('a'), person('b'));
  // Nothing changes with the second run, so it is not in the feed.
  await syncing(person('a'), person('b'));
  await syncing(person('a'), person('b', '0491570006'));
  const all = [
    ['1', 'sync', ['created Person a', 'created Person b']],
    ['3', 'sync', ['updated Person b']],
  ];
  expect(await feed(store, null)).toEqual(all);
  expect(await feed(store, '1')).toEqual(all.slice(1));
  expect(await feed(store, '2')).toEqual(all.slice(1));
  expect(await feed(store, '3')).toEqual([]);

  const signature = { actor: 'host', at: now().toISOString(), why: null };
  await store.apply(
    await planAdd(store, { name: 'Jane Roe', email: 'jane@roe.example', phone: null }, 'AU', signature),
  );
  await store.apply(await planForceManual(store, '1', signature));
  expect((await feed(store, '3')).map(([id, kind]) => [id, kind])).toEqual([
    ['4', 'add'],
    ['5', 'force-manual'],
  ]);
});

test('hundreds of runs come in their order', async () => {
  const store = memoryStore();
  const signature = { actor: 'host', at: now().toISOString(), why: null };
  for (let n = 1; n <= 230; n += 1) {
    const details = { name: `Person ${n}`, email: `p${n}@example.com`, phone: null };
    await store.apply(await planAdd(store, details, 'AU', signature));
  }
  const ids = (await feed(store, '5')).map(([id]) => id);
  expect(ids).toEqual(Array.from({ length: 225 }, (_, index) => String(index + 6)));
});

test('a run that the book does not have is told, and not taken for the beginning', async () => {
  await expect(feed(memoryStore(), '7')).rejects.toMatchObject({ code: 'not_found' });
});
