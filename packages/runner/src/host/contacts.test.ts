import type { Connector } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { hosting, signed, stores } from '../../test/hosting.js';

const source = 'fyi:harbour';
const minute = 60_000;
const details = { name: 'New Person', email: 'new@example.com', phone: '0412 345 678' };

async function idOf({ firm }: Awaited<ReturnType<typeof hosting>>, text: string): Promise<string> {
  const { contacts } = await (await firm.store()).search({ text, limit: 1 });
  return contacts[0]?.id ?? '';
}

test.each(stores)('what a person does to a contact is in the history with their name and note (%s)', async (store) => {
  const hosted = await hosting({ store });
  const { firm, connectFyi, events } = hosted;
  await connectFyi();
  events.length = 0;
  const added = await firm.add(details, signed('ann', 'From the phone.'));
  expect(added).toMatchObject({
    run: { kind: 'add', actor: 'ann', why: 'From the phone.', outcome: 'applied', notUndoable: null },
    contact: { name: 'New Person', phone: '+61412345678', recordType: 'manual' },
  });
  expect(events).toEqual([
    { type: 'run', book: 'firm', source: null, run: added.run.id, kind: 'add', outcome: 'applied' },
  ]);
  const id = added.contact?.id ?? '';
  const edited = await firm.edit(id, { name: 'Newer Person' }, signed('ann'));
  expect(edited.contact).toMatchObject({ id, name: 'Newer Person', email: 'new@example.com' });
  await expect(firm.edit(id, { email: 'nobody' }, signed('ann'))).rejects.toMatchObject({ code: 'setting_invalid' });

  const synced = await idOf(hosted, 'Person 7');
  await expect(firm.edit(synced, { name: 'X' }, signed('ann'))).rejects.toMatchObject({ code: 'contact_read_only' });
  expect((await firm.forceManual(synced, signed('ann'))).contact?.forcedManual).toBe(true);
  expect((await firm.edit(synced, { name: 'Mine' }, signed('ann'))).contact?.name).toBe('Mine');
  expect((await firm.release(synced, signed('ann'))).contact?.forcedManual).toBe(false);

  const linked = await firm.link(id, { source, externalId: 'f9' }, signed('ann'));
  expect(linked).toMatchObject({ run: { kind: 'link', source }, contact: { id, link: { source, externalId: 'f9' } } });
  const forgotten = await firm.forget(id, signed('ann', 'Asked for it.'));
  expect(forgotten).toMatchObject({ contact: null, run: { kind: 'forget', actor: 'ann', why: 'Asked for it.' } });
  expect(forgotten.run.notUndoable).toBe(
    `Run ${forgotten.run.id} cannot be undone: who was forgotten is not remembered.`,
  );
  await expect(firm.contact(id)).rejects.toMatchObject({ code: 'not_found' });
});

test('the view of a contact says where it comes from and what can be done with it', async () => {
  const recordUrl: Connector['recordUrl'] = (externalId) => {
    if (externalId === 'f1') return `https://app.example/people/${encodeURIComponent(externalId)}`;
    return externalId === 'f2' ? 'javascript:alert(1)' : null;
  };
  const hosted = await hosting({ changed: (connector) => ({ ...connector, recordUrl }) });
  const { firm, connectFyi } = hosted;
  await connectFyi();
  const first = await firm.contact(await idOf(hosted, 'f1'));
  const { id } = first.contact;
  expect(first.origin).toEqual({
    ...{ source, externalId: 'f1', state: 'connected', connector: 'FYI' },
    url: 'https://app.example/people/f1',
  });
  expect((await firm.contact(await idOf(hosted, 'f2'))).origin?.url).toBeNull();
  expect(first.actions).toEqual({
    edit: {
      allowed: false,
      why: `Contact ${id} is of type contact-sync and cannot be changed here.`,
    },
    'force-manual': { allowed: true, why: null },
    release: { allowed: false, why: 'It is not forced manual.' },
    link: { allowed: true, why: null },
    forget: { allowed: true, why: null },
  });
  const { contact } = await firm.add(details, signed('ann'));
  expect(await firm.contact(contact?.id ?? '')).toMatchObject({
    ...{ origin: null, says: null, open: [] },
    actions: { edit: { allowed: true, why: null }, 'force-manual': { allowed: true } },
  });
});

test('what is refused in a view is refused when it is done', async () => {
  const hosted = await hosting();
  const { firm, connectFyi } = hosted;
  await connectFyi({ kind: 'external' });
  const id = await idOf(hosted, 'f1');
  const { actions } = await firm.contact(id);
  const refused = { code: 'contact_read_only' };
  expect([actions.edit.allowed, actions['force-manual'].allowed, actions.link.allowed]).toEqual([false, false, false]);
  await expect(firm.edit(id, { name: 'X' }, signed('ann'))).rejects.toMatchObject(refused);
  await expect(firm.forceManual(id, signed('ann'))).rejects.toMatchObject(refused);
  await expect(firm.link(id, { source, externalId: 'f2' }, signed('ann'))).rejects.toMatchObject(refused);
});

test('what the source says now is shown beside a contact that a person took over', async () => {
  const hosted = await hosting();
  const { firm, connectFyi, systems, until, clock } = hosted;
  await connectFyi();
  const id = await idOf(hosted, 'f1');
  await firm.forceManual(id, signed('ann'));
  systems.fyi.updateContact('f1', { name: 'Renamed One' });
  clock.pass(10 * minute);
  expect(firm.syncNow(source).allowed).toBe(true);
  await until(clock.now() + minute);
  const { says, open } = await firm.contact(id);
  const { lastRun } = await firm.connection(source);
  expect(says).toEqual({
    details: { name: 'Renamed One', email: 'person1@f.example', phone: null },
    ...{ run: lastRun?.id, at: lastRun?.at },
  });
  expect(open).toEqual([]);
  await firm.edit(id, { name: 'Renamed One' }, signed('ann'));
  expect((await firm.contact(id)).says).toBeNull();
});
