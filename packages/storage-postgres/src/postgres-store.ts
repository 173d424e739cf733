import { type ContactStore, idsFrom } from '@contact-sync/core';
import { bookState, connectionsOf } from './books.js';
import { findContacts, forgottenOf, linksOf } from './contacts.js';
import { type Ask, openDatabase } from './database.js';
import { readDecisions, readHistory, readRun, readRuns } from './history.js';
import { keptRows } from './kept-rows.js';
import { type PlaceOptions, parseOptions, storeOptionsSchema } from './options.js';
import { countContacts, searchContacts } from './search.js';
import { applyPlan, forgetContact, purgeRuns, recordPlan } from './writer.js';

/** For so long the number of a book is not looked up again, in milliseconds. A sync asks a dozen things in a row. */
const freshMs = 5000;

export type PostgresStoreOptions = PlaceOptions & {
  /** For commands that only read: neither book nor schema is changed or made. False unless said. */
  readonly readOnly?: boolean;
};

/**
 * A contact book in a PostgreSQL database (13 or newer), in a schema of its own, `contact_sync`, which is made or brought
 * up to date when the store is first used. Nothing is asked of the server before that. Its methods reject with:
 * - `store_unusable`: the server refuses the user, there is no such database, it is too old or may not be written to, or
 *   the schema is another program's.
 * - `store_newer`: a newer version of this package wrote it.
 * - `store_busy`: another program kept writing for longer than `busyTimeoutMs`, or the server lets nobody in just now.
 * - `store_failed`: the server is down, the connection broke, or its disk is full.
 *
 * Throws `setting_invalid` where an option has a wrong value.
 */
export function postgresStore(options: PostgresStoreOptions): ContactStore {
  const { book: name, ...rest } = parseOptions(storeOptionsSchema, options);
  const database = openDatabase(rest);

  /** The number of the book, and when it was looked up. It may be another one day: a fleet can erase a book and import it. */
  let known = { book: 0, at: Number.NEGATIVE_INFINITY };

  async function lookUp(ask: Ask) {
    const state = await bookState(ask, name);
    if (state.book !== 0) known = { book: state.book, at: performance.now() };
    return state;
  }

  function read<T>(work: (ask: Ask, book: number) => Promise<T>): Promise<T> {
    return database.read(async (ask) =>
      work(ask, performance.now() - known.at < freshMs ? known.book : (await lookUp(ask)).book),
    );
  }

  return {
    head: () =>
      database.read(async (ask) => {
        // The version first: if something is written in between, a plan made from this is refused.
        const { book, version, nextId } = await lookUp(ask);
        return { version, newId: idsFrom(nextId), connections: await connectionsOf(ask, book) };
      }),
    links: (source) => read((ask, book) => linksOf(ask, book, source)),
    find: (query) => read((ask, book) => findContacts(ask, book, query)),
    search: (query) => read((ask, book) => searchContacts(ask, book, query)),
    count: (filter) => read((ask, book) => countContacts(ask, book, filter)),
    apply: (plan, approval, rows) => database.write((ask, bulk) => applyPlan(ask, bulk, name, plan, approval, rows)),
    record: (plan, unapplied) => database.write((ask, bulk) => recordPlan(ask, bulk, name, plan, unapplied)),
    run: (id) => read((ask, book) => readRun(ask, book, id)),
    runs: (query) => read((ask, book) => readRuns(ask, book, query)),
    history: (contactId, query) => read((ask, book) => readHistory(ask, book, contactId, query)),
    async *decisions(runId) {
      for (let after: number | null = 0; after !== null; ) {
        const from: number = after;
        const page = await read((ask, book) => readDecisions(ask, book, runId, from));
        yield* page.decisions;
        after = page.last;
      }
    },
    rows: (source, known) => read((ask, book) => keptRows(ask, book, source, known)),
    forgotten: (source) => read((ask, book) => forgottenOf(ask, book, source)),
    forget: (contactId, signature) => database.write((ask) => forgetContact(ask, name, contactId, signature)),
    async purge(before) {
      // Asked at each sync, and most often there are none.
      const older = await read((ask, book) => ask('anyOlder', book, before));
      return older.length === 0 ? 0 : await database.write((ask) => purgeRuns(ask, name, before));
    },
    close: () => database.close(),
  };
}
