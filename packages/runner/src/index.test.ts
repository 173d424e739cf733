import { expect, test } from 'vitest';
import * as runner from './index.js';

test('the package exports these names and no others', () => {
  expect(Object.keys(runner).sort()).toEqual([
    'changesSince',
    'defineConfig',
    'exitCodes',
    'explain',
    'preview',
    'secret',
    'serve',
    'serveFleet',
    'sync',
  ]);
});
