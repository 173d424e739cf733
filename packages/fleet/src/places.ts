import type { JobResult, JobWithMetadata, PgBoss, WorkOptions } from 'pg-boss';
import { queues, type SyncJob } from './names.js';

/** How often its other places do by themselves; else they are woken when there is more to do. */
const sleepSeconds = 60;

/**
 * Has so many jobs done at once. Only the first place asks for work all the time: whoever got a job wakes one that
 * sleeps, so an idle worker asks the database for little, and a busy one fills all its places at once.
 *
 * @param options `askSeconds`: how often a worker with nothing to do asks for work
 * @param work never rejects for what is wrong with a connection
 */
export async function workAtOnce(
  boss: PgBoss,
  { atOnce, askSeconds }: { readonly atOnce: number; readonly askSeconds: number },
  work: (job: JobWithMetadata<SyncJob>) => Promise<JobResult>,
): Promise<void> {
  const sleeping = new Set<string>();
  const wakeOne = () => {
    for (const id of sleeping) {
      sleeping.delete(id);
      return boss.notifyWorker(id);
    }
  };
  for (let place = 0; place < atOnce; place += 1) {
    const own = { id: '' };
    const options = {
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: place === 0 ? askSeconds : sleepSeconds,
      // Large reads take one of the places, and the others are for everybody else.
      localGroupConcurrency: 1,
    } as const satisfies WorkOptions;
    own.id = await boss.work<SyncJob, unknown, typeof options>(queues.sync, options, async (jobs) => {
      sleeping.delete(own.id);
      wakeOne();
      try {
        return await Promise.all(jobs.map(work));
      } finally {
        // Asks at once whether there is more, and sleeps where there is not.
        boss.notifyWorker(own.id);
        sleeping.add(own.id);
      }
    });
    sleeping.add(own.id);
  }
}
