import { HttpError } from './errors.js';

/** In bytes. */
const largest = 1024 * 1024;

/**
 * The JSON that was sent, no more of it than is allowed; nothing is an empty object.
 *
 * @throws HttpError `usage`
 */
export async function jsonBody({ headers, body }: Request): Promise<unknown> {
  if (Number(headers.get('content-length') ?? 0) > largest) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > largest) throw tooLarge();
    pieces.push(piece);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)));
  } catch {
    throw new HttpError(422, 'usage', 'The body is no JSON.', 'Send JSON in UTF-8.');
  }
}

function tooLarge(): HttpError {
  return new HttpError(413, 'usage', 'The request is too large.', 'It may have 1 MB at most.');
}
