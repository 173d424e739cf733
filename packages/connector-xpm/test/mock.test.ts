import { practice } from '@contact-sync/connector-kit/mock';
import { type ErrorCode, type Read, readAll } from '@contact-sync/core';
import { expect, test } from 'vitest';
import { xpm } from '../src/index.js';
import { mock } from '../src/mock/index.js';
import { failureOf } from './setup.js';

async function readMock(options: Parameters<typeof mock.serve>[0]): Promise<Read> {
  const served = await mock.serve(options);
  try {
    const { tenantId = '', baseUrl } = served.settings;
    const accessToken = served.env.XPM_ACCESS_TOKEN ?? '';
    return await readAll(xpm({ tenantId, baseUrl, accessToken, wait: async () => {} }));
  } finally {
    await served.close();
  }
}

test('the mock holds a made-up practice, and the connector reads its people', async () => {
  const { people, clients } = practice({ seed: 5, size: 60 });
  const { records, unreadable, skipped, rows } = await readMock({ seed: 5, contacts: 60 });
  expect(unreadable).toEqual([]);
  expect(rows).toBe(clients.length + clients.reduce((sum, { contacts }) => sum + contacts.length, 0));
  for (const why of ['client_archived', 'client_deleted', 'client_has_contact', 'contact_deleted']) {
    expect(skipped[why], why).toBeGreaterThan(0);
  }
  expect(skipped.client_not_individual).toBe(
    clients.filter(({ person, status }) => person === null && status === 'active').length,
  );
  const active = clients.filter(({ status }) => status === 'active');
  const contacts = active.flatMap((client) => client.contacts.map(({ person }) => person));
  const expected = contacts.filter(({ deleted }) => !deleted).map(({ id }) => id);
  const asContacts = records.filter(({ externalId }) => people.some(({ id }) => id === externalId));
  expect(asContacts.map(({ externalId }) => externalId).sort()).toEqual(expected.sort());
  for (const { externalId, name, email, phone } of asContacts) {
    const person = people.find(({ id }) => id === externalId);
    // An empty element is no value, and so is one of white space.
    const said = [person?.name, person?.email, person?.mobile || person?.phone].map((text) => text || null);
    expect([name, email, phone]).toEqual(said);
  }
});

test('the mock has 40 people unless it is told, and other ones with another seed', async () => {
  const read = await readMock({});
  expect(read.records).toEqual((await readMock({ seed: 1, contacts: 40 })).records);
  expect(read.records).not.toEqual((await readMock({ seed: 2 })).records);
});

const lasting: Record<string, ErrorCode> = {
  'token-invalid': 'source_unauthorized',
  'token-expired': 'source_unauthorized',
  'scope-missing': 'source_forbidden',
  forbidden: 'source_forbidden',
  'limit-day': 'source_rate_limited',
  unavailable: 'source_unavailable',
  broken: 'source_unavailable',
  reset: 'source_unreachable',
  cut: 'source_incomplete',
  'cut-once': 'source_incomplete',
  refused: 'source_refused',
  page: 'source_unreadable',
  empty: 'source_unreadable',
  'bad-character': 'source_unreadable',
  'wrong-charset': 'source_unreadable',
};

test.each(Object.entries(lasting))('the fault %s ends the read with %s', async (fault, code) => {
  expect((await failureOf(readMock({ contacts: 5, fault }))).code).toBe(code);
});

const passing = ['limit-minute', 'limit-concurrent', 'unavailable-once', 'reset-once', 'slow'];

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
