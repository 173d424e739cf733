import { practice } from '@contact-sync/connector-kit/mock';
import { type ErrorCode, type Read, readAll, readSettings } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { connector } from '../src/index.js';
import { mock } from '../src/mock/index.js';
import { failureOf } from './setup.js';

async function readMock(options: Parameters<typeof mock.serve>[0], settings = {}): Promise<Read> {
  const served = await mock.serve(options);
  try {
    const accessToken = served.env.BGL_ACCESS_TOKEN ?? '';
    const all = { ...served.settings, ...settings, accessToken, wait: async () => {} };
    return await readAll(connector.create(readSettings(connector, all)));
  } finally {
    await served.close();
  }
}

const everything = { contacts: 'all', members: 'true', trustees: 'true' };

test('the mock holds a made-up practice, and the connector reads its people', async () => {
  const { people, clients } = practice({ seed: 5, size: 60 });
  const read = await readMock({ seed: 5, contacts: 60 });
  expect(read.unreadable).toEqual([]);
  const present = people.filter(({ deleted }) => !deleted);
  expect(read.records).toHaveLength(present.length);
  for (const { number, givenName, familyName, email, mobile, phone } of present) {
    const record = read.records.find(({ externalId }) => externalId === `cas:${1_800_000 + number}`);
    expect(record?.name?.toLowerCase()).toBe(`${givenName} ${familyName}`.toLowerCase());
    expect([record?.email, record?.phone]).toEqual([email || null, mobile || phone || null]);
  }
  for (const why of ['contact_company', 'contact_joint_member', 'contact_other_entity']) {
    expect(read.skipped[why], why).toBeGreaterThan(0);
  }
  const companies = clients.filter(({ kind, status }) => kind === 'company' && status !== 'deleted');
  expect(read.skipped.contact_company).toBe(companies.length);
});

test('its super funds have members and trustees, some wound up, some who have died', async () => {
  const { clients } = practice({ seed: 3, size: 600 });
  const read = await readMock({ seed: 3, contacts: 600 }, { ...everything, contacts: 'none' });
  const funds = clients.filter(({ kind, status }) => kind === 'super-fund' && status !== 'deleted');
  const live = funds.filter(({ status }) => status !== 'archived');
  expect(read.skipped.fund).toBe(live.length);
  expect(read.skipped.fund_wound_up).toBe(funds.length - live.length);
  const members = live.flatMap(({ contacts }) => contacts.map(({ person }) => person));
  const ids = members
    .filter(({ deleted, deceased }) => !deleted && !deceased)
    .map(({ id }) => `sf:${id.replaceAll('-', '')}`);
  expect(new Set(read.records.map(({ externalId }) => externalId))).toEqual(new Set(ids));
  expect(read.unreadable).toEqual([]);
  for (const why of ['corporate_trustee', 'fund_not_smsf', 'fund_wound_up', 'person_deceased', 'repeated']) {
    expect(read.skipped[why], why).toBeGreaterThan(0);
  }
});

test('the mock has 40 people unless it is told, and other ones with another seed', async () => {
  const read = await readMock({});
  expect(read.records).toEqual((await readMock({ seed: 1, contacts: 40 })).records);
  expect(read.records).not.toEqual((await readMock({ seed: 2 })).records);
});

test('the mock serves given records, and the connector reads exactly these', async () => {
  const records = [
    { externalId: 'cas:7', name: 'John van der  Berg ', email: 'john@smith.com', phone: null },
    { externalId: 'cas:5a0c', name: 'Mary', email: null, phone: '0400 000 001' },
    { externalId: 'cas:9', name: null, email: 'x@example.com', phone: null },
    { externalId: 'sf:8a9c', name: 'Kim Lee', email: 'kim@lee.com', phone: '61400000002' },
  ];
  const read = await readMock({ records });
  expect(new Set(read.records)).toEqual(new Set(records));
  expect(read.skipped).toEqual({ fund: 1 });
  // Ids that do not say where they are from get the prefix of CAS 360.
  const other = await readMock({ records: [{ externalId: 'A', name: 'Jo', email: null, phone: null }] });
  expect(other.records.map(({ externalId }) => externalId)).toEqual(['cas:A']);
});

test('what it needs is what the connector has as secrets', async () => {
  const served = await mock.serve({ contacts: 1 });
  await served.close();
  expect(Object.keys(served.env)).toEqual(expect.arrayContaining(Object.values(connector.secrets)));
});

const lasting: Record<string, ErrorCode> = {
  'token-invalid': 'source_unauthorized',
  'token-expires': 'source_unauthorized',
  'not-accessible': 'source_forbidden',
  'scope-missing': 'source_forbidden',
  'limit-day': 'source_rate_limited',
  unavailable: 'source_unavailable',
  broken: 'source_unavailable',
  reset: 'source_unreachable',
  cut: 'source_unreadable',
  'cut-once': 'source_incomplete',
  page: 'source_unreadable',
  empty: 'source_unreadable',
  'other-json': 'source_unreadable',
};

test.each(Object.entries(lasting))('the fault %s ends the read with %s', async (fault, code) => {
  expect((await failureOf(readMock({ contacts: 5, fault }))).code).toBe(code);
});

const passing = ['limit-10-minutes', 'unavailable-once', 'reset-once', 'slow'];

test.each(passing)('the fault %s passes', async (fault) => {
  expect((await readMock({ contacts: 5, fault })).records).toEqual((await readMock({ contacts: 5 })).records);
});

test('every fault is tried here, but the one that never ends', () => {
  expect(Object.keys(mock.faults).sort()).toEqual([...Object.keys(lasting), ...passing, 'hang'].sort());
  for (const sentence of Object.values(mock.faults)) expect(sentence).toMatch(/^[A-Z].+\.$/);
});

test('a fault that there is not is refused', async () => {
  await expect(mock.serve({ fault: 'fire' })).rejects.toMatchObject({ code: 'setting_invalid' });
});
