import { inspect } from 'node:util';
import { serveMock } from '@contact-sync/connector-kit/mock';
import { type Page, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { connector, xpm } from '../src/index.js';
import {
  bareClient,
  exampleTenant,
  type FakeClient,
  fakeClient,
  fakeContact,
  fakeXpm,
  faults,
  type Look,
  mock,
  origin,
  samplePractice,
} from '../src/mock/index.js';
import { failureOf, onFake, someTime } from './setup.js';

/** What a person finds in the sample practice: names and emails, by the last digits of the ids. */
const people = [
  ['c1', 'Jane Roe', 'jane@harbour.example', '0400 000 001'],
  ['c2', 'Books Desk', 'books@harbour.example; owner@harbour.example', null],
  ['c3', 'José Núñez', 'jose@nunez.example', 'none'],
  ['c1', 'Jane Roe', 'jane@harbour.example', '0400 000 001'],
  ['c5', 'Sam Diver', 'sam@starfish.example', '0400 000 005'],
  ['c7', 'No Address', null, null],
  ['a3', 'Kāra Ōtene', 'kara@otene.example', '(03) 5550 0003'],
];
const leftOut = {
  client_archived: 1,
  client_deleted: 2,
  client_has_contact: 1,
  client_not_individual: 4,
  client_prospect: 1,
  contact_deleted: 1,
};

function shortly(
  records: readonly { externalId: string; name: string | null; email: string | null; phone: string | null }[],
) {
  return records.map(({ externalId, name, email, phone }) => [
    `${externalId[0]}${externalId.at(-1)}`,
    name,
    email,
    phone,
  ]);
}

test('a practice is read as its people', async () => {
  const fake = fakeXpm({ clients: samplePractice() });
  const { source, read } = onFake(fake);
  const { records, unreadable, skipped, rows, tenant } = await read();
  expect(shortly(records)).toEqual(people);
  expect(unreadable).toEqual([]);
  expect(skipped).toEqual(leftOut);
  expect(rows).toBe(17);
  expect(source.source).toBe(`xpm:${fake.access.tenantId}`);
  expect(tenant).toBeNull();
  expect(fake.requests).toEqual([{ method: 'GET', path: '/practicemanager/3.1/client.api/list', status: 200 }]);
  expect(fake.violations).toEqual([]);
});

test.each<Partial<Look>>([
  { pretty: true, declaration: true },
  { order: 'docs', apiMethod: false },
  { order: 'reversed' },
  { empty: 'two tags', webUrl: 'beside' },
])('however the answer looks (%j), it says the same', async (look) => {
  const { records, skipped, rows } = await onFake(fakeXpm({ clients: samplePractice(), look })).read();
  expect(shortly(records)).toEqual(people);
  expect(skipped).toEqual(leftOut);
  expect(rows).toBe(17);
});

test('bytes that come one by one say the same', async () => {
  const fake = fakeXpm({ clients: samplePractice() });
  fake.fault(faults.drip());
  expect(shortly((await onFake(fake).read()).records)).toEqual(people);
});

test('the same over a real connection, also when it is cut', async () => {
  const fake = fakeXpm({ clients: samplePractice() });
  const server = await serveMock(fake.handlers, { origin });
  try {
    const { read } = onFake(fake, { transport: undefined, baseUrl: `${server.url}/practicemanager/3.1` });
    expect(shortly((await read()).records)).toEqual(people);
    for (const bytes of [0, 1, 100, 5000]) {
      for (const how of ['broken', 'closed'] as const) {
        fake.fault(faults.cut(bytes, how), 100);
        const { code } = await failureOf(read());
        expect(['source_incomplete', ...(bytes === 0 ? ['source_unreadable', 'source_unreachable'] : [])]).toContain(
          code,
        );
        fake.clearFaults();
      }
    }
    expect(shortly((await read()).records)).toEqual(people);
  } finally {
    await server.close();
  }
});

test('every client and every contact on the wire is counted once', async () => {
  const odd = [
    fakeClient({ UUID: 'k1', Name: 'x', IsArchived: 'Perhaps', contacts: [fakeContact({ UUID: 'c1', Name: 'x' })] }),
    bareClient({ UUID: 'k2', Name: 'x', Email: ['a@b.example', 'c@d.example'] }),
    fakeClient({ UUID: 'k3', Name: 'x', contacts: [fakeContact({ UUID: 'c2', Name: 'x', IsDeleted: '?' })] }),
  ];
  const fake = fakeXpm({ clients: [...samplePractice(), ...odd] });
  const body = await (await fetchList(fake)).text();
  const onWire = body.match(/<(Client|Contact)>/g)?.length;
  for (const clients of ['individuals', 'all', 'none'] as const) {
    for (const prospects of [false, true]) {
      const { records, unreadable, skipped, rows } = await onFake(fake, {
        clients,
        prospects,
        archived: prospects,
      }).read();
      const left = Object.values(skipped).reduce((sum, n) => sum + n, 0);
      expect(records.length + unreadable.length + left).toBe(onWire);
      expect(rows).toBe(onWire);
      expect(unreadable.map(({ where }) => where)).toEqual(
        expect.arrayContaining(['client k1', 'contact c1 of client k1', 'contact c2 of client k3']),
      );
    }
  }
});

async function fetchList(fake: ReturnType<typeof fakeXpm>): Promise<Response> {
  const server = await serveMock(fake.handlers, { origin });
  try {
    const { tenantId, accessToken } = fake.access;
    const headers = { authorization: `Bearer ${accessToken}`, 'xero-tenant-id': tenantId };
    const response = await fetch(`${server.url}/practicemanager/3.1/client.api/list`, { headers });
    return new Response(await response.text(), response);
  } finally {
    await server.close();
  }
}

/** `n` companies with two contacts each. */
function companies(n: number): FakeClient[] {
  return Array.from({ length: n }, (_, index) =>
    fakeClient({
      UUID: `k${index}`,
      Name: `Company ${index}`,
      TaxNumber: 'Canary-tax',
      BankAccountNumber: 'Canary-bank',
      DateOfBirth: 'Canary-birth',
      contacts: ['a', 'b'].map((which) =>
        fakeContact({
          UUID: `${which}${index}`,
          Name: `${which} ${index}`,
          Email: `${which}${index}@c.example`,
          Position: 'Canary',
        }),
      ),
    }),
  );
}

async function pagesOf(source: ReturnType<typeof onFake>['source']): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of source.read({ signal: new AbortController().signal })) pages.push(page);
  return pages;
}

test('pages hold up to 500 rows, and nothing that nobody asked for', async () => {
  const fake = fakeXpm({ clients: companies(400), now: () => someTime });
  const pages = await pagesOf(onFake(fake).source);
  const rows = pages.map(({ records, skipped }) => records.length + (skipped.client_not_individual ?? 0));
  expect(rows).toEqual([500, 500, 200]);
  expect(pages.flatMap(({ records }) => records)).toHaveLength(800);
  expect(inspect(pages, { depth: null, maxArrayLength: null })).not.toContain('Canary');
  expect(pages.map(({ requestsLeft }) => requestsLeft)).toEqual(
    Array(3).fill({ minute: 59, day: 4999, appMinute: 9999 }),
  );
});

test('a page is there before the answer has ended', async () => {
  const fake = fakeXpm({ clients: companies(2000) });
  fake.fault(faults.stall(1_000_000));
  const stop = new AbortController();
  const pages = onFake(fake).source.read({ signal: stop.signal });
  expect((await pages.next()).value).toMatchObject({ unreadable: [] });
  stop.abort();
  await expect(drain(pages)).rejects.toMatchObject({ code: 'cancelled' });
});

async function drain(pages: AsyncGenerator<Page, unknown>): Promise<void> {
  while (!(await pages.next()).done);
}

test('an empty practice is a complete read, with the requests that are left', async () => {
  const { source, read } = onFake(fakeXpm());
  expect(await read()).toMatchObject({ records: [], rows: 0 });
  expect(await pagesOf(source)).toEqual([
    { records: [], unreadable: [], skipped: {}, requestsLeft: { minute: 58, day: 4998, appMinute: 9998 } },
  ]);
});

test('reading again finds what changed meanwhile', async () => {
  const fake = fakeXpm({ clients: samplePractice() });
  const { read } = onFake(fake);
  const kara = (await read()).records.at(-1)?.externalId ?? '';
  fake.updateContact('cccccccc-0000-4000-8000-000000000001', { Mobile: '0400 000 099' });
  fake.deleteContact('cccccccc-0000-4000-8000-000000000005');
  fake.archiveClient(kara);
  const { records, skipped } = await read();
  expect(shortly(records).map(([id, , , phone]) => [id, phone])).toEqual([
    ['c1', '0400 000 099'],
    ['c2', null],
    ['c3', 'none'],
    ['c1', '0400 000 099'],
    ['c7', null],
  ]);
  expect(skipped).toMatchObject({ client_archived: 2, contact_deleted: 2 });
});

test('the mock serves given records, and the connector reads exactly these', async () => {
  const records = [
    { externalId: 'A', name: 'John Smith', email: 'john@smith.com', phone: null },
    { externalId: 'B', name: 'Mary Smith', email: 'mary@smith.com', phone: '0400 000 001' },
  ];
  expect(exampleTenant(records)).toHaveLength(1);
  const served = await mock.serve({ records });
  try {
    const { XPM_ACCESS_TOKEN: accessToken } = served.env;
    expect(Object.keys(served.env)).toEqual([
      ...Object.values(connector.secrets),
      connector.signIn?.client.id,
      connector.signIn?.client.secret,
    ]);
    const { tenantId = '', baseUrl } = served.settings;
    const read = await readAll(xpm({ tenantId, baseUrl, accessToken: accessToken ?? '' }));
    expect(read.records).toEqual(records);
    expect(read.skipped).toEqual({ client_not_individual: 1 });
  } finally {
    await served.close();
  }
});
