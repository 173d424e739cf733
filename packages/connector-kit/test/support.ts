import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import { inspect } from 'node:util';
import { ContactSyncError } from '@contact-sync/core';
import { expect, onTestFinished } from 'vitest';
import { type HttpClient, type HttpSettings, httpClient } from '../src/index.js';
import { canary } from './canary.js';

export { canary };

export const secretHeaders = { authorization: `Bearer ${canary}`, 'x-api-key': canary, 'xero-tenant-id': canary };

/** Time stands still in tests. */
export const now = new Date('2026-03-01T10:00:00.000Z');

/** For `expect.poll` of what the other side of a connection sees: a busy machine takes its time. */
export const patience = { timeout: 20_000 };

export type Listening = { readonly url: string; readonly sockets: () => number; readonly requests: () => number };

/** A client whose waits take no time; `waits` has what it would have waited. */
export function clientOf(
  origins: string[],
  settings: Partial<HttpSettings> = {},
): { client: HttpClient; waits: number[] } {
  const waits: number[] = [];
  const client = httpClient({
    origins,
    userAgent: 'contact-sync-test/1',
    headers: () => secretHeaders,
    now: () => now,
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
    },
    ...settings,
  });
  return { client, waits };
}

export function anySignal(): AbortSignal {
  return new AbortController().signal;
}

/** The error that some work must end with; nothing in it may hold the canary. */
export async function fault(work: Promise<unknown> | (() => Promise<unknown>)): Promise<ContactSyncError> {
  const error = await (typeof work === 'function' ? work() : work).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ContactSyncError.is(error)) throw new Error(`expected a ContactSyncError, got ${inspect(error)}`);
  const shown = [error.message, error.hint, error.stack, JSON.stringify(error), inspect(error, { depth: 10 })];
  expect(shown.join('\n')).not.toMatch(/canary/i);
  return error;
}

/** An HTTP server on loopback that is gone after the test. */
export async function web(listener: RequestListener): Promise<Listening> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  return { ...(await listen(server)), requests: () => requests };
}

/** Sockets on loopback, for answers that node:http would not give. */
export async function raw(onRequest: (socket: Socket) => void): Promise<Listening> {
  let requests = 0;
  const server = createSocketServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      requests += 1;
      onRequest(socket);
    });
  });
  return { ...(await listen(server)), requests: () => requests };
}

async function listen(server: Server | SocketServer): Promise<Omit<Listening, 'requests'>> {
  const open = new Set<Socket>();
  let sockets = 0;
  server.on('connection', (socket: Socket) => {
    sockets += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets: () => sockets };
}
