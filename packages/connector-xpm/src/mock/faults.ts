import { inPieces } from '@contact-sync/connector-kit/mock';
import { HttpResponse } from 'msw';
import { expired, forbidden, limited, limitHeaders, type Moment, unauthorized, xmlAnswer } from './answers.js';
import { errorBody } from './bodies.js';
import { compact } from './elements.js';

/** An answer that is given in place of the right one. */
export type Fault = (moment: Moment) => Response;

/** Faults to order with `fake.fault(…)`; they come after the fake has let the request in. */
export const faults = {
  tokenInvalid: (): Fault => (moment) => unauthorized(moment, 'AuthenticationUnsuccessful'),
  tokenExpired: (): Fault => (moment) => expired(moment, moment.now),
  scopeMissing: (): Fault => (moment) => unauthorized(moment, 'AuthorizationUnsuccessful'),
  forbidden:
    (detail?: string): Fault =>
    (moment) =>
      forbidden(moment, detail),
  /** `retryAfter` in seconds; null sends none, as for `concurrent` and `appminute`. */
  limited:
    (which: 'minute' | 'day' | 'appminute' | 'concurrent', retryAfter: number | null): Fault =>
    (moment) =>
      limited(moment, which, retryAfter),
  /** 500 without a body. */
  broken: (): Fault => (moment) => new HttpResponse(null, { status: 500, headers: headersOf(moment) }),
  /** 502 or 503 with the page of a proxy. */
  proxy:
    (status: 502 | 503): Fault =>
    (moment) =>
      page(moment, status),
  /** 503 of a maintenance, in JSON. */
  maintenance: (): Fault => (moment) =>
    new HttpResponse(JSON.stringify({ Title: 'Service Unavailable', Status: 503, Detail: 'ServiceNotAvailable' }), {
      status: 503,
      headers: { ...headersOf(moment), 'content-type': 'application/json' },
    }),
  /** The connection breaks before an answer. */
  reset: (): Fault => () => HttpResponse.error(),
  /** Only the first bytes come. `broken`: fewer than announced. `closed`: nothing was announced, the end looks right. */
  cut:
    (bytes: number, how: 'broken' | 'closed'): Fault =>
    (moment) => {
      const answer = xmlAnswer(moment, moment.body);
      const headers = new Headers(answer.headers);
      if (how === 'closed') headers.delete('content-length');
      return new HttpResponse(inPieces(moment.body.slice(0, bytes), 64 * 1024), { headers });
    },
  /** 200, and Practice Manager says no. */
  refused:
    (description = 'Invalid client identifier', status = 200): Fault =>
    (moment) => {
      return xmlAnswer(moment, new TextEncoder().encode(errorBody(description, compact)), { status });
    },
  /** 200 with a web page. */
  page: (): Fault => (moment) => page(moment, 200),
  /** 200 without a body. */
  empty: (): Fault => (moment) => xmlAnswer(moment, new Uint8Array()),
  /** A character or a reference that XML does not allow, in the first name. */
  badCharacter:
    (text: '\u000b' | '\u0000' | '&#x1F;' | '&#11;' = '\u000b'): Fault =>
    (moment) =>
      xmlAnswer(moment, replaced(moment.body, '<Name>', `<Name>${text}`)),
  /** ISO 8859-1, called UTF-8. */
  wrongCharset: (): Fault => (moment) =>
    xmlAnswer(moment, new Uint8Array(Buffer.from(new TextDecoder().decode(moment.body), 'latin1'))),
  /** The right answer, byte by byte. */
  drip: (): Fault => (moment) => new HttpResponse(inPieces(moment.body, 1), { headers: headersOf(moment) }),
  /** The first bytes, and then nothing until the other side gives up. */
  stall:
    (bytes: number): Fault =>
    (moment) => {
      const stream = new ReadableStream({ start: (controller) => controller.enqueue(moment.body.slice(0, bytes)) });
      return new HttpResponse(stream, { headers: headersOf(moment) });
    },
  /** Any 200 in XML. */
  body:
    (text: string): Fault =>
    (moment) =>
      xmlAnswer(moment, new TextEncoder().encode(text)),
} as const;

function headersOf(moment: Moment): Record<string, string> {
  return {
    'content-type': 'text/xml; charset=utf-8',
    'xero-correlation-id': moment.correlationId,
    ...limitHeaders(moment),
  };
}

function page(moment: Moment, status: number): Response {
  const html = '<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body><h1>Sorry</h1></body></html>\n';
  return new HttpResponse(html, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'xero-correlation-id': moment.correlationId },
  });
}

function replaced(bytes: Uint8Array, what: string, by: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(new TextDecoder().decode(bytes).replace(what, () => by));
}
