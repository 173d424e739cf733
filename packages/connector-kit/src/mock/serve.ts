import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ContactSyncError } from '@contact-sync/core';
import type { RequestHandler } from 'msw';
import { exchange, unhandled, wireBody, wireHeaders } from './exchange.js';

export type MockServer = {
  /** Where it listens, without a slash at the end: `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Ends open connections too, and resolves when nothing is left running. */
  close(): Promise<void>;
};

/**
 * Serves msw handlers on a port of this machine that only this machine can reach, so that whole programs can use them.
 * The handlers are written for the vendor's true addresses: a request for `/a?b` is shown to them as one for
 * `${origin}/a?b`. What no handler answers gets status 501, a handler that throws 500, both with a JSON body;
 * `HttpResponse.error()` and a body that fails break the connection.
 *
 * @param options `origin`: scheme and host the handlers are written for; `port`: 0, the default, takes a free one
 */
export async function serveMock(
  handlers: readonly RequestHandler[],
  options: { readonly origin: string; readonly port?: number | undefined },
): Promise<MockServer> {
  if (URL.parse(options.origin)?.origin !== options.origin) throw unusable(`The origin ${options.origin} is not one`);
  const running = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    const work = answer(handlers, options.origin, incoming, outgoing).finally(() => running.delete(work));
    running.add(work);
  });
  const asked = options.port ?? 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(unusable(`Port ${asked} is not free (${error.code})`)),
    );
    server.listen(asked, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, ...running]);
    },
  };
}

function unusable(fault: string): ContactSyncError {
  return new ContactSyncError('setting_invalid', `${fault}.`, {
    hint: 'An origin is like https://api.example.com. Port 0 takes any port that is free.',
  });
}

async function answer(
  handlers: readonly RequestHandler[],
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const method = incoming.method ?? 'GET';
  try {
    const result = await exchange(handlers, {
      method,
      url: `${origin}${incoming.url}`,
      headers: pairs(incoming.rawHeaders),
      body: method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(incoming) as ReadableStream),
      signal: gone.signal,
    });
    if (result.kind === 'reset') return void incoming.socket.resetAndDestroy();
    if (result.kind === 'unhandled') return explain(outgoing, 501, unhandled(method, `${origin}${incoming.url}`));
    await send(result.response, method, outgoing, gone.signal);
  } catch (error) {
    // After the headers it is told by the connection, which `pipeline` broke.
    if (!outgoing.headersSent && !gone.signal.aborted) explain(outgoing, 500, error);
  }
}

async function send(response: Response, method: string, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  outgoing.writeHead(response.status, response.statusText, wireHeaders(response));
  if (method === 'HEAD' || response.body === null) {
    outgoing.end();
    return;
  }
  // The first bytes may be long in coming; a real server sends its headers before.
  outgoing.flushHeaders();
  await pipeline(Readable.from(wireBody(response, gone), { objectMode: false }), outgoing);
}

function explain(outgoing: ServerResponse, status: number, error: unknown): void {
  const body = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}

function* pairs(raw: readonly string[]): Generator<[string, string]> {
  for (let at = 0; at + 1 < raw.length; at += 2) yield [raw[at] ?? '', raw[at + 1] ?? ''];
}
