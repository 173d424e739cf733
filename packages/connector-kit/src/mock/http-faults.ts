import { gzipSync } from 'node:zlib';
import type { SourceFault } from '@contact-sync/core/testing';

/** An answer in place of the right one, whose body it is given. */
export type HttpFault = (body: Uint8Array<ArrayBuffer>) => Response;

/** Those that only the system's own form can tell. */
type OwnFault = 'refused' | 'repeats' | 'next_elsewhere';

/** Of white space, more than the default of `HttpSettings.maxBytes`. */
const bombMiB = 40;

/**
 * The faults of the conformance kit, as systems behind HTTP have them. Each error answer repeats the secret, as proxies do
 * that show the request they could not pass on.
 *
 * @param type the `content-type` of right answers
 */
export function httpFaults(secret: string, type: string): Readonly<Record<Exclude<SourceFault, OwnFault>, HttpFault>> {
  const page = (status: number, headers: Readonly<Record<string, string>> = {}): HttpFault => {
    const html = `<!DOCTYPE html>\n<html><pre>Authorization: Bearer ${secret}</pre></html>\n`;
    return () => new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
  };
  const answer = (
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
    headers: Readonly<Record<string, string>> = {},
  ): Response => new Response(body, { headers: { 'content-type': type, ...headers } });
  const half = (body: Uint8Array<ArrayBuffer>) => body.slice(0, body.byteLength >> 1);

  return {
    unauthorized: page(401),
    expired: page(401, { 'www-authenticate': 'Bearer error="invalid_token"' }),
    forbidden: page(403),
    absent: page(404),
    unavailable: page(503),
    unavailable_once: page(503),
    limited: page(429),
    limited_once: page(429, { 'retry-after': '2' }),
    limited_long: page(429, { 'retry-after': '172800' }),
    reset: () => Response.error(),
    reset_once: () => Response.error(),
    cut: (body) => answer(half(body)),
    broken_off: (body) => answer(half(body), { 'content-length': String(body.byteLength) }),
    garbage: page(200),
    empty: () => answer(null),
    charset: (body) => answer(withByte(body, 0xe9)),
    oversized: (body) => answer(half(body), { 'content-length': String(10 ** 12) }),
    bomb: (body) => answer(bombOf(body), { 'content-encoding': 'gzip' }),
    redirect: page(302, { location: 'https://elsewhere.example/' }),
    hang: () => answer(streamOf([], 'open')),
    stall: (body) => answer(streamOf([half(body)], 'open')),
    slow: (body) =>
      answer(
        streamOf(
          Array.from(body, (byte) => Uint8Array.of(byte)),
          'closed',
        ),
      ),
  };
}

/** In the first name of the kit's people, or in the middle where there is none: no character of UTF-8 begins so. */
function withByte(body: Uint8Array<ArrayBuffer>, byte: number): Uint8Array<ArrayBuffer> {
  const found = Buffer.from(body).indexOf('Canary');
  const at = found < 0 ? body.byteLength >> 1 : found;
  return new Uint8Array(Buffer.concat([body.slice(0, at), Buffer.of(byte), body.slice(at)]));
}

/** The right answer with much white space before its last bracket. Gzip may be written in parts, one after the other. */
function bombOf(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const last = Math.max(...['<', '}', ']'].map((bracket) => body.lastIndexOf(bracket.charCodeAt(0))));
  const space = gzipSync(Buffer.alloc(1024 ** 2, ' '));
  const parts = [gzipSync(body.slice(0, last)), ...new Array(bombMiB).fill(space), gzipSync(body.slice(last))];
  return new Uint8Array(Buffer.concat(parts));
}

function streamOf(pieces: readonly Uint8Array<ArrayBuffer>[], end: 'open' | 'closed'): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[at];
      at += 1;
      if (piece !== undefined) controller.enqueue(piece);
      else if (end === 'closed') controller.close();
      // Nothing more, and no end.
      else return new Promise<void>(() => {});
    },
  });
}
