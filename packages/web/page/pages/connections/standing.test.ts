import { expect, test } from 'vitest';
import { incidentsOf, standingOf } from './standing.js';

const calm = { state: 'connected', stored: true, running: false, incidents: {}, lastRun: null } as const;
const since = '2026-11-22T08:00:00.000Z';

test.each([
  ['well', 'Up to date', {}],
  ['busy', 'Syncing now', { running: true, incidents: { reconnect: since } }],
  ['waiting', 'Not synced yet', { state: null }],
  ['paused', 'Paused', { state: 'paused', incidents: { failing: since } }],
  ['off', 'Disconnected', { state: 'disconnected', stored: false }],
  ['waiting', 'Connected again, not synced yet', { state: 'disconnected' }],
  ['attention', 'Must be connected again', { state: 'paused', incidents: { reconnect: since } }],
  ['attention', 'Not synced by the service', { stored: false }],
  ['attention', 'Stopped by a guard', { incidents: { guard: since, failing: since } }],
  ['attention', 'The last sync failed', { incidents: { failing: since } }],
  ['attention', 'Synced, with something to look at', { incidents: { unused: since } }],
] as const)('%s: %s', (mark, words, changes) => {
  expect(standingOf({ ...calm, ...changes })).toMatchObject({ mark, words });
});

test('incidents: the most pressing first, and one that a newer service tells of is not swallowed', () => {
  const listed = incidentsOf({ incidents: { later: since, unused: since, reconnect: since } });
  expect(listed.map(({ code, leadsTo }) => [code, leadsTo])).toEqual([
    ['reconnect', 'reconnect'],
    ['unused', null],
    ['later', 'run'],
  ]);
});
