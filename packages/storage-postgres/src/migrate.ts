import { ContactSyncError } from '@contact-sync/core';
import type { ClientBase } from 'pg';
import { unusable } from './errors.js';
import { type Migration, markTable } from './schema.js';

/** Of the lock that only one process at a time can have: `CtSy` in ASCII. */
const migrationLock = 0x43_74_53_79;

/** Takes the steps that are still to be taken, each in a transaction of its own. Several processes may do it at once. */
export async function migrate(client: ClientBase, migrations: readonly Migration[], place: string): Promise<void> {
  for (let version = await schemaVersion(client, place); version < migrations.length; ) {
    await client.query('BEGIN');
    try {
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
      // Another process may have been faster.
      version = await schemaVersion(client, place);
      const migration = migrations[version];
      if (migration !== undefined) {
        if (version === 0) await makeSchema(client);
        await client.query(migration.sql);
        version += 1;
        await client.query(`UPDATE ${markTable} SET version = $1`, [version]);
      }
      await client.query('COMMIT');
    } catch (error) {
      // A connection that is gone has rolled back by itself; whoever called ends it in any case.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    checkNotNewer(version, migrations.length, place);
  }
}

/** The version of the schema, 0 where there is none. Fails with `store_unusable` where the schema is another program's. */
export async function schemaVersion(client: ClientBase, place: string): Promise<number> {
  const { rows } = await client.query<{ tables: string; marked: boolean }>(
    `SELECT count(c.oid) AS tables, coalesce(bool_or(c.oid = to_regclass('${markTable}')), false) AS marked
     FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
     WHERE n.nspname = 'contact_sync'`,
  );
  const found = rows[0];
  if (found === undefined || Number(found.tables) === 0) return 0;
  if (!found.marked) {
    throw unusable(
      `The schema contact_sync of ${place} is another program's.`,
      'Nothing was written. Use a database of its own for contact-sync.',
    );
  }
  const version = await client.query<{ version: number }>(`SELECT version FROM ${markTable}`);
  return version.rows[0]?.version ?? 0;
}

export function checkNotNewer(version: number, known: number, place: string): void {
  if (version <= known) return;
  throw new ContactSyncError(
    'store_newer',
    `${place} was written by a newer version of contact-sync: its schema is ${version}, and this version knows ${known}.`,
    { hint: 'Nothing was written. Install the newer version.' },
  );
}

/** An owner may have made the empty schema for us, and given no right to make one. */
async function makeSchema(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'contact_sync'");
  if (rowCount === 0) await client.query('CREATE SCHEMA contact_sync');
  await client.query(`CREATE TABLE ${markTable} (version integer NOT NULL)`);
  await client.query(`INSERT INTO ${markTable} (version) VALUES (0)`);
}
