import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Demo, demoService } from '../test/demo-service.js';
import { ask, person } from '../test/people.js';

/* The ways in: over HTTP, from the real service. */

const proxy = {
  url: 'https://contacts.firm.example',
  secret: null,
  addresses: ['127.0.0.1'],
  userHeader: 'remote-user',
  roleHeader: 'remote-groups',
  administrators: ['it'],
  viewers: ['*'],
};

let folder: string;
let demo: Demo;
let proxied: Demo;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-sync-web-'));
  demo = await demoService({ folder });
  proxied = await demoService({ folder: await mkdtemp(join(folder, 'proxied-')), proxy });
});
afterAll(async () => {
  await demo.close();
  await proxied.close();
  await rm(folder, { recursive: true, force: true });
});

const typed = { 'sec-fetch-site': 'none' };
const followed = { 'sec-fetch-site': 'cross-site' };
const cookieOf = (headers: Readonly<Record<string, unknown>>) => String(headers['set-cookie']);

test('the link that serve shows lets one person in, once', async () => {
  const [link = ''] = /http:\/\/\S+/.exec(demo.shown.join('')) ?? [];
  expect(link).toMatch(new RegExp(`^${demo.url}/open\\?token=[\\w-]{43}$`));
  expect(demo.shown.join('')).toContain('For another: contact-sync open');
  expect(demo.log.join('')).not.toContain('token');
  // Whoever only looks at it does not use it up.
  expect((await ask(link, { method: 'HEAD' })).status).toBe(405);
  const { status, headers } = await ask(link, { headers: typed });
  expect([status, headers.location, headers['cache-control']]).toEqual([303, '/', 'no-store']);
  const port = new URL(demo.url).port;
  expect(cookieOf(headers)).toMatch(
    new RegExp(`^contact-sync-${port}=[\\w-]{43}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict$`),
  );
  const she = await person(demo.url, { cookie: cookieOf(headers).split(';')[0] ?? '' });
  expect((await she.ask('/api/v1/session')).json).toMatchObject({ user: 'tester', role: 'administrator' });

  const again = await ask(link, { headers: typed });
  expect([again.status, again.headers['set-cookie']]).toEqual([410, undefined]);
  expect(again.text).toContain('This link is used or over');
  expect(again.text).toContain('contact-sync open');
});

test.each(['', '?token=', '?token=x', `?token=${'A'.repeat(43)}`, '?token=a&token=b', '?token=%00'])(
  'a made-up link %s opens nothing',
  async (question) => {
    const { status, headers } = await ask(`${demo.url}/open${question}`);
    expect([status, headers['set-cookie']]).toEqual([410, undefined]);
  },
);

test('without a session a page of ours says how to come in, and shows nothing', async () => {
  for (const path of ['/', '/contacts', '/contacts/7', '/b/default/history']) {
    const { status, text, headers } = await ask(demo.url + path, { headers: typed });
    expect([path, status, headers['cache-control']]).toEqual([path, 401, 'no-store']);
    expect(text).toContain('Nobody is signed in here');
    expect(text).toContain('contact-sync open');
    expect(text).not.toContain('<script');
  }
});

test('who comes from another page, with a cookie that is kept back, is sent on by a page of ours', async () => {
  const { status, text } = await ask(`${demo.url}/runs/"><x`, { headers: followed });
  expect(status).toBe(200);
  expect(text).toContain('<meta http-equiv="refresh" content="0; url=/runs/%22%3E%3Cx">');
  const once = await ask(`${demo.url}/runs/1`, { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(once.status).toBe(401);
});

test('who comes from another page is sent on to this service, and to no other, whatever the path says', async () => {
  for (const path of ['//evil.example/x', '///evil.example/x', '/.//evil.example/x']) {
    const { text } = await ask(`${demo.url}${path}`, { headers: followed });
    expect(text).toContain('<meta http-equiv="refresh" content="0; url=/evil.example/x">');
  }
});

test('a link that a browser reads ahead of somebody is not used up', async () => {
  for (const header of ['sec-purpose', 'purpose']) {
    const { status, headers } = await ask(`${demo.url}/open?token=x`, { headers: { ...typed, [header]: 'prefetch' } });
    expect([header, status, headers['set-cookie']]).toEqual([header, 503, undefined]);
  }
});

test('every answer forbids what a page of ours never does', async () => {
  for (const path of ['/', '/open', '/api/v1/session', '/api/v1/none', '/none.js', '/oauth/callback?state=x']) {
    const { headers } = await ask(demo.url + path);
    expect([path, headers]).toEqual([
      path,
      expect.objectContaining({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[\w+/=]+'; connect-src 'self'; img-src 'self' data:; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
        ),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      }),
    ]);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('/healthz and /metrics are as they were, for whoever asks', async () => {
  expect((await ask(`${demo.url}/healthz`)).json).toMatchObject({ ok: true });
  expect((await ask(`${demo.url}/metrics`)).text).toContain('contact_sync_healthy 1');
});

test('the way back from a vendor is for who is signed in, as a page of ours shows', async () => {
  const back = '/oauth/callback?code=c&state=<script>';
  const { status, text } = await ask(demo.url + back, { headers: followed });
  expect([status, text.includes('<script>')]).toEqual([200, false]);
  expect(text).toContain('content="0; url=/oauth/callback?code=c&#38;state=%3Cscript%3E"');
  const own = { 'sec-fetch-site': 'same-origin' };
  const nobody = await ask(demo.url + back, { headers: own });
  expect([nobody.status, nobody.text.includes('Nobody is signed in here')]).toEqual([401, true]);
  expect((await ask(proxied.url + back, { headers: followed })).status).toBe(401);
  const viewer = await ask(proxied.url + back, { headers: { 'remote-user': 'max' } });
  expect([viewer.status, viewer.text.includes('This needs an administrator.')]).toEqual([403, true]);
});

test('a sign-in that nobody began is not finished', async () => {
  const ivy = { 'remote-user': 'ivy', 'remote-groups': 'it' };
  const { status, text } = await ask(`${proxied.url}/oauth/callback?code=c&state=<script>`, { headers: ivy });
  expect([status, text.includes('<script>')]).toEqual([404, false]);
  expect(text).toContain('The sign-in could not be finished');
});

test('behind a proxy there are no links and no cookies; it says who comes', async () => {
  expect(proxied.shown).toEqual(['The page: https://contacts.firm.example\n']);
  const opened = await ask(`${proxied.url}/open?token=x`);
  expect([opened.status, opened.headers['set-cookie']]).toEqual([403, undefined]);
  expect(opened.text).toContain('Open this page at the address that your firm gave you.');
  expect((await ask(`${proxied.url}/contacts`)).status).toBe(401);

  const ivy = await person(proxied.url, { 'remote-user': 'ivy', 'remote-groups': 'it' });
  const { json, headers } = await ivy.ask('/api/v1/session');
  expect(json).toMatchObject({ user: 'ivy', role: 'administrator', by: 'proxy' });
  expect(headers['set-cookie']).toBeUndefined();
  const max = await person(proxied.url, { 'remote-user': 'max' });
  expect((await max.ask('/api/v1/session')).json).toMatchObject({ user: 'max', role: 'viewer' });

  const body = { name: 'By Proxy', email: 'by@proxy.example', phone: null };
  const add = (origin: string) =>
    ivy.ask('/api/v1/books/default/contacts', { method: 'POST', body, headers: { origin } });
  expect((await add('http://127.0.0.1')).status).toBe(403);
  expect((await add(proxy.url)).json.run.actor).toBe('ivy');
});

test('a header that a browser sent beside the one of the proxy counts for nothing', async () => {
  const session = `${proxied.url}/api/v1/session`;
  const roles = await ask(session, { headers: { 'remote-user': 'max', 'remote-groups': ['it', 'staff'] } });
  expect(roles.json).toMatchObject({ user: 'max', role: 'viewer' });
  const users = await ask(session, { headers: { 'remote-user': ['ivy', 'max'], 'remote-groups': 'it' } });
  expect(users.status).toBe(401);
});

test('names that are not of ASCII are read as UTF-8, as proxies send them', async () => {
  const sent = Buffer.from('Zoë É. Ługosz').toString('latin1');
  const { json } = await ask(`${proxied.url}/api/v1/session`, { headers: { 'remote-user': sent } });
  expect(json?.user).toBe('Zoë É. Ługosz');
  const latin = await ask(`${proxied.url}/api/v1/session`, { headers: { 'remote-user': 'Zo\u00eb' } });
  expect(latin.json?.user).toBe('Zoë');
});

test('of the streams of one person the oldest makes room', async () => {
  const headers = { 'remote-user': 'max' };
  const streams = [];
  for (let n = 0; n < 21; n += 1) streams.push(await fetch(`${proxied.url}/api/v1/events`, { headers }));
  const [oldest, ...others] = streams;
  expect(await oldest?.text()).toBe('retry: 2000\n\n');
  for (const { body } of others) {
    const reader = body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  }
});

test('what happens comes as it happens, until the service ends', async () => {
  const other = await demoService({
    folder: await mkdtemp(join(folder, 'ending-')),
    holders: { ada: { user: 'ada', role: 'administrator' } },
  });
  const cookie = cookieOf((await ask(`${other.url}/open?token=ada`)).headers).split(';')[0] ?? '';
  const stream = await fetch(`${other.url}/api/v1/events`, { headers: { cookie } });
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const reading = stream.text();
  const { host } = other;
  await host.book('default').add({ name: 'A', email: 'a@a.example', phone: null }, { actor: 'x', why: null });
  await other.close();
  expect(await reading).toContain(
    'event: run\ndata: {"book":"default","source":null,"run":"1","kind":"add","outcome":"applied"}',
  );
  await expect(fetch(other.url)).rejects.toThrow();
});
