import type { Kind } from './kinds.js';
import { head, type Moment, type Wire } from './server.js';

const once = (name: string, wire: Wire, outcome: Kind['outcome'] = 'passes'): Kind => {
  return { name, strikes: 'once', wire, outcome };
};
const from = (name: string, wire: Wire, outcome: Kind['outcome']): Kind => ({ name, strikes: 'from', wire, outcome });

const reset: Wire = ({ socket }) => void socket.resetAndDestroy();
const closed: Wire = ({ socket }) => void socket.end();
const half: Wire = ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\ncontent-ty');
const bytes = ({ right, place }: Moment) => {
  // Neither nothing nor everything.
  const at = Math.min(Math.max(1, Math.round(place * right.body.byteLength)), right.body.byteLength - 1);
  return right.body.subarray(0, at);
};
const typed = ({ right }: Moment) => ({ 'content-type': right.type });

/** One byte after the other, so slowly that nobody would wait for the end; the socket's end ends it. */
function drip(moment: Moment, text: Buffer): void {
  const { socket } = moment;
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text.subarray(at, at + 1));
    at += 1;
  }, 50);
  socket.on('close', () => clearInterval(timer));
}

export const connections: readonly Kind[] = [
  once('the connection is reset', reset),
  from('every connection is reset', reset, 'source_unreachable'),
  once('the connection is closed before an answer', closed),
  from('every connection is closed before an answer', closed, 'source_unreachable'),
  once('the connection is closed in the headers', half),
  from('no answer ever comes', () => {}, 'source_timeout'),
  from(
    'headers come, and nothing else',
    (moment) => void moment.socket.write(head({ headers: typed(moment) })),
    'source_timeout',
  ),
  from(
    'the body stops, and the connection stays',
    (moment) => {
      moment.socket.write(head({ headers: { ...typed(moment), 'content-length': moment.right.body.byteLength } }));
      moment.socket.write(bytes(moment));
    },
    'source_timeout',
  ),
  from(
    'the headers come byte by byte, for ever',
    (moment) => drip(moment, Buffer.from(`HTTP/1.1 200 OK\r\nx-more: ${'a'.repeat(5000)}`)),
    'source_timeout',
  ),
  from(
    'the body comes byte by byte, for ever',
    (moment) => {
      moment.socket.write(head({ headers: typed(moment) }));
      drip(moment, moment.right.body);
    },
    'source_timeout',
  ),
  once('the body comes in pieces of seven bytes', (moment) => {
    const { socket, right } = moment;
    socket.setNoDelay(true);
    socket.write(head({ headers: { ...typed(moment), 'content-length': right.body.byteLength } }));
    for (let at = 0; at < right.body.byteLength; at += 7) socket.write(right.body.subarray(at, at + 7));
    socket.end();
  }),
  once('the body comes in chunks', (moment) => {
    const { socket, right } = moment;
    socket.write(head({ headers: { ...typed(moment), 'transfer-encoding': 'chunked' } }));
    const [first, second] = [bytes(moment), right.body.subarray(bytes(moment).byteLength)];
    for (const chunk of [first, second]) {
      socket.write(`${chunk.byteLength.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write('\r\n');
    }
    socket.end('0\r\n\r\n');
  }),
  from('it is not HTTP', ({ socket }) => void socket.end('+OK POP3 ready\r\n'), 'source_unreadable'),
  from(
    'headers without end',
    ({ socket }) => void socket.end(`HTTP/1.1 200 OK\r\nx-more: ${'a'.repeat(100_000)}\r\n\r\n`),
    'source_too_large',
  ),
  from(
    'two lengths',
    ({ socket, right }) => {
      const { byteLength } = right.body;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${byteLength}\r\ncontent-length: ${byteLength + 1}\r\n\r\n`);
      socket.end(right.body);
    },
    'source_unreadable',
  ),
  from(
    'a length that is no number',
    ({ socket, right }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n');
      socket.end(right.body);
    },
    'source_unreadable',
  ),
  from(
    'the body is cut, and a longer one was announced',
    (moment) => {
      moment.socket.write(head({ headers: { ...typed(moment), 'content-length': moment.right.body.byteLength } }));
      moment.socket.end(bytes(moment));
    },
    'source_incomplete',
  ),
  from(
    'the body is cut within a chunk',
    (moment) => {
      const { socket, right } = moment;
      socket.write(head({ headers: { ...typed(moment), 'transfer-encoding': 'chunked' } }));
      socket.write(`${right.body.byteLength.toString(16)}\r\n`);
      socket.end(bytes(moment));
    },
    'source_incomplete',
  ),
  from(
    'the body is cut, and nobody announced its length',
    (moment) => {
      moment.socket.write(head({ headers: typed(moment) }));
      moment.socket.end(bytes(moment));
    },
    { xpm: 'source_incomplete', fyi: 'source_unreadable', bgl: 'source_unreadable' },
  ),
  from(
    'the body is cut, and just that was announced',
    (moment) => {
      moment.socket.write(head({ headers: { ...typed(moment), 'content-length': bytes(moment).byteLength } }));
      moment.socket.end(bytes(moment));
    },
    { xpm: 'source_incomplete', fyi: 'source_unreadable', bgl: 'source_unreadable' },
  ),
  once('the connection breaks before the first byte of the body', (moment) => {
    moment.socket.end(head({ headers: { ...typed(moment), 'content-length': 100 } }));
  }),
  from(
    'the body is longer than announced, and what was announced is cut',
    (moment) => {
      moment.socket.write(head({ headers: { ...typed(moment), 'content-length': bytes(moment).byteLength } }));
      moment.socket.end(moment.right.body);
    },
    { xpm: 'source_incomplete', fyi: 'source_unreadable', bgl: 'source_unreadable' },
  ),
];
