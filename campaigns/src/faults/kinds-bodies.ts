import { gzipSync } from 'node:zlib';
import { canaries } from './canaries.js';
import type { Kind } from './kinds.js';
import { type Answer, head, type Moment, type Wire, write } from './server.js';
import { systems } from './systems.js';

const from = (name: string, wire: Wire, outcome: Kind['outcome']): Kind => ({ name, strikes: 'from', wire, outcome });
const once = (name: string, wire: Wire): Kind => ({ name, strikes: 'once', wire, outcome: 'passes' });

/** The right answer, changed. */
const changed =
  (change: (body: Buffer, moment: Moment) => Buffer, more: Partial<Answer> = {}, headers = {}): Wire =>
  (moment) =>
    write(moment.socket, { ...moment.right, ...more, body: change(moment.right.body, moment) }, headers);
const instead = (text: string, more: Partial<Answer> = {}): Wire => changed(() => Buffer.from(text), more);
const gzip = { 'content-encoding': 'gzip' };
const at = (body: Buffer, { place }: Moment) => Math.min(Math.round(place * body.byteLength), body.byteLength - 1);
const inserted =
  (bytes: Buffer) =>
  (body: Buffer, moment: Moment): Buffer =>
    Buffer.concat([body.subarray(0, at(body, moment)), bytes, body.subarray(at(body, moment))]);

const html = `<!DOCTYPE html>\n<html><body>Sign in, ${canaries.secret}, ${canaries.taxNumber}</body></html>`;
const space = gzipSync(Buffer.alloc(4 * 1024 ** 2, ' '));
/** Each connector's cap, and more: 32 MiB for FYI, 128 for BGL. Xero's 1 GiB is cut short by the longest gap in XML. */
const bombParts = 34;

function bombOf(body: Buffer): Buffer {
  const last = Math.max(...['<', '}', ']'].map((bracket) => body.lastIndexOf(bracket)));
  const parts = new Array<Buffer>(bombParts).fill(space);
  return Buffer.concat([gzipSync(body.subarray(0, last)), ...parts, gzipSync(body.subarray(last))]);
}

export const bodies: readonly Kind[] = [
  once(
    'packed with gzip',
    changed((body) => gzipSync(body), {}, gzip),
  ),
  once('packed with gzip in two parts', (moment) => {
    const { body } = moment.right;
    const middle = at(body, moment);
    const parts = [body.subarray(0, middle), body.subarray(middle)].map((part) => gzipSync(part));
    write(moment.socket, { ...moment.right, body: Buffer.concat(parts) }, gzip);
  }),
  from(
    'packed, and damaged',
    changed(
      (body, { place }) => {
        const packed = gzipSync(body);
        // The way it is packed, the kind of its first part, or the sum at its end.
        const [index, byte] = place < 0.3 ? [2, 0] : place < 0.7 ? [10, 0xff] : [packed.byteLength - 8, 0];
        packed.fill(byte === 0 ? (packed[index] ?? 0) ^ 0xff : byte, index, index + 1);
        return packed;
      },
      {},
      gzip,
    ),
    'source_unreadable',
  ),
  from(
    'packed, and cut',
    changed(
      (body, { place }) => {
        const packed = gzipSync(body);
        return packed.subarray(0, 12 + Math.round(place * (packed.byteLength - 14)));
      },
      {},
      gzip,
    ),
    'source_incomplete',
  ),
  from(
    'not packed, and said to be',
    changed((body) => body, {}, gzip),
    'source_unreadable',
  ),
  from(
    'packed twice',
    changed((body) => gzipSync(gzipSync(body)), {}, { 'content-encoding': 'gzip, gzip' }),
    'source_unreadable',
  ),
  from(
    'packed with brotli',
    changed((body) => body, {}, { 'content-encoding': 'br' }),
    'source_unreadable',
  ),
  from('a bomb', changed(bombOf, {}, gzip), {
    fyi: 'source_too_large',
    bgl: 'source_too_large',
    xpm: 'source_unreadable',
  }),
  from(
    'a terabyte is announced',
    ({ socket, right }) =>
      void socket.write(head({ headers: { 'content-type': right.type, 'content-length': 10 ** 12 } })),
    'source_too_large',
  ),

  from('a web page', instead(html, { type: 'text/html' }), 'source_unreadable'),
  from('a web page that is called an answer', instead(html), 'source_unreadable'),
  from('an empty body', instead(''), 'source_unreadable'),
  from('only white space', instead(' \r\n '), 'source_unreadable'),
  from('status 204', ({ socket }) => void socket.end(head({ status: 204 })), 'source_unreadable'),
  from('the word null', instead('null'), 'source_unreadable'),
  from('a word', instead('OK'), 'source_unreadable'),
  from('another object', instead('{"rows":1}'), 'source_unreadable'),
  from('XML of something else', instead('<?xml version="1.0"?><Envelope/>'), 'source_unreadable'),
  from('a document type with entities', instead('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 'source_unreadable'),
  from('200, and it says no', (moment) => refusalOf(moment), {
    ...{ xpm: 'source_refused', fyi: 'source_refused', bgl: 'source_unreadable' },
  }),
  from(
    'the body twice',
    changed((body) => Buffer.concat([body, body])),
    'source_unreadable',
  ),
  from(
    'more after the end',
    changed((body) => Buffer.concat([body, Buffer.from('}<x>')])),
    'source_unreadable',
  ),

  once(
    'a byte order mark',
    changed((body) => Buffer.concat([Buffer.from('\ufeff'), body])),
  ),
  from('a byte that is no UTF-8', changed(inserted(Buffer.of(0xff))), 'source_unreadable'),
  from('a character cut in two', changed(inserted(Buffer.of(0xe9))), 'source_unreadable'),
  from('a null', changed(inserted(Buffer.of(0))), 'source_unreadable'),
  from(
    'UTF-16',
    changed((body) => Buffer.from(`\ufeff${body}`, 'utf16le')),
    'source_unreadable',
  ),
  from(
    'said to be ISO 8859-1',
    (moment) =>
      write(moment.socket, { ...moment.right, type: `${moment.right.type.split(';')[0]}; charset=iso-8859-1` }),
    'source_unreadable',
  ),
];

function refusalOf({ socket, right }: Moment): void {
  const { refusal = '' } = systems.find(({ name }) => name === systemOf(right)) ?? {};
  write(socket, { ...right, body: Buffer.from(refusal) });
}

/** By the form of its answers. */
function systemOf({ body }: Answer): string {
  if (body.toString().trimStart().startsWith('<')) return 'xpm';
  return body.includes('per_page') ? 'fyi' : 'bgl';
}
