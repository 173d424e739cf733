import { inPieces } from '@contact-sync/connector-kit/mock';
import { HttpResponse } from 'msw';

/** What an answer needs to know of the request. */
export type Moment = {
  readonly page: number;
  /** The answer as it would be. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The answer to the same request for another page. */
  bodyOf(page: number): Uint8Array<ArrayBuffer>;
};

/** An answer that is given in place of the right one. */
export type Fault = (moment: Moment) => Response;

/** Faults to order with `fake.fault(…)`; they come after the fake has let the request in. */
export const faults = {
  /** 401, with what FYI says about it. */
  keysRefused: (): Fault => () => jsonAnswer({ message: 'Unauthorized' }, 401),
  forbidden: (): Fault => () => jsonAnswer({ error: { message: 'API access is not enabled for this plan' } }, 403),
  /** Seconds, a date, or null for none. */
  limited:
    (retryAfter: number | string | null): Fault =>
    () =>
      jsonAnswer(
        { message: 'Too Many Requests' },
        429,
        retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
      ),
  /** 500 without a body. */
  broken: (): Fault => () => new HttpResponse(null, { status: 500 }),
  /** 502 or 503 with the page of a proxy. */
  proxy:
    (status: 502 | 503): Fault =>
    () =>
      page(status),
  /** 404, as a resource that is not there. */
  absent: (): Fault => () => jsonAnswer({ message: 'Not Found' }, 404),
  /** The connection breaks before an answer. */
  reset: (): Fault => () => HttpResponse.error(),
  /** Only the first bytes come. `broken`: fewer than announced. `closed`: nothing was announced, the end looks right. */
  cut:
    (bytes: number, how: 'broken' | 'closed'): Fault =>
    ({ body }) => {
      const headers = { 'content-type': 'application/json', 'content-length': String(body.byteLength) };
      const { 'content-length': _, ...without } = headers;
      return new HttpResponse(inPieces(body.slice(0, bytes), 64 * 1024), {
        headers: how === 'closed' ? without : headers,
      });
    },
  /** 200, and FYI says no. */
  refused:
    (error: unknown = 'Something went wrong'): Fault =>
    () =>
      jsonAnswer({ error }, 200),
  /** 200 with a web page. */
  page: (): Fault => () => page(200),
  /** 200 without a body. */
  empty: (): Fault => () => jsonBytes(new Uint8Array(), 200),
  /** ISO 8859-1, called UTF-8. */
  wrongCharset:
    (): Fault =>
    ({ body }) =>
      jsonBytes(
        new Uint8Array(Buffer.from(new TextDecoder().decode(body).replace('"name":"', '"name":"é'), 'latin1')),
        200,
      ),
  /** The right answer, byte by byte. */
  drip:
    (): Fault =>
    ({ body }) =>
      new HttpResponse(inPieces(body, 1), { headers: { 'content-type': 'application/json' } }),
  /** The first bytes, and then nothing until the other side gives up. */
  stall:
    (bytes: number): Fault =>
    ({ body }) => {
      const stream = new ReadableStream({ start: (controller) => controller.enqueue(body.slice(0, bytes)) });
      return new HttpResponse(stream, { headers: { 'content-type': 'application/json' } });
    },
  /** The right answer, with another name for a field wherever it stands. */
  renamed:
    (from: string, to: string): Fault =>
    ({ body }) => {
      const text = new TextDecoder().decode(body).replaceAll(`"${from}":`, `"${to}":`);
      return jsonBytes(new TextEncoder().encode(text), 200);
    },
  /** The answer to the first page, whichever was asked for. */
  firstPage:
    (): Fault =>
    ({ bodyOf }) =>
      jsonBytes(bodyOf(1), 200),
  /** Any 200 in JSON. */
  body:
    (text: string): Fault =>
    () =>
      jsonBytes(new TextEncoder().encode(text), 200),
} as const;

export function jsonAnswer(body: unknown, status: number, headers: Record<string, string> = {}): Response {
  return jsonBytes(new TextEncoder().encode(JSON.stringify(body)), status, headers);
}

export function jsonBytes(
  bytes: Uint8Array<ArrayBuffer>,
  status: number,
  headers: Record<string, string> = {},
): Response {
  return new HttpResponse(bytes, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.byteLength),
      ...headers,
    },
  });
}

function page(status: number): Response {
  const html = '<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body><h1>Sorry</h1></body></html>\n';
  return new HttpResponse(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
