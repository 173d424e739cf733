import { ContactSyncError } from '@contact-sync/core';
import type { ClientBase, Pool } from 'pg';
import { unusable } from './errors.js';

/** One step of a schema. Its place in the list is its version: the first makes version 1 out of an empty database. */
export type Migration = {
  readonly name: string;
  readonly sql: string;
  /**
   * Whether programs that know only the steps before must not go on: it takes away or changes what they use, or they
   * would leave out what is to be written from here on. They go on beside a step that only adds.
   */
  readonly breaks?: true;
};

/** A schema of a database, by its name in letters that need no quotes, and all its steps. */
export type Schema = { readonly name: string; readonly migrations: readonly Migration[] };

/** What a schema says of itself. `oldest`: programs that know less than this version must not use it. */
export type SchemaState = { readonly version: number; readonly oldest: number };

/** Of the lock that only one process at a time can have: `CtSy` in ASCII. */
const migrationLock = 0x43_74_53_79;

/** Says whose schema this is, so that a schema of the same name that another program made is left alone. */
export const markOf = ({ name }: Schema) => `${name}.contact_sync_schema`;

/** Takes the steps that are still to be taken, each in a transaction of its own. Several processes may do it at once. */
export async function migrate(client: ClientBase, schema: Schema, place: string): Promise<void> {
  const { migrations } = schema;
  const mark = markOf(schema);
  let { version } = await schemaState(client, schema, place);
  while (version < migrations.length) {
    await client.query('BEGIN');
    try {
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
      // Another process may have been faster.
      const state = await schemaState(client, schema, place);
      version = state.version;
      const migration = migrations[version];
      if (migration !== undefined) {
        if (version === 0) await makeSchema(client, schema);
        // Every write has looked at the mark, so this waits for those that are under way; the others see what is new.
        if (migration.breaks) await client.query(`LOCK TABLE ${mark} IN ACCESS EXCLUSIVE MODE`);
        await client.query(migration.sql);
        version += 1;
        const oldest = migration.breaks ? version : state.oldest;
        await client.query(`UPDATE ${mark} SET version = $1, oldest = $2`, [version, oldest]);
      }
      await client.query('COMMIT');
    } catch (error) {
      // A connection that is gone has rolled back by itself; whoever called ends it in any case.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/** The state of the schema, version 0 where there is none. Fails with `store_unusable` where it is another program's. */
export async function schemaState(client: ClientBase, schema: Schema, place: string): Promise<SchemaState> {
  const mark = markOf(schema);
  const { rows } = await client.query<{ tables: string; marked: boolean }>(
    `SELECT count(c.oid) AS tables, coalesce(bool_or(c.oid = to_regclass($1)), false) AS marked
     FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
     WHERE n.nspname = $2`,
    [mark, schema.name],
  );
  const found = rows[0];
  if (found === undefined || Number(found.tables) === 0) return { version: 0, oldest: 0 };
  if (!found.marked) {
    throw unusable(
      `The schema ${schema.name} of ${place} is another program's.`,
      'Nothing was written. Use a database of its own for contact-sync.',
    );
  }
  return (await markedState(client, schema)) ?? { version: 0, oldest: 0 };
}

/** Fails with `store_newer` where this program must not go on with a schema that it has used: a newer one took it over. */
export async function checkStillOurs(
  client: Pick<ClientBase | Pool, 'query'>,
  schema: Schema,
  place: string,
): Promise<void> {
  const state = await markedState(client, schema);
  if (state !== undefined) checkNotNewer(state, schema, place);
}

export function checkNotNewer({ version, oldest }: SchemaState, { name, migrations }: Schema, place: string): void {
  if (oldest <= migrations.length) return;
  throw new ContactSyncError(
    'store_newer',
    `${place} was written by a newer version of contact-sync: ${name} is at ${version}, and whoever knows less than ${oldest} must leave it alone; this version knows ${migrations.length}.`,
    { hint: 'Nothing was written. Install the newer version.' },
  );
}

async function markedState(client: Pick<ClientBase | Pool, 'query'>, schema: Schema): Promise<SchemaState | undefined> {
  return (await client.query<SchemaState>(`SELECT version, oldest FROM ${markOf(schema)}`)).rows[0];
}

/** An owner may have made the empty schema for us, and given no right to make one. */
async function makeSchema(client: ClientBase, schema: Schema): Promise<void> {
  const { name } = schema;
  const { rowCount } = await client.query('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${name}`);
  await client.query(`CREATE TABLE ${markOf(schema)} (version integer NOT NULL, oldest integer NOT NULL)`);
  await client.query(`INSERT INTO ${markOf(schema)} VALUES (0, 0)`);
}
