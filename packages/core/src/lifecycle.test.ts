import { describe, expect, test } from 'vitest';
import type { Connection } from './connection.js';
import type { Contact } from './contact.js';
import {
  planAdd,
  planApproveHeld,
  planDisconnect,
  planEdit,
  planForceManual,
  planLink,
  planPause,
  planRelease,
  planResume,
} from './lifecycle.js';
import { memoryStore } from './memory-store.js';
import { type Plan, planOf } from './plan.js';
import { planSync } from './plan-sync.js';
import { defaultPolicy } from './policy.js';
import type { Read } from './read.js';
import type { RawRecord } from './source.js';
import type { ContactStore } from './store.js';

const S = 'xpm:t';
const T = 'fyi:u';
const signature = { actor: 'ann', at: '2026-03-01T00:00:00.000Z', why: 'she asked' };

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
function synced(id: string, values: Partial<Contact> = {}): Contact {
  return contact(id, { recordType: 'contact-sync', link: { source: S, externalId: `r${id}` }, ...values });
}

function record(id: string, values: Partial<RawRecord> = {}): RawRecord {
  return { externalId: `r${id}`, name: `Person ${id}`, email: `p${id}@x.au`, phone: null, ...values };
}

function readOf(...records: RawRecord[]): Read {
  return { source: S, tenant: 't', records, unreadable: [], skipped: {}, rows: records.length };
}

async function sync(store: ContactStore, records: RawRecord[], identityChange: 'flag' | 'hold' = 'hold') {
  const policy = { ...defaultPolicy, identityChange };
  const plan = await planSync(store, { read: readOf(...records), policy, at: signature.at, actor: 'sync' });
  return await store.apply(plan);
}

async function stateOf(store: ContactStore, source: string): Promise<Connection['state'] | undefined> {
  return (await store.head()).connections.find((connection) => connection.source === source)?.state;
}

async function contactOf(store: ContactStore, id: string): Promise<Contact | undefined> {
  return (await store.find({ ids: [id] }))[0];
}

/** Reason, external id, before and after of each decision; what else a decision holds is nothing here. */
function effects({ decisions }: Plan) {
  for (const { flags, says, faults, note } of decisions)
    expect({ flags, says, faults, note }).toEqual({ flags: [], says: null, faults: [], note: null });
  return decisions.map(({ reason, externalId, before, after }) => [reason, externalId, before, after]);
}

describe('disconnect', () => {
  test('synced contacts of the source become manual; link, flag and missing mark stay, others are not touched', async () => {
    const plain = synced('1');
    const forced = synced('2', { forcedManual: true });
    const missing = synced('3', { missingSince: '2026-01-01T00:00:00.000Z' });
    const other = synced('4', { link: { source: T, externalId: 'r4' } });
    const manual = contact('5', { link: { source: S, externalId: 'r5' } });
    const external = contact('6', { recordType: 'external', link: { source: S, externalId: 'r6' } });
    const store = memoryStore({ contacts: [plain, forced, missing, other, manual, external] });

    const plan = await planDisconnect(store, S, signature);
    expect(plan).toMatchObject({ kind: 'disconnect', source: S, base: 0, blocked: [], ...signature });
    expect(plan.counts).toEqual({ rows: 0, reasons: { disconnected: 3 }, flags: {}, skipped: {} });
    expect(effects(plan)).toEqual([
      ['disconnected', 'r1', plain, { ...plain, recordType: 'manual' }],
      ['disconnected', 'r2', forced, { ...forced, recordType: 'manual' }],
      ['disconnected', 'r3', missing, { ...missing, recordType: 'manual' }],
    ]);
    const connection = { source: S, kind: 'contact-sync', state: 'connected' };
    expect(plan.connections).toEqual([{ before: connection, after: { ...connection, state: 'disconnected' } }]);

    const run = await store.apply(plan);
    expect(run).toMatchObject({ outcome: 'applied', version: 1, actor: 'ann', why: 'she asked' });
    expect(await contactOf(store, '4')).toEqual(other);
    expect(await stateOf(store, S)).toBe('disconnected');
    expect(await stateOf(store, T)).toBe('connected');
  });

  test('a source without contacts can be disconnected, and a paused one', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    await store.apply(await planPause(store, S, signature));
    const plan = await planDisconnect(store, S, signature);
    expect(plan.connections[0]?.before?.state).toBe('paused');
    await store.apply(plan);
    expect(await stateOf(store, S)).toBe('disconnected');

    await sync(store, []);
    expect(await stateOf(store, S)).toBe('connected');
    expect((await planDisconnect(store, S, signature)).decisions).toEqual([]);
  });

  test('a source that is not connected, or not any more, is refused', async () => {
    const store = memoryStore({ contacts: [synced('1'), synced('2', { link: { source: T, externalId: 'a' } })] });
    await expect(planDisconnect(store, 'bgl:x', signature)).rejects.toMatchObject({
      code: 'not_found',
      message: 'The book is not connected to bgl:x.',
      hint: 'Its connections: xpm:t, fyi:u.',
    });
    await expect(planDisconnect(memoryStore(), S, signature)).rejects.toMatchObject({ hint: 'Its connections: none.' });
    await store.apply(await planDisconnect(store, S, signature));
    await expect(planDisconnect(store, S, signature)).rejects.toMatchObject({
      code: 'not_found',
      message: 'xpm:t is disconnected already.',
    });
  });

  test('reconnecting finds the contacts by their links, and makes no twin', async () => {
    const store = memoryStore({ contacts: [synced('1'), synced('2', { forcedManual: true })] });
    await store.apply(await planDisconnect(store, S, signature));
    const run = await sync(store, [record('1'), record('2', { name: 'Else' })]);
    expect(run.counts.reasons).toEqual({ relinked: 1, relinked_forced_manual: 1 });
    expect(run.connections.map(({ before, after }) => [before?.state, after?.state])).toEqual([
      ['disconnected', 'connected'],
    ]);
    expect(await contactOf(store, '1')).toEqual(synced('1'));
    expect(await contactOf(store, '2')).toEqual(synced('2', { forcedManual: true }));
    expect(await contactOf(store, '3')).toBeUndefined();
  });
});

describe('pause and resume', () => {
  test('change the state of the connection and nothing else', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const connected = { source: S, kind: 'contact-sync', state: 'connected' };
    const paused = { ...connected, state: 'paused' };
    const pause = await planPause(store, S, signature);
    expect(pause).toMatchObject({ kind: 'pause', source: S, base: 0, decisions: [], ...signature });
    expect(pause.connections).toEqual([{ before: connected, after: paused }]);
    expect(await store.apply(pause)).toMatchObject({ outcome: 'applied', version: 1 });

    const resume = await planResume(store, S, signature);
    expect(resume).toMatchObject({ kind: 'resume', base: 1, decisions: [] });
    expect(resume.connections).toEqual([{ before: paused, after: connected }]);
    await store.apply(resume);
    expect(await stateOf(store, S)).toBe('connected');
    expect(await contactOf(store, '1')).toEqual(synced('1'));
  });

  test('are refused where there is nothing to do', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const refusal = (message: string) => ({ code: 'not_found', message });
    await expect(planResume(store, S, signature)).rejects.toMatchObject(
      refusal('xpm:t is connected, so there is nothing to resume.'),
    );
    await store.apply(await planPause(store, S, signature));
    await expect(planPause(store, S, signature)).rejects.toMatchObject(
      refusal('xpm:t is paused, so there is nothing to pause.'),
    );
    await store.apply(await planDisconnect(store, S, signature));
    for (const plan of [planPause, planResume]) {
      await expect(plan(store, S, signature)).rejects.toMatchObject({ code: 'not_found' });
      await expect(plan(store, 'bgl:x', signature)).rejects.toMatchObject(
        refusal('The book is not connected to bgl:x.'),
      );
    }
  });

  test('the contacts of a paused source are not free for another one', async () => {
    const ann = synced('1', { recordType: 'manual', name: 'Ann', email: 'ann@x.au' });
    const store = memoryStore({ contacts: [ann, synced('2')] });
    await store.apply(await planPause(store, S, signature));
    const read: Read = { ...readOf(record('9', { name: 'Ann', email: 'ann@x.au' })), source: T, tenant: 'u' };
    const plan = () => planSync(store, { read, policy: defaultPolicy, at: signature.at, actor: 'sync' });
    expect((await plan()).counts.reasons).toEqual({ created_partial_match: 1 });
    await store.apply(await planDisconnect(store, S, signature));
    expect((await plan()).counts.reasons).toEqual({ matched_profile: 1 });
  });
});

describe('force manual and release', () => {
  test('set and clear the flag', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const force = await planForceManual(store, '1', signature);
    expect(force).toMatchObject({ kind: 'force-manual', source: null, connections: [], ...signature });
    expect(effects(force)).toEqual([['forced_manual', 'r1', synced('1'), synced('1', { forcedManual: true })]]);
    await store.apply(force);
    expect((await sync(store, [record('1', { name: 'New' })])).outcome).toBe('unchanged');

    const release = await planRelease(store, '1', signature);
    expect(release).toMatchObject({ kind: 'release', source: null, connections: [] });
    expect(effects(release)).toEqual([['released', 'r1', synced('1', { forcedManual: true }), synced('1')]]);
    await store.apply(release);
    // "after a release the next sync makes the contact equal to its source again"
    expect((await sync(store, [record('1', { name: 'New' })])).counts.reasons).toEqual({ updated: 1 });
    expect(await contactOf(store, '1')).toEqual(synced('1', { name: 'New' }));
  });

  test('a manual contact has no external id to speak of', async () => {
    const store = memoryStore({ contacts: [contact('1')] });
    expect(effects(await planForceManual(store, '1', signature))).toEqual([
      ['forced_manual', null, contact('1'), contact('1', { forcedManual: true })],
    ]);
  });

  test('who is forced already, or not forced, stays as it is', async () => {
    const store = memoryStore({ contacts: [contact('1', { forcedManual: true }), contact('2')] });
    expect(await store.apply(await planForceManual(store, '1', signature))).toMatchObject({
      outcome: 'unchanged',
      version: 0,
    });
    expect(await store.apply(await planRelease(store, '2', signature))).toMatchObject({ outcome: 'unchanged' });
  });

  test('are refused for nobody, and taking over for an external contact', async () => {
    const store = memoryStore({ contacts: [contact('1', { recordType: 'external' })] });
    await expect(planForceManual(store, '1', signature)).rejects.toMatchObject({
      code: 'contact_read_only',
      message: 'Contact 1 is of type external and cannot be changed here.',
      hint: 'External contacts belong to the integration that made them.',
    });
    for (const plan of [planForceManual, planRelease]) {
      await expect(plan(store, '9', signature)).rejects.toMatchObject({
        code: 'not_found',
        message: 'The book has no contact 9.',
        hint: 'See them with: contact-sync contacts list',
      });
    }
  });
});

describe('edit', () => {
  test('what a person typed is made canonical', async () => {
    const store = memoryStore({ contacts: [contact('1')] });
    const plan = await planEdit(store, '1', { name: '  Ann   Lee ', phone: '0400 000 001' }, 'AU', signature);
    expect(plan).toMatchObject({ kind: 'edit', source: null, connections: [], ...signature });
    expect(effects(plan)).toEqual([
      ['edited', null, contact('1'), contact('1', { name: 'Ann Lee', phone: '+61400000001' })],
    ]);
    await store.apply(plan);
    // The region is that of the book.
    const inNewZealand = await planEdit(store, '1', { phone: '021 123 4567' }, 'NZ', signature);
    expect(inNewZealand.decisions[0]?.after?.phone).toBe('+64211234567');
    const cleared = await planEdit(store, '1', { phone: null }, 'AU', signature);
    expect(cleared.decisions[0]?.after).toEqual(contact('1', { name: 'Ann Lee' }));
  });

  test('is for manual and forced-manual contacts', async () => {
    const forced = synced('1', { forcedManual: true });
    const store = memoryStore({ contacts: [forced, synced('2'), contact('3', { recordType: 'external' })] });
    const plan = await planEdit(store, '1', { name: 'Ann' }, 'AU', signature);
    expect(effects(plan)).toEqual([['edited', 'r1', forced, { ...forced, name: 'Ann' }]]);
    await expect(planEdit(store, '2', { name: 'Ann' }, 'AU', signature)).rejects.toMatchObject({
      code: 'contact_read_only',
      message: 'Contact 2 is of type contact-sync and cannot be changed here.',
      hint: 'Change it in its source, or take it over first: contact-sync contacts force-manual 2',
    });
    await expect(planEdit(store, '3', { name: 'Ann' }, 'AU', signature)).rejects.toMatchObject({
      code: 'contact_read_only',
      hint: 'External contacts belong to the integration that made them.',
    });
    await expect(planEdit(store, '9', {}, 'AU', signature)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is held to what a record is held to', async () => {
    const store = memoryStore({ contacts: [contact('1')] });
    const faults = [
      [{ name: ' ' }, 'There is no name.'],
      [{ name: 'n'.repeat(201) }, 'The name is longer than 200 characters.'],
      [{ email: '' }, 'There is no email address.'],
      [{ email: 'a@x.au, b@x.au' }, 'The email field holds several addresses.'],
      [{ email: 'ann' }, 'The email field holds no valid address.'],
      [{ phone: '12' }, 'The phone number is not valid.'],
      [{ phone: ' call  me ' }, 'The phone number is not valid.'],
      [{ name: '', phone: '0400 000' }, 'There is no name. The phone number is not valid.'],
    ] as const;
    for (const [changes, message] of faults) {
      await expect(planEdit(store, '1', changes, 'AU', signature)).rejects.toMatchObject({
        code: 'setting_invalid',
        message,
        hint: 'Nothing was written. Correct it and try again.',
      });
    }
  });

  test('a phone that the contact had already may stay, though it is not valid', async () => {
    const store = memoryStore({ contacts: [contact('1', { phone: 'call me' })] });
    const plan = await planEdit(store, '1', { name: 'Ann' }, 'AU', signature);
    expect(plan.decisions[0]?.after).toEqual(contact('1', { name: 'Ann', phone: 'call me' }));
    await expect(planEdit(store, '1', { phone: 'call us' }, 'AU', signature)).rejects.toMatchObject({
      code: 'setting_invalid',
    });
  });
});

describe('add', () => {
  test('makes a manual contact with the next id', async () => {
    const store = memoryStore({ contacts: [contact('7')] });
    const details = { name: ' Ann', email: 'ann@x.au', phone: '(02) 9374 4000' };
    const plan = await planAdd(store, details, 'AU', signature);
    expect(plan).toMatchObject({ kind: 'add', source: null, connections: [], ...signature });
    const ann = contact('8', { name: 'Ann', email: 'ann@x.au', phone: '+61293744000' });
    expect(effects(plan)).toEqual([['added', null, null, ann]]);
    await store.apply(plan);
    expect(await contactOf(store, '8')).toEqual(ann);
  });

  test('is held to what a record is held to', async () => {
    const store = memoryStore();
    const details = { name: 'Ann', email: 'ann@x.au', phone: null };
    await expect(planAdd(store, { ...details, phone: '12' }, 'AU', signature)).rejects.toMatchObject({
      code: 'setting_invalid',
      message: 'The phone number is not valid.',
    });
    await expect(planAdd(store, { ...details, email: 'a b' }, 'AU', signature)).rejects.toMatchObject({
      code: 'setting_invalid',
    });
  });
});

describe('link by hand', () => {
  test('a manual contact gets the link, and the next sync takes it up', async () => {
    const store = memoryStore({ contacts: [contact('1'), synced('2')] });
    const plan = await planLink(store, '1', { source: S, externalId: 'r9' }, signature);
    expect(plan).toMatchObject({ kind: 'link', source: S, connections: [], ...signature });
    expect(effects(plan)).toEqual([
      ['linked_by_hand', 'r9', contact('1'), contact('1', { link: { source: S, externalId: 'r9' } })],
    ]);
    await store.apply(plan);
    const run = await sync(store, [record('9'), record('2')], 'flag');
    expect(run.counts.reasons).toEqual({ relinked_updated: 1, unchanged: 1 });
    const taken = contact('1', { name: 'Person 9', email: 'p9@x.au', recordType: 'contact-sync' });
    expect(await contactOf(store, '1')).toEqual({ ...taken, link: { source: S, externalId: 'r9' } });
  });

  test('the contact that had the link becomes manual and unlinked; so a twin of a missing contact is settled', async () => {
    const old = synced('1', { missingSince: '2026-01-01T00:00:00.000Z' });
    const twin = synced('2', { name: 'Person 1', email: 'p1@x.au' });
    const store = memoryStore({ contacts: [old, twin] });
    const plan = await planLink(store, '1', { source: S, externalId: 'r2' }, signature);
    const linked = synced('1', { link: { source: S, externalId: 'r2' } });
    expect(effects(plan)).toEqual([
      ['linked_by_hand', 'r2', old, linked],
      ['unlinked_by_hand', null, twin, { ...twin, recordType: 'manual', link: null }],
    ]);
    await store.apply(plan);
    const run = await sync(store, [record('2', { name: 'Person 1', email: 'p1@x.au' })]);
    expect(run).toMatchObject({ outcome: 'unchanged', counts: { reasons: { unchanged: 1 } } });
  });

  test('a contact that was synced with another source is manual until this one takes it up', async () => {
    const of = synced('1', { link: { source: T, externalId: 'a' }, forcedManual: true });
    const store = memoryStore({ contacts: [of, synced('2')] });
    const plan = await planLink(store, '1', { source: S, externalId: 'r1' }, signature);
    expect(effects(plan)).toEqual([
      ['linked_by_hand', 'r1', of, { ...of, recordType: 'manual', link: { source: S, externalId: 'r1' } }],
    ]);
  });

  test('external contacts keep their links, and are not linked', async () => {
    const external = contact('1', { recordType: 'external', link: { source: S, externalId: 'r9' } });
    const store = memoryStore({ contacts: [external, contact('2'), synced('3')] });
    expect((await planLink(store, '2', { source: S, externalId: 'r9' }, signature)).decisions).toHaveLength(1);
    await expect(planLink(store, '1', { source: S, externalId: 'x' }, signature)).rejects.toMatchObject({
      code: 'contact_read_only',
      hint: 'External contacts belong to the integration that made them.',
    });
    await expect(planLink(store, '9', { source: S, externalId: 'x' }, signature)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a record without an id, or of a source that the book does not know, is refused', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    for (const externalId of ['', '  ']) {
      await expect(planLink(store, '1', { source: S, externalId }, signature)).rejects.toMatchObject({
        code: 'not_found',
        message: 'No record has an empty id.',
      });
    }
    await expect(planLink(store, '1', { source: 'xmp:t', externalId: 'r1' }, signature)).rejects.toMatchObject({
      code: 'not_found',
      message: 'The book is not connected to xmp:t.',
      hint: `Its connections: ${S}.`,
    });
  });

  test('a link that the contact has already changes nothing', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const plan = await planLink(store, '1', { source: S, externalId: 'r1' }, signature);
    expect(effects(plan)).toEqual([['linked_by_hand', 'r1', synced('1'), synced('1')]]);
    expect((await store.apply(plan)).outcome).toBe('unchanged');
  });
});

describe('approving a held record', () => {
  const else1 = record('1', { name: 'Bob Ray', email: 'bob@x.au', phone: '0400 000 001' });
  const details = { name: 'Bob Ray', email: 'bob@x.au', phone: '+61400000001' };

  test('applies exactly what was held', async () => {
    const since = synced('1', { missingSince: '2026-01-01T00:00:00.000Z' });
    const store = memoryStore({ contacts: [since] });
    const run = await sync(store, [else1]);
    expect(run).toMatchObject({ outcome: 'unchanged', counts: { reasons: { held_identity_change: 1 } } });

    const plan = await planApproveHeld(store, run.id, 'r1', signature);
    expect(plan).toMatchObject({ kind: 'approve', source: S, connections: [], ...signature });
    expect(effects(plan)).toEqual([['approved', 'r1', since, synced('1', details)]]);
    await store.apply(plan);
    expect((await sync(store, [else1])).counts.reasons).toEqual({ unchanged: 1 });
  });

  test('a manual contact held at a reconnect becomes synced', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    await store.apply(await planDisconnect(store, S, signature));
    const run = await sync(store, [else1]);
    const plan = await planApproveHeld(store, run.id, 'r1', signature);
    expect(plan.decisions[0]?.after).toEqual(synced('1', details));
    // Disconnected again, nothing of it may be synced.
    await store.apply(await planDisconnect(store, S, signature));
    await expect(planApproveHeld(store, run.id, 'r1', signature)).rejects.toMatchObject({
      code: 'plan_invalid',
      message: 'The source of contact 1 is not connected any more.',
    });
  });

  test('that another source was disconnected is no hindrance, and that it is connected is no help', async () => {
    const other = synced('2', { link: { source: T, externalId: 'a' } });
    const store = memoryStore({ contacts: [other, synced('1')] });
    await store.apply(await planDisconnect(store, T, signature));
    const run = await sync(store, [else1]);
    expect((await planApproveHeld(store, run.id, 'r1', signature)).decisions).toHaveLength(1);

    const reversed = memoryStore({ contacts: [other, synced('1', { recordType: 'manual' })] });
    const again = await sync(reversed, [else1]);
    await reversed.apply(await planDisconnect(reversed, S, signature));
    await expect(planApproveHeld(reversed, again.id, 'r1', signature)).rejects.toMatchObject({ code: 'plan_invalid' });
  });

  test('a phone that was dropped stays dropped', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const run = await sync(store, [{ ...else1, phone: '12' }]);
    const plan = await planApproveHeld(store, run.id, 'r1', signature);
    expect(plan.decisions[0]?.after).toEqual(synced('1', { ...details, phone: null }));
  });

  test('a contact that changed since is left alone', async () => {
    const changes: ((store: ContactStore) => Promise<Plan>)[] = [
      (store) => planForceManual(store, '1', signature),
      (store) => planDisconnect(store, S, signature),
      (store) => planLink(store, '2', { source: S, externalId: 'r1' }, signature),
      async (store) => {
        const read = readOf(record('2'));
        return planSync(store, { read, policy: defaultPolicy, at: signature.at, actor: 'sync' });
      },
    ];
    for (const change of changes) {
      const store = memoryStore({ contacts: [synced('1'), contact('2')] });
      const run = await sync(store, [else1]);
      await store.apply(await change(store));
      await expect(planApproveHeld(store, run.id, 'r1', signature)).rejects.toMatchObject({
        code: 'plan_invalid',
        message: `Contact 1 changed since run ${run.id} held its record.`,
        hint: 'Nothing was written. Sync again, and look at what is held then.',
      });
    }
  });

  test('approved once, it cannot be approved again', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const run = await sync(store, [else1]);
    await store.apply(await planApproveHeld(store, run.id, 'r1', signature));
    await expect(planApproveHeld(store, run.id, 'r1', signature)).rejects.toMatchObject({ code: 'plan_invalid' });
  });

  test('what is not held, or in no run, is not found', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const run = await sync(store, [else1]);
    for (const externalId of ['r2', '']) {
      await expect(planApproveHeld(store, run.id, externalId, signature)).rejects.toMatchObject({
        code: 'not_found',
        message: `Run ${run.id} holds no record ${externalId}.`,
        hint: `See what it holds with: contact-sync runs show ${run.id}`,
      });
    }
    await expect(planApproveHeld(store, '99', 'r1', signature)).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no run 99 in this book.',
    });
  });

  test('a run that a guard stopped is approved as a whole, and not record by record', async () => {
    const store = memoryStore({ contacts: [synced('1')] });
    const policy = { ...defaultPolicy, identityChange: 'hold' } as const;
    const read = { ...readOf(else1), tenant: 'another' };
    const plan = await planSync(store, { read, policy, at: signature.at, actor: 'sync' });
    expect(plan.blocked.map(({ guard }) => guard)).toEqual(['tenant_changed']);
    const run = await store.record(plan, { outcome: 'blocked' });
    await expect(planApproveHeld(store, run.id, 'r1', signature)).rejects.toMatchObject({
      code: 'plan_invalid',
      message: `Run ${run.id} wrote nothing, it is blocked.`,
    });
  });
});

test('a plan for a book that moved on is refused', async () => {
  const connection: Connection = { source: T, kind: 'contact-sync', state: 'connected' };
  const makers: ((store: ContactStore) => Promise<Plan>)[] = [
    (store) => planDisconnect(store, S, signature),
    (store) => planPause(store, S, signature),
    (store) => planForceManual(store, '1', signature),
    (store) => planEdit(store, '2', { name: 'Ann' }, 'AU', signature),
    (store) => planAdd(store, { name: 'Ann', email: 'ann@x.au', phone: null }, 'AU', signature),
    (store) => planLink(store, '2', { source: S, externalId: 'r1' }, signature),
  ];
  for (const make of makers) {
    const store = memoryStore({ contacts: [synced('1'), contact('2')] });
    const plan = await make(store);
    const about = { kind: 'import', source: null, base: 0, ...signature } as const;
    await store.apply(planOf(about, [], [{ before: null, after: connection }]));
    await expect(store.apply(plan)).rejects.toMatchObject({ code: 'store_conflict' });
    await store.apply(await make(store));
  }
});
