import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { faults as bglFaults } from '@contact-sync/connector-bgl/mock';
import { faults as fyiFaults } from '@contact-sync/connector-fyi/mock';
import { faults as xpmFaults } from '@contact-sync/connector-xpm/mock';
import { planPause, planResume } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { listeningSink, serving } from '../../test/serving.js';
import { storedKey } from '../connections/stored.js';
import { removeSealed } from '../secrets/sealed-vault.js';

const hour = 3_600_000;
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
type Day = (typeof days)[number];
const monday = Date.parse('2026-03-02T00:00:00Z');

/** A moment of the week in UTC: `Tue`, `10:59:58`. */
function at(day: Day, time: string): number {
  const [h = 0, m = 0, s = 0] = time.split(':').map(Number);
  return monday + days.indexOf(day) * 24 * hour + ((h * 60 + m) * 60 + s) * 1000;
}

function named(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${days[Math.floor((ms - monday) / (24 * hour))]} ${iso.slice(11, iso.endsWith('.000Z') ? 19 : 23)}`;
}

/** Every hour at this minute and second, from one moment to another. */
function hourly(time: string, from: number, to: number): number[] {
  const first = at('Mon', `0:${time}`);
  return Array.from({ length: 7 * 24 }, (_, n) => first + n * hour).filter((ms) => ms >= from && ms < to);
}

const collect = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();
function heapAfterCollection(): number {
  for (let n = 0; n < 3; n += 1) collect();
  return process.memoryUsage().heapUsed;
}

test('a week with everything that goes wrong', async () => {
  const mail = listeningSink('mail');
  const hook = listeningSink('hook', () => isBetween(at('Tue', '12:00'), at('Tue', '16:00')));
  const served = await serving(monday, { sinks: [mail.sink, hook.sink] });
  const { systems, sources, store, vault, clock, until } = served;
  const isBetween = (from: number, to: number) => clock.now() >= from && clock.now() < to;
  const plan = (day: Day, time: string, happens: () => void | Promise<void>) => clock.plan(at(day, time), happens);
  const signed = () => ({ actor: 'person', at: new Date(clock.now()).toISOString(), why: null });
  const always = Number.POSITIVE_INFINITY;
  for (const name of ['xpm', 'fyi', 'bgl'] as const) await served.connect(name);

  // A token that ends early; the connector renews it.
  plan('Mon', '20:00', () => systems.xpm.fault(xpmFaults.tokenExpired()));
  // An outage of four runs, and one of two.
  plan('Tue', '10:00', () => systems.xpm.fault(xpmFaults.proxy(503), always));
  plan('Tue', '14:30', () => systems.xpm.clearFaults());
  plan('Tue', '15:00', () => systems.bgl.fault(bglFaults.reset(), always));
  plan('Tue', '17:00', () => systems.bgl.clearFaults());
  // The sign-in ends, and somebody signs in again.
  plan('Wed', '02:00', () => systems.xpm.signIn.endAll());
  plan('Wed', '07:30', () => served.signIn());
  // A quarter of the records cannot be imported for a while.
  const broken = systems.bgl
    .contacts()
    .slice(0, 5)
    .map(({ id = null, email = null }) => ({ id, email }));
  plan('Wed', '08:00', () => {
    for (const { id } of broken) systems.bgl.updateContact(id, { email: 'nobody' });
  });
  plan('Wed', '11:00', () => {
    for (const { id, email } of broken) systems.bgl.updateContact(id, { email });
  });
  // Limits of each kind. Those of a day say when to go on: 3 h 20 min and 2 h 30 min later. The others are waited for:
  // of a minute, of the app, of requests at once, of ten minutes.
  plan('Thu', '05:00', () => systems.xpm.fault(xpmFaults.limited('day', 12_000)));
  plan('Thu', '10:00', () => systems.xpm.fault(xpmFaults.limited('minute', 20)));
  plan('Thu', '11:00', () => {
    systems.xpm.fault(xpmFaults.limited('appminute', null));
    systems.xpm.fault(xpmFaults.limited('concurrent', null));
  });
  plan('Thu', '13:00', () => systems.bgl.fault(bglFaults.limited('today', 9000)));
  plan('Thu', '20:00', () => systems.bgl.fault(bglFaults.limited('10 mins')));
  plan('Thu', '12:00', () => systems.fyi.fault(fyiFaults.limited(7200)));
  // The keys are refused; meanwhile the service is down for three hours.
  plan('Fri', '00:00', () => systems.fyi.fault(fyiFaults.keysRefused(), always));
  plan('Fri', '08:00', () => systems.fyi.clearFaults());
  // Twelve of twenty clients are archived by mistake.
  const archived = systems.xpm
    .clients()
    .slice(0, 12)
    .map(({ UUID = '' }) => UUID);
  plan('Sat', '06:00', () => {
    for (const UUID of archived) systems.xpm.archiveClient(UUID);
  });
  plan('Sat', '10:10', () => {
    for (const UUID of archived) systems.xpm.updateClient(UUID, { IsArchived: 'No' });
  });
  // A person pauses a connection, and resumes it.
  plan('Sat', '12:00', async () => void (await store.apply(await planPause(store, sources.bgl, signed()))));
  plan('Sat', '15:45', async () => void (await store.apply(await planResume(store, sources.bgl, signed()))));
  // A connection is removed.
  plan('Sun', '00:00', () => removeSealed(vault, storedKey('default', sources.fyi)));
  // The machine sleeps for six hours.
  plan('Sun', '08:00', () => clock.pass(6 * hour));

  served.begin();
  await until(at('Tue', '00:00'));
  const before = heapAfterCollection();
  await until(at('Fri', '03:00'));
  await served.end();
  await until(at('Fri', '06:00'));
  served.begin();
  await until(monday + 7 * 24 * hour);
  const after = heapAfterCollection();
  await served.end();

  // The schedule, worked out by hand.
  const fails = (code: string, moments: readonly number[]) => moments.map((ms) => `${named(ms)} failed ${code}`);
  const well = (moments: readonly number[]) => moments.map((ms) => `${named(ms)} done`);
  const xpm = (from: number, to: number) => hourly('59:58', from, to);
  const bgl = (from: number, to: number) => hourly('32:11', from, to);
  const runs = await runsBySource();
  expect(runs.get(sources.xpm)).toEqual([
    ...well([monday, ...xpm(monday, at('Tue', '10:00'))]),
    ...fails('source_unavailable', xpm(at('Tue', '10:00'), at('Tue', '14:30'))),
    ...well(xpm(at('Tue', '14:30'), at('Wed', '02:00'))),
    ...fails('source_reconnect', xpm(at('Wed', '02:00'), at('Wed', '07:30'))),
    ...well(xpm(at('Wed', '07:30'), at('Thu', '05:00'))),
    ...fails('source_rate_limited', [at('Thu', '05:59:58')]),
    ...well([at('Thu', '09:19:58'), ...xpm(at('Thu', '09:30'), at('Fri', '03:00'))]),
    ...well([at('Fri', '06:00'), ...xpm(at('Fri', '06:00'), at('Sat', '06:00'))]),
    ...xpm(at('Sat', '06:00'), at('Sat', '10:10')).map((ms) => `${named(ms)} blocked`),
    ...well(xpm(at('Sat', '10:10'), at('Sun', '08:00'))),
    ...well([at('Sun', '14:00'), ...xpm(at('Sun', '14:00'), monday + 7 * 24 * hour)]),
  ]);
  const resumed = runs.get(sources.bgl)?.find((run) => run > 'Sat 15:45' && run < 'Sat 15:55:01') ?? 'none';
  expect(runs.get(sources.bgl)).toEqual([
    ...well([monday, ...bgl(monday, at('Tue', '15:00'))]),
    ...fails('source_unreachable', bgl(at('Tue', '15:00'), at('Tue', '17:00'))),
    ...well(bgl(at('Tue', '17:00'), at('Thu', '13:00'))),
    ...fails('source_rate_limited', [at('Thu', '13:32:11')]),
    ...well([at('Thu', '16:02:11'), ...bgl(at('Thu', '16:10'), at('Fri', '03:00'))]),
    ...well([at('Fri', '06:00'), ...bgl(at('Fri', '06:00'), at('Sat', '12:00'))]),
    resumed,
    ...well(bgl(at('Sat', '15:55'), at('Sun', '08:00'))),
    ...well([at('Sun', '14:00'), ...bgl(at('Sun', '14:00'), monday + 7 * 24 * hour)]),
  ]);
  // 00:15, 06:15, 12:15 and 18:15 of Sydney, where it is eleven hours later.
  const sydney = (day: Day) => ['1:15', '7:15', '13:15', '19:15'].map((time) => at(day, time));
  expect(runs.get(sources.fyi)).toEqual([
    ...well([...sydney('Mon'), ...sydney('Tue'), ...sydney('Wed'), at('Thu', '1:15'), at('Thu', '7:15')]),
    ...fails('source_rate_limited', [at('Thu', '13:15')]),
    ...well([at('Thu', '15:15'), at('Thu', '19:15')]),
    ...fails('source_unauthorized', [at('Fri', '1:15'), at('Fri', '7:15')]),
    ...well([at('Fri', '13:15'), at('Fri', '19:15'), ...sydney('Sat')]),
  ]);

  // The alerts, worked out by hand.
  const alerts = mail.got.map(
    ({ alert, source }) => `${named(Date.parse(alert.at))} ${source.slice(0, 3)} ${alert.kind}`,
  );
  expect(alerts).toEqual([
    'Tue 12:59:58 xpm failing',
    'Tue 14:59:58 xpm recovered',
    'Wed 02:59:58 xpm reconnect',
    'Wed 07:59:58 xpm recovered',
    'Wed 08:32:11 bgl rejected',
    'Wed 11:32:11 bgl recovered',
    'Fri 01:15:00 fyi reconnect',
    'Fri 13:15:00 fyi recovered',
    'Sat 06:59:58 xpm guard',
    'Sat 10:59:58 xpm recovered',
  ]);
  // A sink that was down gets each of them once too, later.
  expect(hook.got.map(({ id }) => id).toSorted()).toEqual(mail.got.map(({ id }) => id).toSorted());
  expect(hook.refused()).toBe(5 + 4);
  expect(systems.xpm.violations).toEqual([]);

  // What the history of the book needs in memory is three megabytes.
  expect(after - before).toBeLessThan(10 * 1024 * 1024);

  async function runsBySource(): Promise<Map<string, string[]>> {
    const all = (await store.runs({ limit: 2000 })).runs.filter(({ kind }) => kind === 'sync').reverse();
    const bySource = new Map<string, string[]>();
    for (const { source, at: time, outcome, error } of all) {
      const word = outcome === 'failed' ? `failed ${error?.code}` : outcome === 'blocked' ? outcome : 'done';
      const list = bySource.get(source ?? '') ?? [];
      bySource.set(source ?? '', [...list, `${named(Date.parse(time))} ${word}`]);
    }
    return bySource;
  }
});
