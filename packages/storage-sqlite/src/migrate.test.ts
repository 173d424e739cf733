import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, test } from 'vitest';
import { type Migration, migrate, schemaVersion } from './migrate.js';
import { migrations as ours } from './schema.js';

// Steps made up for the tests; what our own steps do to data is in schema.test.ts.
const steps: readonly Migration[] = [
  { name: 'make', sql: 'CREATE TABLE things (name TEXT); INSERT INTO things VALUES (1)' },
  { name: 'widen', sql: 'ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7' },
  { name: 'fill', sql: 'INSERT INTO things (name, size) SELECT name, size + 1 FROM things' },
];

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(':memory:');
});

const things = () =>
  db
    .prepare('SELECT name, size FROM things ORDER BY size')
    .all()
    .map((row) => ({ ...row }));

test.each([0, 1, 2, 3])('a file of version %i becomes one of the newest version', (version) => {
  migrate(db, steps.slice(0, version), 'test.db');
  expect(schemaVersion(db)).toBe(version);
  migrate(db, steps, 'test.db');
  expect(schemaVersion(db)).toBe(3);
  expect(things()).toEqual([
    { name: '1', size: 7 },
    { name: '1', size: 8 },
  ]);
});

test('a step that fails leaves the file at the step before, and can be taken again', () => {
  const broken = steps.with(1, { name: 'widen', sql: `${steps[1]?.sql}; INSERT INTO nowhere VALUES (1)` });
  expect(() => migrate(db, broken, 'test.db')).toThrow('nowhere');
  expect(schemaVersion(db)).toBe(1);
  expect(
    db
      .prepare('SELECT * FROM things')
      .columns()
      .map(({ name }) => name),
  ).toEqual(['name']);
  migrate(db, steps, 'test.db');
  expect(schemaVersion(db)).toBe(3);
});

test('a file of a newer version is left alone', () => {
  migrate(db, steps, 'test.db');
  expect(() => migrate(db, steps.slice(0, 2), 'test.db')).toThrow('test.db was written by a newer version');
  expect(schemaVersion(db)).toBe(3);
});

test('our own steps make a database that keeps its promises', () => {
  migrate(db, ours, 'test.db');
  expect(schemaVersion(db)).toBe(ours.length);
  db.exec("PRAGMA foreign_keys = ON; INSERT INTO books (name) VALUES ('a')");
  const insert = (values: string) =>
    db.exec(
      `INSERT INTO contacts (book, id, name, email, record_type, forced_manual, name_email_key, source, external_id) VALUES (${values})`,
    );
  insert("1, '1', '', '', 'manual', 0, '', 's', 'x'");
  expect(() => insert("1, '2', '', '', 'contact-sync', 0, '', 's', 'x'")).toThrow('UNIQUE');
  insert("1, '3', '', '', 'external', 0, '', 's', 'x'");
  expect(() => insert("1, '1', '', '', 'manual', 0, '', NULL, NULL")).toThrow('UNIQUE');
  expect(() => insert("2, '1', '', '', 'manual', 0, '', NULL, NULL")).toThrow('FOREIGN KEY');
  expect(() => insert("1, '4', '', '', 'other', 0, '', NULL, NULL")).toThrow('CHECK');
  expect(() => insert("1, '4', '', '', 'manual', 2, '', NULL, NULL")).toThrow('CHECK');
  expect(() => insert("1, '4', '', '', 'manual', 0, '', 's', NULL")).toThrow('CHECK');
});
