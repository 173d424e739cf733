import { ContactSyncError } from '@contact-sync/core';
import type { PgBoss } from 'pg-boss';
import { afterEach, expect, test } from 'vitest';
import { runWorker } from '../test/running.js';
import { testFleet, until } from '../test/support.js';
import { schemas } from './names.js';
import type { Row } from './rows.js';
import { takeUp } from './take-up.js';

const over: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of over.splice(0).reverse()) await end();
});

test('a connection that cannot be read for a moment keeps its schedule', async () => {
  const fleet = await testFleet();
  over.push(fleet.close);
  const rows = () => fleet.query<Row>(`SELECT * FROM ${schemas.fleet}.connections`);
  const practice = fleet.practices.add(1);
  await fleet.connect('a', practice, '30 7 * * 1-5 Australia/Sydney');
  const worker = runWorker(fleet);
  await until('it is taken up', async () => (await rows()).length === 1);
  await worker.stop();
  const [before] = await rows();
  // Sealed anew, so that it is looked at again.
  await fleet.connect('a', practice, '30 7 * * 1-5 Australia/Sydney');
  const read = async () => {
    throw new ContactSyncError('store_busy', 'The store is busy.', { hint: 'Wait.' });
  };
  const told: string[] = [];
  const say = (_: object, text: string) => void told.push(text);
  await takeUp({
    world: { ...fleet.world, vault: { ...fleet.world.vault, read } },
    // Agrees to everything.
    boss: new Proxy({}, { get: () => async () => null }) as PgBoss,
    log: { error: say, warn: say, info: say, debug: say },
    settingsOf: () => ({}),
  });
  expect(told).toEqual(['a connection could not be taken up']);
  expect(await rows()).toEqual([before]);
});
