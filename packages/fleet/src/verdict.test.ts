import { ContactSyncError, type ErrorCode } from '@contact-sync/core';
import type { Ended } from '@contact-sync/runner/engine';
import { expect, test } from 'vitest';
import { slowedMs, verdictOf } from './verdict.js';

function failed(code: ErrorCode, resumeAt?: string): Ended {
  const error = new ContactSyncError(code, 'It failed.', {
    hint: 'No.',
    ...(resumeAt === undefined ? {} : { resumeAt }),
  });
  const about = { book: 'b', source: 's', at: '2026-01-01T00:00:00.000Z', milliseconds: 1, requests: 1 };
  return { ...about, requestsLeft: null, outcome: 'failed', error };
}

test.each<[ErrorCode, string]>([
  ['source_unavailable', 'again'],
  ['source_timeout', 'again'],
  ['store_failed', 'again'],
  ['locked', 'again'],
  ['store_newer', 'again'],
  ['source_reconnect', 'person'],
  ['source_unauthorized', 'person'],
  ['setting_invalid', 'person'],
  ['secret_damaged', 'person'],
  ['internal', 'person'],
  ['connection_paused', 'done'],
  ['not_found', 'done'],
])('%s: %s', (code, kind) => {
  expect(verdictOf(failed(code)).kind).toBe(kind);
});

test('a limit whose end is known is waited for', () => {
  expect(verdictOf(failed('source_rate_limited', '2026-01-02T00:00:00.000Z'))).toEqual({
    ...{ kind: 'wait', code: 'source_rate_limited', until: new Date('2026-01-02T00:00:00.000Z') },
  });
  expect(verdictOf(failed('source_rate_limited')).kind).toBe('again');
});

test('the third failure costs two hours, each further one twice as much, up to a day', () => {
  const hours = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((failures) => slowedMs(failures) / 3_600_000);
  expect(hours).toEqual([0, 0, 0, 2, 4, 8, 16, 24, 24]);
});
