import { expect, test } from 'vitest';
import * as host from './index.js';

test('the subpath exports these names and no others', () => {
  expect(Object.keys(host).sort()).toEqual(['contactActions', 'decisionView', 'readReport', 'runView', 'startHost']);
});
