import { getEventListeners } from 'node:events';
import { HttpResponse, http } from 'msw';
import { Agent } from 'undici';
import { expect, test, vi } from 'vitest';
import { canary, clientOf, fault, patience, secretHeaders, web } from '../../test/support.js';
import { mswTransport } from '../mock/transport.js';
import { httpClient } from './http-client.js';

const url = 'https://api.example.com/list';
const origins = ['https://api.example.com'];
const reason = new Error(canary);

test('before it began, nothing is sent, and no token is asked for', async () => {
  const server = await web((_, response) => response.end());
  const headers = vi.fn(() => secretHeaders);
  const { client } = clientOf([server.url], { headers });
  const error = await fault(client.get(server.url, { signal: AbortSignal.abort(reason) }));
  expect(error.code).toBe('cancelled');
  expect(headers).not.toHaveBeenCalled();
  expect(server.sockets()).toBe(0);
});

test('while the headers are made, nothing is sent', async () => {
  const abort = new AbortController();
  const headers = async () => {
    abort.abort(reason);
    return secretHeaders;
  };
  let sent = 0;
  const transport = mswTransport([]).compose((dispatch) => (options, handler) => {
    sent += 1;
    return dispatch(options, handler);
  });
  const { client } = clientOf(origins, { headers, transport });
  expect((await fault(client.get(url, { signal: abort.signal }))).code).toBe('cancelled');
  expect(sent).toBe(0);
});

test('while it connects', async () => {
  const abort = new AbortController();
  const transport = new Agent({ connect: () => abort.abort(reason) });
  const { client } = clientOf(origins, { transport });
  expect((await fault(client.get(url, { signal: abort.signal }))).code).toBe('cancelled');
});

test('while it waits for the answer', async () => {
  const abort = new AbortController();
  const server = await web(() => abort.abort(reason));
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal: abort.signal }))).code).toBe('cancelled');
});

test('while it waits for the body', async () => {
  const abort = new AbortController();
  const server = await web((_, response) => {
    response.flushHeaders();
    setImmediate(() => abort.abort(reason));
  });
  expect((await fault(clientOf([server.url]).client.get(server.url, { signal: abort.signal }))).code).toBe('cancelled');
});

test('in the middle of the body, and the server sees it', async () => {
  const abort = new AbortController();
  let gone = false;
  const server = await web((request, response) => {
    request.socket.once('close', () => {
      gone = true;
    });
    response.write(canary);
  });
  const answer = await clientOf([server.url]).client.get(server.url, { signal: abort.signal });
  const error = await fault(async () => {
    for await (const _ of answer.body) abort.abort(reason);
  });
  expect(error.code).toBe('cancelled');
  await expect.poll(() => gone, patience).toBe(true);
});

test('in the body of an error', async () => {
  const abort = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    start: (to) => to.enqueue(Buffer.from(canary)),
    // Asked for more, the client has the answer's headers and some of its body.
    pull: () => abort.abort(reason),
  });
  const transport = mswTransport([http.get(url, () => new HttpResponse(body, { status: 403 }))]);
  const { client } = clientOf(origins, { transport });
  expect((await fault(client.get(url, { signal: abort.signal }))).code).toBe('cancelled');
});

test.each([
  ['ends', async () => undefined],
  ['rejects', async () => Promise.reject(reason)],
])('in a pause that %s', async (_, ending) => {
  const abort = new AbortController();
  let asked = 0;
  const transport = mswTransport([
    http.get(url, () => {
      asked += 1;
      return new HttpResponse(null, { status: 503 });
    }),
  ]);
  const wait = async () => {
    abort.abort(reason);
    await ending();
  };
  const { client } = clientOf(origins, { transport, wait });
  expect((await fault(client.get(url, { signal: abort.signal }))).code).toBe('cancelled');
  expect(asked).toBe(1);
});

test('in a pause of the machine’s own timer', async () => {
  const abort = new AbortController();
  const transport = mswTransport([
    http.get(url, () => {
      setImmediate(() => abort.abort(reason));
      return new HttpResponse(null, { status: 429, headers: { 'retry-after': '60' } });
    }),
  ]);
  const client = httpClient({ origins, userAgent: 't', transport });
  expect((await fault(client.get(url, { signal: abort.signal }))).code).toBe('cancelled');
});

test('a pause that fails by itself is not called a cancellation', async () => {
  const transport = mswTransport([http.get(url, () => new HttpResponse(null, { status: 503 }))]);
  const wait = async () => Promise.reject(new Error('no timer'));
  const { client } = clientOf(origins, { transport, wait });
  await expect(client.get(url, { signal: new AbortController().signal })).rejects.toThrow('no timer');
});

test('after the end it changes nothing, and no listener stays on the signal', async () => {
  const abort = new AbortController();
  const server = await web((_, response) => response.end('all'));
  const answer = await clientOf([server.url]).client.get(server.url, { signal: abort.signal });
  expect(await answer.text()).toBe('all');
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  abort.abort(reason);
  await answer.discard();
});
