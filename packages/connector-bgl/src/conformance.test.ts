import { setTimeout } from 'node:timers/promises';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import type { RawRecord } from '@contact-sync/core';
import { type SourceFault, type SourceHarness, sourceCases } from '@contact-sync/core/testing';
import { describe, expect, test } from 'vitest';
import { type BglSettings, bgl } from './index.js';
import {
  exampleFirm,
  type FakeContact,
  type FakeFund,
  type Fault,
  fakeBgl,
  fakeContact,
  fakeFund,
  fakeMember,
  faults,
} from './mock/index.js';

const orders: Record<SourceFault, Fault> = {
  unauthorized: faults.tokenInvalid(),
  unavailable: faults.proxy(503),
  cut: (moment) => faults.cut(moment.body.byteLength >> 1, 'closed')(moment),
  garbage: faults.page(),
  hang: faults.stall(0),
};

type World = { contacts?: readonly FakeContact[]; funds?: readonly FakeFund[]; wrapped: number };

function harnessOf(
  prefix: string,
  settings: Partial<BglSettings>,
  worldOf: (records: readonly RawRecord[], others: number) => World,
): SourceHarness {
  return {
    pageSize: 5,
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
    async open({ records, others, secret }) {
      const { wrapped, ...firm } = worldOf(records, others);
      const limits = { tenMinutes: null, day: null };
      const fake = fakeBgl({ ...firm, accessToken: secret, limits, look: { mostRows: 5 } });
      return {
        source: bgl({ ...fake.access, ...settings, transport: mswTransport(fake.handlers), wait: async () => {} }),
        rows: records.length + others + wrapped,
        requests: () => fake.requests.length,
        idOf: (externalId) => `${prefix}${externalId}`,
        fault(fault) {
          fake.clearFaults();
          if (fault !== null) fake.fault(orders[fault], 1000);
        },
      };
    },
  };
}

/** In turns: a company, a joint member, one of an unknown kind, and one that is damaged. */
function otherContact(number: number): FakeContact {
  const id = 1_800_000 + number;
  if (number % 4 === 1) return fakeContact({ id, contactType: 'Company', name: 'Left Out Pty Ltd' });
  if (number % 4 === 2) return fakeContact({ id, contactType: 'Joint Member', representativeIds: [id] });
  if (number % 4 === 3) return fakeContact({ id, contactType: 'Robot', firstName: 'Left Out' });
  return fakeContact({ id, firstName: 'Left Out', email: { address: 'left@out.example' } });
}

const contacts = harnessOf('cas:', {}, (records, others) => ({
  contacts: [
    ...exampleFirm(records).contacts,
    ...Array.from({ length: others }, (_, index) => otherContact(index + 1)),
  ],
  wrapped: 0,
}));

/** Five members in each fund. The others are dead, damaged, or funds that are wound up. */
const members = harnessOf('sf:', { contacts: 'none', members: true }, (records, others) => {
  const rows = exampleFirm(
    records.map((record) => ({ ...record, externalId: `sf:${record.externalId}` })),
  ).funds.flatMap((fund) => (Array.isArray(fund.members) ? fund.members : []));
  const made = Array.from({ length: others }, (_, index) => {
    const peopleId = `other${index}`;
    if (index % 2 === 0) return fakeMember({ peopleId, firstName: 'Left Out', dateOfDeath: '2025-03-01' });
    return fakeMember({ peopleId, firstName: ['Left Out'] });
  });
  const all = [...rows, ...made];
  const funds = Array.from({ length: Math.ceil(all.length / 5) }, (_, index) =>
    fakeFund({ id: `fund${index}`, members: all.slice(5 * index, 5 * index + 5) }),
  );
  return { funds, wrapped: funds.length };
});

describe.each([
  ['contacts of CAS 360', contacts],
  ['members of Simple Fund 360', members],
])('%s', (_, harness) => {
  test.each(sourceCases())('$id: $name', async ({ run }) => {
    expect(await run(harness)).toBe('passed');
  });
});
