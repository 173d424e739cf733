import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Arm } from '../arm.ts';
import { plainPostgresDigest } from '../books/postgres.ts';
import { loopIncludes, syncOneByOne, type Tables } from './kysely-loop.ts';

export const kyselyOnPostgres: Arm = {
  name: 'kysely-postgres',
  title: 'A loop over records with kysely, PostgreSQL',
  includes: loopIncludes,
  book: 'plain-postgres',
  inputs: ['lines'],
  start: async (task) => async () => {
    const pool = new pg.Pool({ connectionString: task.book, max: 1 });
    return syncOneByOne(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), task, (flag) => flag);
  },
  digest: ({ book }) => plainPostgresDigest(book),
};
