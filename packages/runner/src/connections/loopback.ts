import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ContactSyncError } from '@contact-sync/core';

export type Loopback = {
  /** The port it listens on. */
  readonly port: number;
  /** The whole address the browser was sent to, of the first request that belongs to this sign-in. */
  readonly redirected: Promise<string>;
  /** Resolves when nothing is left running. */
  close(): Promise<void>;
};

const path = '/callback';

export function redirectUriOf(port: number): string {
  return `http://localhost:${port}${path}`;
}

/**
 * Waits on a port that only this machine can reach for the browser's last step of a sign-in. Answers to anything else
 * (another path, a state that is not ours) are refused, and it goes on waiting.
 *
 * @param state gives what the answer must carry, once it is known
 */
export async function listenForRedirect(port: number, state: () => string | null): Promise<Loopback> {
  const { promise: redirected, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const address = answerOf(request, server.address(), state());
    if (address === null) return page(response, 404, 'This is not the answer that contact-sync is waiting for.');
    const denied = address.searchParams.has('error');
    page(
      response,
      200,
      denied
        ? 'Access was not allowed. You can close this page.'
        : 'contact-sync has the answer. You can close this page and go back to the terminal.',
    );
    response.once('close', () => resolve(address.href));
  });
  await new Promise<void>((listening, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => fail(cannotListen(port, cause)));
    server.listen(port, '127.0.0.1', listening);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    redirected,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** The address of a request, if it is the answer. Its name is checked too, against pages that point theirs at this machine. */
function answerOf(
  { method, url, headers }: IncomingMessage,
  listening: ReturnType<ReturnType<typeof createServer>['address']>,
  state: string | null,
): URL | null {
  const port = typeof listening === 'object' && listening !== null ? listening.port : 0;
  if (method !== 'GET' || ![`localhost:${port}`, `127.0.0.1:${port}`].includes(headers.host ?? '')) return null;
  const redirectUri = redirectUriOf(port);
  if (!URL.canParse(url ?? '', redirectUri)) return null;
  const address = new URL(url ?? '', redirectUri);
  if (address.origin !== new URL(redirectUri).origin || address.pathname !== path) return null;
  return state !== null && address.searchParams.get('state') === state ? address : null;
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>contact-sync</title><p>${text}</p></html>\n`,
  );
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): ContactSyncError {
  const problem = cause.code === 'EADDRINUSE' ? 'is in use by another program' : 'cannot be listened on';
  return new ContactSyncError('setting_invalid', `Port ${port} of this machine ${problem}.`, {
    hint: 'Choose another one with --redirect-port, and register its address with the vendor too.',
    cause,
  });
}
