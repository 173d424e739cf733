import { ContactSyncError } from '@contact-sync/core';
import { getResponse, isPassthroughResponse, type RequestHandler } from 'msw';

/** Of one connection only, so not for handlers; the other side sees its own. */
const hopByHop = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
]);

export type Incoming = {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: NonNullable<RequestInit['body']> | null;
  readonly signal: AbortSignal;
};

/** What a handler made of a request. `reset`: the connection breaks before an answer. */
export type Exchange =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'reset' }
  | { readonly kind: 'unhandled' };

/** Asks the handlers, as they are now. A handler that throws throws here. */
export async function exchange(handlers: readonly RequestHandler[], incoming: Incoming): Promise<Exchange> {
  const headers = new Headers();
  for (const [name, value] of incoming.headers) if (!hopByHop.has(name.toLowerCase())) headers.append(name, value);
  const { method, url, body, signal } = incoming;
  const request = new Request(url, { method, headers, signal, ...(body === null ? {} : { body, duplex: 'half' }) });

  const response = await getResponse([...handlers], request);
  if (response === undefined || isPassthroughResponse(response)) return { kind: 'unhandled' };
  return response.type === 'error' ? { kind: 'reset' } : { kind: 'answer', response };
}

/** The answer's headers as they go on the wire: an answer without a body has a length of 0 where HTTP allows one. */
export function wireHeaders(response: Response): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  const none = response.status === 204 || response.status === 304;
  if (response.body === null && !none) headers['content-length'] ??= '0';
  return headers;
}

/** The answer's bytes. Throws where the body fails, or is not as long as its `content-length` says. */
export async function* wireBody(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const stated = response.headers.get('content-length');
  let size = 0;
  if (response.body !== null) {
    const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
    // Only a cancelled reader gives up a piece that it waits for.
    const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        size += step.value.byteLength;
        if (stated !== null && size > Number(stated)) break;
        yield step.value;
      }
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
    }
  }
  if (stated !== null && size !== Number(stated))
    throw new Error('The body is not as long as its content-length says.');
}

export function unhandled(method: string, url: string): ContactSyncError {
  const { origin, pathname } = new URL(url);
  return new ContactSyncError('internal', `No mock handler answers ${method} ${origin}${pathname}.`, {
    hint: 'Add a handler for it; nothing was sent to the network.',
  });
}
