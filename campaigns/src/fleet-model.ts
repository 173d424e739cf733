import { eventsInOrder, servers } from './fleet-events.js';
import { quantile } from './fleet-load.js';
import type { Measured } from './fleet-measured.js';
import { random } from './random.js';

/** A fleet that is not there. Times are milliseconds. */
export type Imagined = {
  readonly firms: number;
  /** Each firm is due once in this time, at a moment of its own. */
  readonly everyMs: number;
  readonly lastsMs: number;
  /** Worker processes, each with a core of its own, and how many syncs each does at once. */
  readonly workers: number;
  readonly places: number;
  readonly serverCores: number;
  /** The contacts of a firm in the middle of all, and how far sizes differ: the logarithm's standard deviation. */
  readonly contacts: { readonly median: number; readonly spread: number };
  /** On average a worker is lost after this; infinite: never. Another is there after `restartMs`. */
  readonly lostAfterMs: number;
  readonly restartMs: number;
  /** The vendor answers nobody from and until these. */
  readonly outage: { readonly from: number; readonly until: number } | null;
  readonly appPerMinute: number;
  readonly tenantPerDay: number;
  readonly seed: number;
};

export type Outcome = {
  readonly syncs: number;
  /** How long after its moment a sync began to read, in milliseconds, and how long it waited for a place and for CPU. */
  readonly late: { readonly p50: number; readonly p95: number; readonly p99: number; readonly most: number };
  readonly waitedMs: number;
  /** The last moment at which a sync began that was more than a minute late; 0: there was none. */
  readonly lateUntil: number;
  readonly longestQueue: number;
  /** Shares of what there is. */
  readonly workerUse: number;
  readonly serverUse: number;
  /** The most requests in one minute, and of one tenant in one day. */
  readonly mostInMinute: number;
  readonly mostOfTenant: number;
  /** Syncs that were given up for a person to see. */
  readonly givenUp: number;
};

// As the fleet has them; see packages/fleet/src.
export const fleetConstants = {
  lookMs: 30_000,
  /** pg-boss turns so many due schedules into jobs each two seconds, on each worker. */
  sentAtOnce: 50,
  sendEveryMs: 2000,
  leaseMs: 30_000,
  supervisionMs: 15_000,
  retries: { limit: 8, firstMs: 5000, mostMs: 600_000 },
  appWindows: 38,
} as const;

const day = 86_400_000;

type Job = { readonly firm: number; readonly tried: number; worker: number; life: number; queuedAt: number };

/** What happens to an imagined fleet; the same each time for the same seed. */
export function simulate(world: Imagined, measured: Measured, { direct = false } = {}): Outcome {
  const { lookMs, sentAtOnce, sendEveryMs, leaseMs, supervisionMs, retries, appWindows } = fleetConstants;
  const draw = random(world.seed).share;
  const events = eventsInOrder();
  const { at } = events;
  const sizes = Array.from({ length: world.firms }, () =>
    Math.exp(Math.log(world.contacts.median) + world.contacts.spread * normal(draw)),
  );
  const offsets = Array.from({ length: world.firms }, () => draw() * world.everyMs);
  const inOrder = offsets.map((_, firm) => firm).sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0));
  let coming = 0;
  const busy = new Uint8Array(world.firms);
  const dueSince = new Float64Array(world.firms).fill(Number.NaN);
  const reads = new Map<string, number>();
  const workers = Array.from({ length: world.workers }, () => ({
    ...{ life: 0, alive: true, free: world.places, cpu: servers(events, 1) },
    running: new Set<Job>(),
  }));
  const server = servers(events, world.serverCores);
  const late: number[] = [];
  const waits: number[] = [];
  const perMinute = new Map<number, number>();
  const windowMs = Math.ceil(60_000 / appWindows);
  const perWindowMost = Math.floor(world.appPerMinute / appWindows);
  const slot = { window: 0, used: 0 };
  let waiting: Job[] = [];
  let first = 0;
  let longest = 0;
  let lateUntil = 0;
  let syncs = 0;
  let givenUp = 0;
  let workerMs = 0;

  const isLive = (job: Job) => workers[job.worker]?.life === job.life && workers[job.worker]?.alive === true;

  function enqueue(firm: number, tried: number): void {
    waiting.push({ firm, tried, worker: -1, life: -1, queuedAt: events.now() });
    longest = Math.max(longest, waiting.length - first);
    fill();
  }

  /** Whoever has most places free takes the next. */
  function fill(): void {
    while (first < waiting.length) {
      let best = -1;
      for (const [n, { alive, free }] of workers.entries()) {
        if (alive && free > 0 && (best === -1 || free > (workers[best]?.free ?? 0))) best = n;
      }
      const worker = workers[best];
      const job = waiting[first];
      if (worker === undefined || job === undefined) break;
      first += 1;
      worker.free -= 1;
      worker.running.add(job);
      job.worker = best;
      job.life = worker.life;
      begin(job);
    }
    if (first > 10_000) {
      waiting = waiting.slice(first);
      first = 0;
    }
  }

  /** A third of the CPU is used before the practice is asked. */
  function begin(job: Job): void {
    const [onWorker, onServer] = costs(job);
    use(job, onWorker / 3, () =>
      server.use(onServer / 3, () => onlyIf(job, () => at(nextSlot(), () => onlyIf(job, () => ask(job))))),
    );
  }

  function costs({ firm }: Job): [number, number] {
    const thousands = (sizes[firm] ?? 0) / 1000;
    const { worker, server: on } = measured;
    return [worker.each + worker.perThousand * thousands, on.each + on.perThousand * thousands];
  }

  function use(job: Job, ms: number, then: () => void): void {
    workerMs += ms;
    workers[job.worker]?.cpu.use(ms, () => onlyIf(job, then));
  }

  /** What was begun by a worker that is lost goes no further. */
  function onlyIf(job: Job, then: () => void): void {
    if (isLive(job)) then();
  }

  /** When the limit of the app lets one more pass. */
  function nextSlot(): number {
    const window = Math.floor(events.now() / windowMs);
    if (window > slot.window) Object.assign(slot, { window, used: 0 });
    if (slot.used >= perWindowMost) Object.assign(slot, { window: slot.window + 1, used: 0 });
    slot.used += 1;
    return slot.window * windowMs;
  }

  function ask(job: Job): void {
    const now = events.now();
    const today = `${job.firm} ${Math.floor(now / day)}`;
    const ofTenant = reads.get(today) ?? 0;
    if (ofTenant >= world.tenantPerDay) {
      park(job);
      return;
    }
    reads.set(today, ofTenant + 1);
    perMinute.set(Math.floor(now / 60_000), (perMinute.get(Math.floor(now / 60_000)) ?? 0) + 1);
    const since = dueSince[job.firm] ?? Number.NaN;
    const isOut = world.outage !== null && now >= world.outage.from && now < world.outage.until;
    if (isOut) {
      at(now + measured.outageMs, () => onlyIf(job, () => failed(job)));
      return;
    }
    if (!Number.isNaN(since)) {
      late.push(now - since);
      if (now - since > 60_000) lateUntil = now;
      waits.push(now - job.queuedAt);
      dueSince[job.firm] = Number.NaN;
    }
    const { least, most } = measured.practice;
    at(now + least + draw() * (most - least), () => onlyIf(job, () => finish(job)));
  }

  function finish(job: Job): void {
    const [onWorker, onServer] = costs(job);
    use(job, (onWorker * 2) / 3, () =>
      server.use((onServer * 2) / 3, () =>
        onlyIf(job, () => {
          syncs += 1;
          busy[job.firm] = 0;
          leave(job);
        }),
      ),
    );
  }

  function failed(job: Job): void {
    if (job.tried >= retries.limit) {
      givenUp += 1;
      busy[job.firm] = 0;
      dueSince[job.firm] = Number.NaN;
    } else {
      const pause = Math.min(retries.mostMs, retries.firstMs * 2 ** job.tried) * (0.5 + draw() / 2);
      at(events.now() + pause, () => enqueue(job.firm, job.tried + 1));
    }
    leave(job);
  }

  function park(job: Job): void {
    at((Math.floor(events.now() / day) + 1) * day, () => enqueue(job.firm, 0));
    leave(job);
  }

  function leave(job: Job): void {
    const worker = workers[job.worker];
    if (worker === undefined) return;
    worker.running.delete(job);
    worker.free += 1;
    fill();
  }

  function come(firm: number, due: number): void {
    if (Number.isNaN(dueSince[firm] ?? Number.NaN)) dueSince[firm] = due;
    // A connection has one job.
    if (busy[firm] === 1) return;
    busy[firm] = 1;
    enqueue(firm, 0);
  }

  function lose(n: number): void {
    const worker = workers[n];
    if (worker === undefined) return;
    const now = events.now();
    for (const { firm, tried } of worker.running) {
      at(now + leaseMs + draw() * supervisionMs, () => enqueue(firm, tried + 1));
    }
    worker.running.clear();
    worker.alive = false;
    at(now + world.restartMs, () => {
      Object.assign(worker, { life: worker.life + 1, alive: true, free: world.places, cpu: servers(events, 1) });
      fill();
    });
    loseLater(n);
  }

  function loseLater(n: number): void {
    if (world.lostAfterMs === Number.POSITIVE_INFINITY) return;
    at(events.now() + world.restartMs - Math.log(1 - draw()) * world.lostAfterMs, () => lose(n));
  }

  /** One worker looks at all schedules, and all of them make jobs of those that are due. */
  function look(): void {
    const now = events.now();
    const due: { firm: number; at: number }[] = [];
    for (; momentOf(coming) <= now; coming += 1) {
      due.push({ firm: inOrder[coming % world.firms] ?? 0, at: momentOf(coming) });
    }
    const ms = measured.lookMs * world.firms;
    const worker = workers[Math.floor(draw() * workers.length)];
    const send = () => {
      const each = sendEveryMs / (sentAtOnce * Math.max(1, workers.filter(({ alive }) => alive).length));
      for (const [n, one] of due.entries()) at(events.now() + (n + 1) * each, () => come(one.firm, one.at));
    };
    workerMs += ms;
    worker?.cpu.use(ms, send);
    if (now + lookMs <= world.lastsMs) at(now + lookMs, look);
  }

  /** Of the firms in the order of their moments, round after round. */
  function momentOf(number: number): number {
    const round = Math.floor(number / world.firms);
    return (offsets[inOrder[number % world.firms] ?? 0] ?? 0) + round * world.everyMs;
  }

  if (direct) {
    for (const [firm, offset] of offsets.entries())
      for (let moment = offset; moment < world.lastsMs; moment += world.everyMs) at(moment, () => come(firm, moment));
  } else at(0, look);
  for (const n of workers.keys()) loseLater(n);
  events.run(world.lastsMs);

  late.sort((a, b) => a - b);
  return {
    syncs,
    late: { p50: quantile(late, 0.5), p95: quantile(late, 0.95), p99: quantile(late, 0.99), most: quantile(late, 1) },
    waitedMs: waits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, waits.length),
    lateUntil,
    longestQueue: longest,
    workerUse: workerMs / (world.workers * world.lastsMs),
    serverUse: server.used() / (world.serverCores * world.lastsMs),
    mostInMinute: [...perMinute.values()].reduce((most, n) => Math.max(most, n), 0),
    mostOfTenant: [...reads.values()].reduce((most, n) => Math.max(most, n), 0),
    givenUp,
  };
}

/** Box and Muller. */
function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}
