import { expect, test } from 'vitest';
import * as fyi from './index.js';
import * as mock from './mock/index.js';

test('what the package exports', () => {
  expect(Object.keys(fyi).toSorted()).toEqual(['connector', 'fyi']);
  expect(Object.keys(mock).toSorted()).toEqual([
    'contactOf',
    'exampleEntities',
    'fakeContact',
    'fakeEntity',
    'fakeFyi',
    'faults',
    'mock',
    'origin',
    'sampleEntities',
  ]);
});
