import { expect, test } from 'vitest';
import * as bgl from './index.js';
import * as mock from './mock/index.js';

test('what the package exports', () => {
  expect(Object.keys(bgl).toSorted()).toEqual(['bgl', 'connector']);
  expect(Object.keys(mock).toSorted()).toEqual([
    'bglLimits',
    'exampleApp',
    'exampleFirm',
    'fakeBgl',
    'fakeContact',
    'fakeFund',
    'fakeMember',
    'fakeTrustee',
    'faults',
    'mock',
    'origin',
    'sampleFirm',
  ]);
});
