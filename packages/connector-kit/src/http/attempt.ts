import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ContactSyncError } from '@contact-sync/core';
import type { Dispatcher } from 'undici';
import { answerOf } from './answer.js';
import { acceptEncoding, beginning, decodedBytes, isGzip } from './body.js';
import { cancelled, type Failure, failureOfBody, failureOfRequest, tooLarge } from './failure.js';
import { redirected } from './refusal.js';
import { openScope, type Scope } from './scope.js';
import type { ErrorAnswer, HeaderValues, HttpAnswer } from './types.js';

const errorBodyBytes = 64 * 1024;

export type AttemptSettings = {
  readonly transport: Dispatcher;
  readonly userAgent: string;
  readonly headers: () => HeaderValues | Promise<HeaderValues>;
  readonly deadlineMs: number;
  readonly maxBytes: number;
};

/** What is asked for; all tries send the same. */
export type Call = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** With POST only. */
  readonly body: {
    readonly text: string;
    readonly type: 'application/json' | 'application/x-www-form-urlencoded';
  } | null;
  /** Fit for an error's message; see `ErrorAnswer`. */
  readonly request: string;
};

/** One of the three: an answer, an answer that says no, or none that could be read. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'refused'; readonly answer: ErrorAnswer }
  | ({ readonly kind: 'failed' } & Failure);

/** Asks once. Resolves when the first bytes of the body are there: until then nothing was handed over. */
export async function attempt(
  call: Call,
  settings: AttemptSettings,
  signal: AbortSignal,
  token: string | null = null,
): Promise<Outcome> {
  const { method, url, body, request } = call;
  const signed = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = sendable({ ...(await settings.headers()), ...signed }, request);
  if (signal.aborted) return { kind: 'failed', error: cancelled(request), transient: false };

  const scope = openScope(signal, settings.deadlineMs);
  let response: Dispatcher.ResponseData;
  try {
    response = await scope.race(
      settings.transport.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        body: body?.text ?? null,
        headers: {
          ...headers,
          ...(body === null ? {} : { 'content-type': body.type }),
          'accept-encoding': acceptEncoding,
          'user-agent': settings.userAgent,
        },
        signal: scope.signal,
        // The scope has the one deadline; these are per chunk.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
    );
  } catch (error) {
    scope.close();
    return { kind: 'failed', ...failureOfRequest(error, request, scope) };
  }
  return await outcomeOf(response, { request, url, scope, maxBytes: settings.maxBytes });
}

async function outcomeOf(
  response: Dispatcher.ResponseData,
  context: { request: string; url: URL; scope: Scope; maxBytes: number },
): Promise<Outcome> {
  const { request, url, scope, maxBytes } = context;
  const status = response.statusCode;
  const headers = headersOf(response.headers);
  const bytes = guarded(response, headers, context);
  try {
    if (status >= 300 && status < 400) throw redirected(request, url, headers);
    if (status >= 400) {
      const body = await beginning(bytes, errorBodyBytes);
      if (scope.ended() === 'cancelled') throw cancelled(request);
      return { kind: 'refused', answer: { status, headers, body, request } };
    }
    if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(request, `more than ${maxBytes} bytes`);
    const first = await bytes.next();
    return { kind: 'answer', answer: answerOf({ status, headers, request }, bytes, first) };
  } catch (error) {
    release(response, scope);
    const known = failureOfBody(error, request, scope);
    return { kind: 'failed', error: known, transient: known.code === 'source_incomplete' };
  }
}

async function* guarded(
  response: Dispatcher.ResponseData,
  headers: Headers,
  context: { request: string; scope: Scope; maxBytes: number },
): AsyncGenerator<Uint8Array, void, void> {
  const { request, scope, maxBytes } = context;
  try {
    yield* decodedBytes(response.body, { gzip: isGzip(headers, request), maxBytes, request });
  } catch (error) {
    throw failureOfBody(error, request, scope);
  } finally {
    release(response, scope);
  }
}

/** Ends the connection, unless the body was read to its end: then it can be used again. */
function release(response: Dispatcher.ResponseData, scope: Scope): void {
  response.body.on('error', () => {
    // That we ended it ourselves is no news.
  });
  response.body.destroy();
  scope.close();
}

function headersOf(incoming: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming)) {
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

/** A token with a line break, straight from a file, is a common mistake; it is named here and not shown. */
function sendable(headers: HeaderValues, request: string): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new ContactSyncError(
        'setting_invalid',
        `The header ${name} of ${request} has a value that cannot be sent.`,
        {
          hint: 'Is there a line break, or a letter that is not plain, in the token or the setting it is made from?',
        },
      );
    }
    sent[name.toLowerCase()] = value;
  }
  return sent;
}
