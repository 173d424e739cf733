import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/** A hash of every row that is kept of a book, table by table, and of what is kept under its name beside it. */
export async function digestOf(pool: Pool, book: string): Promise<Readonly<Record<string, string>>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'contact_sync' AND column_name = 'book' AND data_type = 'bigint' AND table_type = 'BASE TABLE'
     ORDER BY 1`,
  );
  const digests: Record<string, string> = {};
  const add = async (name: string, where: string) => {
    const { rows } = await pool.query(`SELECT t::text AS row FROM ${name} t WHERE ${where} ORDER BY 1`, [book]);
    digests[name] = `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
  };
  for (const { name } of tables)
    await add(`contact_sync.${name}`, 'book = (SELECT book FROM contact_sync.books WHERE name = $1)');
  await add('contact_sync.vault', 'strpos(key, to_json($1::text)::text) > 0');
  return digests;
}
