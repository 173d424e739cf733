import { getResponse } from 'msw';
import { expect, test } from 'vitest';
import {
  bareClient,
  type FakeOptions,
  type FakeXpm,
  fakeClient,
  fakeContact,
  fakeXpm,
  faults,
  samplePractice,
} from './index.js';

const api = 'https://api.xero.com/practicemanager/3.1/client.api';
const token = { authorization: 'Bearer fake-access-token' };
const tenant = { 'xero-tenant-id': '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11' };
const noon = new Date('2026-11-22T12:00:40Z');

async function ask(fake: FakeXpm, path: string, init: RequestInit = {}): Promise<Response> {
  const url = path.startsWith('/') ? `https://api.xero.com${path}` : `${api}/${path}`;
  const response = await getResponse(
    [...fake.handlers],
    new Request(url, { headers: { ...token, ...tenant }, ...init }),
  );
  if (response === undefined) throw new Error('no handler answered');
  return response;
}

async function text(fake: FakeXpm, path: string): Promise<string> {
  return await (await ask(fake, path)).text();
}

const two = [
  bareClient({ UUID: 'k2', Name: 'beta', contacts: [fakeContact({ UUID: 'c2', Name: 'B & b', IsPrimary: 'Yes' })] }),
  bareClient({ UUID: 'k1', Name: 'Alpha', IsArchived: 'Yes' }),
];
const fakeOfTwo = (options: FakeOptions = {}) => fakeXpm({ clients: two, now: () => noon, ...options });

/** As printed in the API document for a client that an integration made. */
const alpha =
  '<Client><UUID>k1</UUID><Name>Alpha</Name><Address /><City /><Region /><PostCode /><Country /><PostalAddress /><PostalCity /><PostalRegion /><PostalPostCode /><PostalCountry /><Phone /><Fax /><Website /><ReferralSource /><ExportCode /><IsProspect>No</IsProspect><IsArchived>Yes</IsArchived><IsDeleted>No</IsDeleted><Contacts /></Client>';

test('the list is one line of XML, by name, archived clients too', async () => {
  const response = await ask(fakeOfTwo(), 'list');
  const body = await response.text();
  expect(
    body.startsWith(`<Response api-method="List"><Status>OK</Status><Clients>${alpha}<Client><UUID>k2</UUID>`),
  ).toBe(true);
  expect(body).toContain(
    '<Contact><UUID>c2</UUID><Name>B &amp; b</Name><Mobile /><Email /><Phone /><Salutation /><Addressee /><Position /><IsPrimary>Yes</IsPrimary><IsDeleted>No</IsDeleted></Contact>',
  );
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/xml; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-minlimit-remaining': '59',
    'x-daylimit-remaining': '4999',
    'x-appminlimit-remaining': '9999',
    'xero-correlation-id': expect.any(String),
  });
});

test('Email is missing, empty or twice as the client says', async () => {
  const clients = [
    bareClient({ UUID: '1', Name: 'a' }),
    bareClient({ UUID: '2', Name: 'b', Email: '' }),
    bareClient({ UUID: '3', Name: 'c', Email: ['x@y.example', 'z@y.example'] }),
  ];
  const body = await text(fakeXpm({ clients, look: { empty: 'two tags' } }), 'list');
  expect(body.match(/<Email>[^<]*<\/Email>/g)).toEqual([
    '<Email></Email>',
    '<Email>x@y.example</Email>',
    '<Email>z@y.example</Email>',
  ]);
});

test('modifiedsince is honoured, in any case, and every other parameter is ignored', async () => {
  let now = noon;
  const fake = fakeOfTwo({ now: () => now });
  now = new Date('2026-11-23T00:00:00Z');
  fake.updateClient('k2', { Phone: '1' });
  const names = async (query: string) => (await text(fake, `list?${query}`)).match(/<UUID>k\d/g);
  expect(await names('modifiedsince=2026-11-22T12:00:41')).toEqual(['<UUID>k2']);
  expect(await names('modifiedSince=2026-11-22T12%3A00%3A40')).toEqual(['<UUID>k1', '<UUID>k2']);
  expect(await names('page=2&pagesize=1&modified_since')).toEqual(['<UUID>k1', '<UUID>k2']);
  expect((await ask(fake, 'list?modifiedsince=yesterday')).status).toBe(400);
});

test('only GET is answered; anything else is held against the test', async () => {
  const fake = fakeOfTwo();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'])
    expect((await ask(fake, 'list', { method })).status).toBe(405);
  expect(fake.violations).toHaveLength(5);
  expect(fake.violations[0]).toBe('POST /practicemanager/3.1/client.api/list');
});

test.each<[string, FakeOptions, Record<string, string>, number, string]>([
  ['no token', {}, tenant, 401, 'AuthenticationUnsuccessful'],
  ['a wrong token', {}, { ...tenant, authorization: 'Bearer other' }, 401, 'AuthenticationUnsuccessful'],
  [
    'an expired token',
    { tokenExpires: noon },
    { ...token, ...tenant },
    401,
    'TokenExpired: token expired at 11/22/2026 12:00:40',
  ],
  ['no scope', { scopes: ['offline_access'] }, { ...token, ...tenant }, 401, 'AuthorizationUnsuccessful'],
  ['no tenant', {}, token, 403, 'AuthenticationUnsuccessful'],
  ['a wrong tenant', {}, { ...token, 'xero-tenant-id': 'x' }, 403, 'AuthenticationUnsuccessful'],
])('%s is refused as recorded', async (_, options, headers, status, detail) => {
  const response = await ask(fakeOfTwo(options), 'list', { headers });
  const title = status === 401 ? 'Unauthorized' : 'Forbidden';
  expect(response.status).toBe(status);
  expect(await response.text()).toBe(
    `{"Type":null,"Title":"${title}","Status":${status},"Detail":"${detail}","Instance":"${response.headers.get('xero-correlation-id')}","Extensions":{}}`,
  );
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer error=invalid_token' : null);
  expect(response.headers.has('x-minlimit-remaining')).toBe(false);
  expect(response.headers.get('x-appminlimit-remaining')).toBe(status === 403 ? '9999' : null);
});

test('sixty requests a minute, then 429 without a body until the minute is over', async () => {
  let now = noon;
  const fake = fakeOfTwo({ now: () => now });
  for (let left = 59; left >= 0; left -= 1) {
    const response = await ask(fake, 'list');
    await response.text();
    expect(response.headers.get('x-minlimit-remaining')).toBe(String(left));
  }
  for (let n = 0; n < 2; n += 1) {
    const refused = await ask(fake, 'list');
    expect(refused.status).toBe(429);
    expect(await refused.text()).toBe('');
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '20',
      'x-rate-limit-problem': 'minute',
      'x-minlimit-remaining': '0',
      'x-daylimit-remaining': '4940',
      'x-appminlimit-remaining': '9940',
      'content-length': '0',
    });
    expect(refused.headers.has('content-type')).toBe(false);
  }
  now = new Date('2026-11-22T12:01:00Z');
  expect((await ask(fake, 'list')).headers.get('x-minlimit-remaining')).toBe('59');
});

test('the limits of a day and of the app', async () => {
  const day = fakeOfTwo({ limits: { day: 1 } });
  await ask(day, 'list');
  expect(Object.fromEntries((await ask(day, 'list')).headers)).toMatchObject({
    'x-rate-limit-problem': 'day',
    'retry-after': String(11 * 3600 + 59 * 60 + 20),
  });
  const app = fakeOfTwo({ limits: { appMinute: 1 } });
  await ask(app, 'list');
  const { headers } = await ask(app, 'list');
  expect(headers.get('x-rate-limit-problem')).toBe('appminute');
  expect(headers.has('retry-after')).toBe(false);
});

test('five requests at the same time, each until its body is read or given up', async () => {
  const fake = fakeOfTwo();
  const running = await Promise.all(Array.from({ length: 5 }, () => ask(fake, 'list')));
  const sixth = await ask(fake, 'list');
  expect(sixth.headers.get('x-rate-limit-problem')).toBe('concurrent');
  expect(sixth.headers.has('retry-after')).toBe(false);
  await running[0]?.text();
  await running[1]?.body?.cancel();
  expect((await ask(fake, 'list')).status).toBe(200);
  expect((await ask(fake, 'list')).status).toBe(200);
  expect((await ask(fake, 'list')).status).toBe(429);
});

test('pages hold active clients without contacts and tax; links are absolute, the last page has no next', async () => {
  const clients = [1, 2, 3].map((n) =>
    fakeClient({ UUID: `k${n}`, Name: `x${n}`, contacts: [fakeContact({ UUID: `c${n}`, Name: 'y' })] }),
  );
  const fake = fakeXpm({ clients: [...clients, ...samplePractice().filter(({ IsArchived }) => IsArchived === 'Yes')] });
  const first = await text(fake, 'paged-list?pageSize=2');
  expect(first.match(/<UUID>k\d/g)).toEqual(['<UUID>k1', '<UUID>k2']);
  expect(first).not.toMatch(/Contact|TaxNumber|BankName/);
  const next = /<Next>([^<]+)<\/Next>/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
  expect(next.startsWith(`${api}/paged-list?pageToken=`)).toBe(true);
  const last = await text(fake, next.slice(api.length + 1));
  expect(last.match(/<UUID>[kac]\w*/g)).toEqual(['<UUID>k3']);
  expect(last).toContain(`<First>${api}/paged-list?pageSize=2</First>`);
  expect(last).not.toContain('<Next>');
  for (const query of ['pageSize=0', 'pageSize=501', 'pageSize=x', 'pageToken=x']) {
    expect((await ask(fake, `paged-list?${query}`)).status).toBe(400);
  }
});

test('the list of contacts knows neither clients nor what belongs to them', async () => {
  const body = await text(fakeXpm({ clients: samplePractice() }), 'contacts');
  expect(body.match(/<Contact>/g)).toHaveLength(6);
  expect(body).not.toMatch(/IsPrimary|Position|Client>/);
});

test('one client, one contact, and neither', async () => {
  const fake = fakeOfTwo();
  expect(await text(fake, 'get/k1')).toBe(`<Response api-method="Get"><Status>OK</Status>${alpha}</Response>`);
  expect(await text(fake, 'contact/c2')).not.toContain('IsPrimary');
  expect(await text(fake, 'contact/c2?clientUuid=k2')).toContain('<IsPrimary>Yes</IsPrimary>');
  const none = await ask(fake, 'get/other');
  expect(none.status).toBe(200);
  expect(await none.text()).toContain(
    '<Status>ERROR</Status><ErrorDescription>Invalid client identifier</ErrorDescription>',
  );
  expect((await ask(fake, 'other')).status).toBe(404);
  expect((await ask(fake, '/practicemanager/3.0/client.api/list')).status).toBe(404);
});

test('connections need no tenant, and are of every kind', async () => {
  const response = await ask(fakeOfTwo(), '/connections', { headers: token });
  expect(await response.json()).toMatchObject([
    { tenantType: 'ORGANISATION', tenantName: 'Demo Company (AU)' },
    { tenantType: 'PRACTICEMANAGER', tenantName: null, tenantId: tenant['xero-tenant-id'] },
    { tenantType: 'PRACTICE', createdDateUtc: '2026-01-30T01:33:36.2717380' },
  ]);
});

test('people may change the practice, but nobody who is not there', async () => {
  const fake = fakeOfTwo();
  fake.addClient(bareClient({ UUID: 'k3', Name: 'gamma' }));
  fake.addContact('k3', fakeContact({ UUID: 'c3', Name: 'C' }));
  fake.archiveClient('k2');
  fake.deleteClient('k1');
  fake.deleteContact('c3');
  expect(fake.clients().map(({ UUID, IsArchived, IsDeleted }) => [UUID, IsArchived, IsDeleted])).toEqual([
    ['k1', 'Yes', 'Yes'],
    ['k2', 'Yes', 'No'],
    ['k3', 'No', 'No'],
  ]);
  expect(fake.clients()[2]?.contacts[0]?.IsDeleted).toBe('Yes');
  expect(() => fake.archiveClient('k9')).toThrow('no such client');
  expect(() => fake.updateContact('c9', {})).toThrow('no such client');
});

test('a fault comes as often as it was ordered, or until it is taken back', async () => {
  const fake = fakeOfTwo();
  fake.fault(faults.broken(), 2);
  fake.fault(faults.proxy(503), 5);
  const statuses = async (n: number) => {
    for (let at = 0; at < n; at += 1) await (await ask(fake, 'list')).text();
    return fake.requests.slice(-n).map(({ status }) => status);
  };
  expect(await statuses(3)).toEqual([500, 500, 503]);
  fake.clearFaults();
  expect(await statuses(1)).toEqual([200]);
});
