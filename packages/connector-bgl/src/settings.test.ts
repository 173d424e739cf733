import { ContactSyncError, readSettings } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { bgl, connector } from './index.js';

const accessToken = 'Canary-token';
const least = { firm: 'a1b2c3', accessToken };

function failure(settings: Record<string, unknown>): ContactSyncError {
  try {
    readSettings(connector, settings);
  } catch (error) {
    if (error instanceof ContactSyncError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

test('what may be left out has a default', () => {
  expect(readSettings(connector, least)).toEqual({
    ...least,
    baseUrl: 'https://api.bgl360.com.au',
    contacts: 'people',
    members: false,
    trustees: false,
    maxWaitMinutes: 11,
  });
});

test('text from a command line is as good as values from a program', () => {
  const text = { ...least, contacts: 'none', members: 'true', trustees: 'false', maxWaitMinutes: '0' };
  const values = { contacts: 'none', members: true, trustees: false, maxWaitMinutes: 0 };
  expect(readSettings(connector, text)).toMatchObject(values);
  expect(readSettings(connector, { ...least, ...values })).toMatchObject(values);
  const baseUrl = 'http://127.0.0.1:8080//';
  expect(readSettings(connector, { ...least, baseUrl }).baseUrl).toBe('http://127.0.0.1:8080');
});

test('the source is named by the firm', () => {
  expect(bgl(least).source).toBe('bgl:a1b2c3');
  expect(connector.sourceOf(readSettings(connector, least))).toBe('bgl:a1b2c3');
  expect(connector.create(readSettings(connector, least)).source).toBe('bgl:a1b2c3');
});

test.each<[string, unknown, string]>([
  ['firm', '', 'firm: must be the bglAccountId'],
  ['firm', 'a b', 'firm: must be the bglAccountId'],
  ['firm', 'x'.repeat(81), 'firm: must be the bglAccountId'],
  ['firm', 7, 'firm: must be the bglAccountId'],
  ['accessToken', '', 'accessToken: must be one word'],
  ['accessToken', 'Canary-token\n', 'accessToken: must be one word'],
  ['accessToken', 'Bearer Canary-token', 'accessToken: must be one word'],
  ['accessToken', 7, 'accessToken: must be one word'],
  ['baseUrl', 'api.bgl360.com.au', 'baseUrl: must be an address'],
  ['baseUrl', 'ftp://api.bgl360.com.au', 'baseUrl: must be an address'],
  ['baseUrl', 'https://user@api.bgl360.com.au', 'baseUrl: must have no user'],
  ['baseUrl', 'https://api.bgl360.com.au?x=1', 'baseUrl: must have no user'],
  ['contacts', 'companies', 'contacts: must be people, all or none'],
  ['contacts', 'none', 'contacts: is none, and neither members nor trustees are asked for'],
  ['members', 'yes', 'members: must be true or false'],
  ['trustees', 1, 'trustees: must be true or false'],
  ['maxWaitMinutes', '-1', 'maxWaitMinutes: must be a whole number of minutes, from 0 to 120'],
  ['maxWaitMinutes', 1.5, 'maxWaitMinutes: must be a whole number of minutes, from 0 to 120'],
  ['maxWaitMinutes', '121', 'maxWaitMinutes: must be a whole number of minutes, from 0 to 120'],
  ['now', 'x', 'now: must be a function'],
  ['transport', 5, 'transport: must be an undici dispatcher'],
])('%s as %j is refused by name', (name, value, message) => {
  const error = failure({ ...least, [name]: value });
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain(`BGL CAS 360 and Simple Fund 360: ${message}`);
  expect(`${error.message} ${error.hint}`).not.toContain('Canary');
});

test('everything that is wrong is said at once', () => {
  const error = failure({ firm: ' ', baseUrl: 'y', member: 'true' });
  expect(error.message).toMatch(/firm: .*accessToken is missing.*baseUrl: .*no setting "member"/);
  expect(error.hint).toContain('BGL_ACCESS_TOKEN');
});

test('a connector without settings says which it needs', () => {
  // @ts-expect-error: as from JavaScript
  expect(() => bgl({})).toThrow('firm is missing; accessToken is missing.');
});

test('plain http to another machine is refused before anybody reads, since the token could be read on the way', () => {
  const baseUrl = 'http://api.bgl360.com.au';
  expect(() => bgl({ ...least, baseUrl })).toThrow(expect.objectContaining({ code: 'setting_invalid' }));
});
