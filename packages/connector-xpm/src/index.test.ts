import { expect, test } from 'vitest';
import * as xpm from './index.js';
import * as mock from './mock/index.js';

test('what the package exports', () => {
  expect(Object.keys(xpm).toSorted()).toEqual(['connector', 'xpm']);
  expect(Object.keys(mock).toSorted()).toEqual([
    'bareClient',
    'exampleTenant',
    'fakeClient',
    'fakeContact',
    'fakeXpm',
    'faults',
    'mock',
    'origin',
    'samplePractice',
    'xeroLimits',
  ]);
});
