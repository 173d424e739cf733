import { expect, test } from 'vitest';
import { withoutSqliteWarning } from './driver.js';

test('only the warning about SQLite is held back, and only while it loads', async () => {
  const warnings: string[] = [];
  const listen = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
  process.on('warning', listen);
  const about = 'SQLite is an experimental feature and might change at any time';
  try {
    const result = withoutSqliteWarning(() => {
      process.emitWarning(about, 'ExperimentalWarning');
      process.emitWarning('something else', 'ExperimentalWarning');
      return 'loaded';
    });
    expect(result).toBe('loaded');
    process.emitWarning(about, 'LaterWarning');
    // Warnings are handed over a moment later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', listen);
  }
  expect(warnings).toEqual(['ExperimentalWarning: something else', `LaterWarning: ${about}`]);
});

test('where loading fails, warnings are as before', () => {
  const { emitWarning } = process;
  expect(() =>
    withoutSqliteWarning(() => {
      throw new Error('no such module');
    }),
  ).toThrow('no such module');
  expect(process.emitWarning).toBe(emitWarning);
});
