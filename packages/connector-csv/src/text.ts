import { unreadable } from './errors.js';
import type { CsvOptions } from './settings.js';

type Encoding = CsvOptions['encoding'];

const marks: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const workbooks = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
] as const;
const sniffed = 4;

/**
 * Bytes as text, as they come. A byte order mark says how they are encoded; without one, `encoding` does. Nothing is
 * ever guessed: bytes that do not fit are an error that names the line.
 */
export async function* textOf(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string, void> {
  let decode: ReturnType<typeof decoder> | undefined;
  let first = new Uint8Array();
  for await (const piece of bytes) {
    if (decode !== undefined) {
      yield decode(piece);
      continue;
    }
    first = Buffer.concat([first, piece]);
    if (first.length < sniffed) continue;
    decode = decoder(first, encoding);
    yield decode(first);
  }
  decode ??= decoder(first, encoding);
  if (first.length < sniffed) yield decode(first);
  yield decode();
}

function decoder(first: Uint8Array, given: Encoding) {
  const begins = (mark: readonly number[]) => mark.every((byte, index) => first[index] === byte);
  if (workbooks.some(begins)) {
    throw unreadable('is a workbook, and not CSV', 'Save it from the spreadsheet as "CSV UTF-8" and sync that file.');
  }
  const encoding = marks.find(([, mark]) => begins(mark))?.[0] ?? given;
  const text = new TextDecoder(encoding, { fatal: true });
  let line = 1;

  /** Without bytes: the end. */
  return (bytes?: Uint8Array): string => {
    let decoded: string;
    try {
      decoded = bytes === undefined ? text.decode() : text.decode(bytes, { stream: true });
    } catch {
      const where = line + (encoding === 'utf-8' && bytes !== undefined ? linesBefore(bytes) : 0);
      const hint =
        'Save it as "CSV UTF-8", or say how it is encoded: encoding=windows-1252 for most files of older Excels.';
      throw unreadable(`holds bytes that are not ${encoding.toUpperCase()}, on line ${where} or after it`, hint);
    }
    const nothing = decoded.indexOf('\0');
    if (nothing >= 0) {
      const where = line + newlines(decoded.slice(0, nothing));
      const hint = 'If it is UTF-16 without a byte order mark, say so: encoding=utf-16le.';
      throw unreadable(`holds a null character on line ${where}`, hint);
    }
    line += newlines(decoded);
    return decoded;
  };
}

/** Lines before the first byte that is not UTF-8. Its first bytes may belong to a character of the piece before. */
function linesBefore(bytes: Uint8Array): number {
  const loose = new TextDecoder().decode(bytes);
  return newlines(loose.slice(0, Math.max(0, loose.indexOf('\ufffd', 3))));
}

export function newlines(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
