import { gzipSync } from 'node:zlib';
import { ContactSyncError } from '@contact-sync/core';
import { expect, test, vi } from 'vitest';
import { anySignal, canary, clientOf, fault, patience, raw, secretHeaders, web } from '../../test/support.js';
import { httpClient } from './http-client.js';
import type { ErrorAnswer, HttpSettings } from './types.js';

const signal = anySignal();

test('an answer has status, headers and text; the request said who asks and what it can read', async () => {
  const seen: Record<string, unknown>[] = [];
  const server = await web((request, response) => {
    seen.push({ ...request.headers, method: request.method, url: request.url });
    response.writeHead(200, {
      'X-Left': '59',
      'content-type': 'text/xml; charset=utf-8',
      'set-cookie': ['a=1', 'b=2'],
    });
    response.end('<a>Zoë</a>');
  });
  const answer = await clientOf([server.url]).client.get(`${server.url}/list?detailed=true#top`, { signal });
  expect(answer.status).toBe(200);
  expect(answer.request).toBe(`GET ${server.url}/list`);
  expect(answer.headers.get('x-left')).toBe('59');
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await answer.text()).toBe('<a>Zoë</a>');
  expect(seen).toEqual([
    expect.objectContaining({
      ...secretHeaders,
      method: 'GET',
      url: '/list?detailed=true',
      'user-agent': 'contact-sync-test/1',
      'accept-encoding': 'gzip, identity',
    }),
  ]);
});

test('a body can be read as bytes, as pieces of text or as text, compressed or not', async () => {
  const text = 'ā漢😀'.repeat(20_000);
  for (const coding of ['gzip', 'x-gzip', 'GZip', 'identity']) {
    const server = await web((_, response) => {
      response.setHeader('content-encoding', coding);
      response.end(coding === 'identity' ? text : gzipSync(text));
    });
    const { client } = clientOf([server.url]);
    expect(await (await client.get(server.url, { signal })).text()).toBe(text);

    const pieces: string[] = [];
    for await (const piece of (await client.get(server.url, { signal })).textChunks()) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(text);

    const chunks: Uint8Array[] = [];
    for await (const chunk of (await client.get(server.url, { signal })).body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8')).toBe(text);
  }
});

test('a letter cut by the end of a chunk is one letter', async () => {
  const bytes = Buffer.from('é😀');
  const server = await raw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n');
    for (const byte of bytes)
      socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]));
    socket.end('0\r\n\r\n');
  });
  expect(await (await clientOf([server.url]).client.get(server.url, { signal })).text()).toBe('é😀');
});

test.each([204, 200])('status %i without a body is an answer with empty text', async (status) => {
  const server = await web((_, response) => response.writeHead(status).end());
  const answer = await clientOf([server.url]).client.get(server.url, { signal });
  expect(answer.status).toBe(status);
  expect(await answer.text()).toBe('');
});

test('a byte order mark is dropped', async () => {
  const server = await web((_, response) => response.end('\ufeff<a/>'));
  expect(await (await clientOf([server.url]).client.get(server.url, { signal })).text()).toBe('<a/>');
});

test.each([
  ['Latin-1 bytes', Buffer.from('<a>CANARY-7f3a91 Zo\xeb</a>', 'latin1'), 'text/xml; charset=utf-8'],
  ['a letter that is cut off', Buffer.from('<a>CANARY-7f3a91 Zo\xc3', 'latin1'), 'text/xml'],
  ['UTF-16', Buffer.from('\ufeff<a>CANARY-7f3a91</a>', 'utf16le'), 'text/xml'],
  ['another charset that is stated', Buffer.from('<a>Zoe</a>'), 'text/xml; charset="ISO-8859-1"'],
])('%s: an error, and never a wrong letter', async (_, body, type) => {
  const server = await web((_request, response) => response.setHeader('content-type', type).end(body));
  const work = async () => (await clientOf([server.url]).client.get(server.url, { signal })).text();
  expect((await fault(work)).code).toBe('source_unreadable');
});

test('damaged compression is unreadable', async () => {
  const body = gzipSync(canary.repeat(1_000));
  body[body.length - 6] = (body[body.length - 6] ?? 0) ^ 0xff;
  const server = await web((_, response) => response.setHeader('content-encoding', 'gzip').end(body));
  const work = async () => (await clientOf([server.url]).client.get(server.url, { signal })).text();
  expect((await fault(work)).code).toBe('source_unreadable');
  const plain = await web((_, response) => response.setHeader('content-encoding', 'gzip').end('<a>CANARY</a>'));
  expect((await fault(clientOf([plain.url]).client.get(plain.url, { signal }))).code).toBe('source_unreadable');
});

test('what is not HTTP is unreadable, and is not asked again', async () => {
  const server = await raw((socket) => socket.end(`SSH-2.0-${canary}\r\n`));
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal }))).code).toBe('source_unreadable');
  expect(server.sockets()).toBe(1);
});

test('headers without end are too large', async () => {
  const server = await raw((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${canary.repeat(10_000)}\r\n\r\n`));
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal }))).code).toBe('source_too_large');
});

test('a header in another encoding does not break the answer', async () => {
  const server = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\nx-name: Zoë 漢\r\ncontent-length: 2\r\n\r\nok'));
  expect(await (await clientOf([server.url]).client.get(server.url, { signal })).text()).toBe('ok');
});

test('headers are asked for at each try, so a renewed token is used', async () => {
  const seen: (string | undefined)[] = [];
  const server = await web((request, response) => {
    seen.push(request.headers.authorization);
    expect(request.headers['accept-encoding']).toBe('gzip, identity');
    expect(request.headers['user-agent']).toBe('contact-sync-test/1');
    response.writeHead(seen.length < 3 ? 503 : 200).end('ok');
  });
  let token = 0;
  const headers = async () => {
    token += 1;
    return { Authorization: `Bearer ${token}`, 'Accept-Encoding': 'br', 'User-Agent': 'other' };
  };
  const { client } = clientOf([server.url], { headers });
  await (await client.get(server.url, { signal })).text();
  expect(seen).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3']);
});

test.each([
  [{ authorization: `Bearer ${canary}\n` }, 'authorization'],
  [{ authorization: `Bearer ${canary}\r\nx: 1` }, 'authorization'],
  [{ 'x-tenant': `${canary}漢` }, 'x-tenant'],
])('a header that cannot be sent is named, not shown', async (headers, name) => {
  const server = await web((_, response) => response.end());
  const error = await fault(clientOf([server.url], { headers: () => headers }).client.get(server.url, { signal }));
  expect(error.code).toBe('setting_invalid');
  expect(error.message).toContain(` ${name} `);
  expect(server.sockets()).toBe(0);
});

test.each([
  [400, 'source_refused'],
  [401, 'source_unauthorized'],
  [403, 'source_forbidden'],
  [404, 'source_refused'],
  [409, 'source_refused'],
  [500, 'source_unavailable'],
  [501, 'source_unavailable'],
  [503, 'source_unavailable'],
])('status %i is %s, unless the connector knows better', async (status, code) => {
  const server = await web((_, response) => {
    response.writeHead(status, { 'x-id': 'corr-1', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify({ Detail: 'No', Token: canary })));
  });
  const plain = await fault(clientOf([server.url]).client.get(`${server.url}/list?${canary}`, { signal }));
  expect(plain.code).toBe(code);
  expect(plain.message).toBe(`GET ${server.url}/list was answered with status ${status}.`);

  const refusal = vi.fn<NonNullable<HttpSettings['refusal']>>(
    ({ headers }) =>
      new ContactSyncError('source_refused', 'Ours.', { hint: 'h', reference: headers.get('x-id') ?? '' }),
  );
  const own = await fault(clientOf([server.url], { refusal }).client.get(`${server.url}/list?${canary}`, { signal }));
  expect([own.message, own.reference]).toEqual(['Ours.', 'corr-1']);
  expect(refusal).toHaveBeenCalledTimes(1);
  expect(refusal.mock.calls[0]?.[0]).toMatchObject({
    status,
    body: `{"Detail":"No","Token":"${canary}"}`,
    request: `GET ${server.url}/list`,
  });
});

test('of an error’s body the connector sees 64 KiB, and nothing of one it cannot read', async () => {
  const bodies: string[] = [];
  const refusal = ({ body }: ErrorAnswer) => {
    bodies.push(body);
    return null;
  };
  const long = await web((_, response) =>
    response.writeHead(400).end(`${'a'.repeat(65_535)}é${'b'.repeat(1024 * 1024)}`),
  );
  await fault(clientOf([long.url], { refusal }).client.get(long.url, { signal }));
  const coded = await web((_, response) => response.writeHead(400, { 'content-encoding': 'br' }).end('x'));
  await fault(clientOf([coded.url], { refusal }).client.get(coded.url, { signal }));
  const cut = await raw((socket) => socket.end('HTTP/1.1 400 No\r\ncontent-length: 9\r\n\r\nno'));
  await fault(clientOf([cut.url], { refusal }).client.get(cut.url, { signal }));
  // The cut letter is shown as such.
  expect(bodies).toEqual([`${'a'.repeat(65_535)}\ufffd`, '', expect.stringMatching(/^(no)?$/)]);
});

test('an answer that is not wanted gives its connection up', async () => {
  let gone = false;
  const server = await web((request, response) => {
    request.socket.once('close', () => {
      gone = true;
    });
    response.write('begun');
  });
  const answer = await clientOf([server.url]).client.get(server.url, { signal });
  await answer.discard();
  await expect.poll(() => gone, patience).toBe(true);
});

test.each([
  [302, {}],
  [404, {}],
  [200, { 'content-encoding': 'br' }],
  [200, { 'content-length': '999999999' }],
])('an answer that is refused (%i, %j) gives its connection up', async (status, headers) => {
  let gone = false;
  const server = await web((request, response) => {
    request.socket.once('close', () => {
      gone = true;
    });
    response.writeHead(status, headers);
    response.write('a'.repeat(100_000));
  });
  await fault(clientOf([server.url]).client.get(server.url, { signal }));
  await expect.poll(() => gone, patience).toBe(true);
});

test('leaving a body early gives its connection up', async () => {
  let gone = false;
  const server = await web((request, response) => {
    request.socket.once('close', () => {
      gone = true;
    });
    response.write('begun');
  });
  for await (const _ of (await clientOf([server.url]).client.get(server.url, { signal })).body) break;
  await expect.poll(() => gone, patience).toBe(true);
});

test('connections whose answers were read are used again', async () => {
  const server = await web((_, response) => response.end('ok'));
  const { client } = clientOf([server.url]);
  for (let n = 0; n < 20; n += 1) await (await client.get(server.url, { signal })).text();
  expect(server.sockets()).toBeLessThanOrEqual(2);
});

test('without a clock, a wait or a random of its own, the client has the machine’s', async () => {
  const server = await web((_, response) => response.writeHead(server.requests() < 2 ? 503 : 200).end('ok'));
  const client = httpClient({ origins: [server.url], userAgent: 't', retry: { baseMs: 5 } });
  expect(await (await client.get(server.url, { signal })).text()).toBe('ok');
  const limited = await web((_, response) => response.writeHead(429, { 'retry-after': '600' }).end());
  const before = Date.now();
  const error = await fault(httpClient({ origins: [limited.url], userAgent: 't' }).get(limited.url, { signal }));
  const resumeAt = Date.parse(error.resumeAt ?? '');
  expect(resumeAt).toBeGreaterThanOrEqual(before + 600_000);
  expect(resumeAt).toBeLessThanOrEqual(Date.now() + 600_000);
});
