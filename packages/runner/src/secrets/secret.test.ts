import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { revealed, secret } from './secret.js';

const canary = 'canary-5d1f';
const held = secret(canary);

test.each<[string, (value: unknown) => string]>([
  ['String()', String],
  ['a template', (value) => `${value}`],
  ['a sum', (value) => `${''}`.concat(String(value))],
  ['JSON', (value) => JSON.stringify({ value })],
  ['inspect', (value) => inspect({ deep: { value } }, { depth: 9, showHidden: true, getters: true })],
  ['inspect without its custom form', (value) => inspect(value, { customInspect: false, showHidden: true })],
  ['format', (value) => format('%s %o %O %j', value, value, value, value)],
  ['the message of an error', (value) => inspect(new Error('no', { cause: value }))],
  ['a copy', (value) => inspect({ ...Object(value) })],
  ['names and values', (value) => Object.entries(Object(value)).join()],
])('a secret does not show in %s', (_, show) => {
  expect(show(held)).not.toContain(canary);
});

test('it shows that something is there, and gives it to who asks', () => {
  expect(`${held} ${JSON.stringify([held])} ${inspect(held)}`).toBe('[redacted] ["[redacted]"] [redacted]');
  expect(held.reveal()).toBe(canary);
  expect(revealed({ a: held })).toEqual({ a: canary });
});

test('it cannot be copied to another thread, nor changed', () => {
  expect(() => structuredClone(held)).toThrow();
  expect(Object.isFrozen(held)).toBe(true);
});
