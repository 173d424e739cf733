import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Arm, Done, Task } from '../arm.ts';
import { tabbed } from '../books/plain.ts';
import { plainPostgresDigest, withClient } from '../books/postgres.ts';
import { source } from '../data/mix.ts';
import { stagedRows } from '../data/staged.ts';
import { countReasons, countsOf, decide, detailsKept, untouched } from './decide-sql.ts';

export const postgresMerge: Arm = {
  name: 'postgres-merge',
  title: 'COPY and MERGE on PostgreSQL',
  includes:
    'Connect, read, decode and make canonical with contact-sync’s functions, COPY, decide with one SELECT, MERGE and commit the contacts. No validation, no history.',
  book: 'plain-postgres',
  inputs: ['lines'],
  start: async (task) => async () => mergeInPostgres(task),
  digest: ({ book }) => plainPostgresDigest(book),
};

function mergeInPostgres({ input, book }: Task): Promise<Done> {
  return withClient(book, async (client) => {
    await client.query('BEGIN');
    await client.query(
      'CREATE TEMP TABLE staged (seq bigint, external_id text, name text, email text, phone text, key text)',
    );
    await pipeline(Readable.from(lines(input)), client.query(copyFrom('COPY staged FROM STDIN')));
    await client.query('ANALYZE staged');
    const before = performance.now();
    await client.query(`CREATE TEMP TABLE decided AS ${decide(source)}`);
    const decided = performance.now() - before;
    await client.query('ANALYZE decided');
    const kept = (column: string) =>
      `${column} = CASE WHEN reason IN ${detailsKept} THEN contacts.${column} ELSE decided.${column} END`;
    await client.query(`
      MERGE INTO contacts USING (
        SELECT *, (SELECT coalesce(max(id), 0) FROM contacts)
          + row_number() OVER (PARTITION BY contact IS NULL ORDER BY seq) AS new_id
        FROM decided WHERE reason NOT IN ${untouched}
      ) AS decided ON contacts.id = decided.contact
      WHEN MATCHED THEN UPDATE SET record_type = 'contact-sync', source = '${source}', external_id = decided.external_id,
        ${['name', 'email', 'phone', 'key'].map(kept).join(', ')}
      WHEN NOT MATCHED THEN INSERT (id, name, email, phone, record_type, forced_manual, source, external_id, key)
        VALUES (decided.new_id, decided.name, decided.email, decided.phone, 'contact-sync', false, '${source}',
          decided.external_id, decided.key)`);
    const counts = countsOf((await client.query(countReasons)).rows);
    await client.query('COMMIT');
    return { counts, parts: { decide: decided } };
  });
}

async function* lines(input: string): AsyncGenerator<string> {
  for await (const rows of stagedRows(input)) yield rows.map(tabbed).join('');
}
