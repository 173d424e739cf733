import { resolve } from 'node:path';
import { type ContactStore, ContactSyncError } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';

const hint = 'Name it with --store or CONTACT_SYNC_STORE, for example --store sqlite:contacts.db';

/** Opens the book of a store named like `sqlite:contacts.db`. Where it is written to, it is made if there is none. */
export function openStore(
  address: string | undefined,
  options: { readonly book: string; readonly writes: boolean; readonly cwd: string },
): ContactStore {
  if (address === undefined) throw new ContactSyncError('setting_missing', 'No store was named.', { hint });
  const [, kind, rest] = /^([a-z]+):(.+)$/s.exec(address) ?? [];
  if (kind !== 'sqlite' || rest === undefined) {
    throw new ContactSyncError('setting_invalid', `"${address.split(':')[0]}" is not a kind of store.`, { hint });
  }
  return sqliteStore({
    file: resolve(options.cwd, rest),
    book: options.book,
    create: options.writes,
    readOnly: !options.writes,
  });
}
