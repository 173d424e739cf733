import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { canaries } from './canaries.js';
import type { System } from './systems.js';

/** The right answer of a system. */
export type Answer = { readonly status: number; readonly type: string; readonly body: Buffer };

/** What a fault has at hand. It writes to the socket what it likes, and ends it or not. */
export type Moment = {
  readonly right: Answer;
  /** Right answers to earlier requests for the list, oldest first. */
  readonly earlier: readonly Answer[];
  /** Where in a body the fault strikes, from 0 to 1. */
  readonly place: number;
  readonly socket: Socket;
  /** Another server on this machine, to which nothing may ever be sent. */
  readonly elsewhere: string;
  /** The right answer to the request for what follows. */
  following(): Promise<Answer>;
};
export type Wire = (moment: Moment) => void | Promise<void>;

/** What is ordered for one case. */
export type Orders = {
  /** What is done to a request, counted from 0; null: it gets its right answer. */
  fault(index: number): Wire | null;
  readonly place: number;
  /** Whether the system has changed by now. */
  changed(index: number): boolean;
  /** The token that is good for a request, and what the sign-in server does. */
  readonly tokens: Tokens | null;
};

export type Tokens = { readonly endsAt: number; readonly exchange: (fresh: Readonly<Record<string, unknown>>) => Wire };

export type FaultServer = {
  readonly url: string;
  requests(): number;
  /** Connections that reached the other server. */
  strays(): number;
  close(): Promise<void>;
};

/** Stands before a fake, passes requests on, and answers some of them as it is ordered. */
export async function faultServer(
  system: System,
  fakes: readonly [string, string],
  orders: Orders,
): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const earlier: Answer[] = [];
  let requests = 0;
  let strays = 0;
  let renewed = false;
  const foreign = await listening(() => {
    strays += 1;
  }, sockets);
  const faulty = await listening(undefined, sockets, async (incoming, body) => {
    const { socket } = incoming;
    const path = incoming.url ?? '';
    const base = {
      earlier,
      place: orders.place,
      socket,
      elsewhere: foreign.url,
      following: () => ask(path, body, true),
    };
    const index = requests;
    if (orders.tokens !== null && /\/token(\?|$)/.test(path)) {
      renewed = true;
      const right = { status: 200, type: 'application/json', body: Buffer.alloc(0) };
      const fresh = { access_token: canaries.freshSecret, token_type: 'Bearer', expires_in: 1800 };
      return await orders.tokens.exchange(fresh)({ ...base, right });
    }
    requests += 1;
    async function ask(its: string, text: Buffer, next: boolean): Promise<Answer> {
      const call = next ? system.following(its, text) : { path: its, body: text };
      const fake = fakes[orders.changed(index) ? 1 : 0];
      return await askFake(`${fake}${call.path}`, incoming, call.body, system);
    }
    const ended = orders.tokens !== null && index >= orders.tokens.endsAt && !renewed;
    const right = ended ? refusedToken : await ask(path, body, false);
    const fault = ended ? null : orders.fault(index);
    if (fault !== null) await fault({ ...base, right });
    else write(socket, right);
    if (system.isList(path)) earlier.push(right);
  });
  return {
    url: faulty.url,
    requests: () => requests,
    strays: () => strays,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([faulty.close(), foreign.close()]);
    },
  };
}

const refusedToken: Answer = {
  status: 401,
  type: 'application/json',
  body: Buffer.from(JSON.stringify({ error: 'invalid_token', Detail: 'TokenExpired', token: canaries.secret })),
};

async function askFake(url: string, incoming: IncomingMessage, body: Buffer, system: System): Promise<Answer> {
  const headers = system.translate({ ...incoming.headers, connection: 'close' });
  return await new Promise<Answer>((resolve, reject) => {
    const asked = httpRequest(
      url,
      { method: incoming.method, headers: { ...headers, 'content-length': body.byteLength } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const type = response.headers['content-type'] ?? '';
          resolve({ status: response.statusCode ?? 0, type, body: system.decorate(Buffer.concat(chunks)) });
        });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

async function listening(
  onConnection: (() => void) | undefined,
  sockets: Set<Socket>,
  onRequest?: (incoming: IncomingMessage, body: Buffer) => Promise<void>,
) {
  const server = createServer((incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A fault may have broken the connection; then there is nobody to tell.
    incoming.on('error', () => incoming.socket.destroy());
    incoming.on('end', () => {
      onRequest?.(incoming, Buffer.concat(chunks)).catch(() => incoming.socket.destroy());
    });
  });
  server.on('connection', (socket: Socket) => {
    onConnection?.();
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

type Head = { readonly status?: number; readonly headers?: Readonly<Record<string, string | number>> };

export function head({ status = 200, headers = {} }: Head): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} As ordered\r\nconnection: close\r\n${lines.join('')}\r\n`;
}

/** A whole answer, and the end of the connection. */
export function write(socket: Socket, answer: Answer, headers: Head['headers'] = {}): void {
  const { status, type, body } = answer;
  socket.write(head({ status, headers: { 'content-type': type, 'content-length': body.byteLength, ...headers } }));
  socket.end(body);
}
