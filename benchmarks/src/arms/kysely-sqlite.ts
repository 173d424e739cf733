import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Arm } from '../arm.ts';
import { sqliteDigest } from '../books/plain-sqlite.ts';
import { loopIncludes, syncOneByOne, type Tables } from './kysely-loop.ts';

export const kyselyOnSqlite: Arm = {
  name: 'kysely-sqlite',
  title: 'A loop over records with kysely, SQLite',
  includes: loopIncludes,
  book: 'plain-sqlite',
  inputs: ['lines'],
  start: async (task) => async () => {
    const database = new Database(task.book);
    database.pragma('synchronous = FULL');
    return syncOneByOne(new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }), task, (flag) => Number(flag));
  },
  digest: async ({ book }) => sqliteDigest(book),
};
