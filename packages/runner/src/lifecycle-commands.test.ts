import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from '@contact-sync/connector-xpm/mock';
import type { Contact, RawRecord, ServedMock } from '@contact-sync/core';
import { sqliteVault } from '@contact-sync/storage-sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testTerminal } from '../test/test-terminal.js';
import { main } from './main.js';
import type { Terminal } from './terminal.js';

let folder: string;
let served: ServedMock[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
});
afterEach(async () => {
  await Promise.all(served.map((server) => server.close()));
  served = [];
  await rm(folder, { recursive: true, force: true });
});

const store = ['--store', 'sqlite:contacts.db'];

async function run(args: readonly string[], given: Partial<Terminal> = {}) {
  const terminal = testTerminal({ cwd: folder, width: 200, ...given });
  const code = await main([...args, ...store], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

async function json(args: readonly string[], given: Partial<Terminal> = {}) {
  const { code, out, err } = await run([...args, '--json'], given);
  return { code, err, value: JSON.parse(out) };
}

/** A sync of a fake that holds these records. */
async function sync(records: readonly RawRecord[], ...more: string[]) {
  const server = await mock.serve({ records });
  served.push(server);
  const { tenantId, baseUrl } = server.settings;
  const args = ['sync', '--from', 'xpm', '--set', `tenantId=${tenantId}`, '--set', `baseUrl=${baseUrl}`, ...more];
  return { source: `xpm:${tenantId}`, ...(await json(args, { env: server.env })) };
}

async function book(): Promise<Contact[]> {
  return (await json(['contacts', 'list'])).value.contacts;
}

function person(externalId: string, name: string): RawRecord {
  return { externalId, name, email: `${name.toLowerCase()}@x.com`, phone: null };
}

const people = ['Ann', 'Bob', 'Cid', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jay'].map((name) => person(name, name));

test('disconnect makes contacts manual, and the next sync finds them by their links again', async () => {
  const { source } = await sync(people);
  const before = await book();
  const dry = await run(['disconnect', source, '--dry-run']);
  expect(dry.out).toContain('type: contact-sync → manual');
  expect(dry.out).toContain('Nothing was written.');
  expect(await book()).toEqual(before);

  expect((await run(['disconnect', source])).code).toBe(0);
  expect((await book()).map(({ recordType }) => recordType)).toEqual(before.map(() => 'manual'));
  expect((await run(['connections'])).out).toMatch(/disconnected/);

  const again = await sync(people);
  expect(again.value.plan.counts.reasons).toEqual({ relinked: 10 });
  expect(await book()).toEqual(before);
});

test('one run at a time: a sync waits for no other, it says so', async () => {
  const { source } = await sync(people);
  const vault = sqliteVault({ file: join(folder, 'contacts.db') });
  const before = await json(['runs']);
  const second = await vault.locked(JSON.stringify(['run', 'default', source]), () => sync(people));
  expect(second).toMatchObject({ code: 1, value: { error: { code: 'locked' } } });
  expect((await json(['runs'])).value).toEqual(before.value);
  expect((await sync(people)).value.outcome).toBe('unchanged');
  await vault.close();
});

test('pause and resume', async () => {
  const { source } = await sync(people);
  await run(['pause', source]);
  const paused = await sync(people);
  expect(paused).toMatchObject({ code: 2, value: { error: { code: 'connection_paused' } } });
  expect(paused.err).toContain(`contact-sync resume ${source}`);
  await run(['resume', source]);
  expect((await sync(people)).value.outcome).toBe('unchanged');
});

test('a contact is taken over, edited, kept by a sync, given back, and follows its source again', async () => {
  await sync(people);
  const [ann] = await book();
  const id = ann?.id ?? '';
  const refused = await run(['contacts', 'edit', id, '--name', 'Anna']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('contact_read_only');
  expect(refused.err).toContain(`contact-sync contacts force-manual ${id}`);

  await run(['contacts', 'force-manual', id, '--why', 'married']);
  await run(['contacts', 'edit', id, '--name', 'Anna  Smith', '--phone', '0400 000 001']);
  const kept = await sync(people);
  expect(kept.value.plan.counts.reasons).toEqual({ unchanged: 9, kept_forced_manual: 1 });
  expect((await book()).find((contact) => contact.id === id)).toMatchObject({
    name: 'Anna Smith',
    phone: '+61400000001',
  });

  await run(['contacts', 'release', id]);
  await sync(people);
  expect((await book()).find((contact) => contact.id === id)).toEqual(ann);
  const { value } = await json(['runs']);
  expect(value.runs.find(({ kind }: { kind: string }) => kind === 'force-manual')).toMatchObject({
    actor: 'tester',
    why: 'married',
  });
});

test('add, and link by hand', async () => {
  const { source } = await sync(people);
  const added = await json(['contacts', 'add', '--name', 'Zoe', '--email', 'zoe@x.com']);
  const id = added.value.plan.decisions[0].after.id;
  const linked = await json(['contacts', 'link', id, source, 'Ann']);
  expect(linked.value.plan.decisions.map(({ reason }: { reason: string }) => reason)).toEqual([
    'linked_by_hand',
    'unlinked_by_hand',
  ]);
  await sync(people);
  const contacts = await book();
  expect(contacts.find((contact) => contact.id === id)).toMatchObject({ name: 'Ann', recordType: 'contact-sync' });
  expect(contacts.filter(({ name }) => name === 'Ann')).toHaveLength(2);
});

test('undo restores what a sync changed, leaves what was changed since, and pauses the connection', async () => {
  const { source } = await sync(people);
  const before = await book();
  const renamed = people.map((one, index) => (index < 3 ? { ...one, name: `New ${one.name}` } : one));
  const changed = await sync(renamed);
  const [first] = changed.value.plan.decisions;
  await run(['contacts', 'force-manual', first.after.id]);

  const undone = await run(['undo', changed.value.run]);
  expect(undone.out).toContain('changed_since');
  expect(undone.out).toContain(`Connection ${source}: connected → paused`);
  const after = await book();
  expect(after.find(({ id }) => id === first.after.id)).toMatchObject({ name: first.after.name, forcedManual: true });
  const rest = (contacts: readonly Contact[]) => contacts.filter(({ id }) => id !== first.after.id);
  expect(rest(after)).toEqual(rest(before));
});

test('approve applies exactly the plan that a guard stopped, once', async () => {
  await sync(people);
  const blocked = await sync(people.slice(0, 3));
  expect(blocked).toMatchObject({ code: 3, value: { outcome: 'blocked' } });
  const approved = await run(['approve', blocked.value.run]);
  expect(approved.code).toBe(0);
  expect((await book()).filter(({ missingSince }) => missingSince !== null)).toHaveLength(7);
  const twice = await run(['approve', blocked.value.run]);
  expect(twice.code).toBe(1);
  expect(twice.err).toContain('approved already');
});

test('an approval that no longer fits is refused', async () => {
  await sync(people);
  const blocked = await sync(people.slice(0, 3));
  await run(['contacts', 'add', '--name', 'Zoe', '--email', 'zoe@x.com']);
  const refused = await run(['approve', blocked.value.run]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('store_conflict');
});

test('a held record waits for a person', async () => {
  await sync(people);
  const other = people.map((one, index) => (index === 0 ? { ...one, name: 'Mia', email: 'mia@x.com' } : one));
  const held = await sync(other, '--policy', 'identityChange=hold');
  expect(held.value.plan.counts.reasons).toEqual({ unchanged: 9, held_identity_change: 1 });
  expect((await run(['approve', held.value.run, '--record', 'Ann'])).code).toBe(0);
  expect((await book()).map(({ name }) => name)).toContain('Mia');
  expect((await sync(other, '--policy', 'identityChange=hold')).value.outcome).toBe('unchanged');
});

test('a forgotten person is gone from book and history, and does not come back', async () => {
  await sync(people);
  const ann = (await book()).find(({ name }) => name === 'Ann');
  const asked = await run(['contacts', 'forget', ann?.id ?? ''], { isInteractive: true, ask: async () => false });
  expect(asked.out).toContain('Nothing was written.');
  expect((await json(['contacts', 'forget', ann?.id ?? ''])).value.forgotten).toBe(true);
  const again = await sync(people);
  expect(again.value.plan.counts.reasons).toEqual({ unchanged: 9, forgotten: 1 });
  const { value } = await json(['runs']);
  for (const { id } of value.runs) expect((await run(['runs', 'show', id])).out).not.toContain('ann@x.com');
});

test('what is older than the history keeps is deleted', async () => {
  const first = await sync(people);
  const server = served[0];
  const args = [
    'sync',
    '--from',
    'xpm',
    '--set',
    `tenantId=${server?.settings.tenantId}`,
    '--set',
    `baseUrl=${server?.settings.baseUrl}`,
  ];
  const later = { now: () => new Date('2026-06-01T00:00:00Z'), env: server?.env ?? {} };
  await json([...args], later);
  expect((await json(['runs', 'show', first.value.run])).value.decisions).toEqual([]);
  const undone = await run(['undo', first.value.run]);
  expect(undone.err).toContain('older than the book keeps them');
});

test('external contacts are made once and never changed', async () => {
  await sync(people, '--kind', 'external');
  expect(new Set((await book()).map(({ recordType }) => recordType))).toEqual(new Set(['external']));
  const renamed = people.map((one, index) => (index === 0 ? { ...one, name: 'Anna' } : one)).slice(0, 5);
  const again = await sync(renamed);
  expect(again.value.plan.counts.reasons).toEqual({ kept_external: 4, created_external: 1 });
  expect(await book()).toHaveLength(11);
  const other = await sync(people, '--kind', 'contact-sync');
  expect(other).toMatchObject({ code: 2, value: { error: { code: 'setting_invalid' } } });
});

test.each([
  [['disconnect', 'xpm:none'], 'not_found'],
  [['resume', 'xpm:none'], 'not_found'],
  [['undo', '99'], 'not_found'],
  [['approve', '99'], 'not_found'],
  [['contacts', 'edit', '99', '--name', 'X'], 'not_found'],
  [['contacts', 'add', '--name', 'X', '--email', 'nobody'], 'setting_invalid'],
  [['contacts', 'add', '--name', 'X', '--email', 'x@x.com', '--phone', '12'], 'setting_invalid'],
  [['contacts', 'forget', '99'], 'not_found'],
])('%j is refused with %s', async (args, code) => {
  await writeFile(join(folder, 'book.csv'), 'name,email\nMary,mary@smith.com\n');
  await run(['contacts', 'import', 'book.csv']);
  const refused = await run(args);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(`code: ${code}`);
  expect(await book()).toHaveLength(1);
});
