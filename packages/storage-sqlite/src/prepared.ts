import type { StatementSync } from 'node:sqlite';
import type { DatabaseSync } from './driver.js';

/** Statements that are prepared when they are first used: opening a book costs as little as what is done with it. */
export function prepared<Name extends string>(
  db: DatabaseSync,
  sql: Readonly<Record<Name, string>>,
): Readonly<Record<Name, StatementSync>> {
  const statements = new Map<string, StatementSync>();
  return new Proxy(sql as unknown as Readonly<Record<Name, StatementSync>>, {
    get(_, name: string) {
      let statement = statements.get(name);
      if (statement === undefined) {
        statement = db.prepare(sql[name as Name]);
        statements.set(name, statement);
      }
      return statement;
    },
  });
}
