import { ContactSyncError } from '@contact-sync/core';
import { loadPackage } from '../load-package.js';
import type { OpenFleet, StartWorker } from './types.js';

const name = '@contact-sync/fleet';

/** The package that syncs many books with many workers, which is installed where it is wanted. */
export async function loadFleet(cwd: string): Promise<{ startWorker: StartWorker; openFleet: OpenFleet }> {
  const loaded = await loadPackage({ name, subpath: '', cwd, what: 'The fleet' });
  if (isFleetPackage(loaded)) return loaded;
  throw new ContactSyncError('connector_broken', `${name} does not fit this version of contact-sync.`, {
    hint: `Install it anew: npm install ${name}`,
  });
}

/** The database of a fleet: one file cannot be shared by machines. */
export function fleetUrl(store: string | undefined): string {
  if (store !== undefined && /^postgres(ql)?:\/\//.test(store)) return store;
  throw new ContactSyncError(
    store === undefined ? 'setting_missing' : 'setting_invalid',
    store === undefined ? 'No store was named.' : 'A fleet needs a store in PostgreSQL.',
    { hint: 'Name it with --store or CONTACT_SYNC_STORE: postgres://user@host/database (its password in PGPASSWORD)' },
  );
}

function isFleetPackage(loaded: Record<string, unknown>): loaded is { startWorker: StartWorker; openFleet: OpenFleet } {
  return typeof loaded.startWorker === 'function' && typeof loaded.openFleet === 'function';
}
