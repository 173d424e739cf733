import { ContactSyncError, planPause, planResume } from '@contact-sync/core';
import type { Fleet, OpenFleet, Selection } from '@contact-sync/runner/engine';
import { postgresStore } from '@contact-sync/storage-postgres';
import { openBoss } from './boss.js';
import { eraseBook, exportBook, importBook } from './move.js';
import { connectionKey, type SyncOf, schemas } from './names.js';
import type { Row } from './rows.js';
import { selectedBy, selectedSql, statusOf, topOf } from './status.js';
import { forgetFailures, syncNow } from './take-up.js';
import { openWorld } from './world.js';

const table = `${schemas.fleet}.connections`;

/** For operators: asks and orders, and syncs nothing itself. */
export const openFleet: OpenFleet = async (place) => {
  const world = await openWorld(place, 3);
  const { pool } = world;
  const boss = await openBoss({ url: place.url, role: 'operator', onError: () => undefined }).catch(
    async (cause: unknown) => {
      await world.close();
      throw new ContactSyncError('store_failed', 'The queue of the fleet could not be opened.', {
        hint: 'See the cause.',
        cause,
      });
    },
  );

  async function selected(selection: Selection): Promise<Row[]> {
    const { rows } = await pool.query<Row>(
      `SELECT * FROM ${table} WHERE ${selectedSql} ORDER BY book, source`,
      selectedBy(selection),
    );
    return rows;
  }

  /** Pauses or resumes those that are not so already, each in its own book. */
  async function change(selection: Selection, why: string | null, plan: typeof planPause, from: string) {
    const changed: SyncOf[] = [];
    for (const { book, source } of await selected(selection)) {
      const store = postgresStore({ pool, book });
      const { connections } = await store.head();
      if (!connections.some((one) => one.source === source && one.state === from)) continue;
      await store.apply(await plan(store, source, { actor: place.actor, at: new Date().toISOString(), why }));
      changed.push({ book, source });
    }
    return { connections: changed };
  }

  const fleet: Fleet = {
    status: (query) => statusOf(pool, boss, query),
    top: (limit) => topOf(pool, limit),
    pause: (selection, why) => change(selection, why, planPause, 'connected'),
    resume: (selection, why) => change(selection, why, planResume, 'paused'),
    async retry(selection) {
      const rows = (await selected(selection)).filter(({ paused }) => !paused);
      for (const row of rows) {
        const key = connectionKey(row);
        await pool.query(`UPDATE ${table} SET failures = 0, resume_at = NULL, due_at = now() WHERE key = $1`, [key]);
        await forgetFailures(boss, key);
        await syncNow(boss, row, row.size);
      }
      return { connections: rows.map(({ book, source }) => ({ book, source })) };
    },
    exportBook: (book, options) => exportBook(world, book, options),
    importBook: (lines, as) => importBook(world, lines, as),
    eraseBook: (book) => eraseBook(world, boss, book),
    async close() {
      await boss.stop({ graceful: false });
      await world.close();
    },
  };
  return fleet;
};
