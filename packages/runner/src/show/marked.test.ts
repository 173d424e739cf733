import { expect, test } from 'vitest';
import { markedParts } from './marked.js';

const marks = (parts: readonly { text: string; changed: boolean }[]) =>
  parts.map(({ text, changed }) => (changed ? `[${text}]` : text)).join('');

test.each([
  ['leila@smith.com', 'leila.d@smith.com', 'leila@smith.com', 'leila[.d]@smith.com'],
  ['Mary Smith', 'Mary Jones', 'Mary [Smith]', 'Mary [Jones]'],
  ['+61400000001', '+61400000002', '+[61400000001]', '+[61400000002]'],
  ['manual', 'contact-sync', '[manual]', '[contact-sync]'],
])('%s and %s', (before, after, old, now) => {
  const parts = markedParts(before, after);
  expect([marks(parts.before), marks(parts.after)]).toEqual([old, now]);
  expect(parts.before.map(({ text }) => text).join('')).toBe(before);
  expect(parts.after.map(({ text }) => text).join('')).toBe(after);
});
