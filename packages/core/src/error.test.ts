import { expect, test } from 'vitest';
import { asContactSyncError, ContactSyncError, errorCodes } from './error.js';

test('an error says what happened, what to do, and the rest that it was given', () => {
  const cause = new Error('below');
  const error = new ContactSyncError('source_rate_limited', 'Enough.', {
    hint: 'Wait.',
    cause,
    resumeAt: '2026-02-01T00:00:00Z',
    reference: 'abc',
  });
  expect(error).toMatchObject({
    name: 'ContactSyncError',
    code: 'source_rate_limited',
    message: 'Enough.',
    hint: 'Wait.',
    resumeAt: '2026-02-01T00:00:00Z',
    reference: 'abc',
  });
  expect(error.cause).toBe(cause);
  expect('cause' in new ContactSyncError('internal', 'm', { hint: 'h' })).toBe(false);
});

test('it is known by its name and parts, so that one of another copy of the package is known too', () => {
  const other = Object.assign(new Error('m'), { name: 'ContactSyncError', code: 'internal', hint: 'h' });
  expect(ContactSyncError.is(other)).toBe(true);
  expect(ContactSyncError.is(new ContactSyncError('internal', 'm', { hint: 'h' }))).toBe(true);
  expect(ContactSyncError.is(Object.assign(new Error('m'), { code: 'internal', hint: 'h' }))).toBe(false);
  expect(ContactSyncError.is(Object.assign(new Error('m'), { name: 'ContactSyncError', hint: 'h' }))).toBe(false);
  expect(ContactSyncError.is(Object.assign(new Error('m'), { name: 'ContactSyncError', code: 'internal' }))).toBe(
    false,
  );
  expect(ContactSyncError.is({ name: 'ContactSyncError', code: 'internal', hint: 'h' })).toBe(false);
});

test('an error nobody expected is wrapped, one of ours is not', () => {
  const ours = new ContactSyncError('not_found', 'm', { hint: 'h' });
  expect(asContactSyncError(ours)).toBe(ours);
  const cause = new TypeError('x is not a function');
  const wrapped = asContactSyncError(cause);
  expect(wrapped).toMatchObject({ code: 'internal', hint: expect.stringContaining('--verbose') });
  expect(wrapped.cause).toBe(cause);
  expect(wrapped.message).not.toContain('x is not');
});

test('every code has a kind and a title', () => {
  for (const { kind, title } of Object.values(errorCodes)) {
    expect(['usage', 'failure']).toContain(kind);
    expect(title).toMatch(/^[A-Z].{10,}[^.]$/);
  }
});
