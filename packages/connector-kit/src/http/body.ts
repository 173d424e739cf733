import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { tooLarge, unreadable } from './failure.js';

/** Content codings are undone by us, one at most: chained ones have been used to blow up clients. */
export const acceptEncoding = 'gzip, identity';

/** True for gzip, false for none. */
export function isGzip(headers: Headers, request: string): boolean {
  const coding = (headers.get('content-encoding') ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return false;
  if (coding === 'gzip' || coding === 'x-gzip') return true;
  throw unreadable(request, 'it is compressed in a way that was not asked for');
}

/** The decompressed bytes, at most `maxBytes` of them and from at most `maxBytes` of the wire. */
export async function* decodedBytes(
  wire: Readable,
  options: { gzip: boolean; maxBytes: number; request: string },
): AsyncGenerator<Uint8Array, void, void> {
  const { gzip, maxBytes, request } = options;
  const limited = (source: AsyncIterable<Uint8Array>) => limit(source, maxBytes, request);
  if (!gzip) {
    yield* limited(wire);
    return;
  }
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // Both sides are limited: a stream of empty gzip members has no decoded size.
  pipeline(wire, limited, gunzip, () => {
    // The error arrives where the bytes are read, below.
  });
  yield* limited(gunzip);
}

async function* limit(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  request: string,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(request, `more than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** The text of UTF-8 bytes, however they are cut. Anything else is an error: a wrong letter in a name is worse. */
export async function* decodedText(
  bytes: AsyncIterable<Uint8Array>,
  headers: Headers,
  request: string,
): AsyncGenerator<string, void, void> {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  if (!/^(utf-?8|(us-)?ascii)$/i.test(charset)) throw unreadable(request, 'it is not in UTF-8');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytes) yield* piece(() => decoder.decode(chunk, { stream: true }), request);
  yield* piece(() => decoder.decode(), request);
}

function* piece(decode: () => string, request: string): Generator<string> {
  let text: string;
  try {
    text = decode();
  } catch {
    // Its only error, and it says nothing but that.
    throw unreadable(request, 'it is not in UTF-8');
  }
  if (text !== '') yield text;
}

/** The beginning of an error's body, for its message. */
export async function beginning(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.byteLength;
      if (size >= maxBytes) break;
    }
  } catch {
    // The status says that the request failed; what can be read of the explanation is enough.
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
