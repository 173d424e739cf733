import { setTimeout } from 'node:timers/promises';
import { httpFaults, mswTransport } from '@contact-sync/connector-kit/mock';
import type { RawRecord } from '@contact-sync/core';
import { type SourceFault, type SourceHarness, type SourceWorld, sourceCases } from '@contact-sync/core/testing';
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
  type Json,
  type Moment,
} from './mock/index.js';

const noLinks = 'pages are asked for by offset';
const bomb = 'the cap of 128 MiB takes seconds to reach; the kit for connectors tries bombs at smaller ones';
const onePage = 'the people of a fund are one answer';

function faultsWith(secret: string, firstPage: Json): Readonly<Partial<Record<SourceFault, Fault>>> {
  const usual = httpFaults(secret, 'application/json;charset=UTF-8');
  const ofHttp = Object.entries(usual).map(([name, fault]) => [name, ({ body }: Moment) => fault(body)]);
  return {
    ...Object.fromEntries(ofHttp),
    unauthorized: faults.tokenInvalid(),
    forbidden: faults.scopeMissing(),
    limited_long: faults.limited('today'),
    refused: faults.body({ message: 'It cannot be read', errors: [], status: 400 }),
    // The answer to whatever else is asked is the right one.
    repeats: (moment) =>
      moment.path === '/contacts'
        ? faults.body(firstPage)(moment)
        : new Response(moment.body, { headers: { 'content-type': 'application/json' } }),
  };
}

type World = { contacts?: readonly FakeContact[]; funds?: readonly FakeFund[]; wrapped: number };

function harnessOf(
  cannot: NonNullable<SourceHarness['cannot']>,
  prefix: string,
  settings: Partial<BglSettings>,
  worldOf: (records: readonly RawRecord[], others: number) => World,
): SourceHarness {
  return {
    pageSize: 5,
    cannot,
    wait: (ms, signal) => setTimeout(ms, undefined, { signal }),
    async open({ records, others, secret, personal }) {
      const { wrapped, ...made } = worldOf(records, others);
      const secretly = { taxNumber: personal.taxNumber, birthday: personal.born };
      const contacts = made.contacts?.map((contact) => ({ ...contact, ...secretly })) ?? [];
      const funds = made.funds?.map((fund) => ({ ...fund, members: privately(fund.members, personal) })) ?? [];
      const firm = { contacts, funds };
      const first = { contacts: contacts.slice(0, 5), limit: 500, offset: 0, total: contacts.length };
      const orders = faultsWith(secret, first);
      const limits = { tenMinutes: null, day: null };
      const fake = fakeBgl({ ...firm, accessToken: secret, limits, look: { mostRows: 5 } });
      return {
        source: bgl({ ...fake.access, ...settings, transport: mswTransport(fake.handlers), wait: async () => {} }),
        rows: records.length + others + wrapped,
        requests: () => fake.requests.length,
        idOf: (externalId) => `${prefix}${externalId}`,
        fault(fault) {
          fake.clearFaults();
          const order = fault === null ? undefined : orders[fault];
          if (order !== undefined) fake.fault(order, fault?.endsWith('_once') ? 1 : 1000);
        },
        insert: (added) => {
          for (const contact of exampleFirm(added).contacts) fake.addContact(contact);
        },
        remove: (externalId) => fake.deleteContact(externalId),
      };
    },
  };
}

function privately(members: Json, { born, taxNumber }: SourceWorld['personal']): Json {
  if (!Array.isArray(members)) return members;
  return members.map((member) => ({ ...member, dob: born, tfn: taxNumber }));
}

/** In turns: a company, a joint member, one of an unknown kind, and one that is damaged. */
function otherContact(number: number): FakeContact {
  const id = 1_800_000 + number;
  if (number % 4 === 1) return fakeContact({ id, contactType: 'Company', name: 'Left Out Pty Ltd' });
  if (number % 4 === 2) return fakeContact({ id, contactType: 'Joint Member', representativeIds: [id] });
  if (number % 4 === 3) return fakeContact({ id, contactType: 'Robot', firstName: 'Left Out' });
  return fakeContact({ id, firstName: 'Left Out', email: { address: 'left@out.example' } });
}

const contacts = harnessOf({ bomb, next_elsewhere: noLinks }, 'cas:', {}, (records, others) => ({
  contacts: [
    ...exampleFirm(records).contacts,
    ...Array.from({ length: others }, (_, index) => otherContact(index + 1)),
  ],
  wrapped: 0,
}));

/** Five members in each fund. The others are dead, damaged, or funds that are wound up. */
const membersCannot = { bomb, next_elsewhere: noLinks, repeats: onePage, insert: onePage, remove: onePage };
const members = harnessOf(membersCannot, 'sf:', { contacts: 'none', members: true }, (records, others) => {
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
    const outcome = await run(harness);
    if (outcome !== 'passed') expect(Object.values(harness.cannot ?? {})).toContain(outcome.cannot);
  });
});
