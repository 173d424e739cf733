import { createHash } from 'node:crypto';

/** The schemas of the database that are this package's: what pg-boss keeps, and what we keep beside it. */
export const schemas = { jobs: 'contact_sync_jobs', fleet: 'contact_sync_fleet' } as const;

export const queues = {
  /** A job is one sync of one connection. */
  sync: 'sync',
  /** Syncs that a person must see to: nothing works on them. */
  failed: 'failed',
  /** Notices which connections are new, changed and gone, and looks at the fleet as a whole. */
  care: 'care',
} as const;

/** What a sync is of. */
export type SyncOf = { readonly book: string; readonly source: string };

/** What a job holds: `by` is the person who asked for this very sync, for the history. */
export type SyncJob = SyncOf & { readonly by?: string };

/** Names a connection among those of all books, in letters that pg-boss takes. */
export function connectionKey({ book, source }: SyncOf): string {
  return createHash('sha256')
    .update(JSON.stringify([book, source]))
    .digest('hex')
    .slice(0, 32);
}

/** By this its moment of the hour is fixed, as in the service. */
export function momentName({ book, source }: SyncOf): string {
  return `${book} ${source}`;
}
