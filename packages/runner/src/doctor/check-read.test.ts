import { type ContactSource, ContactSyncError } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { checkRead } from './check-read.js';

const now = () => new Date('2026-01-31T00:00:00Z');
const read = (source: ContactSource) => checkRead(source, now, new AbortController().signal);

function failing(code: 'source_unreachable' | 'source_timeout' | 'setting_invalid', message: string): ContactSource {
  return {
    source: 'x:1',
    async *read() {
      yield await Promise.reject(new ContactSyncError(code, message, { hint: 'Do it.' }));
      return { complete: true, tenant: null };
    },
  };
}

test.each([
  ['GET https://x.example/ could not be reached (ENOTFOUND).', 'DNS: '],
  ['GET https://x.example/ could not be reached (EAI_AGAIN).', 'DNS: '],
  ['GET https://x.example/ could not be reached (ECONNREFUSED).', 'Network: '],
  ['No safe connection for GET https://x.example/ could be made (CERT_HAS_EXPIRED).', 'TLS: '],
])('%s', async (message, begins) => {
  expect(await read(failing('source_unreachable', message))).toEqual([
    { area: 'connectivity', source: 'x:1', state: 'failed', says: begins + message, hint: expect.any(String) },
  ]);
});

test('a system that does not answer, and a source that asks nobody', async () => {
  const [late] = await read(failing('source_timeout', 'GET https://x.example/ took longer than allowed.'));
  expect(late).toMatchObject({ area: 'connectivity', state: 'failed', says: 'No answer came within 30 seconds.' });
  expect(await read(failing('setting_invalid', 'There is no file x.csv.'))).toEqual([
    { area: 'read', source: 'x:1', state: 'failed', says: 'There is no file x.csv. (setting_invalid)', hint: 'Do it.' },
  ]);
});

test('limits that are used up, and no more than a page', async () => {
  let pages = 0;
  const source: ContactSource = {
    source: 'x:1',
    async *read() {
      for (;;) {
        pages += 1;
        yield { records: [], unreadable: [], skipped: {}, requestsLeft: { minute: 59, day: 0 } };
      }
    },
  };
  expect(await read(source)).toEqual([
    { area: 'read', source: 'x:1', state: 'ok', says: 'Its first page can be read.', hint: null },
    {
      area: 'limits',
      source: 'x:1',
      state: 'warning',
      says: 'Requests left: minute 59, day 0.',
      hint: 'A sync waits or stops until the system allows more.',
    },
  ]);
  expect(pages).toBe(1);
});
