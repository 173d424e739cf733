import { setTimeout } from 'node:timers/promises';
import { httpFaults, mswTransport } from '@contact-sync/connector-kit/mock';
import type { RawRecord } from '@contact-sync/core';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { expect, test } from 'vitest';
import { fyi } from './index.js';
import { contactOf, type Fault, fakeEntity, fakeFyi, faults, type Moment } from './mock/index.js';

const cannot = { expired: 'keys do not expire', next_elsewhere: 'pages are asked for by number' };

/** FYI's own words, with the secret in them. */
const words =
  (status: number, secret: string): Fault =>
  () =>
    Response.json({ message: `The secret ${secret} was revoked`, secret }, { status });

function faultsWith(secret: string): Readonly<Partial<Record<SourceFault, Fault>>> {
  const usual = httpFaults(secret, 'application/json; charset=utf-8');
  const ofHttp = Object.entries(usual).map(([name, fault]) => [name, ({ body }: Moment) => fault(body)]);
  return {
    ...Object.fromEntries(ofHttp),
    unauthorized: words(401, secret),
    forbidden: words(403, secret),
    unavailable: words(503, secret),
    refused: faults.refused(`The secret ${secret} was revoked`),
    repeats: faults.firstPage(),
  };
}

const harness: SourceHarness = {
  // Clients of a request; each record is the one contact of a company.
  pageSize: 2,
  cannot,
  wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
  async open({ records, others, secret, personal }) {
    const fake = fakeFyi({ accessSecret: secret });
    const own = { name: 'Harbour Pty Ltd', date_of_birth: personal.born, tax_file_number: personal.taxNumber };
    const ids = new Map<string, number>();
    const add = (record: RawRecord, where: 'start' | 'end') => {
      const id = fake.entities().length + 1;
      ids.set(record.externalId, id);
      fake.addEntity(fakeEntity({ ...own, id, contacts: [contactOf(record)] }), where);
    };
    for (const record of records) add(record, 'end');
    for (let number = 1; number <= others; number += 1) {
      // In turns: a client that is archived, one of which nobody can tell, and one that is not matched.
      const status = ['Unmatched', 'Archived', 'Perhaps'][number % 3];
      fake.addEntity(fakeEntity({ id: 1000 + number, name: 'Left Out Pty Ltd', status }));
    }
    const orders = faultsWith(secret);
    return {
      source: fyi({ ...fake.access, perPage: 2, transport: mswTransport(fake.handlers), wait: async () => {} }),
      // The companies are rows too.
      rows: 2 * records.length + others,
      requests: () => fake.requests.length,
      fault(fault) {
        fake.clearFaults();
        const order = fault === null ? undefined : orders[fault];
        if (order !== undefined) fake.fault(order, fault?.endsWith('_once') ? 1 : 1000);
      },
      insert: (added) => {
        for (const record of added) add(record, 'start');
      },
      remove: (externalId) => fake.removeEntity(ids.get(externalId)),
    };
  },
};

test.each(sourceCases())('$id: $name', async ({ run }) => {
  const outcome = await run(harness);
  if (outcome !== 'passed') expect(Object.values(cannot)).toContain(outcome.cannot);
});
