import { describe, expect, test } from 'vitest';
import type { Contact } from './contact.js';
import { planAdd, planDisconnect, planEdit, planForceManual, planLink, planPause, planResume } from './lifecycle.js';
import { memoryStore } from './memory-store.js';
import type { Plan } from './plan.js';
import { planImport } from './plan-import.js';
import { planSync } from './plan-sync.js';
import { planUndo } from './plan-undo.js';
import { defaultPolicy } from './policy.js';
import type { RawRecord } from './source.js';
import type { ContactStore, Run } from './store.js';

const S = 'xpm:t';
const signature = { actor: 'ann', at: '2026-03-01T00:00:00.000Z', why: 'a mistake' };

function contact(id: string, values: Partial<Contact> = {}): Contact {
  return {
    id,
    name: `Person ${id}`,
    email: `p${id}@x.au`,
    phone: null,
    recordType: 'manual',
    forcedManual: false,
    link: null,
    missingSince: null,
    ...values,
  };
}
const linkTo = (externalId: string) => ({ source: S, externalId });
function synced(id: string, values: Partial<Contact> = {}): Contact {
  return contact(id, { recordType: 'contact-sync', link: linkTo(`r${id}`), ...values });
}
function record(id: string, values: Partial<RawRecord> = {}): RawRecord {
  return { externalId: `r${id}`, name: `Person ${id}`, email: `p${id}@x.au`, phone: null, ...values };
}

async function sync(store: ContactStore, ...records: RawRecord[]): Promise<Run> {
  const read = { source: S, tenant: 't', records, unreadable: [], skipped: {}, rows: records.length };
  return store.apply(await planSync(store, { read, policy: defaultPolicy, at: signature.at, actor: 'sync' }));
}

async function undo(store: ContactStore, run: Run): Promise<Run> {
  return store.apply(await planUndo(store, run.id, signature));
}

async function bookOf(store: ContactStore): Promise<Contact[]> {
  const { contacts } = await store.search({ limit: 100 });
  return contacts.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function stateOf(store: ContactStore): Promise<string | undefined> {
  return (await store.head()).connections.find(({ source }) => source === S)?.state;
}

function effects({ decisions }: Plan) {
  return decisions.map(({ reason, externalId, before, after, flags }) => [reason, externalId, before, after, flags]);
}

describe('undo of a sync', () => {
  test('restores contacts and links, takes away what it created, and pauses the connection', async () => {
    const taken = contact('3', { link: { source: 'fyi:gone', externalId: 'a' } });
    const before = [synced('1'), synced('2'), taken];
    const store = memoryStore({ contacts: before });
    // 1 is renamed, 2 is missing, 3 is taken by line 6, and 4 is new.
    const run = await sync(store, record('1', { name: 'New' }), record('3'), record('4'));
    expect(run.counts.reasons).toEqual({ updated: 1, matched_profile: 1, created: 1, missing: 1 });
    const after = await bookOf(store);

    const plan = await planUndo(store, run.id, signature);
    expect(plan).toMatchObject({ kind: 'undo', source: S, base: 1, blocked: [], ...signature });
    expect(plan.counts).toEqual({ rows: 0, reasons: { undone: 4 }, flags: {}, skipped: {} });
    const [one, two, three, four] = after;
    expect(effects(plan)).toEqual([
      ['undone', 'r1', one, before[0], []],
      ['undone', 'r3', three, taken, []],
      ['undone', 'r4', four, null, []],
      ['undone', 'r2', two, before[1], []],
    ]);
    const connection = { source: S, kind: 'contact-sync' };
    expect(plan.connections).toEqual([
      { before: { ...connection, state: 'connected' }, after: { ...connection, state: 'paused' } },
    ]);

    expect(await store.apply(plan)).toMatchObject({ outcome: 'applied', version: 2 });
    expect(await bookOf(store)).toEqual(before);
    // The id of the contact that went away is not given to another.
    expect((await store.head()).newId()).toBe('5');
  });

  test('the first sync of a source stays in its connections, paused', async () => {
    const store = memoryStore();
    await undo(store, await sync(store, record('1')));
    expect(await bookOf(store)).toEqual([]);
    expect(await stateOf(store)).toBe('paused');
  });

  test('a connection that is paused or disconnected already stays so', async () => {
    const store = memoryStore();
    const run = await sync(store, record('1'));
    await store.apply(await planPause(store, S, signature));
    expect((await planUndo(store, run.id, signature)).connections).toEqual([]);
    await store.apply(await planDisconnect(store, S, signature));
    expect((await planUndo(store, run.id, signature)).connections).toEqual([]);
  });

  test('leaves alone and lists what was changed since, by a person or a later run', async () => {
    const store = memoryStore({ contacts: [synced('1'), synced('2'), synced('3')] });
    const run = await sync(store, ...['1', '2', '3', '4', '5'].map((id) => record(id, { name: `Renamed ${id}` })));
    await store.apply(await planForceManual(store, '1', signature));
    await sync(store, record('1', { name: 'Renamed 1' }), record('2', { name: 'Again' }));
    await store.forget('5', signature);
    const [one, two, three, four] = await bookOf(store);

    const plan = await planUndo(store, run.id, signature);
    // 3 and 4 went missing in the second sync, 5 was forgotten and is not spoken of.
    expect(effects(plan)).toEqual([
      ['undone', 'r1', one, one, ['changed_since']],
      ['undone', 'r2', two, two, ['changed_since']],
      ['undone', 'r3', three, three, ['changed_since']],
      ['undone', 'r4', four, four, ['changed_since']],
    ]);
    expect(plan.counts.flags).toEqual({ changed_since: 4 });
    await store.apply(plan);
    expect(await bookOf(store)).toEqual([one, two, three, four]);
  });

  test('of some contacts changed since, the others are restored', async () => {
    const store = memoryStore({ contacts: [synced('1'), synced('2')] });
    const run = await sync(store, record('1', { name: 'New' }), record('2', { name: 'New' }));
    await store.apply(await planForceManual(store, '1', signature));
    await undo(store, run);
    expect(await bookOf(store)).toEqual([synced('1', { name: 'New', forcedManual: true }), synced('2')]);
  });
});

test('undo of an undo does it again, and the connection goes on', async () => {
  const store = memoryStore({ contacts: [synced('1')] });
  const run = await sync(store, record('1', { name: 'New' }), record('2'));
  const after = await bookOf(store);
  const undone = await undo(store, run);
  const again = await undo(store, undone);
  expect(again).toMatchObject({ kind: 'undo', source: S, version: 3, counts: { reasons: { undone: 2 } } });
  expect(await bookOf(store)).toEqual(after);
  expect(await stateOf(store)).toBe('connected');
  // And it can be undone once more.
  await undo(store, again);
  expect(await bookOf(store)).toEqual([synced('1')]);
});

describe('undo of what people do', () => {
  test('of an edit and of an addition', async () => {
    const store = memoryStore({ contacts: [contact('1')] });
    const edit = await store.apply(await planEdit(store, '1', { name: 'Ann' }, 'AU', signature));
    const details = { name: 'Bob', email: 'bob@x.au', phone: null };
    const add = await store.apply(await planAdd(store, details, 'AU', signature));
    const plan = await planUndo(store, edit.id, signature);
    expect(plan).toMatchObject({ source: null, connections: [] });
    await store.apply(plan);
    await undo(store, add);
    expect(await bookOf(store)).toEqual([contact('1')]);
  });

  test('of a disconnect: the contacts are synced and the source connected again', async () => {
    const before = [synced('1'), synced('2', { forcedManual: true })];
    const store = memoryStore({ contacts: before });
    const run = await store.apply(await planDisconnect(store, S, signature));
    await undo(store, run);
    expect(await bookOf(store)).toEqual(before);
    expect(await stateOf(store)).toBe('connected');
  });

  test('of a disconnect after a reconnect: nothing is left to restore', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const run = await store.apply(await planDisconnect(store, S, signature));
    await sync(store, record('1'));
    const plan = await planUndo(store, run.id, signature);
    expect(effects(plan)).toEqual([['undone', 'r1', synced('1'), synced('1'), ['changed_since']]]);
    expect(plan.connections).toEqual([]);
  });

  test('of a pause and a resume, unless the state changed since', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const pause = await store.apply(await planPause(store, S, signature));
    const undone = await undo(store, pause);
    expect(await stateOf(store)).toBe('connected');
    await undo(store, undone);
    expect(await stateOf(store)).toBe('paused');
    const resume = await store.apply(await planResume(store, S, signature));
    await store.apply(await planDisconnect(store, S, signature));
    expect((await planUndo(store, resume.id, signature)).connections).toEqual([]);
  });

  test('of a link by hand: both contacts get their links back', async () => {
    const before = [contact('1'), synced('2')];
    const store = memoryStore({ contacts: before });
    const run = await store.apply(await planLink(store, '1', linkTo('r2'), signature));
    await undo(store, run);
    expect(await bookOf(store)).toEqual(before);
  });

  test('of an import: the contacts and the connection go', async () => {
    const store = memoryStore();
    const run = await store.apply(planImport([synced('1'), contact('2')], { ...signature, base: 0 }));
    const undone = await undo(store, run);
    expect(await bookOf(store)).toEqual([]);
    expect((await store.head()).connections).toEqual([]);
    await undo(store, undone);
    expect(await bookOf(store)).toEqual([synced('1'), contact('2')]);
    expect(await stateOf(store)).toBe('connected');
  });
});

describe('a link that another contact got since', () => {
  test('is not given back: the contact that had it is left as it is', async () => {
    const store = memoryStore({ contacts: [contact('1', { link: linkTo('r1') }), contact('2')] });
    const run = await store.apply(await planLink(store, '1', linkTo('r9'), signature));
    await store.apply(await planLink(store, '2', linkTo('r1'), signature));
    const now = await bookOf(store);
    const [one] = now;
    const plan = await planUndo(store, run.id, signature);
    expect(effects(plan)).toEqual([['undone', 'r9', one, one, ['changed_since']]]);
    await store.apply(plan);
    expect(await bookOf(store)).toEqual(now);
  });

  test('is on an external contact too: that is no hindrance', async () => {
    const external = contact('3', { recordType: 'external', link: linkTo('r1') });
    const store = memoryStore({ contacts: [contact('1', { link: linkTo('r1') }), external] });
    const run = await store.apply(await planLink(store, '1', linkTo('r9'), signature));
    await undo(store, run);
    expect(await bookOf(store)).toEqual([contact('1', { link: linkTo('r1') }), external]);
  });

  test('keeps its holder from giving up its own, which a third one was to get back', async () => {
    // By hand: 2 gives up r2 and takes r1 from 1; then r2 is made anew as 3. Undone, 2 cannot have r2 back, keeps r1,
    // and so 1 cannot have r1 back.
    const before = [synced('1', { name: 'Ann' }), synced('2', { forcedManual: true })];
    const store = memoryStore({ contacts: before });
    const run = await store.apply(await planLink(store, '2', linkTo('r1'), signature));
    await sync(store, record('1'), record('2', { name: 'Somebody new' }));
    const now = await bookOf(store);
    expect(now.map(({ id, link }) => [id, link?.externalId])).toEqual([
      ['1', undefined],
      ['2', 'r1'],
      ['3', 'r2'],
    ]);
    const plan = await planUndo(store, run.id, signature);
    expect(plan.counts).toMatchObject({ reasons: { undone: 2 }, flags: { changed_since: 2 } });
    await store.apply(plan);
    expect(await bookOf(store)).toEqual(now);
  });
});

describe('no contact is synced with a source that is not connected', () => {
  test('what was synced with a source that was disconnected since comes back manual', async () => {
    const store = memoryStore({ contacts: [synced('1'), contact('2')] });
    const run = await store.apply(await planLink(store, '2', linkTo('r1'), signature));
    await store.apply(await planDisconnect(store, S, signature));
    await undo(store, run);
    expect(await bookOf(store)).toEqual([synced('1', { recordType: 'manual' }), contact('2')]);
  });

  test('the same for a contact that an undo had taken away', async () => {
    const store = memoryStore();
    const undone = await undo(store, await sync(store, record('1')));
    await store.apply(await planDisconnect(store, S, signature));
    await undo(store, undone);
    expect(await bookOf(store)).toEqual([synced('1', { recordType: 'manual' })]);
    expect(await stateOf(store)).toBe('disconnected');
  });

  test('a connection stays while contacts that are left alone are synced with it', async () => {
    const store = memoryStore();
    const run = await store.apply(planImport([synced('1'), synced('2')], { ...signature, base: 0 }));
    await sync(store, record('1'), record('2', { name: 'New' }));
    const plan = await planUndo(store, run.id, signature);
    expect(plan.connections).toEqual([]);
    await store.apply(plan);
    expect(await bookOf(store)).toEqual([synced('2', { name: 'New' })]);
    expect(await stateOf(store)).toBe('connected');
  });
});

describe('a disconnect that was undone, and is done again by undoing that', () => {
  test('takes effect where nobody else is synced', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const back = await undo(store, await store.apply(await planDisconnect(store, S, signature)));
    await undo(store, back);
    expect(await bookOf(store)).toEqual([synced('1', { recordType: 'manual' })]);
    expect(await stateOf(store)).toBe('disconnected');
  });

  test('leaves the connection while somebody who came since is synced with it', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const back = await undo(store, await store.apply(await planDisconnect(store, S, signature)));
    await sync(store, record('1'), record('2'));
    await undo(store, back);
    expect(await bookOf(store)).toEqual([synced('1', { recordType: 'manual' }), synced('2')]);
    expect(await stateOf(store)).toBe('connected');
  });
});

describe('what cannot be undone', () => {
  const hint = 'See the runs with: contact-sync runs';

  test('a run that wrote nothing', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const unchanged = await sync(store, record('1'));
    const read = { source: S, tenant: 'another', records: [record('2')], unreadable: [], skipped: {}, rows: 1 };
    const plan = await planSync(store, { read, policy: defaultPolicy, at: signature.at, actor: 'sync' });
    const blocked = await store.record(plan, { outcome: 'blocked' });
    const error = { code: 'source_timeout', message: 'too slow' };
    const failed = await store.record(plan, { outcome: 'failed', error });
    for (const { id, outcome } of [unchanged, blocked, failed]) {
      await expect(planUndo(store, id, signature)).rejects.toMatchObject({
        code: 'not_found',
        message: `Run ${id} cannot be undone: it wrote nothing, it is ${outcome}.`,
        hint,
      });
    }
  });

  test('a run that is not there, that forgot somebody, or whose details are gone', async () => {
    const store = memoryStore({ contacts: [contact('1')] });
    await expect(planUndo(store, '9', signature)).rejects.toMatchObject({ code: 'not_found' });
    const edit = await store.apply(await planEdit(store, '1', { name: 'Ann' }, 'AU', signature));
    await store.purge('2026-04-01T00:00:00.000Z');
    await expect(planUndo(store, edit.id, signature)).rejects.toMatchObject({
      code: 'not_found',
      message: `Run ${edit.id} cannot be undone: its details are older than the book keeps them.`,
      hint,
    });
    const { id } = await store.forget('1', signature);
    await expect(planUndo(store, id, signature)).rejects.toMatchObject({
      code: 'not_found',
      message: `Run ${id} cannot be undone: who was forgotten is not remembered.`,
      hint,
    });
  });

  test('a plan for a book that moved on', async () => {
    const store = memoryStore({ contacts: [contact('1'), contact('2')] });
    const run = await store.apply(await planEdit(store, '1', { name: 'Ann' }, 'AU', signature));
    const plan = await planUndo(store, run.id, signature);
    await store.apply(await planEdit(store, '2', { name: 'Bob' }, 'AU', signature));
    await expect(store.apply(plan)).rejects.toMatchObject({ code: 'store_conflict' });
  });
});
