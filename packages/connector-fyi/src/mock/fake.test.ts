import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import { type FakeFyi, fakeEntity, fakeFyi } from './index.js';

const base = 'https://api-ap-southeast-2.fyi.app/external';
const keys = {
  'x-fyi-access-id': '7d4f6c1e-93a2-4b57-8a10-2f1c5f6f0a01',
  'x-fyi-access-secret': 'fake-access-secret',
  'content-type': 'application/json',
};
const list = (page: number, perPage: number) => ({
  metadata: { action: { value: 'list' }, data: { page, per_page: perPage } },
});

async function ask(fake: FakeFyi, body: unknown, init: RequestInit & { resource?: string } = {}): Promise<Response> {
  const { resource = 'entity', ...rest } = init;
  const request = new Request(`${base}/${resource}`, {
    method: 'POST',
    headers: keys,
    ...(rest.method === 'GET' ? {} : { body: JSON.stringify(body) }),
    ...rest,
  });
  const response = await getResponse([...fake.handlers], request);
  if (response === undefined) throw new Error('no handler answered');
  return response;
}

const three = [1, 2, 3].map((id) => fakeEntity({ id, name: `N${id}` }));

test('a list in an envelope, as the API document shows it', async () => {
  const response = await ask(fakeFyi({ entities: three.slice(0, 1) }), list(1, 100));
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual({
    results: [
      {
        ...{ id: 1, name: 'N1', email: null, phone: null, mobile: null },
        ...{ address: '1 Quay St', city: 'Geelong', region: 'VIC', postcode: '3220', country: 'Australia' },
        ...{ business_structure: 'Company', business_number: '00 000 000 000', company_number: '000 000 000' },
        ...{ is_client: true, status: 'Active', source: 'XPM', source_id: '12345678' },
        details: { client_code: 'HARB0001', uuid: '00000000-0000-4000-8000-000000000001' },
        entity_group: { id: 61300001, name: 'Harbour Group' },
        manager_user: { email: 'manager@firm.example' },
        partner_user: { email: 'partner@firm.example' },
        contacts: [],
      },
    ],
    page: 1,
    per_page: 100,
  });
});

const idsOf = async (response: Response) => {
  const { data } = (await response.json()) as { data: { id: number }[] };
  return data.map(({ id }) => id);
};

test('pages, with a cap, and what is past the end', async () => {
  const fake = fakeFyi({ entities: three, ways: { listKey: 'data', cap: 2 } });
  expect(await idsOf(await ask(fake, list(1, 500)))).toEqual([1, 2]);
  expect(await idsOf(await ask(fake, list(2, 500)))).toEqual([3]);
  expect(await idsOf(await ask(fake, list(3, 500)))).toEqual([]);
  fake.ways({ pastEnd: 'last' });
  expect(await idsOf(await ask(fake, list(3, 500)))).toEqual([3]);
  fake.ways({ pastEnd: 'absent' });
  expect((await ask(fake, list(3, 500))).status).toBe(404);
  expect((await ask(fake, list(2, 500))).status).toBe(200);
  expect(fake.requests.map(({ page, status }) => [page, status])).toEqual([
    [1, 200],
    [2, 200],
    [3, 200],
    [3, 200],
    [3, 404],
    [2, 200],
  ]);
});

test('flat requests, bare lists and counts', async () => {
  const fake = fakeFyi({ entities: three, ways: { bodyStyle: 'flat', listKey: 'bare' } });
  expect(await (await ask(fake, { page: 1, per_page: 500, is_client: true })).json()).toHaveLength(3);
  expect((await ask(fake, list(1, 1))).status).toBe(400);
  fake.ways({ listKey: 'entities', total: true });
  expect(await (await ask(fake, { page: 9, per_page: 1 })).json()).toEqual({
    entities: [],
    page: 9,
    per_page: 1,
    total: 3,
  });
  fake.ways({ bodyStyle: 'envelope' });
  expect((await ask(fake, { page: 1, per_page: 500 })).status).toBe(400);
});

test.each([
  ['no id', { ...keys, 'x-fyi-access-id': '' }, 401],
  ['a wrong secret', { ...keys, 'x-fyi-access-secret': 'x' }, 401],
  ['another type', { ...keys, 'content-type': 'text/plain' }, 415],
  ['no application id', keys, 403],
  ['a wrong application id', { ...keys, 'x-fyi-application-id': 'b' }, 403],
  ['everything', { ...keys, 'x-fyi-application-id': 'a' }, 200],
])('%s', async (name, headers, status) => {
  const fake = fakeFyi(name.includes('application') || status === 200 ? { applicationId: 'a' } : {});
  expect((await ask(fake, list(1, 1), { headers })).status).toBe(status);
  expect(fake.violations).toEqual([]);
});

test.each<[string, unknown, RequestInit & { resource?: string }, number, string]>([
  ['a write', { metadata: { action: { value: 'upsert' }, data: {} } }, {}, 403, '/external/entity "upsert"'],
  ['another action', { metadata: { action: { value: 'get' }, data: { id: 1 } } }, {}, 403, '/external/entity "get"'],
  [
    'two actions',
    { metadata: { action: { value: ['list', 'upsert'] } } },
    {},
    403,
    '/external/entity ["list","upsert"]',
  ],
  ['another resource', list(1, 1), { resource: 'document' }, 403, '/external/document list'],
  ['a query', list(1, 1), { resource: 'entity?x=1' }, 403, '/external/entity?x=1 list'],
  ['another method', null, { method: 'GET' }, 405, 'GET /external/entity'],
])('%s is a violation', async (_, body, init, status, violation) => {
  const fake = fakeFyi();
  expect((await ask(fake, body, init)).status).toBe(status);
  expect(fake.violations).toEqual([violation]);
});

test('what is no request for a page is not valid', async () => {
  const fake = fakeFyi();
  for (const body of [null, {}, { metadata: {} }, list(0, 1), list(1, 0), list(1.5, 1)]) {
    expect((await ask(fake, body)).status).toBe(400);
  }
  expect((await ask(fake, null, { body: '{"metadata":' })).status).toBe(400);
});

test('the practice can be changed, and faults come in order', async () => {
  const fake = fakeFyi({ entities: three });
  fake.addEntity(fakeEntity({ id: 4, name: 'N4', contacts: [{ id: 9, name: 'A' }, { id: 10 }] }), 'start');
  fake.updateContact(9, { name: 'B' });
  fake.updateEntity(2, { status: 'Archived' });
  fake.removeEntity(3);
  expect(fake.entities().map(({ id, status }) => [id, status])).toEqual([
    [4, 'Active'],
    [1, 'Active'],
    [2, 'Archived'],
  ]);
  expect(fake.entities()[0]?.contacts).toEqual([{ id: 9, name: 'B' }, { id: 10 }]);
  expect(() => fake.updateEntity(77, {})).toThrow('no such client');
  const served: number[] = [];
  fake.afterPage((page) => served.push(page));
  fake.fault(() => new Response('first'), 2);
  fake.fault(() => new Response('second'));
  fake.fault(() => new Response('never'), 5);
  const texts: string[] = [];
  for (let turn = 1; turn <= 4; turn += 1) {
    if (turn === 4) fake.clearFaults();
    texts.push((await (await ask(fake, list(turn, 1))).text()).slice(0, 6));
  }
  expect(texts).toEqual(['first', 'first', 'second', '{"resu']);
  expect(served).toEqual([1, 2, 3, 4]);
});
