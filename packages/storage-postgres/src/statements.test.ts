import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bulks, statements } from './statements.js';

// Books are kept apart by every statement that is sent, and not by rules in the database: see docs/decisions.

const tables = [
  ...['books', 'connections', 'contacts', 'decisions', 'forgotten', 'runs', 'vault'],
  ...['kept_row_chunks', 'kept_rows', 'touched_rows'],
];

test.each(Object.entries(statements))('%s asks for one book only', (_, sql) => {
  const named = [...sql.matchAll(/contact_sync\.(\w+)/g)].map(([, table]) => table);
  expect(named.length).toBeGreaterThan(0);
  for (const table of named) expect(tables).toContain(table);

  // Each place where a table is read, changed or cleared is bound to the book that the first parameter says.
  const made = /INSERT INTO contact_sync\.\w+(?: AS \w+)? \((?:book|name)\b[^)]*\)\s*(?:VALUES \(|SELECT )\$1(?!\d)/g;
  const conditions = conditionsOf(sql.replace(/\bDO UPDATE\b.*/s, ''));
  const bound = conditions.filter((condition) => /^(book|book \+ 0|name) = \$1(?!\d)/.test(condition));
  expect(bound).toEqual(conditions);
  expect(bound.length + (sql.match(made) ?? []).length).toBe(named.length);
  for (const condition of bound) expect(condition).not.toMatch(/\bOR\b/);
});

test.each(Object.entries(bulks))('%s are copied with the book in front', (_, { before, copy }) => {
  expect(copy).toMatch(/^\s*COPY (contact_sync\.(contacts|decisions)|pg_temp\.\w+) \(\s*book, [a-z_, ]+\) FROM STDIN$/);
  // What is asked before makes a table that nobody else sees, and names no other.
  for (const sql of before?.split(';') ?? []) {
    expect(sql).toMatch(
      /^\s*(CREATE TEMP TABLE IF NOT EXISTS \w+ \([a-z_, \n]+\) ON COMMIT DROP|TRUNCATE pg_temp\.\w+|SET LOCAL \w+ = off)$/,
    );
  }
});

/** What stands after each WHERE, without what stands in brackets there. */
function conditionsOf(sql: string): string[] {
  return [...sql.matchAll(/\bWHERE\s+/g)].map((where) => {
    let [text, depth] = ['', 0];
    for (const letter of sql.slice(where.index + where[0].length)) {
      if (letter === ')') depth -= 1;
      if (depth < 0 || (depth === 0 && /\bUNION$/.test(text))) break;
      if (depth === 0) text += letter;
      if (letter === '(') depth += 1;
    }
    return text;
  });
}

test('nothing else is sent to the database, but for what makes the schema and frames a transaction', () => {
  const folder = new URL('.', import.meta.url);
  const senders = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('.query('));
  expect(senders.toSorted()).toEqual(['bulk.ts', 'database.ts', 'migrate.ts']);

  const sent = (file: string) => readFileSync(new URL(file, folder), 'utf8').match(/\.query(?:<[^(]*>)?\([^)]*/g) ?? [];
  for (const text of [...sent('bulk.ts'), ...sent('database.ts'), ...sent('migrate.ts')]) {
    for (const table of tables) expect(text).not.toContain(`contact_sync.${table}`);
  }
});
