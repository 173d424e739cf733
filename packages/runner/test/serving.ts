import type { AlertMessage, Sink } from '../src/alerts/sinks.js';
import { jsonLog } from '../src/serve/json-log.js';
import { runLogger } from '../src/serve/log.js';
import { type Service, startService } from '../src/serve/service.js';
import type { ServeOptions } from '../src/serve/types.js';
import { servedWorld } from './served-world.js';
import { type SimClock, simClock } from './sim-clock.js';

/** Far more than any test takes; a test of a loop that never waits ends with it, for no timer ends one. */
const mostSteps = 100_000;

/** A service on a clock of its own, with three systems. It can be stopped and started again. */
export async function serving(start: number, more: Partial<ServeOptions> = {}) {
  const clock = simClock(start);
  const world = await servedWorld(clock);
  const lines: string[] = [];
  const log = jsonLog(
    'debug',
    (line) => lines.push(line),
    () => new Date(clock.now()),
  );
  let stop = new AbortController();
  let service: Service | null = null;

  function begin(): Service {
    stop = new AbortController();
    service = startService({
      books: [{ store: 'sqlite:never-opened.db', book: 'default' }],
      actor: 'service',
      env: world.env,
      cwd: process.cwd(),
      signal: stop.signal,
      log,
      clock,
      lookMs: 600_000,
      open: world.open,
      load: world.load,
      ...more,
      watchers: [runLogger(log, true), ...(more.watchers ?? [])],
    });
    return service;
  }

  async function end(): Promise<void> {
    stop.abort();
    await service?.ended;
    service = null;
  }

  /** Lets everything happen up to a moment. */
  async function until(moment: number): Promise<void> {
    let over = false;
    clock.plan(moment, () => {
      over = true;
    });
    for (let steps = 0; !over; steps += 1) {
      if (steps === mostSteps) throw new Error('The service goes on without waiting for anything.');
      await step(clock, service);
    }
    await service?.settled();
  }

  return { ...world, clock, lines, begin, end, until };
}

async function step(clock: SimClock, service: Service | null): Promise<void> {
  if (service !== null) {
    await clock.parked();
    if (service.busy()) return await service.settled();
  }
  await clock.next();
}

/** Remembers what it was given, or refuses it for as long as it is told to. */
export function listeningSink(name: string, isDown: () => boolean = () => false) {
  const got: AlertMessage[] = [];
  let refused = 0;
  const sink: Sink = {
    name,
    async send(message) {
      if (isDown()) {
        refused += 1;
        throw new Error('Not now.');
      }
      got.push(message);
    },
  };
  return { sink, got, refused: () => refused };
}
