import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ContactSource, type ContactStore, ContactSyncError, type RawRecord } from '@contact-sync/core';
import { memorySource } from '@contact-sync/core/testing';
import { type SyncResult, sync } from '@contact-sync/runner';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { type Book, bookOf, contentsOf, same } from '../book.js';
import { actor, moment, policy } from '../practice.js';
import { checkError, checkFiles, checkResult, checkWords } from './canaries.js';

/** What came of a run, and the book after it. */
export type Ran = { readonly error: ContactSyncError | null; readonly result: SyncResult | null; readonly book: Book };

export type Books = {
  readonly before: Book;
  /** What people see of a book that was synced from these records without a fault: who, with what details, and since when gone. */
  right(records: readonly RawRecord[]): Promise<unknown>;
  /** Syncs a copy of the book; whatever comes of it is looked through for canaries. */
  run(source: ContactSource, signal?: AbortSignal): Promise<Ran>;
};

/** A book on SQLite that was synced once, and copies of it. */
export async function booksOf(folder: string, name: string, before: readonly RawRecord[]): Promise<Books> {
  const place = mkdtempSync(join(folder, 'faults-'));
  const original = join(place, 'book.db');
  const store = sqliteStore({ file: original });
  await synced(store, memorySource({ source: name, records: before }), 0);
  const book = await bookOf(store);
  await store.close();
  let copies = 0;

  async function onCopy<T>(work: (copy: ContactStore, file: string) => Promise<T>): Promise<T> {
    copies += 1;
    const file = join(place, `copy-${copies}.db`);
    copyFileSync(original, file);
    const copy = sqliteStore({ file });
    try {
      return await work(copy, file);
    } finally {
      await copy.close();
      checkFiles(file);
      for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
    }
  }

  return {
    before: book,
    right: (records) =>
      onCopy(async (copy) => {
        await synced(copy, memorySource({ source: name, records }), 1);
        return peopleIn(await bookOf(copy));
      }),
    run: (source, signal) =>
      onCopy(async (copy, file) => {
        const progress: unknown[] = [];
        let result: SyncResult | null = null;
        let error: ContactSyncError | null = null;
        try {
          result = await synced(copy, source, 1, { onProgress: (step) => void progress.push(step), signal });
        } catch (failure) {
          checkError(failure);
          if (!ContactSyncError.is(failure)) throw failure;
          error = failure;
        }
        checkWords(JSON.stringify(progress), 'the progress');
        await checkResult(result, copy);
        checkFiles(file);
        return { error, result, book: await bookOf(copy) };
      }),
  };
}

type More = { readonly onProgress?: (step: unknown) => void; readonly signal?: AbortSignal | undefined };

function synced(store: ContactStore, source: ContactSource, n: number, more: More = {}): Promise<SyncResult> {
  const { onProgress = () => {}, signal = new AbortController().signal } = more;
  return sync({ source, store, actor, why: 'faults', policy, now: () => moment(n), onProgress, signal });
}

/** By their ids in the source: numbers of new contacts depend on the order in which a source hands over. */
export function peopleIn({ contacts }: Book): unknown {
  const people = contacts.map(({ name, email, phone, recordType, link, missingSince }) => {
    return [link?.externalId ?? '', { name, email, phone, recordType, missingSince }] as const;
  });
  return Object.fromEntries(people.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Nothing but one line of a failed run, under the same code, was written. */
export function checkUntouched({ before }: Books, { book, error }: Ran): void {
  same(contentsOf(book), contentsOf(before), 'The book after a run that failed');
  const lines = book.history.slice(before.history.length).map(({ run }) => [run.outcome, run.error?.code]);
  same(lines, [['failed', error?.code]], 'The history after a run that failed');
  if (error === null || error.hint.trim() === '' || error.message.trim() === '') throw new Error('It does not say why');
}
