import { expect, test } from 'vitest';
import * as engine from './index.js';

test('the subpath exports these names and no others', () => {
  expect(Object.keys(engine).sort()).toMatchInlineSnapshot();
});
