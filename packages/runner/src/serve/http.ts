import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContactSyncError } from '@contact-sync/core';
import type { Metrics } from './metrics.js';
import type { Service } from './service.js';

export type Listen = { readonly host: string; readonly port: number };

export type Listening = { readonly url: string; readonly close: () => Promise<void> };

/** `127.0.0.1:8484`, `[::1]:8484`. @throws ContactSyncError `setting_invalid` */
export function parseListen(text: string): Listen {
  const [, six, four, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? four;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new ContactSyncError('setting_invalid', `"${text.slice(0, 80)}" is no address to listen on.`, {
    hint: 'Write it as 127.0.0.1:8484 or [::1]:8484. 0.0.0.0 is open to the network: put something before it that asks who comes.',
  });
}

/** Whether only this machine can reach it. */
export function isLoopback({ host }: Listen): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Answers everything else, where there is something else: the page. */
type Others = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers `/healthz` and `/metrics`, where there are any, which take no input, and leaves the rest to others. */
export async function listen(
  { host, port }: Listen,
  service: Pick<Service, 'status' | 'problems'>,
  metrics: Metrics | null,
  now: () => number,
  others: Others | null = null,
): Promise<Listening> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
    const path = request.url?.split('?')[0];
    const isOurs = path === '/healthz' || (path === '/metrics' && metrics !== null);
    if (!isOurs && others !== null) return others(request, response);
    // Whatever is sent with a request is not read.
    request.resume();
    if (!isOurs) return answer(response, 404, 'There is no such page.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answer(response, 405, 'Only GET.\n');
    }
    if (path === '/healthz' || metrics === null) return health(response, service.problems());
    metrics.text(service, now()).then(
      (text) => answer(response, 200, text, metrics.contentType),
      () => answer(response, 500, 'The metrics could not be made.\n'),
    );
  });
  // Each open page keeps one for what happens.
  server.maxConnections = others === null ? 64 : 512;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(notFree(`${host}:${port}`, error)));
    server.listen(port, host, resolve);
  });
  const { port: real, address, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${real}`, close: () => closed(server) };
}

function health(response: ServerResponse, problems: readonly string[]): void {
  const ok = problems.length === 0;
  answer(response, ok ? 200 : 503, `${JSON.stringify({ ok, problems })}\n`, 'application/json');
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

async function closed(server: Server): Promise<void> {
  const end = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await end;
}

function notFree(where: string, cause: NodeJS.ErrnoException): ContactSyncError {
  return new ContactSyncError('setting_invalid', `Nothing can listen on ${where} (${cause.code}).`, {
    hint: 'Another program listens there perhaps. Choose another address with --listen.',
    cause,
  });
}
