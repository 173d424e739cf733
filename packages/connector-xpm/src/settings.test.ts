import { ContactSyncError, readSettings } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { connector, xpm } from './index.js';

const tenantId = '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11';
const accessToken = 'Canary-token';

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
  expect(readSettings(connector, { tenantId, accessToken })).toEqual({
    tenantId,
    accessToken,
    baseUrl: 'https://api.xero.com/practicemanager/3.1',
    clients: 'individuals',
    prospects: false,
    archived: false,
  });
});

test('text from a command line is as good as values from a program', () => {
  const text = {
    tenantId,
    accessToken,
    clients: 'none',
    prospects: 'true',
    archived: 'false',
    baseUrl: 'http://127.0.0.1:8080/practicemanager/3.1//',
  };
  expect(readSettings(connector, text)).toEqual({
    ...text,
    prospects: true,
    archived: false,
    baseUrl: 'http://127.0.0.1:8080/practicemanager/3.1',
  });
  expect(readSettings(connector, { tenantId, accessToken, prospects: true }).prospects).toBe(true);
});

test('the same tenant is the same source, however it is spelled', () => {
  const upper = { tenantId: tenantId.toUpperCase(), accessToken };
  expect(xpm(upper).source).toBe(`xpm:${tenantId}`);
  expect(connector.sourceOf(readSettings(connector, upper))).toBe(`xpm:${tenantId}`);
  expect(connector.create(readSettings(connector, upper)).source).toBe(`xpm:${tenantId}`);
});

test.each<[string, unknown, string]>([
  ['tenantId', 'example', 'tenantId: must be a UUID'],
  ['tenantId', 1, 'tenantId: must be a UUID'],
  ['accessToken', '', 'accessToken: must be one word'],
  ['accessToken', 'Canary-token\n', 'accessToken: must be one word'],
  ['accessToken', 'Bearer Canary-token', 'accessToken: must be one word'],
  ['accessToken', 7, 'accessToken: must be one word'],
  ['accessToken', { get: () => 'Canary-token' }, 'accessToken: must be one word'],
  ['baseUrl', 'api.xero.com', 'baseUrl: must be an address'],
  ['baseUrl', 'ftp://api.xero.com', 'baseUrl: must be an address'],
  ['baseUrl', 'https://user@api.xero.com', 'baseUrl: must have no user'],
  ['baseUrl', 'https://api.xero.com/practicemanager/3.1?x=1', 'baseUrl: must have no user'],
  ['clients', 'companies', 'clients: must be individuals, all or none'],
  ['prospects', 'yes', 'prospects: must be true or false'],
  ['archived', 1, 'archived: must be true or false'],
  ['now', 'x', 'now: must be a function'],
  ['transport', 5, 'transport: must be an undici dispatcher'],
])('%s as %j is refused by name', (name, value, message) => {
  const error = failure({ tenantId, accessToken, [name]: value });
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain(`Xero Practice Manager: ${message}`);
  expect(`${error.message} ${error.hint}`).not.toContain('Canary');
});

test('everything that is wrong is said at once', () => {
  const error = failure({ tenantId: 'x', baseUrl: 'y', archive: 'true' });
  expect(error.message).toMatch(/tenantId: .*accessToken is missing.*baseUrl: .*no setting "archive"/);
  expect(error.hint).toContain('XPM_ACCESS_TOKEN');
});

test('a connector without settings says which it needs', () => {
  // @ts-expect-error: as from JavaScript
  expect(() => xpm({})).toThrow('Xero Practice Manager: tenantId is missing; accessToken is missing.');
});

test('plain http to another machine is refused before anybody reads, since the token could be read on the way', () => {
  const baseUrl = 'http://api.xero.com/practicemanager/3.1';
  expect(() => xpm({ tenantId, accessToken, baseUrl })).toThrow(expect.objectContaining({ code: 'setting_invalid' }));
});
