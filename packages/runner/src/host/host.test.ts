import { planPause } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { hosting, signed, start } from '../../test/hosting.js';
import { openStore } from '../stores.js';

const source = 'fyi:harbour';
const minute = 60_000;

test('what another process does is told at the next look', async () => {
  const { connectFyi, events, until, address, book, folder, firm } = await hosting();
  await connectFyi();
  events.length = 0;
  const other = await openStore({ address, book, cwd: folder }, 'write');
  const at = new Date(start + minute).toISOString();
  const run = await other.apply(await planPause(other, source, { actor: 'somebody', at, why: null }));
  await other.close();
  expect(events).toEqual([]);
  await until(start + 12 * minute);
  expect(events).toEqual([
    { type: 'run', book: 'firm', source, run: run.id, kind: 'pause', outcome: 'applied' },
    { type: 'connection', book: 'firm', source },
  ]);
  expect(firm.syncNow(source)).toEqual({ allowed: false, why: 'paused', possibleAt: null });
});

test('a listener that throws disturbs nobody, and one that left hears nothing', async () => {
  const { host, firm, events } = await hosting();
  const heard: string[] = [];
  host.subscribe(() => {
    throw new Error('The page is gone.');
  });
  const leave = host.subscribe(({ type }) => heard.push(type));
  const details = { name: 'New Person', email: 'new@example.com', phone: null };
  await firm.add(details, signed('ann'));
  leave();
  await firm.add({ ...details, email: 'other@example.com' }, signed('ann'));
  expect(heard).toEqual(['run']);
  expect(events.map(({ type }) => type)).toEqual(['run', 'run']);
});

test('each book has its own, and none of another', async () => {
  const { host, firm, read, connectFyi, folder } = await hosting();
  await connectFyi();
  const shown = await read({ kind: 'disconnect', source });
  const second = await hosting();
  expect(() => second.firm.previewed(shown.id)).toThrow('There is no such preview any more.');
  expect(host.books.map(({ name }) => name)).toEqual(['firm']);
  expect(host.book('firm')).toBe(firm);
  expect(host.problems()).toEqual([]);
  expect(folder).not.toBe(second.folder);
});
