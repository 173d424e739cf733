import { DatabaseSync, type StatementSync } from 'node:sqlite';

/*
 * What a sync wrote to a store's SQLite file, row by row: so that the same rows can be written again with no logic at all.
 * It looks at the tables only, whatever they are, and so stays right when the store's schema changes.
 */

type Column = { readonly name: string; readonly pk: number };
type Value = string | number | bigint | Uint8Array | null;

/** Compares a file before and after a sync, and keeps what differs in a file of its own. */
export function keepChanges(before: string, after: string, changes: string): void {
  const db = new DatabaseSync(changes);
  db.prepare('ATTACH ? AS old').run(before);
  db.prepare('ATTACH ? AS new').run(after);
  for (const table of tablesOf(db, 'new')) {
    const columns = columnsOf(db, table, 'new');
    const keys = columns.filter(({ pk }) => pk > 0);
    const same = (some: readonly Column[], operator: string) =>
      `(${some.map(({ name }) => `n."${name}"`)}) ${operator} (${some.map(({ name }) => `o."${name}"`)})`;
    const gone = `SELECT count(*) AS n FROM old."${table}" o LEFT JOIN new."${table}" n ON ${same(keys, '=')} WHERE n."${keys[0]?.name}" IS NULL`;
    if (Number(db.prepare(gone).get()?.n) > 0) throw new Error(`Rows of ${table} are gone, which a sync does not do.`);
    db.exec(`
      CREATE TABLE "insert ${table}" AS SELECT n.* FROM new."${table}" n LEFT JOIN old."${table}" o ON ${same(keys, '=')}
        WHERE o."${keys[0]?.name}" IS NULL;
      CREATE TABLE "update ${table}" AS SELECT n.* FROM new."${table}" n JOIN old."${table}" o ON ${same(keys, '=')}
        WHERE ${same(columns, 'IS NOT')} ORDER BY random()`);
  }
  db.close();
}

/** Gives what writes the rows: prepared statements, rows that are in memory, one durable transaction. */
export function rewriter(changes: string, file: string): () => void {
  const kept = new DatabaseSync(changes, { readOnly: true });
  const rows = new Map<string, Value[][]>();
  for (const table of tablesOf(kept, 'main')) {
    const read = kept.prepare(`SELECT * FROM "${table}"`);
    rows.set(
      table,
      read.all().map((row) => Object.values(row)),
    );
  }
  kept.close();
  return () => {
    const db = new DatabaseSync(file);
    db.exec(
      'PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -262144',
    );
    db.exec('BEGIN IMMEDIATE');
    for (const table of tablesOf(db, 'main')) {
      const columns = columnsOf(db, table, 'main');
      writeAll(rows.get(`update ${table}`), updateOf(db, table, columns), columns);
      writeAll(rows.get(`insert ${table}`), insertOf(db, table, columns), null);
    }
    db.exec('COMMIT');
    db.close();
  };
}

function writeAll(
  rows: readonly Value[][] | undefined,
  statement: StatementSync,
  keyed: readonly Column[] | null,
): void {
  // An update has the key after all values.
  const order = keyed?.flatMap(({ pk }, index) => (pk > 0 ? [index] : [])) ?? [];
  for (const row of rows ?? []) statement.run(...row, ...order.map((index) => row[index] ?? null));
}

function updateOf(db: DatabaseSync, table: string, columns: readonly Column[]): StatementSync {
  const set = columns.map(({ name }) => `"${name}" = ?`);
  const where = columns.filter(({ pk }) => pk > 0).map(({ name }) => `"${name}" = ?`);
  return db.prepare(`UPDATE "${table}" SET ${set.join(', ')} WHERE ${where.join(' AND ')}`);
}

function insertOf(db: DatabaseSync, table: string, columns: readonly Column[]): StatementSync {
  return db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`);
}

function tablesOf(db: DatabaseSync, schema: string): string[] {
  const rows = db
    .prepare(`SELECT name FROM ${schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .all();
  return rows.map(({ name }) => String(name));
}

function columnsOf(db: DatabaseSync, table: string, schema: string): Column[] {
  const rows = db.prepare('SELECT name, pk FROM pragma_table_info(?, ?)').all(table, schema);
  return rows.map(({ name, pk }) => ({ name: String(name), pk: Number(pk) }));
}
