import { DatabaseSync } from 'node:sqlite';
import { ContactSyncError } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { sync } from '@contact-sync/runner';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { bookOf, contentsOf, same } from './book.js';
import type { Campaign } from './campaign.js';
import { actor, moment, policy, recordsAt, source, startBook, syncState } from './practice.js';
import { random } from './random.js';
import { openAt, sqliteTarget } from './target.js';

const size = 20;

/** Another program takes the database at some moment of a sync and keeps it. */
export const busyDatabases: Campaign = {
  name: 'busy',
  title: 'A database that stays busy, SQLite',
  full: 500,
  share: 12,
  lanes: 1,
  async start(folder) {
    const { copy } = await (await sqliteTarget(folder)).template((store) => startBook(store, 1, size));
    const place = await copy();
    const store = await openAt(place.address);
    const before = await bookOf(store);
    await syncState(store, 1, 1, size);
    const after = await bookOf(store);
    await store.close();

    return {
      async one(seed) {
        const lot = random(seed);
        const { address, remove, check } = await copy();
        const { file } = address;
        const when = lot.of(['before the file is opened', 'before the read', 'during the read', 'before the write']);
        const begin = lot.of([
          'BEGIN IMMEDIATE',
          'BEGIN EXCLUSIVE',
          'PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE',
        ]);
        let other: DatabaseSync | null = null;
        const take = (moment: string) => {
          if (moment !== when) return;
          other = new DatabaseSync(file, { timeout: 0 });
          try {
            other.exec(`${begin}; UPDATE books SET version = version + 1000`);
          } catch {
            // The sync has the file open: nobody can have it alone then. So it is only written to.
            other.close();
            other = new DatabaseSync(file, { timeout: 0 });
            other.exec('BEGIN IMMEDIATE; UPDATE books SET version = version + 1000');
          }
        };
        let said = 'done';
        try {
          take('before the file is opened');
          const busy = sqliteStore({ file, create: false, busyTimeoutMs: lot.below(20) });
          try {
            take('before the read');
            const records = recordsAt(1, 1, size);
            await sync({
              source: memorySource({ source, records, beforePage: () => take('during the read') }),
              store: busy,
              actor,
              why: 'state 1',
              policy,
              now: () => moment(1),
              confirm() {
                take('before the write');
                return true;
              },
            });
          } finally {
            await busy.close();
          }
        } catch (error) {
          if (!ContactSyncError.is(error) || error.code !== 'store_busy') throw error;
          said = error.code;
        }
        same(said, 'store_busy', `The sync, taken ${when} with ${begin}`);
        (other as DatabaseSync | null)?.close();

        const reopened = await openAt(address);
        same(await bookOf(reopened), before, 'The book once it is free');
        await syncState(reopened, 1, 1, size);
        same(contentsOf(await bookOf(reopened)), contentsOf(after), 'The book after the next sync');
        await reopened.close();
        check();
        await remove();
        return `${when}: ${said}`;
      },
    };
  },
};
