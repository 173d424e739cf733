import { ContactSyncError, type Vault } from '@contact-sync/core';
import { type FleetPlace, type KeyRing, keyRing } from '@contact-sync/runner/engine';
import { postgresVault } from '@contact-sync/storage-postgres';
import pg, { type Pool } from 'pg';
import { leaseSeconds } from './boss.js';
import { makeTables } from './schema.js';

/** The database of the fleet, and the keys to what is stored in it. */
export type World = {
  readonly pool: Pool;
  /** Waits a while for a lock that another process has. */
  readonly vault: Vault;
  /** Waits for none. */
  readonly eager: Vault;
  keys(): Promise<KeyRing>;
  /** Gets the keys anew from where they come from, at most every five minutes; false: they are as they were. */
  renewKeys(): Promise<boolean>;
  close(): Promise<void>;
};

/** How long to wait for another process that changes the same value, in milliseconds. */
const patienceMs = 5000;
const keysPauseMs = 5 * 60_000;

/**
 * @param connections at most so many to the database at once
 * @param lease for how long a lock is kept for a worker that says nothing, in seconds
 */
export async function openWorld(
  { url, env, cwd, signal }: Pick<FleetPlace, 'url' | 'env' | 'cwd' | 'signal'>,
  connections: number,
  lease: number = leaseSeconds,
): Promise<World> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'contact-sync-fleet',
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    max: connections,
  });
  // A connection that nobody uses has broken, at a restart of the server for one. The pool makes a new one when asked.
  pool.on('error', () => undefined);
  const vault = postgresVault({ pool, waitMs: patienceMs, leaseMs: lease * 1000 });
  let ring: Promise<KeyRing> | null = null;
  let renewedAt = Date.now();
  try {
    // Makes the schema of the books where there is none.
    await vault.read('fleet');
    await makeTables(pool);
  } catch (error) {
    await pool.end();
    throw ContactSyncError.is(error) ? error : unusable(error);
  }
  return {
    pool,
    vault,
    eager: postgresVault({ pool, leaseMs: lease * 1000 }),
    keys() {
      ring ??= keyRing({ env, cwd, signal }).catch((error: unknown) => {
        ring = null;
        throw error;
      });
      return ring;
    },
    async renewKeys() {
      if (Date.now() - renewedAt < keysPauseMs) return false;
      renewedAt = Date.now();
      ring = null;
      return true;
    },
    close: () => pool.end(),
  };
}

function unusable(cause: unknown): ContactSyncError {
  return new ContactSyncError('store_unusable', 'The tables of the fleet could not be made.', {
    hint: 'The user of the database must be allowed to make schemas in it. See the cause.',
    cause,
  });
}
