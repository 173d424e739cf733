import { once } from 'node:events';
import { request as nodeRequest } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { HttpResponse, http, passthrough, type RequestHandler } from 'msw';
import { Agent, type Dispatcher, request } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { anySignal, clientOf, fault, patience, web } from '../../test/support.js';
import type { HttpSettings } from '../http/types.js';
import { mswTransport, serveMock } from './index.js';

const signal = anySignal();
const origin = 'https://api.example.com';

type Way = {
  base: string;
  client: ReturnType<typeof clientOf>['client'];
  waits: number[];
  send(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<Dispatcher.ResponseData>;
};

async function inProcess(handlers: readonly RequestHandler[], settings: Partial<HttpSettings> = {}): Promise<Way> {
  const transport = mswTransport(handlers);
  return {
    base: origin,
    ...clientOf([origin], { transport, ...settings }),
    send: (options) => transport.request({ origin, ...options }),
  };
}

async function onPort(handlers: readonly RequestHandler[], settings: Partial<HttpSettings> = {}): Promise<Way> {
  const server = await serveMock(handlers, { origin });
  onTestFinished(server.close);
  const agent = new Agent();
  return {
    base: server.url,
    ...clientOf([server.url], settings),
    send: (options) => agent.request({ origin: server.url, ...options }),
  };
}

/** Of one connection only; the server adds them, the transport has no connection. */
const ofConnection = ['connection', 'date', 'keep-alive', 'transfer-encoding'];

describe.each([
  ['in process', inProcess],
  ['on a port', onPort],
])('handlers %s', (_, way) => {
  test('see the vendor’s address, the headers and the body', async () => {
    const seen: unknown[] = [];
    const { send } = await way([
      http.post(`${origin}/token/:id`, async ({ request, params }) => {
        const { url, method } = request;
        seen.push({ url, method, params, type: request.headers.get('x-type'), body: await request.text() });
        return HttpResponse.json({ ok: true }, { status: 201 });
      }),
    ]);
    for (const body of ['grant=é', Buffer.from('grant=é'), streamOf('grant=', 'é')]) {
      const { statusCode, body: answer } = await send({
        path: '/token/7?a=1&b=2',
        method: 'POST',
        headers: { 'X-Type': 'form' },
        body,
      });
      expect([statusCode, await answer.json()]).toEqual([201, { ok: true }]);
    }
    const expected = {
      url: `${origin}/token/7?a=1&b=2`,
      method: 'POST',
      params: { id: '7' },
      type: 'form',
      body: 'grant=é',
    };
    expect(seen).toEqual([expected, expected, expected]);
  });

  test.each<[string, () => Response, number, Record<string, string | string[]>, string]>([
    ['XML', () => HttpResponse.xml('<a>é</a>'), 200, { 'content-type': 'text/xml' }, '<a>é</a>'],
    [
      'nothing, as a limit is answered',
      () => new HttpResponse(null, { status: 429, headers: { 'Retry-After': '22' } }),
      429,
      { 'retry-after': '22', 'content-length': '0' },
      '',
    ],
    ['no content', () => new HttpResponse(null, { status: 204 }), 204, {}, ''],
    [
      'compressed bytes',
      () => new HttpResponse(gzipSync('<a/>', { level: 0 }), { headers: { 'content-encoding': 'gzip' } }),
      200,
      { 'content-encoding': 'gzip' },
      gzipSync('<a/>', { level: 0 }).toString(),
    ],
    [
      'several cookies',
      () =>
        new Response('ok', {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
      200,
      { 'content-type': 'text/plain;charset=UTF-8', 'set-cookie': ['a=1', 'b=2'] },
      'ok',
    ],
  ])('answer %s, byte for byte', async (_name, response, status, headers, body) => {
    const { send } = await way([http.get(`${origin}/a`, response)]);
    const answer = await send({ path: '/a', method: 'GET' });
    const given = Object.entries(answer.headers).filter(([name]) => !ofConnection.includes(name));
    expect(answer.statusCode).toBe(status);
    expect(Object.fromEntries(given)).toEqual(headers);
    expect(await answer.body.text()).toBe(body);
  });

  test('answer a HEAD without a body', async () => {
    const { send } = await way([http.head(`${origin}/a`, () => new HttpResponse(null, { headers: { 'x-a': '1' } }))]);
    const answer = await send({ path: '/a', method: 'HEAD' });
    expect([answer.statusCode, answer.headers['x-a'], await answer.body.text()]).toEqual([200, '1', '']);
  });

  test('are asked again at each of the client’s tries', async () => {
    let asked = 0;
    const { base, client, waits } = await way([
      http.get(`${origin}/a`, () => {
        asked += 1;
        return asked < 3 ? new HttpResponse(null, { status: 503 }) : HttpResponse.text('there');
      }),
    ]);
    expect(await (await client.get(`${base}/a`, { signal })).text()).toBe('there');
    expect([asked, waits]).toEqual([3, [250, 500]]);
  });

  test('may be exchanged while they are served', async () => {
    const handlers = [http.get(`${origin}/a`, () => HttpResponse.text('one'))];
    const { base, client } = await way(handlers);
    expect(await (await client.get(`${base}/a`, { signal })).text()).toBe('one');
    handlers[0] = http.get(`${origin}/a`, () => HttpResponse.text('two'));
    expect(await (await client.get(`${base}/a`, { signal })).text()).toBe('two');
  });

  test('stream a body of any size as it is read', async () => {
    let made = 0;
    const piece = new Uint8Array(64 * 1024);
    const endless = new ReadableStream<Uint8Array>({
      pull: (body) => {
        made += 1;
        body.enqueue(piece);
      },
    });
    const { base, client } = await way([http.get(`${origin}/a`, () => new HttpResponse(endless))]);
    const answer = await client.get(`${base}/a`, { signal });
    let read = 0;
    for await (const chunk of answer.body) {
      read += chunk.byteLength;
      if (read > 4 * 1024 * 1024) break;
    }
    // What is made beyond what is read only fills the buffers between.
    const before = made;
    await new Promise(setImmediate);
    expect(before * piece.length).toBeLessThan(read + 16 * 1024 * 1024);
    expect(made).toBeLessThanOrEqual(before + 64);
  });

  test('HttpResponse.error() breaks the connection before an answer', async () => {
    const { base, client } = await way([http.get(`${origin}/a`, () => HttpResponse.error())], {
      retry: { attempts: 1 },
    });
    expect((await fault(client.get(`${base}/a`, { signal }))).code).toBe('source_unreachable');
  });

  test('a body that fails breaks the connection', async () => {
    const { base, client } = await way([
      http.get(`${origin}/a`, () => {
        let sent = false;
        return new HttpResponse(
          new ReadableStream<Uint8Array>({
            pull: (body) => {
              if (sent) body.error(new Error('cut'));
              else body.enqueue(Buffer.from('<a>'));
              sent = true;
            },
          }),
        );
      }),
    ]);
    const work = async () => (await client.get(`${base}/a`, { signal })).text();
    expect((await fault(work)).code).toBe('source_incomplete');
  });

  test.each(['<a>', '<a>123456789</a>'])(
    'a body that is not as long as stated breaks the connection: %s',
    async (body) => {
      const { base, client } = await way([
        http.get(`${origin}/a`, () => new HttpResponse(body, { headers: { 'content-length': '9' } })),
      ]);
      const work = async () => (await client.get(`${base}/a`, { signal })).text();
      expect((await fault(work)).code).toBe('source_incomplete');
    },
  );

  test('a client that leaves is told to the handler and to its body', async () => {
    const told = vi.fn();
    const abort = new AbortController();
    const { base, client } = await way([
      http.get(`${origin}/waiting`, async ({ request }) => {
        request.signal.addEventListener('abort', () => told('handler'));
        abort.abort();
        await once(request.signal, 'abort');
        return HttpResponse.text('late');
      }),
      http.get(`${origin}/body`, () => {
        const body = new ReadableStream<Uint8Array>({
          start: (to) => to.enqueue(Buffer.from('begun')),
          pull: () => new Promise(() => undefined),
          cancel: () => told('body'),
        });
        return new HttpResponse(body);
      }),
    ]);
    expect((await fault(client.get(`${base}/waiting`, { signal: abort.signal }))).code).toBe('cancelled');
    await expect.poll(() => told.mock.calls, patience).toEqual([['handler']]);
    const answer = await client.get(`${base}/body`, { signal });
    await answer.discard();
    await expect.poll(() => told.mock.calls, patience).toEqual([['handler'], ['body']]);
  });
});

function streamOf(...pieces: string[]) {
  return Readable.from(pieces.map((piece) => Buffer.from(piece)));
}

describe('what no handler answers', () => {
  test('in process is an error, and goes nowhere', async () => {
    const outside = await web((_, response) => response.end('outside'));
    const transport = mswTransport([http.get(`${outside.url}/let-through`, () => passthrough())]);
    const { client, waits } = clientOf([outside.url], { transport });
    for (const path of ['/other', '/let-through']) {
      const error = await fault(client.get(`${outside.url}${path}?CANARY`, { signal }));
      expect(error.code).toBe('internal');
      expect(error.message).toBe(`No mock handler answers GET ${outside.url}${path}.`);
    }
    expect(waits).toEqual([]);
    expect(outside.sockets()).toBe(0);
  });

  test('on a port is status 501', async () => {
    const { send } = await onPort([http.get(`${origin}/a`, () => HttpResponse.text('a'))]);
    const answer = await send({ path: '/b?c=1', method: 'GET' });
    expect([answer.statusCode, await answer.body.json()]).toEqual([
      501,
      { error: 'No mock handler answers GET https://api.example.com/b.' },
    ]);
  });
});

describe('a handler that throws', () => {
  const handlers = [
    http.get(`${origin}/a`, () => {
      throw new TypeError('handler fault');
    }),
  ];

  test('in process is an error with its cause', async () => {
    const { client, base, waits } = await inProcess(handlers);
    const error = await fault(client.get(`${base}/a`, { signal }));
    expect([error.code, (error.cause as Error).message, waits]).toEqual(['internal', 'handler fault', []]);
  });

  test('on a port is status 500', async () => {
    const { send } = await onPort(handlers);
    const answer = await send({ path: '/a', method: 'GET' });
    expect([answer.statusCode, await answer.body.json()]).toEqual([500, { error: 'handler fault' }]);
  });
});

describe('the server', () => {
  test('listens on 127.0.0.1 only', async () => {
    const server = await serveMock([http.get(`${origin}/a`, () => HttpResponse.text('a'))], { origin });
    onTestFinished(server.close);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const host of ['127.0.0.2', '[::1]']) {
      const other = `${server.url.replace('127.0.0.1', host)}/a`;
      await expect(request(other)).rejects.toThrow();
    }
  });

  test('leaves nothing behind when it closes', async () => {
    const begun = Promise.withResolvers<void>();
    const server = await serveMock(
      [
        http.get(`${origin}/a`, () => HttpResponse.text('a')),
        http.get(`${origin}/slow`, async ({ request: { signal: gone } }) => {
          begun.resolve();
          await once(gone, 'abort');
        }),
      ],
      { origin },
    );
    const { client } = clientOf([server.url], { retry: { attempts: 1 } });
    await (await client.get(`${server.url}/a`, { signal })).text();
    const pending = fault(client.get(`${server.url}/slow`, { signal }));
    await begun.promise;
    await server.close();
    expect((await pending).code).toBe('source_unreachable');
    expect((await fault(client.get(`${server.url}/a`, { signal }))).message).toContain('ECONNREFUSED');
    await server.close();
  });

  test('takes the port it is given, and says when it cannot', async () => {
    const first = await serveMock([], { origin });
    const port = Number(new URL(first.url).port);
    const error = await fault(serveMock([], { origin, port }));
    expect([error.code, error.message]).toEqual(['setting_invalid', `Port ${port} is not free (EADDRINUSE).`]);
    await first.close();
    const second = await serveMock([], { origin, port });
    expect(second.url).toBe(first.url);
    await second.close();
  });

  test.each(['api.example.com', 'https://api.example.com/', 'https://api.example.com/practice'])(
    'is not made for %s, which is no origin',
    async (given) => {
      expect((await fault(serveMock([], { origin: given }))).code).toBe('setting_invalid');
    },
  );

  test('answers a request with a strange target without falling', async () => {
    const { base, send } = await onPort([http.get(`${origin}/a`, () => HttpResponse.text('a'))]);
    for (const path of ['//evil.example/a', '*', 'http://evil.example/a']) {
      const strange = nodeRequest(base, { path, method: 'OPTIONS' }).end();
      const [response] = await once(strange, 'response');
      response.resume();
      expect(response.statusCode).toBeGreaterThanOrEqual(500);
    }
    expect((await send({ path: '/a', method: 'GET' })).statusCode).toBe(200);
  });
});
