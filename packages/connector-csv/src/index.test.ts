import { expect, test } from 'vitest';
import * as csv from './index.js';
import * as mock from './mock/index.js';

test('what the package exports', () => {
  expect(Object.keys(csv).toSorted()).toEqual(['connector', 'csv']);
  expect(Object.keys(mock).toSorted()).toEqual(['csvText', 'faults', 'mock']);
});
