import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { ContactSyncError } from '@contact-sync/core';
import {
  defaultAlertSettings,
  errorFacts,
  jsonLog,
  listen,
  loadConnector,
  requestCounter,
  runLogger,
  type StartWorker,
  sinkOf,
  systemClock,
  type WorkerOptions,
} from '@contact-sync/runner/engine';
import { leaseSeconds, openBoss } from './boss.js';
import { syncJob, type Working } from './job.js';
import { limitedBy } from './limits.js';
import { fleetMetrics } from './metrics.js';
import { queues } from './names.js';
import { workAtOnce } from './places.js';
import { checkVersions } from './schema.js';
import { lookAtResting } from './sign-ins.js';
import { takeUp } from './take-up.js';
import { watchFleet } from './watch.js';
import { openWorld } from './world.js';

/** After the signal, so long for syncs to end by themselves, in milliseconds. They end at once, or are writing. */
const patienceMs = 20_000;

/**
 * Syncs connections of a fleet until the signal aborts, beside as many other workers as there are.
 *
 * @throws ContactSyncError for what a person must mend before it can begin, and `store_newer` where a newer version has
 *   taken over the database: newer workers do the work then
 */
export const startWorker: StartWorker = (options) => work(options);

/** How often a worker asks, in seconds; tests have no time. */
export type Tuning = {
  readonly careSeconds?: number;
  readonly askSeconds?: number;
  readonly lease?: number;
  readonly look?: number;
  readonly limited?: Parameters<typeof limitedBy>[2];
};

export async function work(options: WorkerOptions, tuning: Tuning = {}): Promise<void> {
  const { careSeconds = 15, askSeconds = 2, lease = leaseSeconds, look } = tuning;
  const { url, cwd, signal, atOnce, settingsOf, actor, logLevel = 'info', logPersonalData = false } = options;
  const { now } = systemClock;
  const log = jsonLog(logLevel, options.write, () => new Date(now()));
  const sinks = options.alertsTo.map((settings) => sinkOf(settings, now));
  const stop = new AbortController();
  const problems = new Set<string>(['It is starting.']);
  const onSignal = () => stop.abort();
  signal.addEventListener('abort', onSignal, { once: true });
  let newer: ContactSyncError | null = null;

  const world = await openWorld(options, atOnce + 5, lease);
  const metrics = fleetMetrics(world.pool);
  const listening =
    options.listen === null
      ? null
      : await listen(options.listen, { status: () => [], problems: () => [...problems] }, metrics, now).catch(
          async (error: unknown) => {
            await world.close();
            throw error;
          },
        );
  const counter = requestCounter();
  try {
    await world.keys();
    const boss = await openBoss({
      ...{ pool: world.pool, role: 'worker', lease, look },
      onError(error) {
        log.error(factsOf(error), 'the queue');
        void stopIfNewer();
      },
    });
    try {
      const watchers = [runLogger(log, logPersonalData), metrics.watcher];
      const settings = { ...defaultAlertSettings, ...options.alerts };
      const load = limitedBy(world.pool, loadConnector, tuning.limited);
      const working: Working = {
        ...{ world, boss, url, cwd, settingsOf, stopIfNewer, name: `${hostname()}/${process.pid}` },
        run: { actor, load, cwd, now, signal: stop.signal, counter },
        telling: { now, signal: stop.signal, sinks, settings, log, watchers },
      };
      await boss.schedule(queues.care, '* * * * *', {}, { singletonKey: 'care' });
      await boss.send(queues.care, {}, { singletonKey: 'care' });
      await boss.work(queues.care, { pollingIntervalSeconds: careSeconds }, async () => {
        await stopIfNewer();
        if (stop.signal.aborted) return;
        await takeUp({ world, boss, log, settingsOf });
        await lookAtResting(working);
        await watchFleet({ world, log, sinks, now, signal: stop.signal });
      });
      await workAtOnce(boss, { atOnce, askSeconds }, (job) => syncJob(job, working));
      problems.clear();
      log.info({ worker: working.name, atOnce, listen: listening?.url ?? null }, 'started');
      await ended(stop.signal);
      problems.add('It is ending.');
      log.info({ worker: working.name }, 'ending');
    } finally {
      // Takes nothing more, and waits for what is under way.
      await boss.stop({ graceful: true, timeout: patienceMs });
    }
  } finally {
    signal.removeEventListener('abort', onSignal);
    stop.abort();
    counter.close();
    await listening?.close();
    await Promise.race([world.close(), setTimeout(2000, undefined, { ref: false })]);
    log.info({}, 'ended');
  }
  if (newer !== null) throw newer;

  /** Where a newer version has taken over the database, newer workers do the work. */
  async function stopIfNewer(): Promise<void> {
    try {
      await checkVersions(world.pool);
    } catch (error) {
      // Whatever else it is: what is asked of the database next meets the same.
      if (!ContactSyncError.is(error) || error.code !== 'store_newer') return;
      newer = error;
      stop.abort();
    }
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}

/** What the queue says of an error may hold what a statement was asked with: of it only names and codes are told. */
function factsOf(error: unknown): object {
  if (ContactSyncError.is(error)) return errorFacts(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { error: { name: error instanceof Error ? error.name : 'unknown', ...(code === undefined ? {} : { code }) } };
}
