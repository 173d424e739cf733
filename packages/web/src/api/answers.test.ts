import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostEvent } from '@contact-sync/runner/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectMock, type Demo, demoService } from '../../test/demo-service.js';
import { type Answer, type Asked, ask, enter, type Person } from '../../test/people.js';
import { eventHub } from '../events/hub.js';
import { apiPath } from './endpoint.js';
import { endpoints } from './endpoints.js';

/* What an administrator gets, from a service with three books: every answer is held against the schema it is documented with. */

const all = endpoints({ hub: eventHub(), clock: { now: () => 0, wait: async () => {} }, over: AbortSignal.abort() });
const answered = new Set<string>();

let folder: string;
let demo: Demo;
let ada: Person;
let xpm: string;
const heard: HostEvent[] = [];

let written = 0;
let ran = 0;
/** A test that is counted, so that it is known whether all of them ran. */
function step(name: string, work: () => Promise<void>): void {
  written += 1;
  test(name, async () => {
    ran += 1;
    await work();
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-web-'));
  demo = await demoService({
    folder,
    books: ['one', 'two', 'empty'].map((book) => ({ store: 'sqlite:contacts.db', book })),
    systems: {
      xpm: { records: [record('1', 'Anna'), record('2', 'Bert'), { ...record('3', 'Dora'), email: '' }] },
      fyi: { contacts: 5 },
    },
    holders: { ada: { user: 'ada', role: 'administrator' }, bea: { user: 'bea', role: 'administrator' } },
  });
  demo.host.subscribe((event) => heard.push(event));
  ada = await enter(demo.url, 'ada');
  xpm = await connectMock(demo, 'xpm', 'one');
  await until((event) => event.type === 'run' && event.kind === 'sync' && event.source === xpm);
});
afterAll(async () => {
  await demo.close();
  await rm(folder, { recursive: true, force: true });
  // What needs a held record, a vendor with several tenants, or a connection that was never synced, is tested with the
  // host; events with their stream.
  const elsewhere = [
    'POST /api/v1/books/{book}/runs/{id}/held/{externalId}/approve',
    'POST /api/v1/books/{book}/sign-ins/{id}/tenants',
    'DELETE /api/v1/books/{book}/connections/{source}/stored',
    'GET /api/v1/events',
  ];
  const missing = all.map(({ method, path }) => `${method.toUpperCase()} ${path}`).filter((one) => !answered.has(one));
  if (ran === written) expect(missing.toSorted()).toEqual(elsewhere.toSorted());
});

function record(externalId: string, name: string) {
  return { externalId, name, email: `${name.toLowerCase()}@client.example`, phone: null };
}

/** Until something happened, or at once where it has. */
async function until(happened: (event: HostEvent) => boolean): Promise<void> {
  if (heard.some(happened)) return;
  await new Promise<void>((resolve) => {
    const end = demo.host.subscribe((event) => {
      if (!happened(event)) return;
      end();
      resolve();
    });
  });
}

/** Asks as Ada, and holds what comes against the schema of the endpoint. */
async function asked(method: string, path: string, given: Asked = {}): Promise<Answer> {
  const answer = await ada.ask(path, { ...given, method });
  const [plain = ''] = path.split('?');
  const endpoint = all.find(
    (one) =>
      one.method === method.toLowerCase() && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  if (endpoint === undefined) throw new Error(`There is no ${method} ${path}.`);
  if (answer.status >= 400) return answer;
  expect([path, answer.status]).toEqual([path, endpoint.status]);
  if (endpoint.answer !== null) {
    // Nothing is lost: what the document does not know is not sent.
    expect(endpoint.answer.parse(answer.json)).toEqual(answer.json);
  } else if (endpoint.media !== null) expect(answer.headers['content-type']).toBe(endpoint.media);
  else expect(answer.text).toBe('');
  expect(answer.headers['cache-control']).toBe('no-store');
  answered.add(`${method} ${endpoint.path}`);
  return answer;
}

const B = `${apiPath}/books/one`;
const at = (...names: string[]) => [B, ...names.map(encodeURIComponent)].join('/');
const codeOf = ({ status, json }: Answer) => [status, json?.error.code];

/** A contact of the book by its name. */
async function contactNamed(name: string): Promise<string> {
  const { json } = await asked('GET', `${B}/contacts?text=${encodeURIComponent(name)}`);
  return json.contacts[0].id;
}

/** A preview, once it is made. */
async function preview(about: object) {
  const { json } = await asked('POST', at('previews'), { body: about });
  await until((event) => event.type === 'preview' && event.id === json.id && event.state !== 'reading');
  return (await asked('GET', at('previews', json.id))).json;
}

step('who is signed in, and what can be asked for', async () => {
  expect((await asked('GET', '/openapi.json')).json.openapi).toBe('3.1.0');
  const { json } = await asked('GET', `${apiPath}/session`);
  expect(json).toMatchObject({ user: 'ada', role: 'administrator', by: 'link', books: ['one', 'two', 'empty'] });
});

step('a contact by hand: added, found, changed, forgotten, and the history says who', async () => {
  const { json } = await asked('POST', at('contacts'), {
    body: { name: 'Zoë Hand', email: 'zoe@hand.example', phone: null, why: 'she called' },
  });
  const { id } = json.contact;
  expect(json.run).toMatchObject({ kind: 'add', actor: 'ada', why: 'she called' });
  expect(await contactNamed('zoë')).toBe(id);
  const edited = await asked('PATCH', at('contacts', id), { body: { phone: '0491 570 156' } });
  expect(edited.json.contact).toMatchObject({ name: 'Zoë Hand', phone: '+61491570156' });
  expect((await asked('GET', at('contacts', id))).json.actions).toMatchObject({ edit: { allowed: true, why: null } });
  const gone = await asked('POST', at('contacts', id, 'forget'), { body: { why: 'she asked' } });
  expect(gone.json).toMatchObject({ contact: null, run: { kind: 'forget', actor: 'ada' } });
  expect(codeOf(await asked('GET', at('contacts', id)))).toEqual([404, 'not_found']);
});

step('a synced contact is read-only until it is forced manual', async () => {
  const id = await contactNamed('anna');
  const body = { name: 'Anne' };
  expect(codeOf(await asked('PATCH', at('contacts', id), { body }))).toEqual([403, 'contact_read_only']);
  const forced = await asked('POST', at('contacts', id, 'force-manual'), { body: { why: null } });
  expect(forced.json.contact).toMatchObject({ forcedManual: true, name: 'Anna' });
  expect((await asked('PATCH', at('contacts', id), { body })).json.contact.name).toBe('Anne');
  const released = await asked('POST', at('contacts', id, 'release'));
  expect(released.json.contact).toMatchObject({ forcedManual: false });
});

step('a contact is linked by hand to a record', async () => {
  const { json } = await asked('POST', at('contacts'), {
    body: { name: 'Carl', email: 'carl@client.example', phone: null },
  });
  const body = { source: xpm, externalId: 'a/b %25 ü' };
  const linked = await asked('POST', at('contacts', json.contact.id, 'link'), { body });
  expect(linked.json.contact.link).toEqual(body);
});

step('contacts that fit are listed and counted alike', async () => {
  const { json } = await asked('POST', at('contacts'), {
    body: { name: 'Dora', email: 'dora@hand.example', phone: '0491 570 157' },
  });
  const { id } = json.contact;
  await asked('POST', at('contacts', id, 'link'), { body: { source: xpm, externalId: '3' } });
  const named = async (question: string) => {
    const { json: list } = await asked('GET', `${B}/contacts?${question}`);
    const { json: counted } = await asked('GET', `${B}/contacts/count?${question}`);
    expect(counted.count).toBe(list.contacts.length);
    return list.contacts.map(({ name }: { name: string }) => name);
  };
  expect(await named('text=dora@hand')).toEqual(['Dora']);
  expect(await named(`text=dora&source=${encodeURIComponent(xpm)}&forcedManual=false&missing=false`)).toEqual(['Dora']);
  expect(await named('text=dora&recordType=external')).toEqual([]);
  expect(await named('text=dora&forcedManual=true')).toEqual([]);
  expect(await named('source=none')).toEqual([]);
  // Her record has no email address, so the sync rejected it.
  expect(await named('review=rejected')).toEqual(['Dora']);
  expect(await named('review=held')).toEqual([]);
  expect(codeOf(await asked('GET', `${B}/contacts?forcedManual=yes`))).toEqual([422, 'usage']);

  const { json: history } = await asked('GET', `${at('contacts', id, 'history')}?limit=1`);
  expect(history.entries).toMatchObject([{ run: { kind: 'link', actor: 'ada' }, decision: { externalId: '3' } }]);
  const { json: first } = await asked(
    'GET',
    `${at('contacts', id, 'history')}?limit=1&after=${encodeURIComponent(history.next)}`,
  );
  expect(first.entries).toMatchObject([{ run: { kind: 'add' }, decision: { before: null } }]);
});

step('the ids of another book are nothing here', async () => {
  const other = `${apiPath}/books/empty`;
  const { json } = await asked('POST', at('previews'), { body: { kind: 'disconnect', source: xpm } });
  const id = await contactNamed('bert');
  const { json: runs } = await asked('GET', `${B}/runs?limit=1`);
  const run = runs.runs[0].id;
  const about = { kind: 'undo', run };
  const strangers: [string, string, unknown?][] = [
    ['GET', `${other}/contacts/${id}`],
    ['PATCH', `${other}/contacts/${id}`, { name: 'X' }],
    ['POST', `${other}/contacts/${id}/force-manual`, {}],
    ['POST', `${other}/contacts/${id}/forget`, {}],
    ['GET', `${other}/previews/${json.id}`],
    ['GET', `${other}/previews/${json.id}/decisions`],
    ['POST', `${other}/previews/${json.id}/apply`, { hash: json.plan.hash }],
    ['DELETE', `${other}/previews/${json.id}`],
    ['GET', `${other}/runs/${run}`],
    ['GET', `${other}/runs/${run}/decisions`],
    ['GET', `${other}/runs/${run}/report.html`],
    ['POST', `${other}/runs/${run}/held/1/approve`, {}],
    ['POST', `${other}/previews`, about],
    ['POST', `${other}/connections/${encodeURIComponent(xpm)}/pause`, {}],
    ['PATCH', `${other}/connections/${encodeURIComponent(xpm)}`, {}],
    ['POST', `${other}/connections/${encodeURIComponent(xpm)}/reconnect`, {}],
    ['DELETE', `${other}/connections/${encodeURIComponent(xpm)}/stored`],
  ];
  for (const [method, path, body] of strangers) {
    const answer = await asked(method, path, { body });
    expect([method, path, ...codeOf(answer)]).toEqual([method, path, 404, 'not_found']);
  }
  expect((await asked('POST', `${other}/connections/${encodeURIComponent(xpm)}/sync`)).json).toMatchObject({
    allowed: false,
    why: 'unknown',
  });
});

step('only the plan that was looked at is applied, once', async () => {
  const { id, plan, state } = await preview({ kind: 'sync', source: xpm });
  expect([state, plan.kind]).toEqual(['ready', 'sync']);
  await asked('GET', at('previews', id, 'decisions'));
  const other = await preview({ kind: 'disconnect', source: xpm });
  const apply = (hash: string) => asked('POST', at('previews', id, 'apply'), { body: { hash } });
  expect(codeOf(await apply(other.plan.hash))).toEqual([409, 'plan_invalid']);
  expect(codeOf(await apply('x'))).toEqual([409, 'plan_invalid']);
  await asked('DELETE', at('previews', other.id));
  expect(codeOf(await asked('GET', at('previews', other.id)))).toEqual([404, 'not_found']);
  // The book moved on: the plan is not applied to what nobody looked at.
  await asked('POST', at('contacts'), { body: { name: 'Moved On', email: 'moved@on.example', phone: null } });
  expect(codeOf(await apply(plan.hash))).toEqual([409, 'store_conflict']);
  const fresh = await preview({ kind: 'disconnect', source: xpm });
  const body = { hash: fresh.plan.hash, why: 'sold' };
  const done = await asked('POST', at('previews', fresh.id, 'apply'), { body });
  expect(done.json.run).toMatchObject({ kind: 'disconnect', actor: 'ada', why: 'sold', outcome: 'applied' });
  expect(codeOf(await asked('POST', at('previews', fresh.id, 'apply'), { body }))).toEqual([409, 'plan_invalid']);
  const undo = await preview({ kind: 'undo', run: done.json.run.id });
  await asked('POST', at('previews', undo.id, 'apply'), { body: { hash: undo.plan.hash } });
});

step('history and reports', async () => {
  for (const name of ['Hanna', 'Hugo', 'Hilde']) {
    await asked('POST', at('contacts'), { body: { name, email: `${name.toLowerCase()}@client.example`, phone: null } });
  }
  const { json } = await asked('GET', `${B}/runs?limit=2`);
  expect(json.runs).toHaveLength(2);
  const next = await asked('GET', `${B}/runs?limit=2&after=${encodeURIComponent(json.next)}`);
  expect(next.json.runs[0].id).not.toBe(json.runs[1].id);
  const run = json.runs[0].id;
  await asked('GET', at('runs', run));
  await asked('GET', `${at('runs', run, 'decisions')}?limit=1`);
  for (const format of ['html', 'csv', 'ndjson']) {
    const { headers } = await asked('GET', at('runs', run, `report.${format}`));
    expect(headers['content-disposition']).toBe(`attachment; filename="run-${run}.${format}"`);
  }
  expect(codeOf(await asked('GET', at('runs', '999999')))).toEqual([404, 'not_found']);
  expect(codeOf(await asked('GET', `${B}/runs?after=x`))).toEqual([400, 'usage']);
});

step('what waits for a person', async () => {
  const { json } = await asked('GET', `${B}/review?kind=held`);
  expect(json.counts).toEqual({ held: expect.any(Number), rejected: expect.any(Number) });
  const { json: runs } = await asked('GET', `${B}/runs`);
  const approved = await asked('POST', at('runs', runs.runs[0].id, 'held', 'no/such', 'approve'));
  expect(codeOf(approved)).toEqual([404, 'not_found']);
});

step('a connection: connected with keys, changed, paused, synced, and removed', async () => {
  const C = `${apiPath}/books/two/connections`;
  const { settings = {}, env = {} } = demo.served.fyi ?? {};
  const secrets = { accessId: env.FYI_ACCESS_ID ?? '', accessSecret: env.FYI_ACCESS_SECRET ?? '' };
  const body = { connector: 'fyi', settings, secrets, signIn: false };
  const wrong = { ...body, secrets: { ...secrets, accessSecret: 'a-canary' } };
  const refused = await asked('POST', C, { body: wrong });
  // What the other system does not accept is no sign that nobody is signed in here.
  expect(codeOf(refused)).toEqual([502, 'source_unauthorized']);
  const { json } = await asked('POST', C, { body });
  expect(json).toEqual({ connected: [{ source: 'fyi:harbour', title: null, replaced: false }], signIn: null });
  await until((event) => event.type === 'run' && event.kind === 'sync' && event.source === 'fyi:harbour');
  const one = `${C}/fyi%3Aharbour`;
  const shown = async () =>
    (await asked('GET', C)).json.connections.find((view: { source: string }) => view.source === 'fyi:harbour');
  expect(await shown()).toMatchObject({ connector: 'fyi', stored: true, settings: { practice: 'harbour' } });
  const changed = await asked('PATCH', one, { body: { schedule: '30 7 * * 1-5 Australia/Sydney' } });
  expect(changed.json.schedule).toBe('30 7 * * 1-5 Australia/Sydney');
  expect(codeOf(await asked('PATCH', one, { body: { schedule: 'now and then' } }))).toEqual([400, 'setting_invalid']);
  expect((await asked('POST', `${one}/sync`)).json).toMatchObject({ allowed: false, why: 'too_soon' });
  expect((await asked('POST', `${one}/pause`, { body: { why: 'they move' } })).json.run).toMatchObject({
    kind: 'pause',
    actor: 'ada',
    why: 'they move',
  });
  expect((await shown()).state).toBe('paused');
  await asked('POST', `${one}/resume`);
  expect((await asked('POST', `${one}/reconnect`, { body: { secrets } })).json.connected[0].replaced).toBe(true);
  expect(codeOf(await asked('DELETE', `${one}/stored`))).toEqual([400, 'usage']);
  expect((await asked('GET', `${apiPath}/books/two/connectors`)).json.connectors[0].signIn.redirectUri).toBe(
    `${demo.url}/oauth/callback`,
  );
  const everything = [...demo.log, ...demo.shown, (await asked('GET', C)).text, refused.text].join();
  for (const secret of ['a-canary', ...Object.values(secrets)]) expect(everything).not.toContain(secret);
});

step('a connection by signing in at the other system', async () => {
  const two = `${apiPath}/books/two`;
  const { settings = {}, env = {} } = demo.served.xpm ?? {};
  const client = { id: env.XPM_CLIENT_ID ?? '', secret: env.XPM_CLIENT_SECRET ?? '' };
  const body = { connector: 'xpm', settings: { baseUrl: settings.baseUrl }, client, signIn: true };
  const begun = await asked('POST', `${two}/connections`, { body });
  const { id, url } = begun.json.signIn;
  expect((await asked('GET', `${two}/sign-ins/${id}`)).json.state).toBe('waiting');
  const agreed = await ask(url);
  const back = String(agreed.headers.location);
  expect(back).toContain(`${demo.url}/oauth/callback?`);
  // Their page leads back here, so the browser keeps our cookie back, until a page of ours goes on.
  const returned = await ask(back, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect([returned.status, returned.text.includes('url=/oauth/callback?')]).toEqual([200, true]);
  const path = back.slice(demo.url.length);
  const somebodyElse = await (await enter(demo.url, 'bea')).ask(path);
  expect([somebodyElse.status, (await asked('GET', `${two}/sign-ins/${id}`)).json.state]).toEqual([404, 'waiting']);
  const ended = await ada.ask(path, { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(ended.text).toContain(`url=/b/two/connections/sign-in/${id}"`);
  await until((event) => event.type === 'connection' && event.book === 'two' && event.source === xpm);
  const done = await asked('GET', `${two}/sign-ins/${id}`);
  expect(done.json).toMatchObject({ state: 'done', connected: [{ source: xpm }] });
  const made = new URL(back);
  made.searchParams.set('state', 'made-up');
  expect((await ada.ask(made.href.slice(demo.url.length))).status).toBe(404);
  expect(codeOf(await asked('POST', `${two}/sign-ins/${id}/tenants`, { body: { tenants: ['x'] } }))[0]).toBe(400);
});

step('whoever leaves is out', async () => {
  const session = ada;
  ada = await enter(demo.url, 'ada');
  const left = ada;
  await asked('DELETE', `${apiPath}/session`);
  ada = session;
  expect((await left.ask(`${apiPath}/session`)).status).toBe(401);
  await asked('GET', `${apiPath}/session`);
});
