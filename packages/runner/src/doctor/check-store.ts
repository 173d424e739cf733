import { stat } from 'node:fs/promises';
import { ContactSyncError, type Vault } from '@contact-sync/core';
import { withVault } from '../connections/vaults.js';
import { openStore, openToOthers, type Place, sqliteFile } from '../stores.js';
import { type Check, failed, failedBy, ok, warning } from './check.js';

const about = { area: 'store', source: null } as const;
/** A larger file takes longer to look through than a person likes to wait. */
const quickBytes = 256 * 1024 * 1024;

/** Whether the book can be opened and written to. Nothing of it is changed. Returns whether there is one to go on with. */
export async function* checkStore(place: Place): AsyncGenerator<Check, boolean, void> {
  const file = sqliteFile(place);
  const size = file === null ? null : ((await stat(file).catch(() => null))?.size ?? null);
  if (file !== null && size === null) {
    yield warning(about, `There is no book at ${file} yet.`, 'The first connect, import or sync makes it.');
    return false;
  }
  const first = await opened(place);
  yield first;
  const second = await withVault(place, 'write', writable).catch((error) => failedBy(about, error));
  yield second;
  const open = openToOthers(place);
  if (open !== null) yield warning(about, 'Others may read the book.', `${open}.`);
  if (file !== null && size !== null && size <= quickBytes) yield whole(file);
  return first.state !== 'failed' && second.state !== 'failed';
}

async function opened(place: Place): Promise<Check> {
  try {
    const store = await openStore(place, 'read');
    try {
      const { version, connections } = await store.head();
      const many = `${connections.length} ${connections.length === 1 ? 'connection' : 'connections'}`;
      return ok(about, `The book "${place.book}" opens: version ${version}, ${many} so far.`);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!ContactSyncError.is(error) || error.code !== 'not_found') return failedBy(about, error);
    return warning(about, error.message, error.hint);
  }
}

/** Writes where locks are, which is no part of a book. */
async function writable(vault: Vault): Promise<Check> {
  await vault.locked('doctor', ({ save }) => save(null));
  return ok(about, 'It can be written to.');
}

function whole(file: string): Check {
  const hint = 'Keep a copy of the file as it is, and restore the last backup that is whole.';
  try {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      const result = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
      return result === 'ok' ? ok(about, 'The file is whole.') : failed(about, 'The file is damaged.', hint);
    } finally {
      db.close();
    }
  } catch {
    return failed(about, 'The file cannot be looked through.', hint);
  }
}
