import { ContactSyncError, readSettings } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { connector, fyi } from './index.js';

const keys = { accessId: 'Canary-id', accessSecret: 'Canary-secret' };
const least = { practice: 'harbour', ...keys };

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
    baseUrl: 'https://api-ap-southeast-2.fyi.app',
    bodyStyle: 'envelope',
    perPage: 100,
    clients: 'individuals',
    prospects: false,
    archived: false,
    unmatched: false,
  });
});

test('text from a command line is as good as values from a program', () => {
  const text = {
    ...least,
    applicationId: 'app-1',
    baseUrl: 'http://127.0.0.1:8080/',
    bodyStyle: 'flat',
    perPage: '500',
    clients: 'none',
    ...{ prospects: 'true', archived: 'false', unmatched: 'true' },
  };
  const values = { perPage: 500, baseUrl: 'http://127.0.0.1:8080', prospects: true, archived: false, unmatched: true };
  expect(readSettings(connector, text)).toEqual({ ...text, ...values });
  expect(readSettings(connector, { ...text, ...values })).toEqual({ ...text, ...values });
});

test('the same practice is the same source, however it is spelled', () => {
  const upper = { ...least, practice: 'HARBOUR' };
  expect(fyi(upper).source).toBe('fyi:harbour');
  expect(connector.sourceOf(readSettings(connector, upper))).toBe('fyi:harbour');
  expect(connector.create(readSettings(connector, upper)).source).toBe('fyi:harbour');
});

test.each([
  ['https://api-ap-southeast-2.fyi.app', 'https://api-ap-southeast-2.fyi.app'],
  ['HTTPS://API-eu-west-2.FYI.app//', 'https://api-eu-west-2.fyi.app'],
  ['https://api.uk.fyi.app/', 'https://api.uk.fyi.app'],
  ['http://localhost:49152', 'http://localhost:49152'],
  ['http://[::1]:49152/', 'http://[::1]:49152'],
  ['https://127.0.0.1', 'https://127.0.0.1'],
])('%s is an address to call', (baseUrl, origin) => {
  expect(readSettings(connector, { ...least, baseUrl }).baseUrl).toBe(origin);
});

test.each([
  'api-ap-southeast-2.fyi.app',
  'http://api-ap-southeast-2.fyi.app',
  'ftp://api.fyi.app',
  'javascript://api.fyi.app',
  'https://fyi.app',
  'https://.fyi.app',
  'https://api..fyi.app',
  'https://-.fyi.app',
  'https://notfyi.app',
  'https://api.notfyi.app',
  'https://api.fyi.app.evil.example',
  'https://api.fyi.app.',
  'https://api.fyi.apps',
  'https://api.fyi.application',
  'https://api.fyi.app:443',
  'https://api.fyi.app:8443',
  'https://api.fyi.app/external',
  'https://api.fyi.app/?x',
  'https://api.fyi.app#x',
  'https://evil.example/.fyi.app',
  'https://evil.example?.fyi.app',
  'https://evil.example#.fyi.app',
  'https://evil.example\\.fyi.app',
  'https://evil.example%2f.fyi.app',
  'https://evil.example%00.fyi.app',
  'https://evil.example\t.fyi.app',
  'https://evil.example\n.fyi.app',
  'https://evil.example .fyi.app',
  ' https://api.fyi.app',
  'https://api.fyi.app\n',
  'https:/api.fyi.app',
  'https:api.fyi.app',
  'https:\\\\api.fyi.app',
  'https://///api.fyi.app',
  'https://user@api.fyi.app',
  'https://user:word@api.fyi.app',
  'https://api.fyi.app@evil.example',
  'https://api.fyi.app\\@evil.example',
  'https://evil.example@api.fyi.app',
  'https://ａpi.fyi.app',
  'https://api.fуi.app',
  'https://api。fyi.app',
  'https://api.ﬁ.fyi.app',
  'https://api_x.fyi.app',
  'http://127.0.0.1.evil.example',
  'http://127.0.0.2',
  'http://0.0.0.0:80',
  'http://127.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://localhost.evil.example',
  'http://localhost:99999',
  'http://localhost:1/external',
  'http://user@localhost:1',
  'http://[::1%25lo]:1',
  'http://[::2]:1',
  'http://169.254.169.254',
  'file:///etc/passwd',
  '//api.fyi.app',
  '',
])('%j is no address to call', (baseUrl) => {
  expect(failure({ ...least, baseUrl }).message).toContain('FYI: baseUrl: must be https://…fyi.app');
});

test.each<[string, unknown, string]>([
  ['practice', '', 'practice: must be letters'],
  ['practice', 'a b', 'practice: must be letters'],
  ['practice', '-a', 'practice: must be letters'],
  ['practice', 'a\n', 'practice: must be letters'],
  ['practice', 'a'.repeat(64), 'practice: must be letters'],
  ['practice', 1, 'practice: must be text'],
  ['accessId', '', 'accessId: must be one word'],
  ['accessSecret', 'Canary-secret\n', 'accessSecret: must be one word'],
  ['accessSecret', 'Canary secret', 'accessSecret: must be one word'],
  ['accessSecret', 7, 'accessSecret: must be text'],
  ['applicationId', 'a b', 'applicationId: must be one word'],
  ['baseUrl', 1, 'baseUrl: must be text'],
  ['bodyStyle', 'rpc', 'bodyStyle: must be envelope or flat'],
  ['perPage', 0, 'perPage: must be a whole number from 1 to 1000'],
  ['perPage', 1001, 'perPage: must be a whole number from 1 to 1000'],
  ['perPage', 1.5, 'perPage: must be a whole number from 1 to 1000'],
  ['perPage', '0', 'perPage: must be a whole number from 1 to 1000'],
  ['perPage', '1e3', 'perPage: must be a whole number from 1 to 1000'],
  ['perPage', '', 'perPage: must be a whole number from 1 to 1000'],
  ['clients', 'companies', 'clients: must be individuals, all or none'],
  ['prospects', 'yes', 'prospects: must be true or false'],
  ['unmatched', 1, 'unmatched: must be true or false'],
  ['wait', 'x', 'wait: must be a function'],
  ['transport', 5, 'transport: must be an undici dispatcher'],
])('%s as %j is refused by name', (name, value, message) => {
  const error = failure({ ...least, [name]: value });
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain(`FYI: ${message}`);
  expect(`${error.message} ${error.hint}`).not.toContain('Canary');
});

test('everything that is wrong is said at once, and where the keys come from', () => {
  const error = failure({ baseUrl: 'y', archive: 'true' });
  expect(error.message).toMatch(
    /practice is missing; accessId is missing; accessSecret is missing; baseUrl: .*no setting "archive"/,
  );
  expect(error.hint).toContain('FYI_ACCESS_ID');
  expect(error.hint).toContain('FYI_ACCESS_SECRET');
});

test('a connector without settings says which it needs', () => {
  // @ts-expect-error: as from JavaScript
  expect(() => fyi({})).toThrow('FYI: practice is missing; accessId is missing; accessSecret is missing.');
});
