import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Connector, checkFault, readSettings } from './connector.js';
import { ContactSyncError } from './error.js';

const settings = z.strictObject({
  tenantId: z.uuid(),
  token: z.string().min(1),
  prospects: z.stringbool().default(false),
});
const connector: Connector<z.infer<typeof settings>> = {
  name: 'one',
  title: 'Practice One',
  settings,
  secrets: { token: 'ONE_TOKEN' },
  create: () => {
    throw new Error('not asked for here');
  },
  sourceOf: ({ tenantId }) => `one:${tenantId}`,
};
const tenantId = '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11';

function fault(input: unknown): ContactSyncError {
  try {
    readSettings(connector, input);
  } catch (error) {
    if (error instanceof ContactSyncError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

test('settings that are right come back parsed', () => {
  expect(readSettings(connector, { tenantId, token: 't', prospects: 'true' })).toEqual({
    tenantId,
    token: 't',
    prospects: true,
  });
});

test('missing settings are all named, and a secret one says where it comes from', () => {
  const error = fault({});
  expect(error.code).toBe('setting_missing');
  expect(error.message).toBe('Practice One: tenantId is missing; token is missing.');
  expect(error.hint).toBe(
    'Correct the settings that are named. Put it in the environment variable ONE_TOKEN. The README of @contact-sync/connector-one explains every setting.',
  );
});

const readme = 'The README of @contact-sync/connector-one explains every setting.';
test.each([
  [
    'a secret alone',
    { tenantId },
    'setting_missing',
    'token is missing',
    `Put it in the environment variable ONE_TOKEN. ${readme}`,
  ],
  [
    'a setting alone',
    { token: 't' },
    'setting_missing',
    'tenantId is missing',
    `Correct the settings that are named. ${readme}`,
  ],
  [
    'an unknown one',
    { tenantId, token: 't', colour: 1 },
    'setting_invalid',
    'there is no setting "colour"',
    `Correct the settings that are named. ${readme}`,
  ],
  [
    'no object',
    'tenant',
    'setting_invalid',
    'the settings are not an object',
    `Correct the settings that are named. ${readme}`,
  ],
])('%s', (_, input, code, problem, hint) => {
  expect(fault(input)).toMatchObject({ code, message: `Practice One: ${problem}.`, hint });
});

test('a name that is far too long is cut', () => {
  expect(fault({ tenantId, token: 't', ['x'.repeat(100)]: 1 }).message).toBe(
    `Practice One: there is no setting "${'x'.repeat(64)}".`,
  );
});

test('wrong, missing and unknown settings are said at once, without their values', () => {
  const error = fault({ tenantId: 'Canary-1', prospects: 'Canary-2', tenant: 'Canary-3' });
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain('tenantId: ');
  expect(error.message).toContain('token is missing');
  expect(error.message).toContain('prospects: ');
  expect(error.message).toContain('there is no setting "tenant"');
  expect(`${error.message} ${error.hint}`).not.toContain('Canary');
});

test('a connector fits where any connector is asked for', () => {
  const any: Connector = connector;
  expect(any.sourceOf(readSettings(any, { tenantId, token: 't' }))).toBe(`one:${tenantId}`);
});

test.each([[null], ['text'], [undefined]])('%j is no settings object', (input) => {
  expect(fault(input).code).toBe('setting_invalid');
});

test('a fault that a mock does not have is refused with a list of those it has', () => {
  const faults = { cut: 'Answers end in their middle.', limit: 'The first request is one too many.' };
  expect(checkFault(faults, undefined)).toBeUndefined();
  expect(checkFault(faults, 'cut')).toBeUndefined();
  const thrown = (have: Record<string, string>, name: string) => {
    try {
      checkFault(have, name);
    } catch (error) {
      return error;
    }
    return undefined;
  };
  expect(thrown(faults, 'toString')).toMatchObject({
    code: 'setting_invalid',
    message: 'There is no fault "toString" in this mock.',
    hint: 'It has these:\n  cut: Answers end in their middle.\n  limit: The first request is one too many.',
  });
  expect(thrown({}, 'cut')).toMatchObject({ hint: 'It has no faults.' });
});
