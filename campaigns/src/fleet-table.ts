import { measured } from './fleet-measured.js';
import { fleetConstants, type Imagined, type Outcome, simulate } from './fleet-model.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A place that may fail, worker processes of a core each, and what a firm is like. */
const usual: Imagined = {
  ...{ firms: 20_000, everyMs: hour, lastsMs: 2 * hour, workers: 2, places: 8, serverCores: 2 },
  contacts: { median: 300, spread: 1 },
  ...{ lostAfterMs: Number.POSITIVE_INFINITY, restartMs: minute, outage: null },
  // docs/decisions/0014-fleet.md: 38 windows of 250.
  ...{ appPerMinute: 9500, tenantPerDay: 5000, seed: 1 },
};

/** No more of a core than this is planned for: what is left is for bad minutes. */
const planned = 0.6;
const onTimeMs = minute;

/** What a fleet needs, and what it meets first, as Markdown; the same each time. */
export function tableOfModel(say: (line: string) => void): string {
  const lines = [
    `| firms, hourly | syncs a second | workers, one of them spare | PostgreSQL cores | busy: workers, PostgreSQL | half, 99 in 100 late by | with each worker lost once an hour | after the vendor was away for 20 minutes | most requests in a minute | nearest limit |`,
    '|---|---|---|---|---|---|---|---|---|---|',
  ];
  for (const firms of [2000, 20_000, 50_000, 100_000]) {
    const world = { ...usual, firms, ...sizeFor(firms) };
    // The spare one is away: what is left has to be enough.
    const calm = simulate({ ...world, workers: world.workers - 1 }, measured);
    const outage = { from: hour / 2, until: hour / 2 + 20 * minute };
    const away = simulate({ ...world, outage }, measured);
    const lossy = simulate({ ...world, lostAfterMs: hour }, measured);
    const cells = [
      ...[firms, firms / 3600, world.workers, world.serverCores].map(rounded),
      `${percent(calm.workerUse)}, ${percent(calm.serverUse)}`,
      `${seconds(calm.late.p50)}, ${seconds(calm.late.p99)} s`,
      `99 in 100 late by ${seconds(lossy.late.p99)} s`,
      `on time again after ${rounded(Math.max(0, away.lateUntil - outage.until) / minute)} minutes, ${rounded(away.longestQueue)} waiting at most, ${away.givenUp} left to the next hour`,
      rounded(calm.mostInMinute),
      nearest(firms, world.workers, calm),
    ];
    lines.push(`| ${cells.join(' | ')} |`);
    say(`${firms} firms`);
  }
  return [...lines, '', ...checks()].join('\n');
}

/** So many workers and cores that each is busy no more than planned, and on each side one more than must be. */
function sizeFor(firms: number): Pick<Imagined, 'workers' | 'serverCores'> {
  const thousands = Math.exp(Math.log(usual.contacts.median) + usual.contacts.spread ** 2 / 2) / 1000;
  const rate = firms / (hour / second);
  const { worker, server, lookMs } = measured;
  const cores = (rate * (worker.each + worker.perThousand * thousands)) / second;
  const looking = (firms * lookMs) / fleetConstants.lookMs;
  const serverCores = (rate * (server.each + server.perThousand * thousands)) / second;
  return {
    workers: Math.max(1, Math.ceil((cores + looking) / planned)) + 1,
    serverCores: Math.max(2, Math.ceil(serverCores / planned)),
  };
}

/** Of what limits a fleet: that of which the largest share is used. */
function nearest(firms: number, workers: number, { mostInMinute }: Outcome): string {
  const { lookMs, sentAtOnce, sendEveryMs, leaseMs } = fleetConstants;
  const used: readonly (readonly [string, number])[] = [
    // A worker that looks does nothing else, and must be heard within its lease; half of it is what is left to be safe.
    ['the look at the schedules', (firms * measured.lookMs) / (leaseMs / 2)],
    ['requests of the app', mostInMinute / usual.appPerMinute],
    ['turning schedules into jobs', (firms / 3600) * (sendEveryMs / second / sentAtOnce / workers)],
    ['the time between two looks', (firms * measured.lookMs) / lookMs],
    ['connections to PostgreSQL', (workers * (usual.places + 5)) / 500],
  ];
  const [name, share] = used.reduce((most, one) => (one[1] > most[1] ? one : most));
  return `${name}: ${percent(share)}`;
}

/** Whether 20,000 firms are synced on time, without the spare worker and with it. */
function checks(): string[] {
  const { workers, serverCores } = sizeFor(20_000);
  const lines: string[] = [];
  for (const spare of [0, 1]) {
    const { late } = simulate({ ...usual, workers: workers - 1 + spare, serverCores }, measured);
    const well = late.p99 <= onTimeMs ? 'on time' : 'late';
    lines.push(`20,000 firms, workers: ${workers - 1 + spare}; ${well}, 99 in 100 within ${seconds(late.p99)} s.`);
  }
  return lines;
}

const rounded = (n: number) => (n < 10 ? Math.round(n * 10) / 10 : Math.round(n)).toLocaleString('en');
const percent = (share: number) => `${Math.round(share * 100)} %`;
const seconds = (ms: number) => (ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)).toLocaleString('en');
