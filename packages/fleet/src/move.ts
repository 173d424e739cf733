import { createSecretKey } from 'node:crypto';
import { ContactSyncError } from '@contact-sync/core';
import { bookKey, type KeyRing, runLock, seal, unseal } from '@contact-sync/runner/engine';
import type { PoolClient } from 'pg';
import type { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { connectionKey } from './names.js';
import { storedNames } from './stored.js';
import { unschedule } from './take-up.js';
import type { World } from './world.js';

/** The tables of books that have rows of a book, by its number: what the store has, whatever its version. */
const tablesSql = `
  SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'contact_sync' AND column_name = 'book' AND data_type = 'bigint' AND table_name <> 'books'
    AND table_type = 'BASE TABLE' ORDER BY 1`;

const secretPrefix = 'secret:';
const versionSql = 'SELECT version FROM contact_sync.contact_sync_schema';

const headSchema = z.strictObject({
  contactSyncBook: z.literal(1),
  book: z.string().min(1),
  schema: z.int(),
  version: z.string(),
  nextId: z.string(),
  keys: z.array(z.strictObject({ id: z.string(), key: z.string() })),
});
const rowSchema = z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) });
const keptSchema = z.strictObject({ kept: z.string(), value: z.string() });
const endSchema = z.strictObject({ end: z.int() });

/** Everything of a book as of one moment, a JSON document a line: a head, rows, and what the vault keeps of it. */
export async function* exportBook(
  world: World,
  book: string,
  { withKey }: { readonly withKey: boolean },
): AsyncGenerator<string> {
  const client = await world.pool.connect();
  let lines = 0;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found = await bookRow(client, book);
    const kept = (await keptOf(client, book)).filter(({ value }) => value !== null);
    if (found === null && kept.length === 0) throw noBook(book);
    const ring = withKey ? await world.keys() : null;
    const keys = ring?.map((key) => ({ id: key.id, key: bookKey(key, book).key.export().toString('base64') })) ?? [];
    const head: z.input<typeof headSchema> = {
      ...{ contactSyncBook: 1, book, keys, schema: await schemaOf(client) },
      ...{ version: found?.version ?? '0', nextId: found?.next_id ?? '1' },
    };
    yield JSON.stringify(head);
    if (found !== null) {
      for (const { name } of (await client.query<{ name: string }>(tablesSql)).rows) {
        await client.query(
          `DECLARE rows NO SCROLL CURSOR FOR SELECT (to_jsonb(t) - 'book')::text AS row FROM contact_sync."${name}" t WHERE book = ${Number(found.book)}`,
        );
        for (;;) {
          const { rows } = await client.query<{ row: string }>('FETCH 1000 FROM rows');
          for (const { row } of rows) yield `{"table":${JSON.stringify(name)},"row":${row}}`;
          lines += rows.length;
          if (rows.length === 0) break;
        }
        await client.query('CLOSE rows');
      }
    }
    for (const { key, value } of kept) {
      // Without the key that opens it, a secret is of no use.
      if (key.startsWith(secretPrefix) && !withKey) continue;
      yield JSON.stringify({ kept: key, value });
      lines += 1;
    }
    // So that a file that was cut off is told from a whole one.
    yield JSON.stringify({ end: lines });
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
  }
}

/** Makes a book of what was exported, in one transaction. Its secrets are sealed with the keys of this fleet. */
export async function importBook(
  world: World,
  lines: AsyncIterable<string>,
  as: string | null,
): Promise<{ book: string; rows: number }> {
  const keys = await world.keys().catch((error: unknown) => {
    // A book without secrets needs no key. One that is there and cannot be had is another thing.
    if (ContactSyncError.is(error) && error.code === 'setting_missing') return null;
    throw error;
  });
  const client = await world.pool.connect();
  let rows = 0;
  let whole = false;
  try {
    await client.query('BEGIN');
    const tables = new Set((await client.query<{ name: string }>(tablesSql)).rows.map(({ name }) => name));
    let head: z.output<typeof headSchema> | null = null;
    let to = { book: '', number: 0 };
    let batch: { table: string; rows: unknown[] } = { table: '', rows: [] };
    const put = async () => {
      if (batch.rows.length === 0) return;
      await client.query(
        `INSERT INTO contact_sync."${batch.table}" SELECT * FROM jsonb_populate_recordset(NULL::contact_sync."${batch.table}", $1::jsonb)`,
        [JSON.stringify(batch.rows)],
      );
      rows += batch.rows.length;
      batch = { table: '', rows: [] };
    };
    for await (const line of lines) {
      const document = parsed(line);
      if (head === null) {
        head = headSchema.safeParse(document).data ?? null;
        if (head === null) throw invalid('It does not begin as an exported book does.');
        if (head.schema !== (await schemaOf(client)))
          throw invalid(`It was exported from a store of version ${head.schema}, which is not that of this one.`);
        to = await makeBook(client, as ?? head.book, head);
        continue;
      }
      if (whole) throw invalid('It goes on after its end.');
      const end = endSchema.safeParse(document).data;
      if (end !== undefined) {
        await put();
        whole = end.end === rows;
        continue;
      }
      const kept = keptSchema.safeParse(document).data;
      if (kept !== undefined) {
        await put();
        await keep(client, kept, head, to.book, keys);
        rows += 1;
        continue;
      }
      const row = rowSchema.safeParse(document).data;
      if (row === undefined || !tables.has(row.table)) throw invalid('It has a line that is none of a book.');
      if (row.table !== batch.table || batch.rows.length === 500) await put();
      batch.table = row.table;
      batch.rows.push({ ...row.row, book: to.number });
    }
    if (head === null) throw invalid('It is empty.');
    if (!whole) throw invalid('It is not whole: lines of it are missing.');
    await client.query('COMMIT');
    return { book: to.book, rows };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw ContactSyncError.is(error) ? error : invalid('It does not fit the store. See the cause.', error);
  } finally {
    client.release();
  }
}

/**
 * Removes a book whole, and all that is kept and scheduled for it. While one of its connections is synced it is refused:
 * that run would write the book anew.
 */
export async function eraseBook(world: World, boss: PgBoss, book: string): Promise<{ rows: number }> {
  const sources = (await storedNames(world.pool)).filter((one) => one.book === book).map(({ source }) => source);
  const erase = async (rest: readonly string[]): Promise<number> => {
    const [source, ...others] = rest;
    if (source === undefined) return await eraseRows(world, book);
    return await world.eager.locked(runLock(book, source), () => erase(others));
  };
  const rows = await erase(sources);
  for (const source of sources) await unschedule(boss, connectionKey({ book, source }));
  return { rows };
}

async function eraseRows({ pool }: World, book: string): Promise<number> {
  const client = await pool.connect();
  let removed = 0;
  const remove = async (sql: string, values: unknown[]) => {
    removed += (await client.query(sql, values)).rowCount ?? 0;
  };
  try {
    await client.query('BEGIN');
    const found = await bookRow(client, book);
    const kept = await keptOf(client, book);
    if (found === null && kept.every(({ value }) => value === null)) throw noBook(book);
    if (found !== null) {
      await client.query('SELECT 1 FROM contact_sync.books WHERE name = $1 FOR UPDATE', [book]);
      for (const { name } of (await client.query<{ name: string }>(tablesSql)).rows)
        await remove(`DELETE FROM contact_sync."${name}" WHERE book = $1`, [found.book]);
      await remove('DELETE FROM contact_sync.books WHERE book = $1', [found.book]);
    }
    await remove('DELETE FROM contact_sync.vault WHERE key = ANY ($1::text[])', [kept.map(({ key }) => key)]);
    await remove('DELETE FROM contact_sync_fleet.connections WHERE book = $1', [book]);
    await client.query('COMMIT');
    return removed;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

type BookRow = { readonly book: string; readonly version: string; readonly next_id: string };

async function bookRow(client: PoolClient, name: string): Promise<BookRow | null> {
  const { rows } = await client.query<BookRow>(
    'SELECT book, version, next_id FROM contact_sync.books WHERE name = $1',
    [name],
  );
  return rows[0] ?? null;
}

async function schemaOf(client: PoolClient): Promise<number> {
  return (await client.query<{ version: number }>(versionSql)).rows[0]?.version ?? 0;
}

/** What the vault keeps under keys that name the book: `kind:["book",…]`, and locks of runs, `["run","book",…]`. */
async function keptOf(client: PoolClient, book: string): Promise<{ key: string; value: string | null }[]> {
  const { rows } = await client.query<{ key: string; value: string | null }>(
    'SELECT key, value FROM contact_sync.vault WHERE strpos(key, $1) > 0 ORDER BY key',
    [JSON.stringify(book)],
  );
  return rows.filter(({ key }) => {
    const list = parsedList(key);
    return list[0] === book ? key[0] !== '[' : key[0] === '[' && list[0] === 'run' && list[1] === book;
  });
}

function parsedList(key: string): unknown[] {
  const at = key.indexOf('[');
  try {
    const list: unknown = JSON.parse(key.slice(at));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

async function makeBook(client: PoolClient, book: string, { version, nextId }: z.output<typeof headSchema>) {
  const { rows } = await client.query<{ book: string }>(
    'INSERT INTO contact_sync.books (name, version, next_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING book',
    [book, version, nextId],
  );
  const number = rows[0]?.book;
  const kept = (await keptOf(client, book)).some(({ value }) => value !== null);
  if (number === undefined || kept) {
    throw new ContactSyncError('setting_invalid', `There is a book ${book} already.`, {
      hint: 'Nothing was written. Import it under another name with --as, or erase the one that is there.',
    });
  }
  return { book, number: Number(number) };
}

/** Under the name of the book as it is called here; a secret is opened with the book's key and sealed with one of ours. */
async function keep(
  client: PoolClient,
  { kept, value }: z.output<typeof keptSchema>,
  head: z.output<typeof headSchema>,
  book: string,
  keys: KeyRing | null,
): Promise<void> {
  const [begin, list] = [kept.slice(0, kept.indexOf('[')), parsedList(kept)];
  if (!/^(secret:)?[a-z-]+:$/.test(begin) || list[0] !== head.book)
    throw invalid('It keeps something of another book.');
  const key = begin + JSON.stringify([book, ...list.slice(1)]);
  let text = value;
  if (begin.startsWith(secretPrefix)) {
    const [first, ...rest] = head.keys.map((one) => ({
      id: one.id,
      key: createSecretKey(Buffer.from(one.key, 'base64')),
      ofBook: true as const,
    }));
    if (first === undefined || keys === null) throw invalid('It has secrets, and there is no key to keep them with.');
    // As JSON, as all values of the vault are.
    const opened = renamed(unseal(JSON.parse(value) as string, kept, [first, ...rest]), head.book, book);
    text = JSON.stringify(seal(opened, key, keys[0]));
  }
  await client.query(`INSERT INTO contact_sync.vault (book, key, value) VALUES ('default', $1, $2)`, [key, text]);
}

/** A connection names where its sign-in is kept, which is under the name of the book. */
function renamed(text: string, from: string, to: string): string {
  if (from === to) return text;
  const value = JSON.parse(text) as { signIn?: { grant?: string } | null };
  const grant = value.signIn?.grant;
  if (grant === undefined || value.signIn == null) return text;
  const [begin, list] = [grant.slice(0, grant.indexOf('[')), parsedList(grant)];
  if (list[0] !== from) return text;
  return JSON.stringify({
    ...value,
    signIn: { ...value.signIn, grant: begin + JSON.stringify([to, ...list.slice(1)]) },
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid('It has a line that is no JSON: it was cut off, perhaps.');
  }
}

function noBook(book: string): ContactSyncError {
  return new ContactSyncError('not_found', `The fleet has no book "${book}".`, {
    hint: 'See contact-sync fleet status.',
  });
}

function invalid(problem: string, cause?: unknown): ContactSyncError {
  return new ContactSyncError('import_invalid', `The file cannot be imported: ${problem}`, {
    hint: 'Nothing was written.',
    cause,
  });
}
