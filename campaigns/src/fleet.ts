import type { Campaign } from './campaign.js';
import { isLate, lateness } from './fleet-late.js';
import { duesFor } from './fleet-load.js';
import { type Cost, costBetween, round } from './fleet-measure.js';
import { type Report, writeReport } from './fleet-report.js';
import { type Settings, settingsOf } from './fleet-settings.js';
import { type FleetWorld, openFleetWorld } from './fleet-world.js';
import { pause } from './processes.js';
import { random } from './random.js';

/**
 * A fleet of practices that answer over HTTP, as slowly as a system does, one in a hundred of which fails. Either it is
 * found out how often all of them can be synced on time (`kills=0`), or workers are killed, one is frozen past its lease
 * and the server crashes twice while they are synced. At the end every book must equal its source, and no practice may
 * have been read twice at once.
 */
export const fleet: Campaign = {
  name: 'fleet',
  title: 'Workers of a fleet killed and frozen, PostgreSQL restarted',
  full: 3,
  share: 1,
  lanes: 1,
  async start() {
    return { one: (seed) => oneFleet(settingsOf(process.env.FLEET), random(seed).share) };
  },
};

/** A load is carried where so many of the syncs are on time. */
const enough = 0.99;
/** Of what is done when all are due at once. The machine carries the last of these, or not. */
const shares = [0.6, 0.75, 0.9, 1];
/** In a run of so many syncs one practice changes. */
const changing = 20;

async function oneFleet(settings: Settings, draw: () => number): Promise<string> {
  const begun = performance.now();
  const world = await openFleetWorld(settings, draw);
  const say = (text: string) => {
    if (process.env.FLEET !== undefined)
      process.stderr.write(`${String(Math.round((performance.now() - begun) / 1000)).padStart(5)} s  ${text}\n`);
  };
  /** Seconds until nothing new is to be begun. */
  const left = () => settings.minutes * 60 - (performance.now() - begun) / 1000;
  try {
    if (settings.statements === 1) await world.countStatements();
    const first = await firstSyncs(world, settings, say);
    await world.pauseOne();
    const burst = settings.quick === 1 ? null : await allAtOnce(world, say);
    const loads: Load[] = [];
    const chaos = settings.kills === 1 ? await underKills(world, settings, burst, draw, say) : null;
    if (chaos === null) {
      for (const rate of ratesFor(settings, burst)) {
        // What comes after the last load takes a while.
        if (left() < settings.seconds + settings.firms / 10) break;
        const load = await offer(world, settings, rate, draw, say);
        loads.push(load);
        if (!load.carried) break;
      }
    }
    const last = await caughtUp(world, say);
    await world.check();
    say('every book equals its source');
    const report: Report = {
      settings,
      first,
      burst,
      loads,
      chaos,
      last,
      memory: world.memory(),
      ...(await world.queue()),
    };
    await writeReport(report, world.query, say);
    return 'caught up';
  } finally {
    await world.close();
  }
}

async function firstSyncs(world: FleetWorld, settings: Settings, say: (text: string) => void): Promise<Cost> {
  await world.connectAll();
  say(`${settings.firms} firms of ${settings.contacts} contacts are connected`);
  const from = await world.reading();
  for (let n = 0; n < settings.workers; n += 1) world.begin();
  await world.allGood(new Date(0), 1_200_000, sometimes(say, world.well().length, 'synced for the first time'));
  const cost = costBetween(from, await world.reading());
  say(`first syncs: ${lineOf(cost)}`);
  return cost;
}

/** What is done in a second when everything is due: the most that the machine carries, with nothing to spare. */
async function allAtOnce(world: FleetWorld, say: (text: string) => void): Promise<Cost> {
  const since = new Date();
  const from = await world.reading();
  await world.orderAll();
  await world.allGood(since, 600_000, sometimes(say, world.well().length, 'synced again'));
  const cost = costBetween(from, await world.reading());
  say(`all at once: ${lineOf(cost)}`);
  return cost;
}

export type Load = Cost & {
  /** Due in a second. */
  readonly due: number;
  readonly onTime: number;
  /** How late syncs began, in seconds. */
  readonly late: { readonly p50: number; readonly p95: number; readonly p99: number; readonly most: number };
  readonly twice: number;
  /** Jobs that were due and not begun, on average in the first and in the last third. */
  readonly waiting: { readonly first: number; readonly last: number };
  readonly connections: number;
  readonly carried: boolean;
};

function ratesFor({ rate, firms }: Settings, burst: Cost | null): number[] {
  const most = firms / 60;
  const wanted = rate > 0 ? [rate] : shares.map((share) => share * (burst?.perSecond ?? most));
  const below = wanted.filter((one) => one < most);
  return below.length < wanted.length ? [...below, most] : below;
}

/** Has firms due so often for a while, and sees whether they are synced on time. */
async function offer(
  world: FleetWorld,
  settings: Settings,
  rate: number,
  draw: () => number,
  say: (text: string) => void,
): Promise<Load> {
  const dues = duesFor(world.firms.length, rate, draw);
  await world.schedule(dues);
  const begin = Date.now();
  const end = begin + settings.seconds * 1000;
  const waiting: number[] = [];
  let connections = 0;
  // Until the schedules of before are looked at no more.
  await changingFor(world, Math.min(end, begin + 30_000), draw);
  const from = await world.reading();
  while (Date.now() < end) {
    await changingFor(world, Math.min(end, Date.now() + 3000), draw);
    waiting.push((await world.queue()).waiting);
    connections = Math.max(connections, await world.connections());
  }
  const cost = costBetween(from, await world.reading());
  const third = Math.max(1, Math.floor(waiting.length / 3));
  const found = lateness(world, dues, begin, end);
  const load: Load = {
    ...{ due: round(found.due), onTime: found.onTime, late: found.late, twice: found.twice, connections },
    waiting: { first: mean(waiting.slice(0, third)), last: mean(waiting.slice(-third)) },
    carried: found.onTime >= enough,
    ...cost,
  };
  say(
    `${load.due} due a second: ${percent(load.onTime)} on time, ${load.late.p50} s late in the middle, ${load.late.p99} s of 99 in 100, ${load.waiting.last} waiting; ${lineOf(cost)}`,
  );
  return load;
}

export type Chaos = Cost & {
  readonly due: number;
  readonly kills: number;
  readonly crashes: number;
  readonly onTime: number;
  /** From the last kill until no firm is late any more, in seconds. */
  readonly caughtUpAfter: number;
};

const killEveryMs = 6000;

/** Syncs go on as scheduled while workers are killed, one is frozen past its lease, and the server crashes twice. */
async function underKills(
  world: FleetWorld,
  settings: Settings,
  burst: Cost | null,
  draw: () => number,
  say: (text: string) => void,
): Promise<Chaos> {
  const rate = Math.min(settings.firms / 60, settings.rate > 0 ? settings.rate : (burst?.perSecond ?? 1) / 2);
  const dues = duesFor(world.firms.length, rate, draw);
  await world.schedule(dues);
  const from = await world.reading();
  const begin = Date.now();
  const end = begin + settings.seconds * 1000;
  const thaw = begin + (settings.quick === 1 ? 13_000 : 45_000);
  const crashesAt = [1, 2].map((third) => begin + (settings.seconds * 1000 * third) / 3);
  const [frozen] = world.workers;
  frozen?.signal('SIGSTOP');
  let asleep = true;
  let kills = 0;
  let crashes = 0;
  while (Date.now() < end) {
    await changingFor(world, Date.now() + Math.min(killEveryMs, settings.seconds * 100), draw);
    if (asleep && Date.now() > thaw) {
      frozen?.signal('SIGCONT');
      asleep = false;
    }
    if (Date.now() > (crashesAt[crashes] ?? Number.POSITIVE_INFINITY)) {
      crashes += 1;
      await world.crash();
      say('PostgreSQL crashed');
    } else if (world.workers.length > 1) {
      world.bury(1 + Math.floor(draw() * (world.workers.length - 1)));
      world.begin();
      kills += 1;
    }
  }
  if (asleep) frozen?.signal('SIGCONT');
  say(`${kills} workers were killed; nothing is killed any more`);
  const cost = costBetween(from, await world.reading());
  const { onTime } = lateness(world, dues, begin, end);
  const calm = Date.now();
  while (isLate(world, dues, begin)) {
    if (Date.now() > calm + 600_000) throw new Error(`It took too long.\n${await world.standing()}`);
    await pause(500);
  }
  const caughtUpAfter = round((Date.now() - calm) / 1000);
  say(`on schedule again after ${caughtUpAfter} s; ${lineOf(cost)}`);
  return { ...cost, due: round(rate), kills, crashes, onTime, caughtUpAfter };
}

/** From here on nothing changes, and everything that can be well has to be: every source changed, and every one is read. */
async function caughtUp(world: FleetWorld, say: (text: string) => void): Promise<Cost> {
  for (const { practice } of world.firms) practice.version += 1;
  const since = new Date();
  const from = await world.reading();
  await world.orderAll();
  await world.allGood(since, 900_000, sometimes(say, world.well().length, 'synced after the last change'));
  const cost = costBetween(from, await world.reading());
  say(`all changed: ${lineOf(cost)}`);
  return cost;
}

/** Waits, and meanwhile the sources change now and then. */
async function changingFor(world: FleetWorld, until: number, draw: () => number): Promise<void> {
  while (Date.now() < until) {
    const before = world.practices.requests.length;
    await pause(Math.max(0, Math.min(1000, until - Date.now())));
    const changes = (world.practices.requests.length - before) / changing;
    for (let n = draw(); n < changes; n += 1) {
      const firm = world.firms[Math.floor(draw() * world.firms.length)];
      if (firm !== undefined) firm.practice.version += 1;
    }
  }
}

function lineOf({ seconds, syncs, perSecond, workerMs, serverMs, practicesMs, transactions, walBytes }: Cost): string {
  return `${syncs} reads in ${seconds} s, ${perSecond} a second; CPU a read: workers ${workerMs} ms, PostgreSQL ${serverMs} ms, practices ${practicesMs} ms; ${transactions} transactions, ${walBytes} bytes of WAL`;
}

/** Says every ten seconds how far it is. */
function sometimes(say: (text: string) => void, of: number, what: string): (done: number) => void {
  let next = performance.now() + 10_000;
  return (done) => {
    if (performance.now() < next) return;
    next += 10_000;
    say(`  ${done} of ${of} ${what}`);
  };
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
}

function percent(share: number): string {
  return `${round(share * 100)} %`;
}
