import { expect, test } from 'vitest';
import * as kit from './index.js';
import * as mock from './mock/index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(kit).sort()).toEqual([
    'accessTokenSetting',
    'addressSetting',
    'flagSetting',
    'httpClient',
    'httpSettings',
    'openSignIn',
    'readJson',
    'retryAfter',
  ]);
  expect(Object.keys(mock).sort()).toEqual([
    'fakeSignIn',
    'httpFaults',
    'inPieces',
    'mswTransport',
    'practice',
    'serveMock',
  ]);
});
