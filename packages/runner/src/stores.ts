import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ContactStore, ContactSyncError, memoryStore } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';

const hint = 'Name it with --store or CONTACT_SYNC_STORE, for example --store sqlite:contacts.db';

export type OpenOptions = {
  readonly book: string;
  readonly cwd: string;
  /** `preview`: a book that is not there yet is an empty one. `write`: it is made. */
  readonly mode: 'read' | 'preview' | 'write';
};

/** Opens the book of a store named like `sqlite:contacts.db`. */
export async function openStore(address: string | undefined, { book, cwd, mode }: OpenOptions): Promise<ContactStore> {
  const file = resolve(cwd, sqliteFile(address));
  if (mode === 'preview' && !existsSync(file)) return memoryStore();
  const writes = mode === 'write';
  const store = sqliteStore({ file, book, create: writes, readOnly: !writes });
  if (mode === 'read' && book !== 'default') await refuseUnknownBook(store, book);
  return store;
}

function sqliteFile(address: string | undefined): string {
  if (address === undefined) throw new ContactSyncError('setting_missing', 'No store was named.', { hint });
  const [, kind, file] = /^([a-z]+):(.*)$/s.exec(address) ?? [];
  if (kind === 'sqlite' && file !== undefined && file !== '') return file;
  const problem =
    kind === undefined || kind === 'sqlite' ? 'does not name a store' : `names a store of an unknown kind, ${kind}`;
  throw new ContactSyncError('setting_invalid', `"${address}" ${problem}.`, { hint });
}

/** A book is made by the first thing written to it: one that has no history is a slip of the fingers. */
async function refuseUnknownBook(store: ContactStore, book: string): Promise<void> {
  const { runs } = await store.runs({ limit: 1 });
  if (runs.length > 0) return;
  await store.close();
  throw new ContactSyncError('not_found', `The store has no book "${book}".`, {
    hint: 'Check --book. A book is made by the first import or sync into it.',
  });
}
