import { gzipSync } from 'node:zlib';
import { HttpResponse, http } from 'msw';
import { Agent } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anySignal, canary, clientOf, fault, patience, raw, web } from '../../test/support.js';
import { mswTransport } from '../mock/transport.js';

const signal = anySignal();
const MiB = 1024 * 1024;

test.each([301, 302, 303, 307, 308])(
  'M1: a redirect (%i) to another origin takes no header anywhere',
  async (status) => {
    const foreign = await web((_, response) => response.end('caught'));
    const home = await web((_, response) => {
      response.writeHead(status, { location: `${foreign.url}/${canary}?${canary}` });
      response.end(canary);
    });
    const { client } = clientOf([home.url]);
    const error = await fault(client.get(`${home.url}/list?key=${canary}`, { signal }));
    expect(error.code).toBe('source_redirected');
    expect(error.message).toBe(`GET ${home.url}/list was sent on to ${foreign.url}, where nothing was sent.`);
    expect(foreign.sockets()).toBe(0);
    expect(home.requests()).toBe(1);
  },
);

test.each(['/elsewhere', undefined, 'http://', 'data:text/plain,CANARY'])(
  'M1: a redirect to %s is not followed either',
  async (location) => {
    const home = await web((_, response) => {
      response.writeHead(302, location === undefined ? {} : { location });
      response.end();
    });
    const error = await fault(clientOf([home.url]).client.get(`${home.url}/list`, { signal }));
    expect(error.code).toBe('source_redirected');
    expect(home.requests()).toBe(1);
  },
);

test('M2: a body that drips ends at the deadline', async () => {
  let gone = false;
  const server = await web((request, response) => {
    response.write(canary);
    const drip = setInterval(() => response.write('.'), 20);
    request.socket.on('close', () => {
      gone = true;
      clearInterval(drip);
    });
  });
  const { client, waits } = clientOf([server.url], { deadlineMs: 150 });
  // The drip has no end of its own: that this ends is the proof.
  const error = await fault(async () => (await client.get(`${server.url}/drip?${canary}`, { signal })).text());
  expect(error.code).toBe('source_timeout');
  expect(waits).toEqual([]);
  await expect.poll(() => gone, patience).toBe(true);
});

test('M2: a server that never answers ends at the deadline', async () => {
  const server = await web(() => undefined);
  const { client, waits } = clientOf([server.url], { deadlineMs: 50 });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_timeout');
  expect(waits).toEqual([]);
});

test('M2: a connection that is never made ends at the deadline', async () => {
  const transport = new Agent({ connect: () => undefined });
  const { client } = clientOf(['https://api.example.com'], { deadlineMs: 50, transport });
  const error = await fault(client.get('https://api.example.com/a', { signal }));
  expect(error.code).toBe('source_timeout');
});

test('M2: an error whose explanation never ends is still that error', async () => {
  const api = drippingApi(403);
  const { client } = clientOf(api.origins, { deadlineMs: 5_000, transport: api.transport });
  expect((await fault(client.get(api.url, { signal }))).code).toBe('source_forbidden');
});

test('M2: the deadline is for the whole body, however often a piece of it comes', async () => {
  const api = drippingApi(200);
  const { client } = clientOf(api.origins, { deadlineMs: 5_000, transport: api.transport });
  const answer = await client.get(api.url, { signal });
  let pieces = 0;
  const error = await fault(async () => {
    for await (const _ of answer.body) pieces += 1;
  });
  expect(error.code).toBe('source_timeout');
  expect(pieces).toBeLessThanOrEqual(20);
});

test('M2: the reader’s own time counts too', async () => {
  const api = drippingApi(200);
  const { client } = clientOf(api.origins, { deadlineMs: 5_000, transport: api.transport });
  const answer = await client.get(api.url, { signal });
  vi.advanceTimersByTime(5_000);
  expect((await fault(answer.text())).code).toBe('source_timeout');
});

/**
 * A body of one piece each 250 ms, for ever, on a clock that the test has in its hands. The pieces are large, so that
 * few of them are fetched before they are asked for.
 */
function drippingApi(status: number) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const url = 'https://api.example.com/drip';
  const body = new ReadableStream<Uint8Array>({
    pull: (to) => {
      vi.advanceTimersByTime(250);
      to.enqueue(Buffer.from(canary.repeat(8_000)));
    },
  });
  const transport = mswTransport([http.get(url, () => new HttpResponse(body, { status }))]);
  return { url, origins: ['https://api.example.com'], transport };
}

test('M3: 200 MiB from 200 kB stop at the cap', async () => {
  const bomb = Buffer.concat(Array.from({ length: 200 }, () => gzipSync(Buffer.alloc(MiB))));
  expect(bomb.length).toBeLessThan(250_000);
  const server = await web((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length });
    response.end(bomb);
  });
  const answer = await clientOf([server.url], { maxBytes: 5 * MiB }).client.get(server.url, { signal });
  let read = 0;
  const error = await fault(async () => {
    for await (const chunk of answer.body) read += chunk.byteLength;
  });
  expect(error.code).toBe('source_too_large');
  expect(read).toBeLessThanOrEqual(5 * MiB);
  expect(read).toBeGreaterThan(4 * MiB);
});

test('M3: compressed nothing without end stops at the cap too', async () => {
  const nothing = Buffer.concat(Array.from({ length: 3_000 }, () => gzipSync('')));
  const server = await web((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const more = (): void => {
      while (response.write(nothing));
      response.once('drain', more);
    };
    more();
  });
  const { client } = clientOf([server.url], { maxBytes: MiB, deadlineMs: 20_000 });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_too_large');
});

const codings: [string, string[]][] = [
  ['chained', ['gzip, gzip']],
  ['chained with none', ['identity, gzip']],
  ['on two lines', ['gzip', 'gzip']],
  ['br', ['br']],
  ['deflate', ['deflate']],
  ['zstd', ['zstd']],
  ['made up', ['CANARY']],
];

test.each(codings)('M3: a coding that was not asked for is refused: %s', async (_, encoding) => {
  const body = gzipSync(gzipSync('<a/>'));
  const server = await web((_, response) => {
    response.setHeader('content-encoding', encoding);
    response.end(body);
  });
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal }))).code).toBe('source_unreadable');
});

test('M3: a stated length above the cap is refused before the body', async () => {
  const server = await web((_, response) => {
    response.writeHead(200, { 'content-length': 101 });
    response.write('a');
  });
  const { client } = clientOf([server.url], { maxBytes: 100 });
  expect((await fault(client.get(server.url, { signal }))).code).toBe('source_too_large');
});

test.each([
  [100, true],
  [101, false],
])('M3: with a cap of 100 bytes, are %i bytes fine? %s', async (size, fine) => {
  for (const gzip of [true, false]) {
    const server = await web((_, response) => {
      response.writeHead(200, gzip ? { 'content-encoding': 'gzip' } : {});
      response.end(gzip ? gzipSync('a'.repeat(size)) : 'a'.repeat(size));
    });
    const work = async () =>
      (await clientOf([server.url], { maxBytes: 100 }).client.get(server.url, { signal })).text();
    if (fine) expect(await work()).toHaveLength(size);
    else expect((await fault(work)).code).toBe('source_too_large');
  }
});

test('M4: told to come back in an hour, it stops at once and says when', async () => {
  const server = await web((_, response) => {
    response.writeHead(429, { 'retry-after': '3600', 'content-length': 0 });
    response.end();
  });
  const { client, waits } = clientOf([server.url]);
  const error = await fault(client.get(server.url, { signal }));
  expect(error.code).toBe('source_rate_limited');
  expect(error.resumeAt).toBe('2026-03-01T11:00:00.000Z');
  expect(server.requests()).toBe(1);
  expect(waits).toEqual([]);
});

test('M4: told to come back in 22 seconds, it waits for 22 seconds', async () => {
  const server = await web((_, response) => {
    if (server.requests() > 1) return void response.end('there');
    response.writeHead(429, { 'retry-after': '22', 'content-length': 0 });
    response.end();
  });
  const { client, waits } = clientOf([server.url]);
  expect(await (await client.get(server.url, { signal })).text()).toBe('there');
  expect(waits).toEqual([22_000]);
});

const cutBodies: [string, string][] = [
  ['with a stated length', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<a>CANARY'],
  ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n<a>CANARY\r\n'],
  ['within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\n<a>CANARY'],
];

test('M5: an answer with two lengths cannot be read', async () => {
  const server = await raw((socket) =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\ncontent-length: 8\r\n\r\n<a>CANARY'),
  );
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal }))).code).toBe('source_unreadable');
});

test.each(cutBodies)('M5: a body %s that is cut off is not whole', async (_, wire) => {
  const server = await raw((socket) => socket.end(wire));
  const work = async () => (await clientOf([server.url]).client.get(server.url, { signal })).text();
  expect((await fault(work)).code).toBe('source_incomplete');
});

test('M5: compressed, a body that is cut off is not whole even without a length', async () => {
  const body = gzipSync(`<a>${canary.repeat(50)}</a>`).subarray(0, -4);
  const server = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n');
    socket.end(body);
  });
  const work = async () => (await clientOf([server.url]).client.get(server.url, { signal })).text();
  expect((await fault(work)).code).toBe('source_incomplete');
});

test('M5: a body whose end is the end of the connection cannot be seen to be cut: connectors check the content', async () => {
  const server = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<a><b>'));
  const answer = await clientOf([server.url]).client.get(server.url, { signal });
  expect(await answer.text()).toBe('<a><b>');
});
