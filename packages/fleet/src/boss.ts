import type { Pool } from 'pg';
import { PgBoss, type Queue } from 'pg-boss';
import { queues, schemas } from './names.js';

/** A killed or frozen worker's job goes to another after this, and the look that finds it. In seconds; pg-boss takes 10 at least. */
export const leaseSeconds = 30;
/** How often the workers, one of them at a time, look for jobs whose worker is gone, in seconds. */
const lookSeconds = 15;

/** How often a sync that may go well the next time is tried again before a person is told: over about a quarter of an hour. */
const retries = { retryLimit: 8, retryDelay: 5, retryBackoff: true, retryDelayMax: 600 } as const;

const day = 86_400;

const settingsOf = (lease: number): Readonly<Record<string, Omit<Queue, 'name'>>> => ({
  [queues.failed]: { policy: 'standard', retentionSeconds: 90 * day, retryLimit: 0 },
  [queues.sync]: {
    // One job of a connection, whether it waits, is tried again or runs: what comes due meanwhile is the same sync.
    policy: 'exclusive',
    deadLetter: queues.failed,
    ...retries,
    heartbeatSeconds: lease,
    // The longest read that there is: after it the job goes to another worker.
    expireInSeconds: 4 * 3600,
    deleteAfterSeconds: 3600,
  },
  [queues.care]: { policy: 'exclusive', retryLimit: 0, expireInSeconds: 600, deleteAfterSeconds: 60 },
});

export type BossOptions = {
  readonly pool: Pool;
  /** `worker`: takes part in schedule and supervision. `operator`: only asks and orders. */
  readonly role: 'worker' | 'operator';
  readonly onError: (error: unknown) => void;
  readonly lease?: number | undefined;
  readonly look?: number | undefined;
};

/** pg-boss, with the queues of the fleet. Whoever is first makes its schema. */
export async function openBoss(options: BossOptions): Promise<PgBoss> {
  const { pool, role, onError, lease = leaseSeconds, look = lookSeconds } = options;
  const works = role === 'worker';
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: schemas.jobs,
    supervise: works,
    schedule: works,
    registerInstance: works,
    superviseIntervalSeconds: look,
    monitorIntervalSeconds: look,
    // Each look reads all schedules, on one worker: 130 µs of CPU each. Twice a minute: what one misses because its worker
    // is killed, the next one finds, for it looks a minute back.
    cronMonitorIntervalSeconds: 30,
    cronWorkerIntervalSeconds: 2,
    // Jobs do not depend on each other here.
    flowIntervalSeconds: 3600,
  });
  boss.on('error', onError);
  await boss.start();
  for (const [name, { policy, ...rest }] of Object.entries(settingsOf(lease))) {
    await boss.createQueue(name, { ...rest, ...(policy === undefined ? {} : { policy }) });
    // What an older version made is set as this one has it; the policy is for good.
    await boss.updateQueue(name, rest);
  }
  return boss;
}
