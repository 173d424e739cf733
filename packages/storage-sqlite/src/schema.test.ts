import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Decision, linkHash, type Run } from '@contact-sync/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../test/processes.js';
import { migrate, schemaVersion } from './migrate.js';
import { migrations } from './schema.js';
import { sqliteStore } from './sqlite-store.js';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contact-sync-'));
  file = join(folder, 'book.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = '2026-03-01T09:30:00.000Z';
const counts = { rows: 0, reasons: { imported: 1 }, flags: {}, skipped: {} };
const john = {
  id: '1',
  name: 'John',
  email: 'john@example.com',
  phone: null,
  recordType: 'contact-sync',
  forcedManual: false,
  link: { source: 'xpm:a', externalId: 'x' },
  missingSince: null,
} as const;
const made: Decision = {
  reason: 'imported',
  externalId: 'x',
  before: null,
  after: john,
  flags: [],
  says: null,
  faults: [],
  note: null,
};

/** A file as the first version wrote it: two books with contacts of each type, and a history. */
function firstVersion(): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  migrate(db, migrations.slice(0, 1), file);
  db.exec("INSERT INTO books (name, version, next_id) VALUES ('default', 4, '9'), ('beside', 1, '2')");
  const contact = db.prepare(
    `INSERT INTO contacts (book, id, name, email, record_type, forced_manual, source, external_id, name_email_key)
     VALUES (?, ?, 'John', 'john@example.com', ?, 0, ?, ?, 'john' || char(10) || 'john@example.com')`,
  );
  contact.run(1, '1', 'contact-sync', 'xpm:a', 'x');
  contact.run(1, '2', 'contact-sync', 'xpm:a', 'y');
  contact.run(1, '3', 'contact-sync', 'fyi:b', 'x');
  contact.run(1, '4', 'manual', 'xpm:disconnected', 'x');
  contact.run(1, '5', 'external', 'bgl:c', 'x');
  contact.run(1, '6', 'manual', null, null);
  contact.run(2, '1', 'contact-sync', 'xpm:d', 'x');
  const history = db.prepare(
    `INSERT INTO runs (book, run, kind, source, actor, why, at, outcome, version, hash, counts, blocked, error)
     VALUES (1, ?, 'import', NULL, 'me', NULL, ?, ?, ?, 'h', ?, '[]', ?)`,
  );
  history.run(1, at, 'applied', 4, JSON.stringify(counts), null);
  history.run(2, at, 'unchanged', 4, JSON.stringify(counts), null);
  history.run(3, at, 'failed', 4, JSON.stringify(counts), '{"code":"internal","message":"No."}');
  db.prepare('INSERT INTO decisions (book, run, number, decision) VALUES (1, 1, 0, ?)').run(JSON.stringify(made));
  db.close();
}

const runs: Run[] = (['failed', 'unchanged', 'applied'] as const).map((outcome, index) => ({
  id: String(3 - index),
  kind: 'import',
  source: null,
  actor: 'me',
  why: null,
  at,
  outcome,
  // What the first version did not keep: an applied plan was made for the version before, another for that of then.
  base: outcome === 'applied' ? 3 : 4,
  version: 4,
  hash: 'h',
  connections: [],
  approves: null,
  purged: false,
  counts,
  blocked: [],
  error: outcome === 'failed' ? { code: 'internal', message: 'No.' } : null,
}));

async function expectBroughtUpToDate(path: string): Promise<void> {
  const store = sqliteStore({ file: path, create: false });
  const head = await store.head();
  expect([head.version, head.newId()]).toEqual([4, '9']);
  expect(head.connections).toEqual([
    { source: 'fyi:b', kind: 'contact-sync', state: 'connected' },
    { source: 'xpm:a', kind: 'contact-sync', state: 'connected' },
  ]);
  const { contacts } = await store.search({ limit: 99 });
  expect(contacts.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(contacts[0]).toEqual(john);
  expect((await store.runs({ limit: 9 })).runs).toEqual(runs);
  const decisions: Decision[] = [];
  for await (const decision of store.decisions('1')) decisions.push(decision);
  expect(decisions).toEqual([made]);
  // It is not only read: somebody is forgotten, history and all.
  expect((await store.forget('1', { actor: 'me', at, why: null })).version).toBe(5);
  expect([...(await store.forgotten('xpm:a'))]).toEqual([linkHash(john.link)]);
  for await (const _ of store.decisions('1')) throw new Error('The history still knows who was forgotten.');
  await store.close();

  const beside = sqliteStore({ file: path, book: 'beside', create: false });
  const connected = [{ source: 'xpm:d', kind: 'contact-sync', state: 'connected' }];
  expect((await beside.head()).connections).toEqual(connected);
  await beside.close();
}

function versionOf(path: string): number {
  const db = new DatabaseSync(path);
  const version = schemaVersion(db);
  db.close();
  return version;
}

test('a file of the first version is brought up to date with all that is in it', async () => {
  firstVersion();
  expect(versionOf(file)).toBe(1);
  await expectBroughtUpToDate(file);
  expect(versionOf(file)).toBe(migrations.length);
});

test('a file of the first version is not read as it is: a command that writes brings it up to date', () => {
  firstVersion();
  expect(() => sqliteStore({ file, readOnly: true })).toThrow('was written by an older version');
  expect(versionOf(file)).toBe(1);
});

describe('a process killed while it brings a file up to date', () => {
  test('leaves the file as it was, or up to date, whichever statement was the last', { timeout: 240_000 }, async () => {
    firstVersion();
    const copy = (name: string) => {
      const path = join(folder, name);
      copyFileSync(file, path);
      return path;
    };
    const whole = copy('whole.db');
    const { signal, output } = await run('migrate', whole, '0');
    const statements = Number(output);
    expect(signal).toBe('SIGKILL');
    expect(statements).toBeGreaterThan(10);
    expect(versionOf(whole)).toBe(migrations.length);
    await expectBroughtUpToDate(whole);

    for (let last = 1; last <= statements; last += 1) {
      const path = copy(`killed-${last}.db`);
      expect(await run('migrate', path, String(last))).toEqual({ code: null, signal: 'SIGKILL', output: '' });
      // A step that was done stays done.
      expect(versionOf(path)).toBeLessThan(migrations.length);
      await expectBroughtUpToDate(path);
    }
  });

  test('leaves an empty file, or one that is up to date, where there was none', { timeout: 240_000 }, async () => {
    for (const last of [1, 5, 9, 14, 0]) {
      const path = join(folder, `new-${last}.db`);
      expect((await run('migrate', path, String(last))).signal).toBe('SIGKILL');
      const store = sqliteStore({ file: path });
      expect((await store.head()).version).toBe(0);
      expect((await store.search({ limit: 9 })).contacts).toEqual([]);
      await store.close();
      expect(versionOf(path)).toBe(migrations.length);
    }
  });
});
