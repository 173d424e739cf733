import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectMock, type Demo, demoService } from '../../test/demo-service.js';
import { ask, enter, type Person, person } from '../../test/people.js';
import { eventHub } from '../events/hub.js';
import { apiPath, type Endpoint } from './endpoint.js';
import { endpoints } from './endpoints.js';

/*
 * Every endpoint, asked by everybody: over HTTP, from the real service with two books, a real store, and fakes of the
 * systems. The list is the one that the server itself is made from.
 */

const all = endpoints({ hub: eventHub(), clock: { now: () => 0, wait: async () => {} }, over: AbortSignal.abort() });
const nameOf = ({ method, path }: Endpoint) =>
  `${method.toUpperCase()} ${path.replace(`${apiPath}/books/{book}`, 'B')}`;
const changes = ({ method }: Endpoint) => method !== 'get';

const secret = 'only-the-proxy-and-we-know-this';
const groups = { administrators: ['admins'], viewers: ['staff'] };
const proxy = {
  url: 'https://contacts.firm.example',
  secret,
  addresses: [],
  userHeader: 'x-forwarded-email',
  roleHeader: 'x-forwarded-groups',
  ...groups,
};
const fromProxy = (user: string, role: string) => ({
  'x-contact-sync-proxy-secret': secret,
  'x-forwarded-email': user,
  'x-forwarded-groups': role,
});

let folder: string;
let linked: Demo;
let proxied: Demo;
let administrator: Person;
let viewer: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-web-'));
  const books = ['one', 'two'].map((book) => ({ store: 'sqlite:contacts.db', book }));
  linked = await demoService({
    folder,
    books,
    systems: { xpm: { contacts: 30 }, bgl: { contacts: 10 } },
    holders: { adm: { user: 'ada', role: 'administrator' }, vie: { user: 'vic', role: 'viewer' } },
  });
  await connectMock(linked, 'xpm', 'one');
  administrator = await enter(linked.url, 'adm');
  viewer = await enter(linked.url, 'vie');
  const other = await mkdtemp(join(folder, 'proxied-'));
  proxied = await demoService({ folder: other, proxy });
});
afterAll(async () => {
  await linked.close();
  await proxied.close();
  await rm(folder, { recursive: true, force: true });
});

/** The address of an endpoint, with names that fit or fit nothing. */
function addressOf({ path }: Endpoint, book = 'one'): string {
  return path.replace('{book}', book).replace(/\{(\w+)\}/g, 'none');
}

describe.each(all.map((one) => [nameOf(one), one] as const))('%s', (_, endpoint) => {
  const method = endpoint.method.toUpperCase();
  const body = endpoint.body === null ? undefined : {};
  const refused = (code: string) => ({ error: { code, message: expect.any(String), hint: expect.any(String) } });

  test('nobody comes in', async () => {
    const wrong = [{}, { cookie: 'contact-sync-80=x' }, fromProxy('mary', 'admins')];
    for (const headers of wrong) {
      const { status, json } = await ask(linked.url + addressOf(endpoint), { method, body, headers });
      expect([status, json]).toEqual([401, refused('not_signed_in')]);
    }
  });

  test('a viewer looks, and changes nothing', async () => {
    // All that a viewer may change is that they are here.
    const may = endpoint.role === 'viewer';
    if (may) return expect(changes(endpoint)).toBe(nameOf(endpoint) === 'DELETE /api/v1/session');
    const { status, json } = await viewer.ask(addressOf(endpoint), { method, body });
    expect([status, json]).toEqual([403, refused('not_allowed')]);
  });

  test('headers that are forged, or short of something, let nobody in', async () => {
    const right = fromProxy('mary@firm.example', 'admins');
    const forged: Record<string, string>[] = [
      { ...right, 'x-contact-sync-proxy-secret': 'only-the-proxy-and-we-know-thiS' },
      { ...right, 'x-contact-sync-proxy-secret': '' },
      { ...right, 'x-forwarded-email': '' },
      { ...right, 'x-forwarded-groups': 'somebody' },
      { 'x-forwarded-email': 'mary@firm.example', 'x-forwarded-groups': 'admins' },
      { cookie: String(administrator.headers.cookie) },
    ];
    for (const headers of forged) {
      const { status, json } = await ask(proxied.url + addressOf(endpoint), { method, body, headers });
      // Nobody learns what was wrong.
      expect([status, json]).toEqual([
        401,
        { error: { code: 'not_signed_in', message: 'Nobody is signed in.', hint: 'Sign in first.' } },
      ]);
    }
  });

  test('behind a proxy, a viewer is a viewer', async () => {
    if (endpoint.role === 'viewer') return expect(endpoint.role).toBe('viewer');
    const vic = await person(proxied.url, fromProxy('vic@firm.example', 'staff'));
    const { status, json } = await vic.ask(addressOf(endpoint, 'default'), { method, body });
    expect([status, json]).toEqual([403, refused('not_allowed')]);
  });

  test('what changes something needs the token of this very session', async () => {
    if (!changes(endpoint)) return expect(method).toBe('GET');
    const left = await enter(linked.url, 'adm');
    await left.ask(`${apiPath}/session`, { method: 'DELETE' });
    for (const token of [undefined, '', 'x', left.csrfToken, viewer.csrfToken]) {
      const headers = { 'x-csrf-token': token };
      const { status, json } = await administrator.ask(addressOf(endpoint), { method, body, headers });
      expect([status, json]).toEqual([403, refused('request_refused')]);
    }
    const ada = await person(proxied.url, fromProxy('ada@firm.example', 'admins'));
    const vic = await person(proxied.url, fromProxy('vic@firm.example', 'staff'));
    const headers = { 'x-csrf-token': vic.csrfToken };
    const { status, json } = await ada.ask(addressOf(endpoint, 'default'), { method, body, headers });
    expect([status, json]).toEqual([403, refused('request_refused')]);
  });

  test("a page of somebody else gets nothing, with everybody's cookie", async () => {
    const elsewhere: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      ...(changes(endpoint)
        ? [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'none' }]
        : []),
    ];
    for (const headers of elsewhere) {
      const { status, json } = await administrator.ask(addressOf(endpoint), { method, body, headers });
      expect([status, json]).toEqual([403, refused('request_refused')]);
    }
  });

  test('a name that leads here is not answered', async () => {
    const asked = (host: string) => administrator.ask(addressOf(endpoint), { method, body, headers: { host } });
    for (const host of ['evil.example', 'localhost.evil.example:8484', '127.0.0.1.evil.example', '10.0.0.1'])
      expect([host, (await asked(host)).status]).toEqual([host, 421]);
    for (const host of ['.', 'x@localhost', 'localhost/']) expect([400, 421]).toContain((await asked(host)).status);
  });

  test('of a book that is not served there is nothing', async () => {
    if (!endpoint.path.includes('{book}')) return expect(endpoint.path).not.toContain('{');
    const given = bodies[nameOf(endpoint)] ?? body;
    const { status, json } = await administrator.ask(addressOf(endpoint, 'three'), { method, body: given });
    expect([status, json]).toEqual([404, refused('not_found')]);
  });

  test('a body that does not fit is refused', async () => {
    if (endpoint.body === null) return expect(body).toBeUndefined();
    for (const wrong of ['{', '[]', '"x"', '{"why":7}', '{"unknown":true}']) {
      const { status, json } = await administrator.ask(addressOf(endpoint), { method, body: wrong });
      expect([wrong, status, json]).toEqual([wrong, 422, refused('usage')]);
    }
    const long = JSON.stringify({ ['k'.repeat(100_000)]: 1 });
    expect((await administrator.ask(addressOf(endpoint), { method, body: long })).text.length).toBeLessThan(1000);
    const large = { method, body: JSON.stringify({ why: 'x'.repeat(1024 * 1024) }) };
    expect((await administrator.ask(addressOf(endpoint), large)).status).toBe(413);
  });

  test('a question that does not fit is refused', async () => {
    if (endpoint.query === null)
      return expect(`${method} ${endpoint.path}`).not.toMatch(/GET .*(contacts|runs|decisions|review|history)$/);
    for (const question of ['unknown=1', 'limit=0', 'limit=501', 'limit=x']) {
      if (question.startsWith('limit') && !('limit' in endpoint.query.shape)) continue;
      const { status, json } = await administrator.ask(`${addressOf(endpoint)}?${question}`, { method, body });
      expect([question, status, json]).toEqual([question, 422, refused('usage')]);
    }
  });
});

/** Bodies that fit, where an empty one does not. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST B/contacts': { name: 'New', email: 'new@hand.example', phone: null },
  'POST B/contacts/{id}/link': { source: 'xpm:1', externalId: '1' },
  'POST B/connections': { connector: 'bgl', signIn: false },
  'POST B/sign-ins/{id}/tenants': { tenants: ['1'] },
  'POST B/previews': { kind: 'undo', run: '1' },
  'POST B/previews/{id}/apply': { hash: 'x' },
};
