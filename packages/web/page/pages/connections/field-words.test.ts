import { expect, test } from 'vitest';
import { changesOf, nameWords } from './field-words.js';

test.each([
  ['tenantId', 'Tenant id'],
  ['accessToken', 'Access token'],
  ['region', 'Region'],
])('%s is called %s', (name, words) => {
  expect(nameWords(name)).toBe(words);
});

test('only what was changed is sent, and what was emptied is taken away', () => {
  const before = { region: 'NZ', manyMissing: '0.2', kept: 'as it was', hidden: 'not in the form' };
  const after = { region: ' AU ', manyMissing: ' ', kept: 'as it was', added: '1', never: '' };
  expect(changesOf(before, after)).toEqual({ set: { region: 'AU', added: '1' }, unset: ['manyMissing'] });
});
