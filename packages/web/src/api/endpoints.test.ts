import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoFleet, demoFleet } from '../../test/demo-fleet.js';
import { connectMock, type Demo, demoService } from '../../test/demo-service.js';
import { ask, enter, type Person, person } from '../../test/people.js';
import { eventHub } from '../events/hub.js';
import { apiPath, type Endpoint } from './endpoint.js';
import { endpoints, fleetEndpoints } from './endpoints.js';

/*
 * Every endpoint, asked by everybody: over HTTP, from the real service with two books, a real store, and fakes of the
 * systems; and from the real page of a fleet. The lists are those that the server itself is made from.
 */

const nobody = async () => {
  throw new Error('Nobody asks for this here.');
};
const all = {
  books: endpoints({ hub: eventHub(), clock: { now: () => 0, wait: async () => {} }, over: AbortSignal.abort() }),
  fleet: fleetEndpoints({ status: nobody, firms: nobody, count: nobody, top: nobody, order: nobody }),
};
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

type Served = {
  /** For whoever comes with a link; and behind a proxy. */
  readonly linked: Pick<Demo | DemoFleet, 'url' | 'close'>;
  readonly proxied: Pick<Demo | DemoFleet, 'url' | 'close'>;
  readonly administrator: Person;
  readonly viewer: Person;
};
let folder: string;
const served = new Map<keyof typeof all, Served>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-web-'));
  const books = ['one', 'two'].map((book) => ({ store: 'sqlite:contacts.db', book }));
  const holders = { adm: { user: 'ada', role: 'administrator' }, vie: { user: 'vic', role: 'viewer' } } as const;
  const linked = await demoService({
    folder,
    books,
    systems: { xpm: { contacts: 30 }, bgl: { contacts: 10 } },
    holders,
  });
  await connectMock(linked, 'xpm', 'one');
  const other = await mkdtemp(join(folder, 'proxied-'));
  served.set('books', await servedBy(linked, await demoService({ folder: other, proxy })));
  served.set('fleet', await servedBy(await demoFleet({ holders }), await demoFleet({ proxy })));
});
afterAll(async () => {
  for (const { linked, proxied } of served.values()) await Promise.all([linked.close(), proxied.close()]);
  await rm(folder, { recursive: true, force: true });
});

async function servedBy(linked: Served['linked'], proxied: Served['proxied']): Promise<Served> {
  const [administrator, viewer] = [await enter(linked.url, 'adm'), await enter(linked.url, 'vie')];
  return { linked, proxied, administrator, viewer };
}

/** The address of an endpoint, with names that fit or fit nothing. */
function addressOf({ path }: Endpoint, book = 'one'): string {
  return path.replace('{book}', book).replace(/\{(\w+)\}/g, 'none');
}

const table = (['books', 'fleet'] as const).flatMap((of) => all[of].map((one) => [of, nameOf(one), one] as const));

describe.each(table)('%s: %s', (of, _, endpoint) => {
  let linked: Served['linked'];
  let proxied: Served['proxied'];
  let administrator: Person;
  let viewer: Person;
  beforeAll(() => {
    const its = served.get(of);
    if (its === undefined) throw new Error('It is not served.');
    ({ linked, proxied, administrator, viewer } = its);
  });
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
    if (of === 'fleet') {
      expect(endpoint.path).not.toContain('{');
      const { status, json } = await administrator.ask(`${apiPath}/books/one/contacts`);
      expect([status, json]).toEqual([404, refused('not_found')]);
      if (endpoint.body === null) return;
      const which = { firms: [{ book: 'three', source: 'xpm:1' }] };
      const answer = await administrator.ask(addressOf(endpoint), { method, body: { which, atMost: 1 } });
      return expect([answer.status, answer.json]).toEqual([404, refused('not_found')]);
    }
    expect((await administrator.ask(`${apiPath}/fleet`)).status).toBe(404);
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
      return expect(`${method} ${endpoint.path}`).not.toMatch(
        /GET .*(contacts|runs|decisions|review|history|firms|top)$/i,
      );
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
