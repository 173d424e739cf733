import { ContactSyncError } from '@contact-sync/core';
import type { Fleet, OpenFleet, OrderKind, Selection } from '@contact-sync/runner/engine';
import { openBoss } from './boss.js';
import { countOf, firmsOf, namedFirms, topOf } from './firms.js';
import { eraseBook, exportBook, importBook } from './move.js';
import { giveOrder } from './orders.js';
import { statusOf } from './status.js';
import { openWorld } from './world.js';

/** For operators: asks and orders, and syncs nothing itself. */
export const openFleet: OpenFleet = async (place) => {
  const world = await openWorld(place, 6);
  const { pool } = world;
  const boss = await openBoss({ pool, role: 'operator', onError: () => undefined }).catch(async (cause: unknown) => {
    await world.close();
    throw new ContactSyncError('store_failed', 'The queue of the fleet could not be opened.', {
      hint: 'See the cause.',
      cause,
    });
  });

  async function all(kind: OrderKind, selection: Selection, why: string | null) {
    const whole = { actor: place.actor, why, after: null, limit: null };
    return { connections: (await asked(giveOrder({ pool, boss }, kind, selection, whole))).changed };
  }

  const fleet: Fleet = {
    status: (query) => asked(statusOf(pool, boss, query)),
    firms: (query) => asked(firmsOf(pool, query)),
    count: (selection) => asked(countOf(pool, selection)),
    top: (limit) => asked(topOf(pool, limit)),
    pause: (selection, why) => all('pause', selection, why),
    resume: (selection, why) => all('resume', selection, why),
    retry: (selection) => all('retry', selection, null),
    async order(kind, selection, order) {
      const { changed, next } = await asked(giveOrder({ pool, boss }, kind, selection, order));
      return { firms: await asked(namedFirms(pool, changed)), next };
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

/** What the database says of an error may hold what it was asked with, so that is only its cause. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  return await answer.catch((cause: unknown) => {
    if (ContactSyncError.is(cause)) throw cause;
    // Data exceptions: a character that it cannot hold, a time that is none.
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('22')) {
      throw new ContactSyncError('usage', 'What was asked for holds something that the database cannot.', {
        hint: 'Search for something else, or load the page again.',
        cause,
      });
    }
    throw new ContactSyncError('store_failed', 'The database of the fleet did not answer.', {
      hint: 'Check that PostgreSQL runs and can be reached, then try again.',
      cause,
    });
  });
}
