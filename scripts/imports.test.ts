import { expect, test } from 'vitest';
import { importsOf, packageOf } from './imports.ts';

test.each([
  [`import { a } from 'm';`, ['m']],
  [`import m from 'm';`, ['m']],
  [`import * as m from 'm';`, ['m']],
  [`import 'm';`, ['m']],
  [`import type { A } from 'm';`, ['m']],
  [`import { type A } from 'm';`, ['m']],
  [`export { a } from 'm';`, ['m']],
  [`export * from 'm';`, ['m']],
  [`export type { A } from 'm';`, ['m']],
  [`const m = await import('m');`, ['m']],
  ['const m = await import(`m`);', ['m']],
  [`export type A = import('m').A;`, ['m']],
  [`export function f(): Promise<typeof import('m')> { return import('m'); }`, ['m', 'm']],
  [`const m = (name: string) => import(\`@a/connector-\${name}\`);`, []],
  [`// import 'm';\nexport const text = "import 'm'";`, []],
  ['export const a = 1;', []],
])('%s', (code, names) => {
  expect(importsOf('a.ts', code)).toEqual(names);
});

test('a file that cannot be parsed is an error, not a file without imports', () => {
  expect(() => importsOf('broken.ts', 'import { from')).toThrow('broken.ts cannot be parsed');
});

test.each([
  ['@contact-sync/core', '@contact-sync/core'],
  ['@contact-sync/core/testing', '@contact-sync/core'],
  ['zod', 'zod'],
  ['zod/mini', 'zod'],
  ['./a.js', null],
  ['../a.js', null],
  ['/a.js', null],
  ['node:fs', null],
])('%s is of %s', (specifier, name) => {
  expect(packageOf(specifier)).toBe(name);
});
