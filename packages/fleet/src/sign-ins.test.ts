import { type Sink, systemClock, writeStored } from '@contact-sync/runner/engine';
import { afterEach, expect, test } from 'vitest';
import type { Practice } from '../test/practices.js';
import { runWorker } from '../test/running.js';
import { sealedOf, storedPractice } from '../test/stored.js';
import { type TestFleet, testFleet, until } from '../test/support.js';
import { schemas } from './names.js';
import { lookAtResting } from './sign-ins.js';

const over: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

const day = 86_400_000;
const renewed = Date.parse('2026-01-01T00:00:00.000Z');
const grant = 'sign-in:["firm","xpm","a-grant"]';

/** A connection that signed in with Xero, which ends what is not used for 60 days. */
async function connectSignedIn(fleet: TestFleet, { tenantId }: Practice): Promise<string> {
  const { source, stored } = storedPractice(fleet.practices.url, tenantId);
  const signIn = { grant, client: { id: 'app', secret: null } };
  await writeStored(sealedOf(fleet.world.vault), 'firm', source, { ...stored, secrets: {}, signIn });
  return source;
}

async function renew(fleet: TestFleet, at: number): Promise<void> {
  const iso = new Date(at).toISOString();
  const text = { version: 1, refreshToken: 'r', accessToken: 'a', endsAt: null, begunAt: null };
  await sealedOf(fleet.world.vault).replace(grant, JSON.stringify({ ...text, grantedAt: iso, renewedAt: iso }));
}

/** Connections of one sign-in that rest, and what is told of them on the day after it was last renewed. */
async function resting(connections: number) {
  const fleet = await testFleet();
  over.push(fleet.close);
  const sources: string[] = [];
  for (let n = 0; n < connections; n += 1) sources.push(await connectSignedIn(fleet, fleet.practices.add(1)));
  await renew(fleet, renewed);
  await fleet.query(
    `INSERT INTO ${schemas.fleet}.connections (key, book, source, mark, schedule, own_schedule, paused)
     SELECT source, 'firm', source, '', 'hourly', false, true FROM unnest($1::text[]) AS source`,
    [sources],
  );
  const told: string[] = [];
  const sink: Sink = {
    name: 'mail',
    send: async ({ alert, source }) => void told.push(`${alert.kind} ${sources.toSorted().indexOf(source)}`),
  };
  const nothing = () => undefined;
  const { signal } = new AbortController();
  const look = async (days: number) => {
    const now = () => renewed + days * day;
    await lookAtResting({
      ...{ world: fleet.world, url: fleet.url, cwd: process.cwd(), settingsOf: () => ({}) },
      run: {
        actor: 'worker',
        cwd: process.cwd(),
        now,
        signal,
        counter: { counted: async (work) => work({ requests: 0 }), close: nothing },
      },
      telling: {
        ...{ now, signal, sinks: [sink], watchers: [] },
        settings: { failures: 3, rejectedShare: 0.1, unusedShare: 0.75 },
        log: { error: nothing, warn: nothing, info: nothing, debug: nothing },
      },
    });
  };
  const nextDay = () => fleet.query(`UPDATE ${schemas.fleet}.connections SET looked_at = now() - interval '25 hours'`);
  return { fleet, told, look, nextDay };
}

test('of a connection that is paused it is told two weeks before its sign-in ends, once, and once it is used again', async () => {
  const { fleet, told, look, nextDay } = await resting(1);
  await look(44);
  // It is looked at once a day.
  await look(46);
  expect(told).toEqual([]);
  await nextDay();
  await look(46);
  expect(told).toEqual(['unused 0']);
  await nextDay();
  await look(47);
  expect(told).toEqual(['unused 0']);
  await renew(fleet, renewed + 48 * day);
  await nextDay();
  await look(49);
  expect(told).toEqual(['unused 0', 'recovered 0']);
});

test('of connections that share a sign-in, the first tells of it', async () => {
  const { told, look } = await resting(3);
  await look(46);
  expect(told).toEqual(['unused 0']);
});

test('a connection that is synced is not resting, and its run looks at the sign-in itself', async () => {
  const fleet = await testFleet();
  over.push(fleet.close);
  const source = await connectSignedIn(fleet, fleet.practices.add(1));
  await renew(fleet, systemClock.now());
  const kept = `serve:${JSON.stringify(['firm', source])}`;
  const open = { failures: 0, open: { unused: '2026-01-01T00:00:00.000Z' }, guards: [] };
  const before = { version: 1, alerts: open, resumeAt: null, outbox: [] };
  await fleet.world.vault.locked(kept, ({ save }) => save(JSON.stringify(before)));
  const worker = runWorker(fleet);
  over.push(worker.stop);
  await until('it is told to be over', async () => !(await fleet.world.vault.read(kept))?.includes('unused'));
  expect(await fleet.query(`SELECT looked_at FROM ${schemas.fleet}.connections`)).toEqual([{ looked_at: null }]);
});
