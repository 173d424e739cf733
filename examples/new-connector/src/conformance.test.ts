import { setTimeout } from 'node:timers/promises';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { acme } from './index.js';
import { type FakePerson, type Fault, fakeAcme } from './mock/index.js';
import { exactly } from './mock/mock.js';

const faults = (secret: string): Record<SourceFault, Fault> => ({
  unauthorized: () => new Response(`the token ${secret} has ended`, { status: 401 }),
  unavailable: () => new Response(`no room for ${secret}`, { status: 503 }),
  cut: (body) => new Response(body.slice(0, -10)),
  garbage: () => new Response(`<html>Sign in again instead of using ${secret}</html>`),
  hang: () => new Promise(() => {}),
});

const harness: SourceHarness = {
  pageSize: 2,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret }) {
    // In turns a person who is archived, and one whose id is no text.
    const more = Array.from(
      { length: others },
      (_, n): FakePerson => ({ id: n % 2 === 0 ? `gone-${n}` : n, archived: true }),
    );
    const fake = fakeAcme([...exactly(records), ...more], secret, 2);
    return {
      source: acme({ tenant: 't1', token: secret, transport: mswTransport(fake.handlers), wait: async () => {} }),
      rows: records.length + others,
      requests: fake.requests,
      fault: (fault) => fake.fault(fault === null ? null : faults(secret)[fault]),
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  expect(await run(harness)).toBe('passed');
});
