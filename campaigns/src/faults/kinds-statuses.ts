import { canaries } from './canaries.js';
import type { Kind, Outcome } from './kinds.js';
import { type Wire, write } from './server.js';

/** A page of a proxy, which shows what it should not. */
const html = Buffer.from(
  `<!DOCTYPE html>\n<html><h1>Sorry</h1><pre>Authorization: Bearer ${canaries.secret} ${canaries.taxNumber} born ${canaries.born}</pre></html>`,
);
/** What some APIs say of a request they refuse. */
const json = Buffer.from(JSON.stringify({ message: `No: ${canaries.secret}`, taxNumber: canaries.taxNumber }));

const page =
  (status: number, headers: Readonly<Record<string, string>> = {}): Wire =>
  ({ socket }) =>
    write(socket, { status, type: 'text/html; charset=utf-8', body: html }, headers);
const said =
  (status: number, headers: Readonly<Record<string, string>> = {}): Wire =>
  ({ socket }) =>
    write(socket, { status, type: 'application/json', body: json }, headers);

const once = (name: string, wire: Wire, outcome: Kind['outcome'] = 'passes'): Kind => {
  return { name, strikes: 'once', wire, outcome };
};
const from = (name: string, wire: Wire, outcome: Kind['outcome']): Kind => ({ name, strikes: 'from', wire, outcome });
const limited = (retryAfter?: string, problem?: string): Wire =>
  page(429, {
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    ...(problem === undefined ? {} : { 'x-rate-limit-problem': problem }),
  });

const hour = 3_600_000;
const later = (ms: number) => new Date(Date.now() + ms).toUTCString();
const dated =
  (ms: number): Wire =>
  (moment) =>
    limited(later(ms))(moment);

/** Only Xero tells limits apart by a header; for others it is a limit like any other. */
const signed: Outcome = 'source_rate_limited';

const redirect =
  (status: number, location?: string): Wire =>
  (moment) =>
    page(status, { location: location ?? `${moment.elsewhere}/?${encodeURIComponent(canaries.secret)}` })(moment);

const tokens: Readonly<Record<'xpm' | 'bgl', Outcome>> = { xpm: 'passes', bgl: 'passes' };
const exchanged =
  (more: Readonly<Record<string, unknown>>): NonNullable<Kind['exchange']> =>
  (fresh) =>
  ({ socket }) =>
    write(socket, { status: 200, type: 'application/json', body: Buffer.from(JSON.stringify({ ...fresh, ...more })) });
const right: Wire = (moment) => write(moment.socket, moment.right);

export const statuses: readonly Kind[] = [
  once('429, come back in 2 seconds', limited('2')),
  once('429, come back at a date', dated(3000)),
  once('429, without a time', limited()),
  once('429, come back soon', limited('soon')),
  once('429, come back in -5', limited('-5')),
  once('429, come back in 1e3', limited('1e3')),
  once('429, come back in 10^20 seconds', limited('100000000000000000000')),
  once('429, come back now', limited('0')),
  once('429, come back in the past', dated(-hour)),
  once('429 of a minute', limited('5', 'minute')),
  once('429 of a minute for the app', limited(undefined, 'appminute')),
  once('429 of five at once', limited(undefined, 'concurrent')),
  { ...from('429 of a day', limited('7200', 'day'), 'source_rate_limited'), resumes: true },
  { ...from('429, come back in two hours', limited('7200'), 'source_rate_limited'), resumes: true },
  { ...from('429, come back tomorrow', dated(24 * hour), 'source_rate_limited'), resumes: true },
  from('429 again and again', limited(), 'source_rate_limited'),
  from('429 of a second again and again', limited('1'), 'source_rate_limited'),
  from('429 of five at once again and again', limited(undefined, 'concurrent'), signed),
  from('429 of something new', limited(undefined, 'fortnight'), signed),

  ...[500, 502, 503, 504].flatMap((status) => [
    once(`${status} once`, page(status)),
    from(`${status}`, said(status), 'source_unavailable'),
  ]),
  once('503, come back in 5 seconds', page(503, { 'retry-after': '5' })),
  from('503, come back in two days', page(503, { 'retry-after': '172800' }), 'source_unavailable'),
  from('501', page(501), 'source_unavailable'),
  from('400', said(400), 'source_refused'),
  from('405', page(405), 'source_refused'),
  from('410', page(410), 'source_refused'),
  from('404 of a proxy', page(404), 'source_refused'),
  from('403', page(403), 'source_forbidden'),
  from('401', page(401), 'source_unauthorized'),

  from('301 to another host', redirect(301), 'source_redirected'),
  from('302 to another host', redirect(302), 'source_redirected'),
  from('303 to another host', redirect(303), 'source_redirected'),
  from('307 to another host', redirect(307), 'source_redirected'),
  from('308 to another host', redirect(308), 'source_redirected'),
  from('302 to itself', redirect(302, '/'), 'source_redirected'),
  from('302 without an address', page(302), 'source_redirected'),
  from('304', page(304), 'source_redirected'),

  { ...once('the token ends and is renewed', right, tokens), exchange: exchanged({ refresh_token: 'another' }) },
  { ...once('the token is renewed without another refresh token', right, tokens), exchange: exchanged({}) },
  {
    ...once('invalid_grant', right, { xpm: 'source_reconnect', bgl: 'source_reconnect' }),
    exchange: () => (moment) => {
      const body = Buffer.from(JSON.stringify({ error: 'invalid_grant', error_description: canaries.refreshToken }));
      write(moment.socket, { status: 400, type: 'application/json', body });
    },
  },
  {
    ...once('the sign-in server cannot work', right, { xpm: 'source_unavailable', bgl: 'source_unavailable' }),
    exchange: () => page(503),
  },
  {
    ...once('the sign-in server sends us elsewhere', right, { xpm: 'source_redirected', bgl: 'source_redirected' }),
    exchange: () => redirect(302),
  },
];
