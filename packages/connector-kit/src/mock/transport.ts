import { Readable } from 'node:stream';
import { ContactSyncError } from '@contact-sync/core';
import type { RequestHandler } from 'msw';
import { Agent, type Dispatcher, errors } from 'undici';
import { exchange, unhandled, wireBody, wireHeaders } from './exchange.js';

/**
 * A transport for `httpClient` that answers from msw handlers. A request that no handler answers is an error and
 * never reaches the network. The handlers are looked up at each request, so the array may change meanwhile.
 * `HttpResponse.error()`, and a body that fails, look like a connection that broke.
 */
export function mswTransport(handlers: readonly RequestHandler[]): Dispatcher {
  return new Agent().compose(() => (options, handler) => {
    // Nothing is handed on to the Agent: there is no way from here to the network.
    const connection = openConnection(handler);
    void answer(handlers, options, connection).catch((error: unknown) => connection.fail(asError(error)));
    return true;
  });
}

type Connection = ReturnType<typeof openConnection>;

/** What a socket does for undici: pausing, aborting, and telling the end once. */
function openConnection(handler: Dispatcher.DispatchHandler) {
  const aborting = new AbortController();
  let over = false;
  let reason: Error | null = null;
  let stream: Readable | null = null;
  const fail = (error: Error): void => {
    if (over) return;
    over = true;
    reason = error;
    aborting.abort(error);
    stream?.destroy();
    handler.onResponseError?.(controller, error);
  };
  const controller: Dispatcher.DispatchController = {
    get aborted() {
      return aborting.signal.aborted;
    },
    get paused() {
      return stream?.isPaused() ?? false;
    },
    get reason() {
      return reason;
    },
    pause: () => void stream?.pause(),
    resume: () => void stream?.resume(),
    // undici's own body stream gives no reason when it is destroyed.
    abort: (error: Error | undefined) => fail(error ?? new errors.RequestAbortedError()),
  };
  return {
    signal: aborting.signal,
    fail,
    start: () => handler.onRequestStart?.(controller, null),
    headers: (response: Response) =>
      handler.onResponseStart?.(controller, response.status, wireHeaders(response), response.statusText),
    body: (chunks: Readable) => {
      stream = chunks;
      chunks.on('data', (chunk: Buffer) => handler.onResponseData?.(controller, chunk));
      chunks.on('error', () => fail(broken()));
      chunks.on('end', () => {
        if (over) return;
        over = true;
        handler.onResponseEnd?.(controller, {});
      });
    },
  };
}

async function answer(
  handlers: readonly RequestHandler[],
  options: Dispatcher.DispatchOptions,
  connection: Connection,
): Promise<void> {
  connection.start();
  if (connection.signal.aborted) return;

  const url = `${options.origin}${options.path}`;
  const result = await exchange(handlers, {
    method: options.method,
    url,
    headers: pairs(options.headers),
    body: bodyOf(options.body),
    signal: connection.signal,
  });
  if (connection.signal.aborted) return;
  if (result.kind === 'unhandled') return connection.fail(unhandled(options.method, url));
  if (result.kind === 'reset') return connection.fail(broken());

  connection.headers(result.response);
  connection.body(Readable.from(wireBody(result.response, connection.signal), { objectMode: false }));
}

function* pairs(headers: Dispatcher.DispatchOptions['headers']): Generator<[string, string]> {
  if (headers === null || headers === undefined) return;
  if (Array.isArray(headers)) {
    // undici's raw form: name, value, name, value.
    for (let at = 0; at + 1 < headers.length; at += 2) yield [String(headers[at]), String(headers[at + 1])];
    return;
  }
  const entries = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const [name, values] of entries as Iterable<[string, unknown]>) {
    for (const value of [values ?? []].flat()) yield [name, String(value)];
  }
}

function bodyOf(body: Dispatcher.DispatchOptions['body']): NonNullable<RequestInit['body']> | null {
  if (body === null || body === undefined || typeof body === 'string') return body ?? null;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body instanceof Readable) return Readable.toWeb(body) as ReadableStream;
  throw new TypeError('The mock transport takes bodies of text, bytes and streams.');
}

function broken(): Error {
  return new errors.SocketError('other side closed');
}

function asError(error: unknown): Error {
  return new ContactSyncError('internal', 'A mock handler failed.', { hint: 'See the cause.', cause: error });
}
