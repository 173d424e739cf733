import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contact, planImport } from '@contact-sync/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../test/processes.js';
import { sqliteStore } from './sqlite-store.js';
import { sqliteVault } from './sqlite-vault.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = '2026-03-01T00:00:00.000Z';

function contacts(count: number): Contact[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    name: 'version 1',
    email: `${index + 1}@example.com`,
    phone: null,
    recordType: 'contact-sync',
    forcedManual: false,
    link: { source: 'xpm:t', externalId: `first ${index}` },
    missingSince: null,
  }));
}

test('processes that make the file and write to it at the same time lose nothing', { timeout: 120_000 }, async () => {
  const file = join(folder, 'shared.db');
  const ended = await Promise.all([1, 2, 3, 4].map(() => run('add', file, '10')));
  expect(ended).toEqual(ended.map(() => ({ code: 0, signal: null, output: '' })));

  const store = sqliteStore({ file, create: false });
  expect((await store.head()).version).toBe(40);
  const ids = (await store.search({ limit: 100 })).contacts.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
  expect(ids).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect((await store.runs({ limit: 100 })).runs.map(({ version }) => version)).toEqual(ids.toReversed());
  await store.close();
});

test('processes that count under a lock lose no count', { timeout: 120_000 }, async () => {
  const file = join(folder, 'count.db');
  const ended = await Promise.all([1, 2, 3].map(() => run('count', file, '7')));
  expect(ended).toEqual(ended.map(() => ({ code: 0, signal: null, output: '' })));
  const vault = sqliteVault({ file });
  expect(await vault.locked('count', async ({ value }) => value)).toBe('21');
  await vault.close();
});

test('a process killed anywhere in a plan leaves the book as it was before it, or after', {
  timeout: 240_000,
}, async () => {
  const file = join(folder, 'killed.db');
  const size = 60;
  const first = sqliteStore({ file });
  await first.apply(planImport(contacts(size), { base: 0, at, actor: 'test' }));
  await first.close();

  // How often the decisions of a plan are looked at while it is applied, which is what tells the places to die apart.
  const whole = await run('die', file, '0');
  expect(whole.signal).toBe('SIGKILL');
  const looks = Number(whole.output);
  expect(looks).toBeGreaterThan(5 * size);

  let version = 2;
  for (let kill = 1; kill <= 20; kill += 1) {
    const { signal, output } = await run('die', file, String(Math.floor((kill * looks) / 20)));
    expect({ signal, output }).toEqual({ signal: 'SIGKILL', output: '' });

    const store = sqliteStore({ file, create: false });
    const now = (await store.head()).version;
    const all = (await store.search({ limit: 1000 })).contacts;
    expect(all.length).toBe(size);
    expect(new Set(all.map(({ name }) => name))).toEqual(new Set([`version ${now}`]));
    expect([...(await store.links('xpm:t')).keys()].toSorted()).toEqual(
      all.map(({ link }) => link?.externalId).toSorted(),
    );
    const { runs } = await store.runs({ limit: 100 });
    expect(runs.length).toBe(now);
    let decisions = 0;
    for await (const _ of store.decisions(runs[0]?.id ?? '')) decisions += 1;
    expect(decisions).toBe(size);
    // Every place to die is before the end.
    expect(now).toBe(version);
    await store.close();
    version = now;
  }
});
