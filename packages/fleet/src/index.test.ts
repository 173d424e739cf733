import { expect, test } from 'vitest';
import * as fleet from './index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(fleet).sort()).toEqual(['openFleet', 'startWorker']);
});
