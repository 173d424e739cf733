import type { Arm } from '../arm.ts';
import { rewriter } from '../books/changes.ts';
import { sqliteStoreDigest } from './ours.ts';

export const rewriteSqlite: Arm = {
  name: 'rewrite-sqlite',
  title: 'Limit: the same rows and indexes, no logic, SQLite',
  includes:
    'Write exactly the rows that contact-sync wrote, history included, from memory, with one prepared statement a row, and commit ' +
    'them durably. With contact-sync’s settings of SQLite; but it changes contacts in no order and keeps the indexes while it ' +
    'writes, where contact-sync follows the order of the file and sorts the indexes once.',
  book: 'store-sqlite-lines',
  inputs: ['lines'],
  changes: 'store-sqlite-lines',
  async start({ changes, book }) {
    const write = rewriter(changes, book);
    return async () => {
      write();
      return { counts: null };
    };
  },
  digest: ({ book }) => sqliteStoreDigest(book),
};
