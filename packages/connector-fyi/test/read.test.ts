import { inspect } from 'node:util';
import { serveMock } from '@contact-sync/connector-kit/mock';
import { type RawRecord, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { connector, type FyiSettings, fyi } from '../src/index.js';
import {
  exampleEntities,
  fakeEntity,
  fakeFyi,
  faults,
  mock,
  origin,
  sampleEntities,
  type Ways,
} from '../src/mock/index.js';
import { failureOf, onFake } from './setup.js';

/** What a person finds in the sample practice. */
const people = [
  ['1001', 'Jane Roe', 'jane@harbour.example', '0400 000 001'],
  ['1002', 'Books Desk', 'books@harbour.example; owner@harbour.example', null],
  ['1001', 'Jane Roe', 'jane@harbour.example', '0400 000 001'],
  ['client:3', 'ŌTENE, Kāra', 'kara@otene.example', '(03) 5550 0003'],
  ['1003', 'José Núñez', 'jose@nunez.example', 'none'],
  ['1005', 'Sam Diver', 'sam@starfish.example', '0400 000 005'],
  ['1007', 'No Address', null, null],
];
const leftOut = {
  client_archived: 1,
  client_has_contact: 1,
  client_not_individual: 3,
  client_prospect: 1,
  client_unmatched: 2,
  contact_archived: 1,
  entity_not_client: 1,
};

const shortly = (records: readonly RawRecord[]) =>
  records.map(({ externalId, name, email, phone }) => [externalId, name, email, phone]);

test('a practice is read as its people', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  const { source, read, waits } = onFake(fake);
  const { records, unreadable, skipped, rows, tenant } = await read();
  expect(shortly(records)).toEqual(people);
  expect(unreadable).toEqual([]);
  expect(skipped).toEqual(leftOut);
  // 9 entities and 8 contacts.
  expect(rows).toBe(17);
  expect(source.source).toBe('fyi:harbour');
  expect(tenant).toBeNull();
  expect(fake.requests).toEqual([
    { page: 1, perPage: 100, status: 200 },
    { page: 2, perPage: 100, status: 200 },
    // Nobody counts them, so they are read twice.
    { page: 1, perPage: 100, status: 200 },
    { page: 2, perPage: 100, status: 200 },
  ]);
  expect(fake.violations).toEqual([]);
  expect(waits).toEqual([500, 500, 500]);
});

const ways: [Partial<Ways>, Partial<FyiSettings>][] = [
  [{ listKey: 'data' }, {}],
  [{ listKey: 'entities', total: true }, {}],
  [{ listKey: 'bare', cap: 2 }, {}],
  [{ bodyStyle: 'flat' }, { bodyStyle: 'flat', perPage: 4 }],
  [{ cap: 4 }, { perPage: 500 }],
  [{ cap: 3, pastEnd: 'absent' }, { perPage: '500' }],
  [{ cap: 4, pastEnd: 'absent', total: true }, {}],
  [{ pastEnd: 'last' }, { perPage: 4 }],
  [{ pastEnd: 'last', total: true }, {}],
  [{ cap: 1 }, { perPage: 1 }],
];

test.each(ways)('however FYI behaves (%j), it says the same', async (way, settings) => {
  const fake = fakeFyi({ entities: sampleEntities(), ways: way });
  const { records, skipped, rows } = await onFake(fake, settings).read();
  expect(shortly(records)).toEqual(people);
  expect(skipped).toEqual(leftOut);
  expect(rows).toBe(17);
  expect(fake.violations).toEqual([]);
});

test.each([0, 1, 99, 100, 101, 200, 1003])('%i clients are read, whatever FYI caps a page at', async (n) => {
  const entities = Array.from({ length: n }, (_, index) =>
    fakeEntity({ id: index + 1, name: `Person ${index + 1}`, business_structure: 'Individual' }),
  );
  const ids = entities.map(({ id }) => `client:${id}`);
  for (const [cap, perPage] of [
    [100, 500],
    [1000, 100],
    [7, 50],
  ] as const) {
    const fake = fakeFyi({ entities, ways: { cap } });
    const { records } = await onFake(fake, { perPage }).read();
    expect(records.map(({ externalId }) => externalId)).toEqual(ids);
    const pages = Math.ceil(n / Math.min(cap, perPage));
    // Where there is anyone, the list is read twice.
    expect(fake.requests).toHaveLength((pages > 0 ? 2 : 1) * (pages + 1));
  }
});

test('clients that are made meanwhile move others to the next page: nobody is lost, copies are counted', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  fake.afterPage((page) => {
    fake.addEntity(fakeEntity({ id: 100 + page, name: 'New Pty Ltd', contacts: [{ id: 2000, name: 'New' }] }), 'start');
    if (page === 2) fake.afterPage(null);
  });
  const { records, skipped, rows } = await onFake(fake, { perPage: 3 }).read();
  // Client 3 comes again at the head of page 2, client 5 of page 3; the new ones are found when the list is read again.
  const made = ['2000', 'New', null, null];
  expect(shortly(records)).toEqual([...people, made, made]);
  expect(skipped).toEqual({ ...leftOut, client_not_individual: 5, row_repeated: 2 });
  expect(rows).toBe(23);
});

test('a client that goes meanwhile pushes nobody out of the list', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  fake.afterPage((page) => {
    if (page === 1) fake.removeEntity(1);
  });
  const { records, skipped } = await onFake(fake, { perPage: 3 }).read();
  // Client 4 is at the head of page 2, until client 1 goes.
  const ids = records.map(({ externalId }) => externalId);
  expect(ids.toSorted()).toEqual(people.map(([id]) => id).toSorted());
  expect(skipped).toEqual(leftOut);
});

test.each<Partial<Ways>>([{}, { pastEnd: 'absent' }, { pastEnd: 'last', total: true }, { cap: 100 }, { total: true }])(
  'the only client of page 2 is not lost when one of page 1 goes before page 2 is read (%j)',
  async (ways) => {
    const entities = Array.from({ length: 101 }, (_, index) =>
      fakeEntity({ id: index + 1, name: `Person ${index + 1}`, business_structure: 'Individual' }),
    );
    const fake = fakeFyi({ entities, ways });
    fake.afterPage(() => {
      fake.removeEntity(50);
      fake.afterPage(null);
    });
    const { records } = await onFake(fake, { perPage: ways.cap === undefined ? 100 : 500 }).read();
    expect(records.map(({ externalId }) => externalId)).toEqual(entities.map(({ id }) => `client:${id}`));
  },
);

test('fewer clients than FYI counts are never all of them', async () => {
  const fake = fakeFyi({ entities: sampleEntities(), ways: { total: 10 } });
  const error = await failureOf(onFake(fake, { perPage: 3 }).read());
  expect([error.code, error.message]).toEqual([
    'source_incomplete',
    'FYI says that there are 10 clients, and 9 of them came.',
  ]);
});

test('a server that knows no pages is an error, and never its first page', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  fake.fault(faults.firstPage(), 100);
  const error = await failureOf(onFake(fake, { perPage: 4 }).read());
  expect([error.code, error.message]).toEqual([
    'source_incomplete',
    'FYI answers every request with the same page (3 times so far), so nobody can tell whether there is more.',
  ]);
});

test('the application id goes along where there is one', async () => {
  const fake = fakeFyi({ entities: sampleEntities(), applicationId: 'app-1' });
  expect((await onFake(fake).read()).rows).toBe(17);
  expect((await failureOf(onFake(fake, { applicationId: undefined }).read())).code).toBe('source_forbidden');
});

test('the form of requests that FYI does not know is refused, with the setting to change', async () => {
  for (const bodyStyle of ['envelope', 'flat'] as const) {
    const fake = fakeFyi({ ways: { bodyStyle: bodyStyle === 'flat' ? 'envelope' : 'flat' } });
    const error = await failureOf(onFake(fake, { bodyStyle }).read());
    expect(error).toMatchObject({
      code: 'source_refused',
      message: 'FYI answered with status 400. It said: Request body is not valid',
    });
    expect(error.hint).toContain('bodyStyle');
  }
});

test('what nobody asked for is not handed over, and unreadable rows do not quote it', async () => {
  const canary = 'Canary';
  const odd = {
    id: 1,
    name: 'Odd',
    status: 'Active',
    email: { canary },
    contacts: [{ id: 2, first_name: [canary] }, canary],
  };
  const hidden = {
    ...{ tax_file_number: canary, business_number: canary, company_number: canary, date_of_birth: canary },
    ...{ address: canary, city: canary, details: { uuid: canary, client_code: canary }, source_id: canary },
    ...{ manager_user: { email: canary }, partner_user: { email: canary }, entity_group: { name: canary } },
  };
  const contact = { id: 3, name: 'Jane', email: 'jane@x.example', position: canary, salutation: canary, notes: canary };
  const entities = [
    { ...hidden, ...odd, business_structure: 'Individual' },
    fakeEntity({ ...hidden, id: 4, name: 'Harbour', contacts: [contact] }),
    { ...hidden, id: 5, name: 'X', status: canary },
  ];
  const read = await onFake(fakeFyi({ entities }), { clients: 'all' }).read();
  expect(read.records).toHaveLength(2);
  expect(read.unreadable).toHaveLength(4);
  expect(inspect(read, { depth: null, maxArrayLength: null })).not.toMatch(/canary/i);
});

test('reading again finds what changed meanwhile', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  const { read } = onFake(fake);
  await read();
  fake.updateContact(1001, { mobile: '0400 000 099' });
  fake.updateContact(1005, { archived: true });
  fake.updateEntity(3, { status: 'Archived' });
  const { records, skipped } = await read();
  expect(shortly(records).map(([id, , , phone]) => [id, phone])).toEqual([
    ['1001', '0400 000 099'],
    ['1002', null],
    ['1001', '0400 000 099'],
    ['1003', 'none'],
    ['1007', null],
  ]);
  expect(skipped).toMatchObject({ client_archived: 2, contact_archived: 2 });
});

test('the same over a real connection, byte by byte, and when it is cut', async () => {
  const fake = fakeFyi({ entities: sampleEntities() });
  const server = await serveMock(fake.handlers, { origin });
  try {
    const { read } = onFake(fake, { transport: undefined, baseUrl: server.url });
    fake.fault(faults.drip());
    expect(shortly((await read()).records)).toEqual(people);
    for (const bytes of [0, 1, 100, 2000]) {
      for (const how of ['broken', 'closed'] as const) {
        fake.fault(faults.cut(bytes, how), 100);
        expect(['source_incomplete', 'source_unreadable', 'source_unreachable']).toContain(
          (await failureOf(read())).code,
        );
        fake.clearFaults();
      }
    }
    expect(shortly((await read()).records)).toEqual(people);
    expect(fake.violations).toEqual([]);
  } finally {
    await server.close();
  }
});

test('the mock serves given records, and the connector reads exactly these', async () => {
  const records = Array.from({ length: 23 }, (_, index) => ({
    externalId: `r${index}`,
    name: index === 5 ? null : ` Person ${index} `,
    email: `p${index}@x.example`,
    phone: index % 2 === 0 ? null : '0400 000 001',
  }));
  expect(exampleEntities(records)).toHaveLength(3);
  const served = await mock.serve({ records });
  try {
    expect(Object.values(connector.secrets)).toEqual(Object.keys(served.env));
    const read = await readAll(sourceOn(served));
    expect(read.records).toEqual(records);
    expect(read.skipped).toEqual({ client_not_individual: 3 });
  } finally {
    await served.close();
  }
});

/** The connector with what a mock says of itself, as text. */
function sourceOn({
  settings,
  env,
}: {
  settings: Readonly<Record<string, string>>;
  env: Readonly<Record<string, string>>;
}) {
  const { FYI_ACCESS_ID: accessId = '', FYI_ACCESS_SECRET: accessSecret = '' } = env;
  const { practice = '', baseUrl } = settings;
  return fyi({ practice, baseUrl, accessId, accessSecret, wait: async () => {} });
}

test('a made-up practice is there by itself, another one for another seed', async () => {
  const reads: RawRecord[][] = [];
  for (const seed of [1, 1, 2]) {
    const served = await mock.serve({ seed, contacts: 60 });
    try {
      reads.push([...(await readAll(sourceOn(served))).records]);
    } finally {
      await served.close();
    }
  }
  const [one = [], again, two] = reads;
  expect(one.length).toBeGreaterThan(40);
  expect(again).toEqual(one);
  expect(two).not.toEqual(one);
  // The same person under several clients is the same record.
  const byId = new Map<string, RawRecord>();
  for (const record of one) {
    expect(record).toEqual(byId.get(record.externalId) ?? record);
    byId.set(record.externalId, record);
  }
  expect(byId.size).toBeLessThan(one.length);
});

test('faults that a person can order are there by name', async () => {
  await expect(mock.serve({ fault: 'nonsense' })).rejects.toMatchObject({ code: 'setting_invalid' });
  const codes: Record<string, string> = {};
  for (const fault of Object.keys(mock.faults).filter((name) => name !== 'hang')) {
    const served = await mock.serve({ fault, contacts: 10 });
    try {
      codes[fault] = await readAll(sourceOn(served)).then(
        () => 'read',
        (error: { code: string }) => error.code,
      );
    } finally {
      await served.close();
    }
  }
  expect(codes).toEqual({
    'keys-invalid': 'source_unauthorized',
    forbidden: 'source_forbidden',
    'limit-once': 'read',
    'limit-silent': 'read',
    'limit-long': 'source_rate_limited',
    unavailable: 'source_unavailable',
    'unavailable-once': 'read',
    broken: 'source_unavailable',
    absent: 'source_refused',
    reset: 'source_unreachable',
    'reset-once': 'read',
    cut: 'source_unreadable',
    'cut-once': 'read',
    refused: 'source_refused',
    page: 'source_unreadable',
    empty: 'source_unreadable',
    renamed: 'source_unreadable',
    'same-page': 'source_incomplete',
    'wrong-charset': 'source_unreadable',
    slow: 'read',
  });
});
