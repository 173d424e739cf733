import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { httpFaults, mswTransport } from '@contact-sync/connector-kit/mock';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { xpm } from './index.js';
import { bareClient, exampleTenant, type Fault, fakeContact, fakeXpm, faults, type Moment } from './mock/index.js';

const noPages = 'the list is one answer';
const cannot = { repeats: noPages, next_elsewhere: noPages, remove: 'who is deleted stays in the list, marked' };

// The cap is 1 GiB, but no tag may be as long as this one.
const bomb = gzipSync(`<Response><${'x'.repeat(32 * 1024 ** 2)}`);

function faultsWith(secret: string): Readonly<Partial<Record<SourceFault, Fault>>> {
  const usual = httpFaults(secret, 'text/xml; charset=utf-8');
  const ofHttp = Object.entries(usual).map(([name, fault]) => [name, ({ body }: Moment) => fault(body)]);
  return {
    ...Object.fromEntries(ofHttp),
    expired: faults.tokenExpired(),
    refused: faults.refused(),
    limited_long: faults.limited('day', null),
    bomb: () => new Response(bomb, { headers: { 'content-type': 'text/xml', 'content-encoding': 'gzip' } }),
  };
}

const id = (number: number) => `0c0e7e10-0000-4000-8000-${String(number).padStart(12, '0')}`;

const harness: SourceHarness = {
  // Practice Manager answers with one list; the connector hands it over in pages of this size.
  pageSize: 500,
  cannot,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret, personal }) {
    const [made, ...rest] = exampleTenant(records);
    if (made === undefined) throw new Error('The example has no client.');
    const company = { ...made, TaxNumber: personal.taxNumber, DateOfBirth: personal.born };
    const fake = fakeXpm({ clients: [company, ...rest], accessToken: secret });
    for (let number = 1; number <= others; number += 1) {
      // In turns: a client that is archived, a contact that is deleted, and one of which nobody can tell.
      if (number % 3 === 1) fake.addClient(bareClient({ UUID: id(number), Name: 'Gone Pty Ltd', IsArchived: 'Yes' }));
      else {
        const IsDeleted = number % 3 === 2 ? 'Yes' : 'Perhaps';
        fake.addContact(company.UUID ?? '', fakeContact({ UUID: id(number), Name: 'Left Out', IsDeleted }));
      }
    }
    const orders = faultsWith(secret);
    return {
      source: xpm({ ...fake.access, transport: mswTransport(fake.handlers), wait: async () => {} }),
      // The company is a row too.
      rows: 1 + records.length + others,
      requests: () => fake.requests.length,
      fault(fault) {
        fake.clearFaults();
        const order = fault === null ? undefined : orders[fault];
        if (order !== undefined) fake.fault(order, fault?.endsWith('_once') ? 1 : 1000);
      },
      insert: (added) => {
        for (const contact of exampleTenant(added)[0]?.contacts ?? []) fake.addContact(company.UUID ?? '', contact);
      },
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  const outcome = await run(harness);
  if (outcome !== 'passed') expect(Object.values(cannot)).toContain(outcome.cannot);
});
