import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import {
  type FakeBgl,
  type FakeOptions,
  fakeBgl,
  fakeContact,
  fakeFund,
  fakeMember,
  faults,
  sampleFirm,
} from './index.js';

const origin = 'https://api.bgl360.com.au';
const token = { authorization: 'bearer fake-access-token' };
const noon = new Date('2026-11-22T12:00:40Z');

async function ask(fake: FakeBgl, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await getResponse([...fake.handlers], new Request(`${origin}${path}`, { headers: token, ...init }));
  if (response === undefined) throw new Error('no handler answered');
  return response;
}

async function json(fake: FakeBgl, path: string, init?: RequestInit): Promise<unknown> {
  return await (await ask(fake, path, init)).json();
}

const three = (options: FakeOptions = {}) =>
  fakeBgl({ contacts: [3, 1, 2].map((id) => fakeContact({ id, firstName: `P${id}` })), now: () => noon, ...options });

test('contacts come by id, with the keys of the document, in pages', async () => {
  const fake = three();
  const response = await ask(fake, '/contacts?offset=1&limit=500&relationships=false');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json;charset=UTF-8',
    'x-rate-daily-limit-remaining': '999',
  });
  expect(await response.json()).toEqual({
    contacts: [
      expect.objectContaining({ id: 2, contactType: 'People', firstName: 'P2', taxNumber: '123456782' }),
      expect.objectContaining({ id: 3 }),
    ],
    ...{ limit: 500, offset: 1, total: 3 },
  });
  expect(await json(fake, '/contacts?offset=0&limit=1')).toMatchObject({ contacts: [{ id: 1 }], total: 3 });
  expect(await json(fake, '/contacts/2')).toMatchObject({ id: 2 });
  expect((await ask(fake, '/contacts?limit=1')).status).toBe(400);
});

test('lists may look otherwise', async () => {
  expect(await json(three({ look: { list: 'bare' } }), '/contacts?offset=2&limit=5')).toMatchObject([{ id: 3 }]);
  const odd = three({ look: { total: 'text', offset: 'one', nothing: 'null', mostRows: 1 } });
  expect(await json(odd, '/contacts?offset=0&limit=5')).toMatchObject({
    contacts: [{ id: 1, lastName: 'null' }],
    offset: 1,
    total: '3',
  });
  expect(await json(three({ look: { total: 'none' } }), '/contacts?offset=0&limit=5')).not.toHaveProperty('total');
});

test('funds are listed, with and without members, and asked one by one', async () => {
  const fake = fakeBgl(sampleFirm());
  const first = '8a9c9e00000000000000000000000001';
  expect(await json(fake, '/fund/list')).toMatchObject({
    funds: [{ fundID: first, entityType: 'SMSF', fundEmail: 'NguyenSu@bglnotes.com.au' }, {}, {}, {}],
  });
  const listed = (await json(fake, '/fund/listWithMembers?offset=1&max=1')) as { funds: { members: object[] }[] };
  expect(listed.funds).toHaveLength(1);
  expect(Object.keys(listed.funds[0]?.members[0] ?? {})).toEqual([
    ...['memberRefKey', 'firstName', 'lastName', 'title', 'dob', 'email', 'gender'],
  ]);
  expect(await json(fake, `/sf/funds/${first}`)).toMatchObject({ id: first, entityType: 'SMSF', windUpDate: null });
  expect(await json(fake, `/sf/funds/${first}/members`)).toMatchObject([
    { tfn: '123456782', mobile: '61400000001' },
    {},
  ]);
  expect(await json(fake, `/sf/funds/${first}/trustees`)).toMatchObject({
    trusteeType: 'Corporate',
    corporateDetails: { corporateName: 'NGUYEN HOLDINGS PTY LTD' },
    trusteeOrDirector: [{ firstName: 'Alex' }, { firstName: 'Dana' }],
  });
  const wrapped = fakeBgl({ ...sampleFirm(), look: { members: 'wrapped' } });
  expect(await json(wrapped, `/sf/funds/${first}/members`)).toMatchObject({ members: [{}, {}] });
});

test('a fund that is unknown or hidden is 401, and one that is no super fund has no members', async () => {
  const funds = [fakeFund({ id: 'a', accessible: false }), fakeFund({ id: 'b', entityType: 'BillableTrust' })];
  const fake = fakeBgl({ funds });
  for (const path of ['/sf/funds/a', '/sf/funds/zzz/members']) {
    const response = await ask(fake, path);
    expect(response.status).toBe(401);
    const message = 'The fund is not found/accessible';
    expect(await response.json()).toEqual({ message, errors: [message], status: 401 });
  }
  expect((await ask(fake, '/sf/funds/b/members')).status).toBe(400);
  expect((await ask(fake, '/sf/other')).status).toBe(404);
});

test('the account has the firm, the user the person', async () => {
  const fake = fakeBgl({ firm: 'firm-7' });
  expect(await json(fake, '/account/detail')).toMatchObject({ Account: { bglAccountId: 'firm-7' } });
  expect(await json(fake, '/user/detail')).toMatchObject({ userDetail: { username: 'pat' } });
});

test('only the token opens it, and the scope the funds', async () => {
  const fake = fakeBgl({ scopes: ['developer'] });
  const wrong = await ask(fake, '/account/detail', { headers: { authorization: 'Bearer wrong' } });
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { error: 'invalid_token', error_description: 'Invalid access token: wrong' },
  ]);
  expect((await ask(fake, '/account/detail', { headers: {} })).status).toBe(401);
  expect((await ask(fake, '/contacts?offset=0&limit=1')).status).toBe(200);
  const denied = await ask(fake, '/fund/list');
  expect([denied.status, await denied.json()]).toEqual([
    403,
    { error: 'access_denied', error_description: 'access denied:/fund/list' },
  ]);
  fake.expireToken();
  expect((await ask(fake, '/account/detail')).status).toBe(401);
});

test('everything but GET is refused and remembered', async () => {
  const fake = three();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expect((await ask(fake, '/contacts', { method })).status).toBe(405);
  }
  expect(fake.violations).toEqual(['POST /contacts', 'PUT /contacts', 'PATCH /contacts', 'DELETE /contacts']);
  expect(fake.requests[0]).toEqual({ method: 'POST', path: '/contacts', status: 405 });
});

test('a hundred requests in ten minutes, a thousand in a day', async () => {
  let now = noon.getTime();
  const fake = fakeBgl({ now: () => new Date(now), limits: { tenMinutes: 2, day: 3 } });
  const status = async () => (await ask(fake, '/account/detail')).status;
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  expect(await json(fake, '/account/detail')).toMatchObject({ errors: [expect.stringContaining('last 10 mins')] });
  now += 10 * 60_000;
  expect([await status(), await status()]).toEqual([200, 429]);
  expect(await json(fake, '/account/detail')).toMatchObject({ errors: [expect.stringContaining('today')] });
  now += 12 * 60 * 60_000;
  expect((await ask(fake, '/account/detail')).headers.get('x-rate-daily-limit-remaining')).toBe('2');
});

test('people change it while it runs', async () => {
  const fake = three();
  fake.addContact(fakeContact({ id: 0 }));
  fake.updateContact(2, { firstName: 'Changed' });
  fake.deleteContact(3);
  expect(fake.contacts().map(({ id, firstName }) => [id, firstName])).toEqual([
    [0, null],
    [1, 'P1'],
    [2, 'Changed'],
  ]);
  expect(() => fake.deleteContact(3)).toThrow('no such row');
  fake.addFund(fakeFund({ id: 'a' }));
  fake.updateFund('a', { members: [fakeMember({ peopleId: 'p' })] });
  expect(await json(fake, '/sf/funds/a/members')).toMatchObject([{ peopleId: 'p' }]);
});

test('faults come after as many requests as were said, and as often', async () => {
  const fake = three();
  fake.fault(faults.broken(), 2, 1);
  const statuses = [];
  for (let request = 0; request < 4; request += 1) statuses.push((await ask(fake, '/account/detail')).status);
  expect(statuses).toEqual([200, 500, 500, 200]);
  fake.fault(faults.reset());
  fake.clearFaults();
  fake.look({ list: 'bare' });
  expect(await json(fake, '/contacts?offset=0&limit=1')).toHaveLength(1);
});
