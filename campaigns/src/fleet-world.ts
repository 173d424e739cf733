import { planPause } from '@contact-sync/core';
import { writeStored } from '@contact-sync/runner/engine';
import { postgresStore, postgresVault } from '@contact-sync/storage-postgres';
import pg from 'pg';
import { openFleet } from '../../packages/fleet/src/fleet.js';
import { short, startChild } from '../../packages/fleet/test/children.js';
import { type Practice, person, startPractices } from '../../packages/fleet/test/practices.js';
import { key, sealedOf, storedPractice } from '../../packages/fleet/test/stored.js';
import { startServer } from '../../packages/storage-postgres/test/server.js';
import { cpuOf, cpuOfServer } from './cpu.js';
import { cronOf, type Due } from './fleet-load.js';
import { memoryOf, type Reading, readingNow } from './fleet-measure.js';
import type { Settings } from './fleet-settings.js';
import { pause } from './processes.js';

export type Firm = { readonly book: string; readonly practice: Practice; readonly source: string };
export type FleetWorld = Awaited<ReturnType<typeof openFleetWorld>>;

/** The longest that a worker may take to end by itself, in milliseconds. */
const endMs = 25_000;
const atOnce = 8;

/** A PostgreSQL, practices that answer as slowly as a system does, one in a hundred of which fails, and workers. */
export async function openFleetWorld(settings: Settings, draw: () => number) {
  const server = await startServer();
  const practices = await startPractices();
  const url = server.url();
  const env = { CONTACT_SYNC_KEY: key };
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'campaign' });
  pool.on('error', () => undefined);
  const firms: Firm[] = [];
  const workers: ReturnType<typeof startChild>[] = [];
  const gone = { workers: 0, server: 0 };

  async function query<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    for (;;) {
      try {
        return (await pool.query<T>(sql, values)).rows;
      } catch (error) {
        // The server is being restarted.
        if (!(error instanceof Error) || !/terminat|ECONN|ENOENT|shutting|starting|recovery/.test(error.message))
          throw error;
        await pause(100);
      }
    }
  }

  const world = {
    ...{ url, practices, firms, workers, query },

    /** Has PostgreSQL measure what each statement costs; it is restarted for that. */
    async countStatements(): Promise<void> {
      await query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
      await server.stop();
      await server.start();
      await query('CREATE EXTENSION pg_stat_statements');
      await query('ALTER SYSTEM SET pg_stat_statements.track_planning = on');
      await query('SELECT pg_reload_conf()');
    },

    /** Firms whose practice answers: a person pauses none of them. */
    well: () => firms.filter(({ practice }) => practice.fault === null),

    async connectAll(): Promise<void> {
      const sealed = sealedOf(postgresVault({ pool }));
      await inTurns(Array.from({ length: settings.firms }), async (_, n) => {
        const practice = practices.add(settings.contacts);
        practice.delay = 50 + Math.floor(draw() * 250);
        if (n % 100 === 7) practice.fault = draw() < 0.5 ? 503 : 401;
        const { source, stored } = storedPractice(practices.url, practice.tenantId);
        const book = `firm-${n}`;
        await writeStored(sealed, book, source, stored);
        firms.push({ book, practice, source });
      });
    },

    /** What somebody must see to is not only what is broken: a person pauses a firm meanwhile. */
    async pauseOne(): Promise<void> {
      const firm = world.well().at(-1);
      if (firm === undefined) return;
      const store = postgresStore({ pool, book: firm.book });
      await store.apply(
        await planPause(store, firm.source, { actor: 'person', at: new Date().toISOString(), why: null }),
      );
      firms.splice(firms.indexOf(firm), 1);
    },

    begin(): void {
      const tuning = settings.quick === 1 ? short : {};
      const flags = settings.profiles === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${settings.profiles}`];
      workers.push(startChild({ url, env }, { atOnce: settings.places, tuning, flags, logLevel: 'error' }));
    },

    /** Kills a worker. */
    bury(at: number): void {
      const [worker] = workers.splice(at, 1);
      if (worker === undefined) return;
      gone.workers += cpuOf(worker.pid);
      worker.signal('SIGKILL');
    },

    async crash(): Promise<void> {
      gone.server += cpuOfServer(url);
      await server.stop('crash');
      await server.start();
    },

    reading: (): Promise<Reading> =>
      readingNow(query, { url, pids: workers.map(({ pid }) => pid), gone, requests: practices.requests.length }),

    /** The jobs that are due and not begun, what is running, and what the queue's table holds. */
    async queue(): Promise<{ readonly waiting: number; readonly running: number; readonly rows: number }> {
      const [row] = await query<Record<'waiting' | 'running' | 'rows', string>>(
        `SELECT count(*) FILTER (WHERE state IN ('created', 'retry') AND start_after <= now()
             AND name IN ('sync', '__pgboss__send-it')) AS waiting,
           count(*) FILTER (WHERE state = 'active') AS running, count(*) AS rows
         FROM contact_sync_jobs.job`,
      );
      return { waiting: Number(row?.waiting), running: Number(row?.running), rows: Number(row?.rows) };
    },

    async connections(): Promise<number> {
      const [row] = await query<{ n: string }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE application_name <> 'campaign' AND backend_type = 'client backend'`,
      );
      return Number(row?.n);
    },

    memory: () => workers.map(({ pid }) => memoryOf(pid)),

    /** Has the firms due as is said, from now on; the schedules that the fleet made are for hourly syncs. */
    async schedule(dues: readonly Due[]): Promise<void> {
      await query(
        `UPDATE contact_sync_jobs.schedule SET cron = wanted.cron
         FROM unnest($1::text[], $2::text[]) AS wanted (book, cron)
         WHERE schedule.name = 'sync' AND schedule.data ->> 'book' = wanted.book`,
        [firms.map(({ book }) => book), firms.map((_, n) => cronOf(dues[n] ?? { every: 60, minute: 0, second: 0 }))],
      );
    },

    /** Has all of them synced now. */
    async orderAll(): Promise<void> {
      const signal = new AbortController().signal;
      const operator = await openFleet({ url, env, cwd: process.cwd(), actor: 'op', signal });
      await operator.retry({ book: null, source: null, code: null });
      await operator.close();
    },

    /** How many firms that are well had a good sync since. */
    async good(since: Date): Promise<number> {
      const [row] = await query<{ n: string }>(
        'SELECT count(*) AS n FROM contact_sync_fleet.connections WHERE last_good_at > $1 AND book = ANY ($2)',
        [since, world.well().map(({ book }) => book)],
      );
      return Number(row?.n);
    },

    async allGood(since: Date, ms: number, onLook: (good: number) => void): Promise<void> {
      const end = performance.now() + ms;
      for (;;) {
        const good = await world.good(since).catch(() => 0);
        onLook(good);
        if (good === world.well().length) return;
        if (performance.now() > end) throw new Error(`It took too long.\n${await world.standing()}`);
        await pause(500);
      }
    },

    async standing(): Promise<string> {
      const rows = await query('SELECT code, outcome, count(*) FROM contact_sync_fleet.connections GROUP BY 1, 2');
      const jobs = await query('SELECT name, state, count(*) FROM contact_sync_jobs.job GROUP BY 1, 2');
      const said = workers.flatMap(({ lines }) => lines.slice(-3).map((line) => JSON.stringify(line)));
      return [JSON.stringify(rows), JSON.stringify(jobs), ...said].join('\n');
    },

    /** Throws unless each book of a firm that is well is what its source is, and none was read twice at once. */
    async check(): Promise<void> {
      await inTurns(world.well(), async ({ book, practice }) => {
        const store = postgresStore({ pool, book });
        const have: string[] = [];
        for (let after: string | null = null; ; ) {
          const page: Awaited<ReturnType<typeof store.search>> = await store.search({
            limit: 500,
            ...(after && { after }),
          });
          have.push(...page.contacts.map(({ link, phone }) => `${link?.externalId} ${phone}`));
          after = page.next;
          if (after === null) break;
        }
        const want = Array.from({ length: practice.people }, (_, n) => person(practice, n + 1));
        const wanted = want.map(({ externalId, phone }) => `${externalId} ${phone}`);
        if (have.toSorted().join() !== wanted.toSorted().join()) throw new Error(`The book ${book} is not its source.`);
        if (practice.atMost > 1) throw new Error(`${book} was read ${practice.atMost} times at once.`);
      });
    },

    async close(): Promise<void> {
      const killing = setTimeout(() => workers.map((worker) => worker.signal('SIGKILL')), endMs);
      for (const worker of workers) worker.signal('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      clearTimeout(killing);
      await pool.end();
      await practices.close();
      await server.close();
    },
  };
  return world;
}

/** Some at a time. */
async function inTurns<T>(all: readonly T[], work: (one: T, n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < all.length; n = next++) await work(all[n] as T, n);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
