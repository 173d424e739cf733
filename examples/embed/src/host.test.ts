import { mock } from '@contact-sync/connector-xpm/mock';
import { type Decision, planForceManual, planUndo, type RawRecord } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { follow, openHost, peopleStore, syncFirm } from './index.js';

// The whole of it, against the mock of the system.

const jane: RawRecord = { externalId: 'A', name: 'Jane Roe', email: 'jane@roe.example', phone: '0491 570 006' };
const joe: RawRecord = { externalId: 'B', name: 'Joe Bloggs', email: 'joe@bloggs.example', phone: null };

async function withPractice<T>(records: RawRecord[], work: (settings: Parameters<typeof syncFirm>[2]) => Promise<T>) {
  const served = await mock.serve({ records });
  const { tenantId = '', baseUrl } = served.settings;
  try {
    return await work({ tenantId, baseUrl, accessToken: served.env.XPM_ACCESS_TOKEN ?? '' });
  } finally {
    await served.close();
  }
}

test('people of the host follow a practice, and the host follows what changed', async () => {
  const db = openHost(':memory:');
  const table = () => db.prepare('SELECT full_name, mobile, record_type, notes FROM people ORDER BY id').all();
  const told: string[] = [];
  const tell = ({ before, after, reason }: Decision) => {
    told.push(`${reason}: ${before?.phone ?? '–'} → ${after?.phone ?? '–'}`);
  };
  const news = async () => {
    told.length = 0;
    await follow(db, 'north', tell);
    return [...told].sort();
  };

  expect(await withPractice([jane, joe], (settings) => syncFirm(db, 'north', settings))).toEqual({
    outcome: 'applied',
    stopped: [],
  });
  expect(await news()).toEqual(['created: – → +61491570006', 'created: – → –']);
  expect(await news()).toEqual([]);

  // A column of the host's own outlives a sync that changes the person.
  db.exec("UPDATE people SET notes = 'signs on Mondays'");
  const moved = { ...jane, phone: '0491 570 156' };
  await withPractice([moved, joe], (settings) => syncFirm(db, 'north', settings));
  expect(await news()).toEqual(['updated: +61491570006 → +61491570156']);
  expect(table()).toEqual(
    expect.arrayContaining([
      { full_name: 'Jane Roe', mobile: '+61491570156', record_type: 'contact-sync', notes: 'signs on Mondays' },
      { full_name: 'Joe Bloggs', mobile: null, record_type: 'contact-sync', notes: 'signs on Mondays' },
    ]),
  );

  // What a person does is in the feed too, and so is taking it back.
  const store = peopleStore(db, 'north');
  const signature = { actor: 'jo', at: '2026-01-31T00:00:00Z', why: null };
  const forced = await store.apply(await planForceManual(store, '1', signature));
  await store.apply(await planUndo(store, forced.id, signature));
  expect(await news()).toHaveLength(2);
  expect(await withPractice([moved, joe], (settings) => syncFirm(db, 'south', settings))).toMatchObject({
    outcome: 'applied',
  });
  expect(await news()).toEqual([]);
  db.close();
});

test('a run that a guard stops says why, and the host’s people stay', async () => {
  const db = openHost(':memory:');
  await withPractice([jane, joe], (settings) => syncFirm(db, 'north', settings));
  const { outcome, stopped } = await withPractice([], (settings) => syncFirm(db, 'north', settings));
  expect([outcome, stopped.length]).toEqual(['blocked', 1]);
  expect(db.prepare('SELECT count(*) AS n FROM people').get()).toEqual({ n: 2 });
  db.close();
});

test('a run that was told in part is told again', async () => {
  const db = openHost(':memory:');
  await withPractice([jane, joe], (settings) => syncFirm(db, 'north', settings));
  let told = 0;
  const dies = () => {
    told += 1;
    if (told === 2) throw new Error('the process died');
  };
  await expect(follow(db, 'north', dies)).rejects.toThrow('the process died');
  await follow(db, 'north', () => {
    told += 1;
  });
  expect(told).toBe(4);
  db.close();
});
