import { setTimeout } from 'node:timers/promises';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { fyi } from './index.js';
import { contactOf, type Fault, fakeEntity, fakeFyi, faults } from './mock/index.js';

const inTheMiddle: Fault = (moment) => faults.cut(moment.body.byteLength >> 1, 'closed')(moment);
/** A page that repeats the secret, as proxies do that show the request they could not pass on. */
const page =
  (status: number, secret: string): Fault =>
  () =>
    new Response(`<html>x-fyi-access-secret: ${secret}</html>`, { status, headers: { 'content-type': 'text/html' } });
/** FYI's own words, with the secret in them. */
const words =
  (status: number, secret: string): Fault =>
  () =>
    Response.json({ message: `The secret ${secret} was revoked`, secret }, { status });
const faultsWith = (secret: string): Record<SourceFault, Fault> => ({
  unauthorized: words(401, secret),
  unavailable: words(503, secret),
  cut: inTheMiddle,
  garbage: page(200, secret),
  hang: faults.stall(0),
});

const harness: SourceHarness = {
  // Clients of a request; each record is the one contact of a company.
  pageSize: 2,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret }) {
    const fake = fakeFyi({ accessSecret: secret });
    for (const [index, record] of records.entries()) {
      fake.addEntity(fakeEntity({ id: index + 1, name: 'Harbour Pty Ltd', contacts: [contactOf(record)] }));
    }
    for (let number = 1; number <= others; number += 1) {
      // In turns: a client that is archived, one of which nobody can tell, and one that is not matched.
      const status = ['Unmatched', 'Archived', 'Perhaps'][number % 3];
      fake.addEntity(fakeEntity({ id: 1000 + number, name: 'Left Out Pty Ltd', status }));
    }
    return {
      source: fyi({ ...fake.access, perPage: 2, transport: mswTransport(fake.handlers), wait: async () => {} }),
      // The companies are rows too.
      rows: 2 * records.length + others,
      requests: () => fake.requests.length,
      fault(fault) {
        fake.clearFaults();
        if (fault !== null) fake.fault(faultsWith(secret)[fault], 1000);
      },
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  expect(await run(harness)).toBe('passed');
});
