import { expect, test } from 'vitest';
import * as storage from './index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(storage).sort()).toEqual(['postgresStore', 'postgresVault']);
});
