import { expect, test } from 'vitest';
import * as engine from './index.js';

test('the subpath exports these names and no others', () => {
  expect(Object.keys(engine).sort()).toEqual([
    'bookKey',
    'defaultAlertSettings',
    'errorFacts',
    'eventOf',
    'ifItOpens',
    'jsonLog',
    'keyRing',
    'listen',
    'loadConnector',
    'lookAtGrant',
    'newWatched',
    'nextAfter',
    'note',
    'offsetOf',
    'parseKey',
    'parseSchedule',
    'readStored',
    'requestCounter',
    'runConnection',
    'runLock',
    'runLogger',
    'scheduleText',
    'seal',
    'sealedVault',
    'secret',
    'send',
    'sinkOf',
    'storedKey',
    'storedSources',
    'systemClock',
    'unseal',
    'writeStored',
  ]);
});
