import { expect, test } from 'vitest';
import { ContactSyncError } from './error.js';
import { defaultPolicy, parsePolicy } from './policy.js';

test('the defaults are those of the rules', () => {
  expect(parsePolicy({})).toEqual({
    region: 'AU',
    invalidPhone: 'drop',
    identityChange: 'flag',
    manyMissing: 0.3,
    manyChanged: 0.3,
    atLeast: 5,
  });
  expect(defaultPolicy).toEqual(parsePolicy({}));
});

test('what is given stands', () => {
  const given = {
    region: 'GB',
    invalidPhone: 'reject',
    identityChange: 'hold',
    manyMissing: 0,
    manyChanged: 1,
    atLeast: 0,
  };
  expect(parsePolicy(given)).toEqual(given);
});

test.each([
  [{ region: 'UK' }, 'region: a region is two capital letters of ISO 3166: AU, NZ, or GB for the United Kingdom'],
  [{ region: 'au' }, 'region: '],
  [{ region: 61 }, 'region: '],
  [{ manyMissing: 1.01 }, 'manyMissing: '],
  [{ manyMissing: -0.01 }, 'manyMissing: '],
  [{ manyChanged: '30 %' }, 'manyChanged: '],
  [{ atLeast: -1 }, 'atLeast: '],
  [{ atLeast: 1.5 }, 'atLeast: '],
  [{ invalidPhone: 'keep' }, 'invalidPhone: '],
  [{ identityChange: 'apply' }, 'identityChange: '],
  [{ colour: 'red' }, 'colour'],
  ['strict', 'The policy cannot be used. '],
])('%j is refused', (input, message) => {
  expect(() => parsePolicy(input)).toThrow(ContactSyncError);
  expect(() => parsePolicy(input)).toThrow(message);
});

test('every mistake is listed, with the names that there are', () => {
  try {
    parsePolicy({ region: 'UK', atLeast: -1 });
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: 'setting_invalid',
      message: expect.stringMatching(/region: .*; atLeast: /),
      hint: 'Policies are region, invalidPhone, identityChange, manyMissing, manyChanged, atLeast.',
    });
  }
});
