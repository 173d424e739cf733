import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { statements } from './statements.js';

// Books are kept apart by every statement that is sent, and not by rules in the database: see docs/decisions.

const tables = ['books', 'connections', 'contacts', 'decisions', 'forgotten', 'runs', 'vault'];

test.each(Object.entries(statements))('%s asks for one book only', (_, sql) => {
  const named = [...sql.matchAll(/contact_sync\.(\w+)/g)].map(([, table]) => table);
  expect(named.length).toBeGreaterThan(0);
  for (const table of named) expect(tables).toContain(table);

  // Each place where a table is read, changed or cleared is bound to the book that the first parameter says.
  const parts = sql.split(/\bUNION ALL\b|\bON CONFLICT\b/).filter((part) => part.includes('contact_sync.'));
  for (const part of parts) {
    const bound = named.includes('books') ? /WHERE name = \$1(?!\d)/ : /WHERE book = \$1(?!\d)/;
    const made =
      /INSERT INTO contact_sync\.\w+(?: AS \w+)? \((?:book|name)\b[^)]*\)\s*(?:VALUES \(\$1\b(?!\d)|SELECT \$1\b(?!\d))/;
    expect(part).toMatch(/INSERT INTO/.test(part) ? made : bound);
    // And to no other: a condition that may hold instead of it stands in brackets.
    expect(part.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '()')).not.toMatch(/\bOR\b/);
    expect([...part.matchAll(/contact_sync\./g)].length).toBe(1);
  }
});

test('nothing else is sent to the database, but for what makes the schema and frames a transaction', () => {
  const folder = new URL('.', import.meta.url);
  const senders = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('.query('));
  expect(senders.toSorted()).toEqual(['database.ts', 'migrate.ts']);

  const sent = (file: string) => readFileSync(new URL(file, folder), 'utf8').match(/\.query(?:<[^(]*>)?\([^)]*/g) ?? [];
  for (const text of [...sent('database.ts'), ...sent('migrate.ts')]) {
    for (const table of tables) expect(text).not.toContain(`contact_sync.${table}`);
  }
});
