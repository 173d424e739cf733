import { resolve } from 'node:path';
import { type ContactStore, ContactSyncError, idsFrom, noSuchRun } from '@contact-sync/core';
import { z } from 'zod';
import { booksOf } from './books.js';
import { cleanNow } from './cleaning.js';
import { connectionsOf } from './connections.js';
import { contactReader } from './contacts.js';
import { explained, unusable } from './errors.js';
import { historyOf } from './history.js';
import { keptRowsOf } from './kept-rows.js';
import { open } from './open.js';
import { planWriter } from './writer.js';

const optionsSchema = z.strictObject({
  file: z.string().min(1),
  book: z.string().min(1).default('default'),
  create: z.boolean().default(true),
  readOnly: z.boolean().default(false),
  busyTimeoutMs: z.int().min(0).default(5000),
});

export type SqliteStoreOptions = {
  /** Path of the database. SQLite keeps two files beside it while it is open, `-wal` and `-shm`. */
  readonly file: string;
  /** One file holds any number of books, kept apart by this name. `default` unless said. */
  readonly book?: string;
  /** Makes the file where there is none, for its owner's eyes only. True unless said; the folder must be there. */
  readonly create?: boolean;
  /** For commands that only read: not a byte of the file changes. False unless said. */
  readonly readOnly?: boolean;
  /** How long to wait for another program that is writing, in milliseconds. 5000 unless said. */
  readonly busyTimeoutMs?: number;
};

/**
 * A contact book in a SQLite file. Throws, and its methods reject, with:
 * - `store_unusable`: there is no such file, it is another program's, or it may not be written to.
 * - `store_newer`: a newer version of this package wrote it.
 * - `store_busy`: another program kept writing for longer than `busyTimeoutMs`.
 * - `store_failed`: the disk is full or broken, or the file is damaged.
 * - `setting_invalid`: an option has a wrong value.
 */
export function sqliteStore(options: SqliteStoreOptions): ContactStore {
  const { book: name, readOnly, ...rest } = parseOptions(options);
  const file = resolve(rest.file);

  function attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, file);
    }
  }

  const db = attempt(() => open({ ...rest, file, readOnly }));
  const parts = attempt(() => ({
    books: booksOf(db),
    connections: connectionsOf(db),
    contacts: contactReader(db),
    history: historyOf(db),
    keptRows: keptRowsOf(db),
  }));
  const { books, connections, contacts, history, keptRows } = parts;
  const writer = attempt(() => planWriter(db, parts));

  function checkOpen(): void {
    if (!db.isOpen) throw unusable(`${file} is closed already.`, 'Open the store again.');
  }
  function read<T>(work: (book: number) => T): T {
    checkOpen();
    return attempt(() => work(books.state(name).book));
  }
  function write<T>(work: () => T): T {
    checkOpen();
    if (readOnly)
      throw unusable(`${file} was opened for reading only.`, 'Nothing was written. Open it without readOnly.');
    return attempt(work);
  }

  return {
    async head() {
      checkOpen();
      return attempt(() => {
        // The version first: if something is written in between, a plan made from this is refused.
        const { book, version, nextId } = books.state(name);
        return { version, newId: idsFrom(nextId), connections: connections.list(book) };
      });
    },
    links: async (source) => read((book) => contacts.links(book, source)),
    find: async (query) => read((book) => contacts.find(book, query)),
    search: async (query) => read((book) => contacts.search(book, query)),
    count: async (filter) => read((book) => contacts.count(book, filter)),
    apply: async (plan, approval, rows) => write(() => writer.apply(name, plan, approval, rows)),
    record: async (plan, unapplied) => write(() => writer.record(name, plan, unapplied)),
    run: async (id) =>
      read((book) => {
        const run = history.find(book, id);
        if (run === undefined) throw noSuchRun(id);
        return run;
      }),
    runs: async (query) => read((book) => history.runs(book, query)),
    history: async (contactId, query) => read((book) => history.ofContact(book, contactId, query)),
    async *decisions(runId) {
      for (let after: number | null = -1; after !== null; ) {
        const from: number = after;
        const page = read((book) => history.decisions(book, runId, from));
        yield* page.decisions;
        after = page.last;
      }
    },
    rows: async (source, known) => read((book) => keptRows.load(book, source, known)),
    forgotten: async (source) => read((book) => contacts.forgotten(book, source)),
    forget: async (contactId, signature) =>
      write(() => {
        const run = writer.forget(name, contactId, signature);
        cleanNow(db, file);
        return run;
      }),
    purge: async (before) => write(() => writer.purge(name, before)),
    async close() {
      if (db.isOpen) attempt(() => db.close());
    },
  };
}

function parseOptions(options: SqliteStoreOptions) {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ContactSyncError(
    'setting_invalid',
    `The setting ${issue?.path.join('.') || 'options'} of the SQLite store cannot be used: ${issue?.message}.`,
    { hint: 'Give a path in `file` and, if you like, a name in `book`.' },
  );
}
