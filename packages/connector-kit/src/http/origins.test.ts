import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { hostile } from '../../test/hostile.js';
import { anySignal, canary, clientOf, fault, web } from '../../test/support.js';
import { allowedUrl, allowOrigins } from './origins.js';

const signal = anySignal();
const vendor = 'https://api.example.com';

test('the table holds at least 60 different addresses', () => {
  expect(new Set(hostile).size).toBe(hostile.length);
  expect(hostile.length).toBeGreaterThanOrEqual(60);
});

test.each(hostile)('as a link, %j is refused before anything is sent', async (link) => {
  let connections = 0;
  const transport = new Agent({
    connect: () => {
      connections += 1;
    },
  });
  const { client } = clientOf([vendor], { transport, deadlineMs: 500 });
  const error = await fault(client.get(link, { signal }));
  expect(error.code).toBe('source_origin');
  // As a URL object, its own spelling is gone: then only an address that truly is the vendor's may pass.
  const url = URL.parse(link);
  if (url !== null && (url.origin !== vendor || url.username !== '' || url.password !== '')) {
    expect((await fault(client.get(url, { signal }))).code).toBe('source_origin');
  }
  expect(connections).toBe(0);
});

// A base address in the settings: what is not exactly an origin, or not safe, is refused when the client is made.
test.each([
  ...hostile.filter((address) => URL.parse(address)?.origin !== address),
  'https://api.example.com/',
  'https://api.example.com/practice',
  'https://api.example.com:443',
  'https://API.example.com',
  'http://api.example.com',
  'http://10.0.0.1:8080',
  'http://127.0.0.1.evil.example',
  'http://127.0.0.2',
  'null',
])('as an allowed address, %j is refused', async (origin) => {
  expect((await fault(async () => clientOf([origin]))).code).toBe('setting_invalid');
});

test.each([
  'https://api.example.com',
  'https://api.example.com:8443',
  'http://127.0.0.1:8080',
  'http://[::1]:8080',
  'http://localhost',
])('as an allowed address, %j is fine', (origin) => {
  expect([...allowOrigins([origin])]).toEqual([origin]);
});

test('no look-alike of a loopback address reaches another socket', async () => {
  const home = await web((_, response) => response.end('home'));
  const foreign = await web((_, response) => response.end('caught'));
  const [at, away] = [new URL(home.url).port, new URL(foreign.url).port];
  const links = [
    foreign.url,
    `http://127.0.0.1:${at}@127.0.0.1:${away}/`,
    `http://127.0.0.1:${at}%40127.0.0.1:${away}/`,
    `http://127.0.0.1:${at}\\@127.0.0.1:${away}/`,
    `http://127.0.0.1:${away}\\@127.0.0.1:${at}/`,
    `http://127.0.0.1:${away}#@127.0.0.1:${at}/`,
    `http://127.0.0.1:${away}?127.0.0.1:${at}/`,
    `http://localhost:${away}/`,
    `http://2130706433:${away}/`,
    `http://0x7f.1:${away}/`,
    `http://0177.0.0.1:${away}/`,
    `http://127.1:${away}/`,
    `http://[::ffff:127.0.0.1]:${away}/`,
    `http://0.0.0.0:${away}/`,
    `http://127.0.0.1.:${away}/`,
    `https://127.0.0.1:${away}/`,
    // These are the same machine and port, spelled so that only some parsers know.
    `http://localhost:${at}/`,
    `http://2130706433:${at}/`,
    `http://127.1:${at}/`,
    `https://127.0.0.1:${at}/`,
  ];
  const { client } = clientOf([home.url]);
  for (const link of links)
    expect((await fault(client.get(`${link}?${canary}`, { signal }))).code).toBe('source_origin');
  expect([home.sockets(), foreign.sockets()]).toEqual([0, 0]);
  expect(await (await client.get(home.url, { signal })).text()).toBe('home');
});

test('no hostile redirect reaches another socket', async () => {
  const foreign = await web((_, response) => response.end('caught'));
  const away = new URL(foreign.url).host;
  const locations = [
    ...hostile.filter((link) => /^[\x20-\x7e]*$/.test(link)),
    ...[foreign.url, `//${away}`, `http:${away}`, `\\\\${away}`, `http://user:pw@${away}/${canary}?${canary}`],
  ];
  const home = await web((request, response) => {
    response.writeHead(302, { location: locations[Number(request.url?.slice(1))] });
    response.end();
  });
  const { client } = clientOf([home.url]);
  for (const at of locations.keys()) {
    expect((await fault(client.get(`${home.url}/${at}`, { signal }))).code).toBe('source_redirected');
  }
  expect(home.requests()).toBe(locations.length);
  expect(foreign.sockets()).toBe(0);
});

test.each([
  'https://api.example.com',
  'https://api.example.com/list?page=2#top',
  'https://api.example.com?page=2',
  'https://api.example.com#top',
  'https://api.example.com:443/list',
  'HTTPS://API.Example.com/list',
  'https://api.example.com//evil.example/',
  'https://api.example.com/@evil.example/',
])('%j may be called', (address) => {
  expect(allowedUrl(address, allowOrigins([vendor])).origin).toBe(vendor);
  expect(allowedUrl(new URL(address), allowOrigins([vendor])).origin).toBe(vendor);
});

test('an error names the address that was refused, without what could be secret in it', async () => {
  const { client } = clientOf([vendor]);
  const error = await fault(
    client.get(`https://${canary}:${canary}@evil.example/${canary}?${canary}#${canary}`, { signal }),
  );
  expect(error.message).toBe(
    'The address https://evil.example is not one this connector may call, so nothing was sent there.',
  );
});
