import { planPause } from '@contact-sync/core';
import { writeStored } from '@contact-sync/runner/engine';
import { postgresStore, postgresVault } from '@contact-sync/storage-postgres';
import pg from 'pg';
import { openFleet } from '../../packages/fleet/src/fleet.js';
import { startChild } from '../../packages/fleet/test/children.js';
import { type Practice, type Practices, person, startPractices } from '../../packages/fleet/test/practices.js';
import { key, sealedOf, storedPractice } from '../../packages/fleet/test/stored.js';
import { startServer, type TestServer } from '../../packages/storage-postgres/test/server.js';
import type { Campaign } from './campaign.js';
import { cpuOf, cpuOfServer } from './cpu.js';
import { pause } from './processes.js';
import { random } from './random.js';

/** How large the fleet is: `FLEET=firms,contacts,workers,at once,seconds,quiet`. The last is 1 where nothing is killed. */
type Size = Record<'firms' | 'contacts' | 'workers' | 'atOnce' | 'seconds' | 'quiet', number>;

const small: Size = { firms: 20, contacts: 30, workers: 2, atOnce: 4, seconds: 25, quiet: 0 };

function sizeOf(text: string | undefined): Size {
  if (text === undefined) return small;
  const [firms, contacts, workers, atOnce, seconds, quiet] = text.split(',').map(Number);
  return { ...small, ...JSON.parse(JSON.stringify({ firms, contacts, workers, atOnce, seconds, quiet })) } as Size;
}

type Firm = { readonly book: string; readonly practice: Practice; readonly source: string };

/**
 * A fleet of practices that answer over HTTP, as slowly as a system does, one in a hundred of which fails; each is due once
 * a minute. Workers are killed, one is frozen past its lease, and the server crashes twice. At the end every book must equal
 * its source, and no practice may have been read twice at once.
 */
export const fleet: Campaign = {
  name: 'fleet',
  title: 'Workers of a fleet killed and frozen, PostgreSQL restarted',
  full: 3,
  share: 1,
  lanes: 1,
  async start() {
    return { one: (seed) => oneFleet(seed, sizeOf(process.env.FLEET)) };
  },
};

async function oneFleet(seed: number, size: Size): Promise<string> {
  const server = await startServer();
  const practices = await startPractices();
  const world = await makeWorld(server, practices, seed, size);
  try {
    return await world.run();
  } finally {
    await world.end();
    await practices.close();
    await server.close();
  }
}

async function makeWorld(server: TestServer, practices: Practices, seed: number, size: Size) {
  const { share: draw } = random(seed);
  const url = server.url();
  const env = { CONTACT_SYNC_KEY: key };
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'campaign' });
  pool.on('error', () => undefined);
  const firms: Firm[] = [];
  const workers: ReturnType<typeof startChild>[] = [];
  const spent = { workers: 0, kills: 0, restarts: 0, connections: 0, server: 0 };

  /** Of a process that is about to end, or of all. */
  const begin = () => workers.push(startChild({ url, env }, size.atOnce));
  const bury = (at: number) => {
    const [worker] = workers.splice(at, 1);
    if (worker === undefined) return;
    spent.workers += cpuOf(worker.pid);
    worker.signal('SIGKILL');
    spent.kills += 1;
  };

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

  async function connectAll(): Promise<void> {
    const vault = postgresVault({ pool });
    const sealed = sealedOf(vault);
    for (let n = 0; n < size.firms; n += 1) {
      const practice = practices.add(size.contacts);
      practice.delay = 50 + Math.floor(draw() * 250);
      if (n % 100 === 7) practice.fault = draw() < 0.5 ? 503 : 401;
      const { source, stored } = storedPractice(practices.url, practice.tenantId, '* * * * * UTC');
      await writeStored(sealed, `firm-${n}`, source, stored);
      firms.push({ book: `firm-${n}`, practice, source });
    }
  }

  /** What somebody must see to is not only what is broken: a person pauses a firm meanwhile. */
  async function pauseOne(): Promise<void> {
    const firm = well().at(-1);
    if (firm === undefined) return;
    const store = postgresStore({ pool, book: firm.book });
    await store.apply(
      await planPause(store, firm.source, { actor: 'person', at: new Date().toISOString(), why: null }),
    );
    firms.splice(firms.indexOf(firm), 1);
  }

  const well = () => firms.filter(({ practice }) => practice.fault === null);
  const good = async (since: Date) =>
    Number(
      (
        await query<{ n: string }>(
          'SELECT count(*) AS n FROM contact_sync_fleet.connections WHERE last_good_at > $1 AND book = ANY ($2)',
          [since, well().map(({ book }) => book)],
        )
      )[0]?.n,
    );

  async function until(what: string, done: () => Promise<boolean>, ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (!(await done())) {
      if (performance.now() > end) throw new Error(`It took too long until ${what}.\n${await standing()}`);
      await pause(200);
    }
  }

  async function standing(): Promise<string> {
    const rows = await query<{ code: string | null; n: string }>(
      'SELECT code, count(*) AS n FROM contact_sync_fleet.connections GROUP BY 1',
    );
    const jobs = await query('SELECT name, state, count(*) FROM contact_sync_jobs.job GROUP BY 1, 2');
    const said = workers.flatMap(({ lines }) => lines.slice(-3).map((line) => JSON.stringify(line)));
    return [JSON.stringify(rows), JSON.stringify(jobs), ...said].join('\n');
  }

  return {
    async run(): Promise<string> {
      await connectAll();
      for (let n = 0; n < size.workers; n += 1) begin();
      await until(
        'all firms are synced once',
        async () => (await good(new Date(0)).catch(() => 0)) === well().length,
        120_000,
      );
      say('all firms are synced');
      await pauseOne();
      const from = practices.requests.length;
      const started = { at: performance.now(), cpu: allCpu(), server: cpuOfServer(url) };
      await chaos();
      const seconds = (performance.now() - started.at) / 1000;
      const requests = practices.requests.slice(from);
      const cpu = allCpu() - started.cpu;
      const report = {
        ...size,
        seconds: Math.round(seconds),
        syncs: requests.length,
        perSecond: round(requests.length / seconds),
        onTime: round(onTime(requests, started.at, seconds)),
        cpuMsPerSync: round((cpu * 1000) / requests.length),
        serverCpuMsPerSync: round(((cpuOfServer(url) + spent.server - started.server) * 1000) / requests.length),
        connections: spent.connections,
        kills: spent.kills,
        restarts: spent.restarts,
      };
      // From here on nothing changes, and everything that can be well has to be.
      const last = new Date();
      say('nothing is killed any more');
      for (const { practice } of firms) practice.version += 1;
      const operator = await openFleet({
        url,
        env,
        cwd: process.cwd(),
        actor: 'op',
        signal: new AbortController().signal,
      });
      await operator.retry({ book: null, source: null, code: null });
      await operator.close();
      await until('the schedule is caught up', async () => (await good(last)) === well().length, 300_000);
      await check();
      say(JSON.stringify(report));
      return 'caught up';
    },
    async end() {
      for (const worker of workers) worker.signal('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      await pool.end();
    },
  };

  function allCpu(): number {
    return spent.workers + workers.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
  }

  /** Of the firms that are well and of each whole minute: how many were read in it. */
  function onTime(requests: Practices['requests'], begun: number, seconds: number): number {
    const minutes = Math.floor(seconds / 60);
    if (minutes === 0) return 1;
    const seen = new Set(requests.map(({ at, tenantId }) => `${tenantId} ${Math.floor((at - begun) / 60_000)}`));
    const all = well().flatMap(({ practice }) =>
      Array.from({ length: minutes }, (_, n) => `${practice.tenantId} ${n}`),
    );
    return all.filter((one) => seen.has(one)).length / all.length;
  }

  async function chaos(): Promise<void> {
    const end = performance.now() + size.seconds * 1000;
    const frozen = { until: 0, worker: null as (typeof workers)[number] | null };
    for (let step = 1; performance.now() < end; step += 1) {
      await pause(3000);
      const [row] = await query<{ n: string }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE application_name <> 'campaign' AND backend_type = 'client backend'`,
      );
      spent.connections = Math.max(spent.connections, Number(row?.n));
      for (const { practice } of firms) if (draw() < 0.02) practice.version += 1;
      if (size.quiet === 1) continue;
      if (frozen.worker !== null && performance.now() > frozen.until) {
        frozen.worker.signal('SIGCONT');
        frozen.worker = null;
      }
      if (step === 1) {
        frozen.worker = workers[0] ?? null;
        frozen.worker?.signal('SIGSTOP');
        frozen.until = performance.now() + 13_000;
      } else if (step % 2 === 0 && workers.length > 1) {
        bury(1 + Math.floor(draw() * (workers.length - 1)));
        begin();
      }
      if (step === 3 || step === 6) {
        spent.server += cpuOfServer(url);
        await server.stop('crash');
        await server.start();
        spent.restarts += 1;
      }
    }
    frozen.worker?.signal('SIGCONT');
  }

  async function check(): Promise<void> {
    for (const { book, practice } of well()) {
      const store = postgresStore({ pool, book });
      const { contacts } = await store.search({ limit: 10_000 });
      const have = contacts.map(({ link, phone }) => `${link?.externalId} ${phone}`).toSorted();
      const want = Array.from({ length: practice.people }, (_, n) => person(practice, n + 1))
        .map(({ externalId, phone }) => `${externalId} ${phone}`)
        .toSorted();
      if (JSON.stringify(have) !== JSON.stringify(want)) throw new Error(`The book ${book} is not its source.`);
      if (practice.atMost > 1) throw new Error(`${book} was read ${practice.atMost} times at once.`);
    }
  }
}

function say(text: string): void {
  if (process.env.FLEET !== undefined) process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
