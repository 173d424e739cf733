import { ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { hosting, signed, start, stores } from '../../test/hosting.js';

const source = 'fyi:harbour';
const minute = 60_000;

test.each(stores)('a sync is looked at, and then exactly that is applied, by who looked (%s)', async (store) => {
  const { firm, systems, connectFyi, read, host, events } = await hosting({ store });
  await connectFyi();
  systems.fyi.updateContact('f1', { name: 'Renamed One' });
  events.length = 0;

  const shown = await read({ kind: 'sync', source });
  expect(shown).toMatchObject({ state: 'ready', error: null, run: null });
  expect(shown.plan?.groups).toMatchObject([
    { reason: 'unchanged', action: 'none', listed: 0, counted: 19 },
    { reason: 'updated', action: 'update', listed: 1, counted: 1 },
  ]);
  expect(shown.plan?.changesBook).toBe(true);
  expect(events.some((event) => event.type === 'preview' && event.progress !== null)).toBe(true);
  const { decisions } = await firm.previewDecisions(shown.id, { limit: 10, reason: 'updated' });
  expect(decisions.map(({ difference }) => difference)).toEqual([
    [{ field: 'name', before: 'Person 1', after: 'Renamed One' }],
  ]);
  const { search } = await firm.store();
  const named = async (text: string) => (await search({ text, limit: 5 })).contacts.length;
  expect(await named('Renamed')).toBe(0);

  const hash = shown.plan?.hash ?? '';
  await expect(firm.applyPreview(shown.id, 'f'.repeat(64), signed('ann'))).rejects.toMatchObject({
    code: 'plan_invalid',
  });
  await expect(firm.applyPreview(shown.id, hash, signed('bob'))).rejects.toMatchObject({ code: 'not_found' });
  const done = await firm.applyPreview(shown.id, hash, signed('ann'));
  expect(done.run).toMatchObject({ kind: 'sync', actor: 'ann', outcome: 'applied', hash, notUndoable: null });
  expect(await named('Renamed')).toBe(1);
  expect(firm.previewed(shown.id)).toMatchObject({ state: 'applied', run: done.run.id });
  await expect(firm.applyPreview(shown.id, hash, signed('ann'))).rejects.toMatchObject({ code: 'plan_invalid' });
  expect(events).toContainEqual({
    type: 'run',
    book: 'firm',
    source,
    run: done.run.id,
    kind: 'sync',
    outcome: 'applied',
  });
  expect(() => host.book('other')).toThrow('No book is called "other" here.');
});

test.each(stores)('what a guard stops is noted, and approved by who applies it (%s)', async (store) => {
  const { firm, systems, connectFyi, read } = await hosting({ store });
  await connectFyi();
  for (const { id } of [...systems.fyi.entities()]) systems.fyi.removeEntity(id);

  const shown = await read({ kind: 'sync', source });
  expect(shown.plan?.blocked.map(({ guard }) => guard)).toEqual(['source_empty', 'many_missing']);
  const { run } = await firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann', 'We left FYI.'));
  expect(run).toMatchObject({ kind: 'sync', outcome: 'applied', actor: 'ann', why: 'We left FYI.' });
  const blocked = await firm.run(run.approves ?? '');
  expect(blocked).toMatchObject({ run: { outcome: 'blocked', actor: 'ann' }, approvedBy: run.id });
  expect(blocked.notApprovable).toBe(`Run ${blocked.run.id} was approved already, with run ${run.id}.`);
});

test.each(stores)('the blocked run of the service is looked at and approved (%s)', async (store) => {
  const { firm, systems, connectFyi, read, until } = await hosting({ store });
  await connectFyi();
  for (const { id } of [...systems.fyi.entities()]) systems.fyi.removeEntity(id);
  await until(start + 6 * minute);
  expect(firm.syncNow(source, 'bob')).toEqual({ allowed: true, why: null, possibleAt: null });
  await until(start + 7 * minute);
  const stopped = (await firm.connection(source)).lastRun;
  expect(stopped).toMatchObject({ outcome: 'blocked', actor: 'bob' });
  const id = stopped?.id ?? '';
  expect(await firm.run(id)).toMatchObject({ notApprovable: null, approvedBy: null });

  const shown = await read({ kind: 'approve', run: id });
  expect(shown.plan).toMatchObject({ kind: 'sync', hash: stopped?.hash });
  const done = await firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'));
  expect(done.run).toMatchObject({ approves: id, outcome: 'applied', actor: 'ann' });
  await expect(firm.preview({ kind: 'approve', run: id }, 'ann')).rejects.toMatchObject({ code: 'plan_invalid' });
});

test.each(stores)('a disconnect is looked at; its contacts stay, and access ends (%s)', async (store) => {
  const { firm, clock, connectFyi, read } = await hosting({ store });
  await connectFyi();
  const shown = await read({ kind: 'disconnect', source });
  expect(shown.plan?.groups).toMatchObject([{ reason: 'disconnected', listed: 20 }]);
  const { run } = await firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann', 'Moved to XPM.'));
  expect(run).toMatchObject({ kind: 'disconnect', actor: 'ann', why: 'Moved to XPM.', source });
  const { contacts } = await (await firm.store()).search({ limit: 100 });
  expect(new Set(contacts.map(({ recordType }) => recordType))).toEqual(new Set(['manual']));
  expect(await firm.connections()).toMatchObject([{ source, state: 'disconnected', stored: false, contacts: 20 }]);
  await expect(firm.preview({ kind: 'disconnect', source }, 'ann')).rejects.toMatchObject({ code: 'not_found' });

  // And it comes back as it was.
  clock.pass(minute);
  await connectFyi();
  expect(await firm.connection(source)).toMatchObject({ state: 'connected', stored: true });
  const again = await (await firm.store()).search({ limit: 100 });
  expect(again.contacts.map(({ recordType }) => recordType)).toEqual(Array(20).fill('contact-sync'));
});

test('a disconnect whose keys cannot be removed now says that it is done, and what is left', async () => {
  const { firm, service, connectFyi, read, events } = await hosting();
  await connectFyi();
  const shown = await read({ kind: 'disconnect', source });
  const { vault } = (await service.books[0]?.opened()) ?? {};
  const { locked } = vault ?? {};
  const busy = new ContactSyncError('locked', 'Another process changes connections.', { hint: 'Wait.' });
  Object.assign(vault ?? {}, { locked: () => Promise.reject(busy) });
  await expect(firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'))).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringMatching(
      /^It is disconnected, with run \d+, but what was stored to read it is still there\./,
    ),
  });
  Object.assign(vault ?? {}, { locked });
  const [run] = (await (await firm.store()).runs({ limit: 1 })).runs;
  expect(run).toMatchObject({ kind: 'disconnect', actor: 'ann' });
  expect(firm.previewed(shown.id)).toMatchObject({ state: 'applied', run: run?.id });
  expect(events).toContainEqual({
    type: 'run',
    book: 'firm',
    source,
    run: run?.id,
    kind: 'disconnect',
    outcome: 'applied',
  });
  await firm.removeStored(source, 'ann');
  expect(await firm.connection(source)).toMatchObject({ state: 'disconnected', stored: false });
});

test('an undo is looked at, and what was changed since is listed', async () => {
  const { firm, connectFyi, read } = await hosting();
  await connectFyi();
  const { lastRun } = await firm.connection(source);
  const shown = await read({ kind: 'undo', run: lastRun?.id ?? '' });
  expect(shown.plan).toMatchObject({ kind: 'undo', groups: [{ reason: 'undone', listed: 20 }] });
  const done = await firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'));
  expect(done.run).toMatchObject({ kind: 'undo', actor: 'ann' });
  expect((await firm.connection(source)).state).toBe('paused');
  await expect(firm.preview({ kind: 'undo', run: 'none' }, 'ann')).rejects.toMatchObject({ code: 'not_found' });
});

test('a plan is not applied once the book moved on, and leaves no line in the history then', async () => {
  const { firm, systems, connectFyi, read } = await hosting();
  await connectFyi();
  for (const { id } of [...systems.fyi.entities()]) systems.fyi.removeEntity(id);
  const shown = await read({ kind: 'sync', source });
  await firm.add({ name: 'New Person', email: 'new@example.com', phone: null }, signed('bob'));
  const runs = async () => (await (await firm.store()).runs({ limit: 50 })).runs.length;
  const before = await runs();
  await expect(firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'))).rejects.toMatchObject({
    code: 'store_conflict',
  });
  expect(await runs()).toBe(before);
});

test('a paused connection is looked at, and not synced', async () => {
  const { firm, systems, connectFyi, read } = await hosting();
  await connectFyi();
  await firm.pause(source, signed('ann'));
  systems.fyi.updateContact('f1', { name: 'Renamed One' });
  const shown = await read({ kind: 'sync', source });
  expect(shown.state).toBe('ready');
  await expect(firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'))).rejects.toMatchObject({
    code: 'connection_paused',
  });
});

test('while a run of this connection is under way no sync is applied; its end need not be waited for', async () => {
  const { firm, service, systems, connectFyi, read, book } = await hosting();
  await connectFyi();
  systems.fyi.updateContact('f1', { name: 'Renamed One' });
  const shown = await read({ kind: 'sync', source });
  const other = await read({ kind: 'disconnect', source }, 'bob');
  const { vault } = (await service.books[0]?.opened()) ?? {};
  await vault?.locked(JSON.stringify(['run', book, source]), async () => {
    const locked = { code: 'locked' };
    await expect(firm.applyPreview(shown.id, shown.plan?.hash ?? '', signed('ann'))).rejects.toMatchObject(locked);
    await firm.applyPreview(other.id, other.plan?.hash ?? '', signed('bob'));
  });
  expect((await firm.connection(source)).state).toBe('disconnected');
});

test('a read that failed says why, and one that is dropped ends', async () => {
  const { firm, systems, connectFyi, read } = await hosting();
  await connectFyi();
  systems.fyi.fault(() => Response.json({}, { status: 401 }), 9);
  const failed = await read({ kind: 'sync', source });
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'source_unauthorized' }, plan: null });
  await expect(firm.applyPreview(failed.id, '', signed('ann'))).rejects.toMatchObject({ code: 'plan_invalid' });

  const dropped = await firm.preview({ kind: 'sync', source }, 'ann');
  firm.dropPreview(dropped.id, 'ann');
  expect(() => firm.previewed(dropped.id)).toThrow('There is no such preview any more.');
  await expect(firm.preview({ kind: 'sync', source: 'fyi:other' }, 'ann')).rejects.toMatchObject({
    code: 'not_found',
    message: 'It is not stored how to read fyi:other.',
  });
});

test('who is forgotten is in no preview any more', async () => {
  const { firm, connectFyi, read } = await hosting();
  await connectFyi();
  const shown = await read({ kind: 'disconnect', source });
  const [contact] = (await (await firm.store()).search({ limit: 1 })).contacts;
  await firm.forget(contact?.id ?? '', signed('bob'));
  expect(() => firm.previewed(shown.id)).toThrow('There is no such preview any more.');
  await expect(firm.previewDecisions(shown.id, { limit: 10 })).rejects.toMatchObject({ code: 'not_found' });
});

test('ten previews are kept, each for half an hour', async () => {
  const { firm, clock, connectFyi, read } = await hosting();
  await connectFyi();
  const first = await read({ kind: 'disconnect', source }, 'person 0');
  clock.pass(minute);
  for (let n = 1; n <= 10; n += 1) await read({ kind: 'disconnect', source }, `person ${n}`);
  expect(() => firm.previewed(first.id)).toThrow('There is no such preview any more.');
  const last = await read({ kind: 'disconnect', source }, 'ann');
  // One more of the same by the same person takes its place.
  const again = await read({ kind: 'disconnect', source }, 'ann');
  expect(() => firm.previewed(last.id)).toThrow('There is no such preview any more.');
  clock.pass(30 * minute - 1);
  expect(firm.previewed(again.id).state).toBe('ready');
  clock.pass(1);
  expect(() => firm.previewed(again.id)).toThrow('There is no such preview any more.');
});
