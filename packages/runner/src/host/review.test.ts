import { expect, test } from 'vitest';
import { hosting, signed, stores } from '../../test/hosting.js';

const source = 'fyi:harbour';
const minute = 60_000;

async function waiting(store?: (typeof stores)[number]) {
  const hosted = await hosting(store === undefined ? {} : { store });
  const { firm, systems, connectFyi, clock, until } = hosted;
  await connectFyi({ policy: { identityChange: 'hold' } });
  systems.fyi.updateContact('f1', { name: 'Somebody Else', email: 'else@f.example' });
  systems.fyi.updateContact('f2', { name: 'Another One', email: 'person3@f.example' });
  systems.fyi.updateContact('f4', { email: 'nobody' });
  clock.pass(10 * minute);
  firm.syncNow(source);
  await until(clock.now() + minute);
  return hosted;
}

test.each(stores)('held and rejected records wait for a person, with whom they may be about (%s)', async (store) => {
  const { firm } = await waiting(store);
  // Its email holds another's.
  await firm.add({ name: 'No Candidate', email: 'big.person3@f.example', phone: null }, signed('ann'));
  const all = await firm.review({ limit: 10 });
  expect(all.counts).toEqual({ held: 2, rejected: 1 });
  expect(all.next).toBeNull();
  const shown = all.items.map(({ decision, candidates, actions }) => ({
    reason: decision.reason,
    record: decision.externalId,
    candidates: candidates.map(({ name }) => name),
    actions,
  }));
  expect(shown).toContainEqual({
    ...{ reason: 'held_identity_change', record: 'f1', candidates: ['Person 1'], actions: ['approve'] },
  });
  // Person 3 has the email that the record of person 2 has now.
  expect(shown).toContainEqual({
    ...{ reason: 'held_identity_change', record: 'f2', candidates: ['Person 2', 'Person 3'] },
    actions: ['approve', 'link'],
  });
  expect(shown).toContainEqual({
    ...{ reason: 'rejected_email_invalid', record: 'f4', candidates: ['Person 4'], actions: [] },
  });
  const { lastRun } = await firm.connection(source);
  expect(new Set(all.items.map(({ run }) => run))).toEqual(new Set([lastRun?.id]));
  const rejected = await firm.review({ limit: 10, kind: 'rejected', source });
  expect(rejected.items).toHaveLength(1);
  expect(rejected.items[0]?.decision.hint).toBe('Correct it in the source; the next sync takes it up.');
  expect((await firm.review({ limit: 10, source: 'fyi:other' })).items).toEqual([]);

  const pages = await firm.review({ limit: 2 });
  expect(pages.next).not.toBeNull();
  const rest = await firm.review({ limit: 2, after: pages.next ?? '' });
  expect([...pages.items, ...rest.items]).toEqual(all.items);
  await expect(firm.review({ limit: 2, after: 'x' })).rejects.toMatchObject({ code: 'usage' });
});

test.each(stores)('a held record that a person approves waits no more (%s)', async (store) => {
  const { firm } = await waiting(store);
  const { items } = await firm.review({ limit: 10, kind: 'held' });
  const run = items[0]?.run ?? '';
  const { contacts } = await (await firm.store()).search({ text: 'Person 1', limit: 1 });
  const id = contacts[0]?.id ?? '';
  expect((await firm.contact(id)).open).toMatchObject([{ run, decision: { reason: 'held_identity_change' } }]);
  const done = await firm.approveHeld(run, 'f1', signed('ann', 'It is her sister.'));
  expect(done).toMatchObject({
    run: { kind: 'approve', actor: 'ann', why: 'It is her sister.' },
    contact: { id, name: 'Somebody Else', email: 'else@f.example' },
  });
  expect((await firm.review({ limit: 10 })).counts).toEqual({ held: 1, rejected: 1 });
  expect((await firm.contact(id)).open).toEqual([]);
});

test('who was forgotten is in no review', async () => {
  const { firm } = await waiting();
  expect(JSON.stringify(await firm.review({ limit: 10 }))).toContain('Person 4');
  const { contacts } = await (await firm.store()).search({ text: 'Person 4', limit: 1 });
  await firm.forget(contacts[0]?.id ?? '', signed('ann'));
  const { items, counts } = await firm.review({ limit: 10 });
  expect(JSON.stringify(items)).not.toContain('Person 4');
  expect(counts).toEqual({ held: 2, rejected: 0 });
});

test('decisions of a run are read in pages, of one reason or all', async () => {
  const { firm } = await waiting();
  const id = (await firm.connection(source)).lastRun?.id ?? '';
  const groups = (await firm.run(id)).groups.map(({ reason, listed, counted }) => [reason, listed, counted]);
  expect(groups).toEqual([
    ['rejected_email_invalid', 1, 1],
    ['unchanged', 0, 17],
    ['held_identity_change', 2, 2],
  ]);
  const first = await firm.decisions(id, { limit: 1, reason: 'held_identity_change' });
  expect([first.decisions.length, first.next]).toEqual([1, '1']);
  const second = await firm.decisions(id, { limit: 1, reason: 'held_identity_change', after: first.next ?? '' });
  expect([second.decisions.length, second.next]).toEqual([1, null]);
  expect((await firm.decisions(id, { limit: 10 })).decisions).toHaveLength(3);
  await expect(firm.decisions('none', { limit: 10 })).rejects.toMatchObject({ code: 'not_found' });
});
