import { expect, test } from 'vitest';
import * as web from './index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(web)).toEqual(['startWeb']);
});
