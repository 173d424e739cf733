import { createHash } from 'node:crypto';
import type { ContactSource } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import { postgresStore } from '@contact-sync/storage-postgres';
import type { DemoFleet } from './demo-fleet.js';
import { peopleOf } from './walk/people-of.js';

/** What a row of the fleet's table is made of; what is left out is as of a connection that does well. */
type Firm = {
  readonly book: string;
  readonly source?: string;
  readonly paused?: boolean;
  readonly code?: string | null;
  readonly failures?: number;
  /** Seconds from now. */
  readonly resumeIn?: number | null;
  readonly dueIn?: number | null;
  readonly lastAgo?: number | null;
  readonly goodAgo?: number | null;
  readonly runningFor?: number | null;
};

/** Names that nobody has. */
export const oddNames = [
  '<script>globalThis.broken = 1</script>',
  'Right \u202eot tfel',
  'Zero\u200bWidth',
  `Long ${'name '.repeat(40)}`.slice(0, 200),
  'Emoji 👩‍👩‍👧 Family',
];

/** Books that are really there, each with a connection that was synced. */
const realBooks = ['Ngata Bay', 'Ngata Hill', 'matai', 'nikau', 'oak'];
const sourceOf = (book: string) => `xpm:${book.replaceAll(/[ &]+/g, '-')}`;

/** A fleet with so many firms, in every state there is: some of them with books, the others as rows alone. */
export async function seedFleet({ database, query }: DemoFleet, n: number): Promise<void> {
  for (const book of realBooks) {
    const store = postgresStore({ url: database, book });
    await sync({ source: sourceWith(book, 3), store, actor: 'grace' });
    await store.close();
  }
  const faults = ['source_reconnect', 'source_unauthorized', 'source_forbidden', 'many_missing'];
  const made = Array.from({ length: n }, (_, index): Firm => {
    const book = `${['Smith', 'Ngata', 'Patel', 'Rossi', 'Chen'][index % 5]} & Partners ${String(index + 1).padStart(5, '0')}`;
    const usual: Firm = { book, dueIn: 60 + (index % 3500), lastAgo: index % 3600, goodAgo: index % 3600 };
    if (index % 50 === 0) {
      const code = faults[(index / 50) % 4] ?? '';
      return { ...usual, code, failures: 1 + (index % 4), goodAgo: 7200 + index * 60 };
    }
    if (index % 50 === 7) return { ...usual, code: 'source_unavailable', dueIn: -5 * index };
    if (index % 50 === 13) return { ...usual, code: 'source_rate_limited', resumeIn: 1800, dueIn: 1800 };
    if (index % 50 === 19) return { ...usual, lastAgo: null, goodAgo: null, dueIn: 0 };
    if (index % 50 === 26) return { ...usual, paused: true, dueIn: null };
    if (index % 50 === 33) return { ...usual, runningFor: 1 + (index % 90) };
    return usual;
  });
  const odd = oddNames.map((book): Firm => ({ book, source: `bgl:${book}`, code: 'source_broken', failures: 3 }));
  const real = realBooks.map((book): Firm => ({ book }));
  await query(
    `INSERT INTO contact_sync_fleet.connections (key, book, source, mark, schedule, own_schedule, paused, size, due_at,
       running_since, worker, last_at, last_good_at, outcome, code, failures, resume_at, rows, milliseconds)
     SELECT key, book, source, '', 'hourly', false, paused, size, now() + due * interval '1 s',
       now() - running * interval '1 s', 'machine-' || 1 + ordinality % 3 || '/4711', now() - last * interval '1 s',
       now() - good * interval '1 s', 'applied', code, failures, now() + resume * interval '1 s', rows, rows * 3
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::float[], $6::float[], $7::float[], $8::float[],
       $9::text[], $10::int[], $11::float[], $12::int[], $13::text[])
       WITH ORDINALITY AS t (key, book, source, paused, due, running, last, good, code, failures, resume, rows, size)`,
    columnsOf([...made, ...odd, ...real]),
  );
  await query(
    `INSERT INTO contact_sync_jobs.instance (id, host, pid, version, node_version, heartbeat_seconds, supervise, schedule,
       migrate, persist_queue_stats, persist_warnings, pool_max, pool_total, pool_idle, pool_waiting, workers, heartbeat_on)
     SELECT gen_random_uuid(), 'machine-' || n, 4711, '1', '24', 3600, true, true, true, true, true, 4, 1, 1, 0,
       json_build_array(json_build_object('queue', 'sync', 'active', 2)), now() FROM generate_series(1, 3) AS n`,
  );
  await query('ANALYZE contact_sync_fleet.connections');
}

function columnsOf(firms: readonly Firm[]): unknown[] {
  const rows = firms.map(({ book, source = sourceOf(book), ...rest }, index) => [
    // As the fleet names a connection.
    createHash('sha256')
      .update(JSON.stringify([book, source]))
      .digest('hex')
      .slice(0, 32),
    ...[book, source, rest.paused ?? false],
    ...[rest.dueIn === undefined ? 1200 : rest.dueIn, rest.runningFor ?? null],
    ...[rest.lastAgo === undefined ? 600 : rest.lastAgo, rest.goodAgo === undefined ? 600 : rest.goodAgo],
    ...[rest.code ?? null, rest.failures ?? 0, rest.resumeIn ?? null],
    ...[rest.lastAgo === null ? null : 40 + ((index * 37) % 2000), index % 97 === 0 ? 'large' : 'small'],
  ]);
  return Array.from({ length: 13 }, (_, column) => rows.map((row) => row[column]));
}

function sourceWith(book: string, people: number): ContactSource {
  return {
    source: sourceOf(book),
    async *read() {
      yield { records: peopleOf(people), unreadable: [], skipped: {} };
      return { complete: true as const, tenant: null };
    },
  };
}
