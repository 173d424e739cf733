import { inspect } from 'node:util';
import { serveMock } from '@contact-sync/connector-kit/mock';
import type { AccessTokens } from '@contact-sync/core';
import { expect, test } from 'vitest';
import {
  type FakeOptions,
  fakeBgl,
  fakeContact,
  fakeFund,
  fakeMember,
  faults,
  origin,
  sampleFirm,
} from '../src/mock/index.js';
import { failureOf, onFake, pagesOf, someTime } from './setup.js';

const account = { method: 'GET', path: '/account/detail', status: 200 };
const got = (path: string, status = 200) => ({ method: 'GET', path, status });
const fund = (number: number, rest = '') => `/sf/funds/8a9c9e00${String(number).padStart(24, '0')}${rest}`;

/** What a person finds in the sample firm. */
const people = [
  ['cas:1800101', 'Alex Nguyen', 'alex.nguyen@example.com', '0400 000 001'],
  ['cas:1800104', 'Robin NGUYEN', 'alex.nguyen@example.com', '61400000104'],
  ['cas:1800107', 'Kāra Ōtene', 'kara@example.com; k@example.com', null],
];
const unreadable = [
  {
    externalId: 'cas:1800108',
    where: 'contact 1800108',
    problem: 'contactType is not one that is known',
  },
  {
    externalId: 'cas:1800199',
    where: 'representative 1800199 of joint member 1800106',
    problem: 'it is not among the contacts',
  },
];
const inFunds = [
  ['sf:8a9c9eff000000000000000000000001', 'Alex Nguyen', 'alex.nguyen@example.com', '61400000001'],
  ['sf:8a9c9eff000000000000000000000003', 'Dana Director', null, null],
];

function shortly(
  records: readonly { externalId: string; name: string | null; email: string | null; phone: string | null }[],
) {
  return records.map(({ externalId, name, email, phone }) => [externalId, name, email, phone]);
}

test('a firm is read as its people', async () => {
  const fake = fakeBgl(sampleFirm());
  const { source, read } = onFake(fake);
  const found = await read();
  expect(shortly(found.records)).toEqual(people);
  expect(found.unreadable).toEqual(unreadable);
  expect(found.skipped).toEqual({ contact_company: 1, contact_joint_member: 1, contact_other_entity: 1 });
  expect(found.rows).toBe(8);
  expect([source.source, found.tenant]).toEqual(['bgl:fake-firm-1', 'fake-firm-1']);
  expect(fake.requests).toEqual([account, got('/contacts'), got('/contacts')]);
  expect(fake.violations).toEqual([]);
});

test('companies and other entities too', async () => {
  const { records, skipped } = await onFake(fakeBgl(sampleFirm()), { contacts: 'all' }).read();
  expect(shortly(records)).toEqual([
    people[0],
    ['cas:1800102', 'NGUYEN HOLDINGS PTY LTD', null, null],
    people[1],
    ['cas:1800105', 'Nguyen Family Trust', null, null],
    people[2],
  ]);
  expect(skipped).toEqual({ contact_joint_member: 1 });
});

test('members and trustees of super funds, each person once', async () => {
  const fake = fakeBgl(sampleFirm());
  const found = await onFake(fake, { contacts: 'none', members: true, trustees: true }).read();
  expect(shortly(found.records)).toEqual(inFunds);
  expect(found.unreadable).toEqual([]);
  expect(found.skipped).toEqual({
    ...{ corporate_trustee: 1, fund: 2, fund_not_smsf: 1, fund_wound_up: 1 },
    // Alex is a member of two funds and director in one; Robin has died.
    ...{ repeated: 2, person_deceased: 2 },
  });
  expect(found.rows).toBe(11);
  expect(fake.requests).toEqual([
    account,
    got('/fund/list'),
    ...[got(fund(1)), got(fund(1, '/members')), got(fund(1, '/trustees'))],
    ...[got(fund(2)), got(fund(2, '/members')), got(fund(2, '/trustees'))],
    got(fund(3)),
  ]);
});

test('members only take no request for trustees', async () => {
  const fake = fakeBgl(sampleFirm());
  const { records, skipped } = await onFake(fake, { contacts: 'none', members: true }).read();
  expect(shortly(records)).toEqual([inFunds[0]]);
  expect(skipped).toEqual({ fund: 2, fund_not_smsf: 1, fund_wound_up: 1, repeated: 1, person_deceased: 1 });
  expect(fake.requests.filter(({ path }) => path.endsWith('/trustees'))).toEqual([]);
});

test('trustees only leave out who has died, too', async () => {
  const { records, skipped } = await onFake(fakeBgl(sampleFirm()), { contacts: 'none', trustees: true }).read();
  expect(shortly(records)).toEqual(inFunds);
  expect(skipped).toMatchObject({ member_not_asked: 2, person_deceased: 2 });
});

test.each<NonNullable<FakeOptions['look']>>([
  { list: 'bare' },
  { total: 'none' },
  { total: 'text' },
  { offset: 'one' },
  { nothing: '' },
  { nothing: 'null' },
  { mostRows: 2 },
  { mostRows: 2, list: 'bare' },
  { members: 'wrapped' },
])('however the answers look (%j), they say the same', async (look) => {
  const fake = fakeBgl({ ...sampleFirm(), look });
  const found = await onFake(fake, { members: true, trustees: true }).read();
  expect(shortly(found.records)).toEqual([...people, ...inFunds]);
  expect(found.unreadable).toEqual(unreadable);
  expect(found.rows).toBe(19);
});

test.each([0, 1, 499, 500, 501, 1203])('%i contacts come in pages of up to 500', async (count) => {
  const contacts = Array.from({ length: count }, (_, index) => fakeContact({ id: index + 1, firstName: `P${index}` }));
  const fake = fakeBgl({ contacts });
  const { records } = await onFake(fake).read();
  expect(records.map(({ externalId }) => externalId)).toEqual(contacts.map(({ id }) => `cas:${id}`));
  // The first page has 500, each further one begins with the last of the one before, and the last has nobody new.
  const pages = count === 0 ? 1 : count <= 500 ? 2 : count === 501 ? 3 : 4;
  expect(fake.requests.filter(({ path }) => path === '/contacts')).toHaveLength(pages);
});

test('a list that shrinks and grows while it is read loses nobody', async () => {
  const contacts = Array.from({ length: 30 }, (_, index) => fakeContact({ id: index + 10, firstName: `P${index}` }));
  let asked = 0;
  const fake = fakeBgl({
    contacts,
    look: { mostRows: 10 },
    meanwhile: ({ path }) => {
      if (path !== '/contacts') return;
      asked += 1;
      // Somebody of the first page goes, and another comes at the end: the total stays the same.
      if (asked === 2) {
        fake.deleteContact(12);
        fake.addContact(fakeContact({ id: 99, firstName: 'New' }));
      }
    },
  });
  const { records } = await onFake(fake).read();
  expect(new Set(records.map(({ externalId }) => externalId))).toEqual(
    new Set([...contacts.map(({ id }) => `cas:${id}`), 'cas:99']),
  );
  expect(records).toHaveLength(31);
});

test('a fund that is not accessible is named, and nobody is missing for it', async () => {
  const fake = fakeBgl(sampleFirm());
  fake.updateFund('8a9c9e00000000000000000000000002', { accessible: false });
  const found = await onFake(fake, { contacts: 'none', members: true, trustees: true }).read();
  expect(shortly(found.records)).toEqual(inFunds);
  expect(found.unreadable).toEqual([
    {
      externalId: null,
      where: 'fund 8a9c9e00000000000000000000000002',
      problem: 'BGL does not give access to it, so its people are not known',
    },
  ]);
});

test('neither for one that BGL refuses, nor for one without an id', async () => {
  const funds = [
    fakeFund({ id: 'f1', entity: { entityType: 'SMSF' }, members: [fakeMember({ peopleId: 'p', firstName: 'Jo' })] }),
    { ...fakeFund({ id: 'f2' }), row: { fundID: 'null' } },
    fakeFund({ id: 'f1' }),
  ];
  const fake = fakeBgl({ funds });
  fake.fault(faults.refused(400, 'Failed to call members'), 1, 3);
  const found = await onFake(fake, { contacts: 'none', members: true }).read();
  expect(found.records).toEqual([]);
  expect(found.unreadable.map(({ externalId, where }) => [externalId, where])).toEqual([
    [null, 'fund f1'],
    [null, 'a fund without an id'],
  ]);
  expect(found.skipped).toEqual({ repeated: 1 });
});

test('another firm that answers is told by its own name', async () => {
  const fake = fakeBgl({ ...sampleFirm(), firm: 'other-firm' });
  expect(await onFake(fake, { firm: 'this-firm' }).read()).toMatchObject({
    source: 'bgl:this-firm',
    tenant: 'other-firm',
  });
});

test('an empty firm is a complete read, with the requests that are left', async () => {
  const fake = fakeBgl({ now: () => someTime });
  expect(await pagesOf(onFake(fake, { members: true }))).toEqual([
    { records: [], unreadable: [], skipped: {}, requestsLeft: { day: 998 } },
    { records: [], unreadable: [], skipped: {}, requestsLeft: { day: 997 } },
  ]);
  const unlimited = fakeBgl({ limits: { day: null } });
  expect((await pagesOf(onFake(unlimited)))[0]?.requestsLeft).toEqual({});
});

test('nothing that nobody asked for comes out: tax numbers, birth dates, addresses, accounts', async () => {
  const canary = {
    ...{ taxNumber: 'Canary', tfn: 'Canary', birthday: 'Canary', dob: 'Canary', birthPlace: 'Canary', skype: 'Canary' },
    ...{ streetLine1: 'Canary', accounts: ['Canary'], title: 'Canary', middleName: 'Canary', otherName: 'Canary' },
  };
  const member = fakeMember({ peopleId: 'p1', firstName: 'Jo', ...canary });
  const dead = fakeMember({ peopleId: 'p2', firstName: 'Canary', dateOfDeath: 'Canary' });
  const damaged = fakeMember({ peopleId: 'p3', email: { Canary: 'Canary' }, tfn: 'Canary' });
  const fake = fakeBgl({
    contacts: [
      fakeContact({ id: 1, firstName: 'Jo', ...canary }),
      fakeContact({ id: 2, ...canary, email: ['Canary'] }),
    ],
    funds: [fakeFund({ id: 'f1', name: 'Canary Fund', members: [member, dead, damaged] })],
  });
  const pages = await pagesOf(onFake(fake, { members: true, trustees: true, contacts: 'all' }));
  expect(pages.flatMap(({ records }) => records)).toHaveLength(2);
  expect(inspect(pages, { depth: null, maxArrayLength: null })).not.toMatch(/canary/i);
});

test('the same over a real connection', async () => {
  const fake = fakeBgl(sampleFirm());
  const server = await serveMock(fake.handlers, { origin });
  try {
    const settings = { transport: undefined, baseUrl: server.url, members: true, trustees: true };
    expect(shortly((await onFake(fake, settings).read()).records)).toEqual([...people, ...inFunds]);
  } finally {
    await server.close();
  }
});

test('a token that ends in the middle is renewed, and the read goes on where it was', async () => {
  const fake = fakeBgl({ ...sampleFirm(), look: { mostRows: 2 } });
  const refused: string[] = [];
  let token = 'old';
  const tokens: AccessTokens = {
    get: async () => (token === 'old' ? token : fake.access.accessToken),
    refused: async (old) => {
      refused.push(old);
      token = 'new';
      return true;
    },
  };
  const found = await onFake(fake, { accessToken: tokens }).read();
  expect(shortly(found.records)).toEqual(people);
  expect(refused).toEqual(['old']);
  expect(fake.requests.filter(({ status }) => status === 401)).toHaveLength(1);

  // A fund that is not accessible says nothing about the token.
  fake.updateFund('8a9c9e00000000000000000000000001', { accessible: false });
  await onFake(fake, { accessToken: tokens, members: true }).read();
  expect(refused).toEqual(['old']);
});

test('a read that is left makes no more requests', async () => {
  const fake = fakeBgl({ ...sampleFirm(), look: { mostRows: 2 } });
  const stop = new AbortController();
  const { source } = onFake(fake, { members: true });
  const reading = source.read({ signal: stop.signal });
  await reading.next();
  const before = fake.requests.length;
  stop.abort();
  expect((await failureOf(reading.next())).code).toBe('cancelled');
  expect(fake.requests).toHaveLength(before);
});
