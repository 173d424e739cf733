import type { Arm } from '../arm.ts';
import { rewrite } from '../books/changes-postgres.ts';
import { postgresStoreDigest } from './ours.ts';

export const rewritePostgres: Arm = {
  name: 'rewrite-postgres',
  title: 'Limit: the same rows and indexes, COPY and UPDATE, no logic, PostgreSQL',
  includes:
    'Write exactly the rows that contact-sync wrote, history included: COPY new rows from files, COPY changed ones to a temporary table and UPDATE from it, commit.',
  book: 'store-postgres-lines',
  inputs: ['lines'],
  changes: 'store-postgres-lines',
  start:
    async ({ changes, book }) =>
    async () => {
      await rewrite(book, changes);
      return { counts: null };
    },
  digest: ({ book }) => postgresStoreDigest(book),
};
