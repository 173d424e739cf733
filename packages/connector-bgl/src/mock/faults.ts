import { inPieces } from '@contact-sync/connector-kit/mock';
import { HttpResponse } from 'msw';
import {
  bytesAnswer,
  headersOf,
  jsonAnswer,
  type LimitProblem,
  limited,
  type Moment,
  notAccessible,
  refusal,
  scopeMissing,
  tokenInvalid,
} from './answers.js';
import type { Json } from './json.js';

/** An answer that is given in place of the right one. */
export type Fault = (moment: Moment) => Response;

/** Faults to order with `fake.fault(…)`; they come after the fake has let the request in. */
export const faults = {
  /** 401, in the form of OAuth; it repeats the token. */
  tokenInvalid: (): Fault => tokenInvalid,
  /** 401, in BGL's own form: not the token's fault. */
  notAccessible: (): Fault => (moment) => jsonAnswer(moment, notAccessible, 401),
  scopeMissing: (): Fault => scopeMissing,
  /** `retryAfter` in seconds. */
  limited:
    (which: LimitProblem, retryAfter?: number): Fault =>
    (moment) =>
      limited(moment, which, retryAfter ?? null),
  /** 429 without a word. */
  limitedSilently: (): Fault => (moment) => new HttpResponse(null, { status: 429, headers: headersOf(moment) }),
  /** Any status in BGL's own form. */
  refused:
    (status: number, message: string): Fault =>
    (moment) =>
      jsonAnswer(moment, refusal(status, message), status),
  /** 500 in the form of Spring. */
  broken: (): Fault => (moment) => {
    const body = { timestamp: 1, status: 500, error: 'Internal Server Error', message: 'No message available' };
    return jsonAnswer(moment, { ...body, path: moment.path }, 500);
  },
  /** 502 or 503 with the page of a proxy. */
  proxy:
    (status: 502 | 503): Fault =>
    (moment) =>
      page(moment, status),
  /** The connection breaks before an answer. */
  reset: (): Fault => () => HttpResponse.error(),
  /** Only the first bytes come. `broken`: fewer than announced. `closed`: nothing was announced, the end looks right. */
  cut:
    (bytes: number, how: 'broken' | 'closed'): Fault =>
    (moment) => {
      const headers = new Headers(bytesAnswer(moment, moment.body).headers);
      if (how === 'closed') headers.delete('content-length');
      return new HttpResponse(inPieces(moment.body.slice(0, bytes), 64 * 1024), { headers });
    },
  /** 200 with a web page, which shows the token as some proxies do. */
  page: (): Fault => (moment) => page(moment, 200),
  /** 200 without a body. */
  empty: (): Fault => (moment) => bytesAnswer(moment, new Uint8Array()),
  /** ISO 8859-1, called UTF-8. */
  wrongCharset: (): Fault => (moment) =>
    bytesAnswer(moment, new Uint8Array(Buffer.from(new TextDecoder().decode(moment.body), 'latin1'))),
  /** The right answer, byte by byte. */
  drip: (): Fault => (moment) => new HttpResponse(inPieces(moment.body, 1), { headers: headersOf(moment) }),
  /** The first bytes, and then nothing until the other side gives up. */
  stall:
    (bytes: number): Fault =>
    (moment) => {
      const stream = new ReadableStream({ start: (controller) => controller.enqueue(moment.body.slice(0, bytes)) });
      return new HttpResponse(stream, { headers: headersOf(moment) });
    },
  /** Any 200 in JSON. */
  body:
    (body: Json): Fault =>
    (moment) =>
      jsonAnswer(moment, body),
} as const;

function page(moment: Moment, status: number): Response {
  const html = `<!DOCTYPE html>\n<html><body><h1>Sorry</h1><pre>Authorization: Bearer ${moment.token}</pre></body></html>\n`;
  return new HttpResponse(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
