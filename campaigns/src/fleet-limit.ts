import { writeStored } from '@contact-sync/runner/engine';
import { postgresVault } from '@contact-sync/storage-postgres';
import pg from 'pg';
import { short, startChild } from '../../packages/fleet/test/children.js';
import { type Practices, startPractices } from '../../packages/fleet/test/practices.js';
import { key, sealedOf, storedPractice } from '../../packages/fleet/test/stored.js';
import { startServer } from '../../packages/storage-postgres/test/server.js';
import type { Campaign } from './campaign.js';
import { pause } from './processes.js';

/**
 * How it is tried: `FLEET_LIMIT=requests a minute,seconds of a minute,minutes,workers`. Minutes are shorter where nobody has
 * time; what is asked for then is less, for a machine on which other work runs cannot say how well a limit is used.
 */
const small = { limit: 24, seconds: 8, minutes: 2, workers: 4, share: 0.7 };

function settingsOf(text: string | undefined): typeof small {
  if (text === undefined) return small;
  const [limit = 360, seconds = 60, minutes = 3, workers = 4] = text.split(',').map(Number);
  return { limit, seconds, minutes, workers, share: 0.9 };
}

/**
 * Four workers, each a process of its own, and firms that are due again as soon as they were synced: more than the limit of
 * the app allows. The system counts what it is asked, in every stretch as long as a minute.
 */
export const fleetLimit: Campaign = {
  name: 'fleet-limit',
  title: 'The limit of an app, by workers that could do more',
  full: 1,
  share: 1,
  lanes: 1,
  async start() {
    return { one: () => oneLimit(settingsOf(process.env.FLEET_LIMIT)) };
  },
};

async function oneLimit({ limit, seconds, minutes, workers, share }: typeof small): Promise<string> {
  const minute = seconds * 1000;
  const server = await startServer();
  const practices = await startPractices();
  const url = server.url();
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'campaign' });
  pool.on('error', () => undefined);
  const tuning = { ...short, limited: { limits: { app: { minute: limit } }, minute } };
  const begun = Array.from({ length: workers }, () =>
    startChild({ url, env: { CONTACT_SYNC_KEY: key } }, { atOnce: 4, tuning }),
  );
  try {
    const firms = await connected(pool, practices, workers * 8);
    await until(() => begun.every(({ lines }) => lines.some(({ text }) => text === 'started')));
    await until(() => practices.requests.length > 0);
    const from = performance.now();
    while (performance.now() < from + minutes * minute) {
      await dueAgain(pool);
      await pause(100);
    }
    const to = performance.now();
    const moments = practices.requests.map(({ at }) => at);
    const most = mostWithin(moments, minute);
    const used = moments.filter((at) => at >= from && at < to).length / ((limit * (to - from)) / minute);
    const said = `${most} of ${limit} at the most in ${seconds} s, ${Math.round(used * 100)} % used by ${workers} workers and ${firms} firms`;
    if (most > limit) throw new Error(`The limit was exceeded: ${said}.`);
    if (used < share) throw new Error(`The limit was used too little: ${said}.`);
    return said;
  } finally {
    for (const { signal } of begun) signal('SIGKILL');
    await Promise.all(begun.map(({ ended }) => ended));
    await pool.end();
    await practices.close();
    await server.close();
  }
}

async function connected(pool: pg.Pool, practices: Practices, firms: number): Promise<number> {
  const sealed = sealedOf(postgresVault({ pool }));
  for (let n = 0; n < firms; n += 1) {
    const { source, stored } = storedPractice(practices.url, practices.add(5).tenantId);
    await writeStored(sealed, `firm-${n}`, source, stored);
  }
  return firms;
}

/** Every firm that is not synced or about to be is due now. */
async function dueAgain(pool: pg.Pool): Promise<void> {
  await pool.query(
    `INSERT INTO contact_sync_jobs.job (name, data, singleton_key, policy)
     SELECT 'sync', json_build_object('book', book, 'source', source), key, 'exclusive' FROM contact_sync_fleet.connections
     ON CONFLICT DO NOTHING`,
  );
}

async function until(work: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!work()) {
    if (performance.now() > end) throw new Error('The workers did not begin.');
    await pause(50);
  }
}

/** The most in any stretch of this length. */
function mostWithin(moments: readonly number[], milliseconds: number): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of moments.entries()) {
    while ((moments[first] ?? at) <= at - milliseconds) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
