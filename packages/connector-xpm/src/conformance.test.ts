import { setTimeout } from 'node:timers/promises';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { xpm } from './index.js';
import { bareClient, exampleTenant, type Fault, fakeContact, fakeXpm, faults } from './mock/index.js';

const inTheMiddle: Fault = (moment) => faults.cut(moment.body.byteLength >> 1, 'closed')(moment);
/** A page that repeats the token, as proxies do that show the request they could not pass on. */
const page =
  (status: number, secret: string): Fault =>
  () =>
    new Response(`<html>Authorization: Bearer ${secret}</html>`, { status, headers: { 'content-type': 'text/html' } });
const faultsWith = (secret: string): Record<SourceFault, Fault> => ({
  unauthorized: page(401, secret),
  unavailable: page(503, secret),
  cut: inTheMiddle,
  garbage: page(200, secret),
  hang: faults.stall(0),
});

const id = (number: number) => `0c0e7e10-0000-4000-8000-${String(number).padStart(12, '0')}`;

const harness: SourceHarness = {
  // Practice Manager answers with one list; the connector hands it over in pages of this size.
  pageSize: 500,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret }) {
    const [company, ...rest] = exampleTenant(records);
    if (company === undefined) throw new Error('The example has no client.');
    const fake = fakeXpm({ clients: [company, ...rest], accessToken: secret });
    for (let number = 1; number <= others; number += 1) {
      // In turns: a client that is archived, a contact that is deleted, and one of which nobody can tell.
      if (number % 3 === 1) fake.addClient(bareClient({ UUID: id(number), Name: 'Gone Pty Ltd', IsArchived: 'Yes' }));
      else {
        const IsDeleted = number % 3 === 2 ? 'Yes' : 'Perhaps';
        fake.addContact(company.UUID ?? '', fakeContact({ UUID: id(number), Name: 'Left Out', IsDeleted }));
      }
    }
    return {
      source: xpm({ ...fake.access, transport: mswTransport(fake.handlers), wait: async () => {} }),
      // The company is a row too.
      rows: 1 + records.length + others,
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
