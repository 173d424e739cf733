import { expect, test } from 'vitest';
import * as core from './index.js';
import * as testing from './testing/index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(core).sort()).toMatchSnapshot();
  expect(Object.keys(testing).sort()).toMatchSnapshot();
});
