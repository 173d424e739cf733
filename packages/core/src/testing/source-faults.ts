import type { ErrorCode } from '../error.js';

/** A fault that stays: what a connector must do, as a clause, and what it may call the fault for people and alerts. */
type Lasting = { readonly name: string; readonly codes: readonly ErrorCode[] };

/** Each is the answer to every request until it is ended. The fake's part is said first, the connector's in `name`. */
export const lastingFaults = {
  /** The token or key is not accepted. */
  unauthorized: {
    name: 'says so if the system does not accept the token',
    codes: ['source_unauthorized', 'source_forbidden'],
  },
  /** The token was good, and its time is over. */
  expired: {
    name: 'says so if the token has expired, and asks for a new connection',
    codes: ['source_unauthorized', 'source_reconnect'],
  },
  /** The token is good, and does not cover this. */
  forbidden: { name: 'says so if the token may not read this', codes: ['source_forbidden'] },
  /** There is no such thing at this address, as status 404 says it. */
  absent: {
    name: 'says so if the system has no such list or tenant, and never takes that for an empty one',
    codes: ['source_refused', 'source_forbidden', 'setting_invalid'],
  },
  /** It cannot work now, as status 503 says it, however often it is asked. */
  unavailable: {
    name: 'says so if the system cannot work now, and does not ask for ever',
    codes: ['source_unavailable', 'source_unreachable'],
  },
  /** Too many requests, however often it is asked, without a time to come back. */
  limited: {
    name: 'says so if requests are limited and nobody says for how long',
    codes: ['source_rate_limited'],
  },
  /** Too many requests; come back in two days. */
  limited_long: {
    name: 'ends a read that is limited for days, with the time at which it may be taken up again',
    codes: ['source_rate_limited'],
  },
  /** The connection breaks before an answer. */
  reset: {
    name: 'says so if connections break before an answer',
    codes: ['source_unreachable', 'source_unavailable', 'source_incomplete'],
  },
  /** What it would have answered, ended in its middle as if that were the end. */
  cut: {
    name: 'says so if an answer is cut off in its middle, and never takes it for a whole one',
    codes: ['source_incomplete', 'source_unreadable'],
  },
  /** Fewer bytes than it announced. */
  broken_off: {
    name: 'says so if fewer bytes come than were announced',
    codes: ['source_incomplete', 'source_unreadable', 'source_unreachable'],
  },
  /** Status 200 and a web page, as proxies and sign-in pages do. */
  garbage: {
    name: 'says so if a web page comes instead of an answer, and never takes it for an empty one',
    codes: ['source_unreadable'],
  },
  /** Status 200 and no body. */
  empty: {
    name: 'says so if an answer has no body, and never takes it for an empty list',
    codes: ['source_unreadable', 'source_incomplete'],
  },
  /** Status 200, in the form of the system, and it says no. */
  refused: {
    name: 'says so if the system says no with status 200',
    codes: ['source_refused', 'source_unreadable'],
  },
  /** Bytes that are not of the character set they should be of. */
  charset: {
    name: 'says so if an answer is in another character set, and guesses no letter',
    codes: ['source_unreadable'],
  },
  /** More bytes than any right answer has. */
  oversized: { name: 'stops at an answer that is larger than any can be', codes: ['source_too_large'] },
  /** Few bytes that unpack to more than any right answer has. */
  bomb: {
    name: 'stops at an answer that unpacks to more than any can be',
    codes: ['source_too_large', 'source_unreadable'],
  },
  /** A redirect to another host. */
  redirect: { name: 'follows no redirect to another host', codes: ['source_redirected'] },
  /** The right rows, with a link to the next page on another host. */
  next_elsewhere: { name: 'follows no link to a next page on another host', codes: ['source_origin'] },
  /** The same page again and again, whichever is asked for. */
  repeats: {
    name: 'says so if the same page comes again and again, and does not read it for ever',
    codes: ['source_incomplete', 'source_unreadable', 'source_too_large'],
  },
} as const satisfies Record<string, Lasting>;

/** A fault that a connector must get over by itself, and hand over every record in spite of it. */
export const passingFaults = {
  /** The next request is too many; it may come again in two seconds. */
  limited_once: 'waits if requests are limited for a moment, and reads on',
  /** The next answer is that it cannot work now. */
  unavailable_once: 'asks again if the system could not work for a moment',
  /** The next connection breaks before an answer. */
  reset_once: 'asks again if a connection broke before an answer',
  /** Every answer comes in very small pieces. */
  slow: 'puts an answer together that comes in very small pieces',
} as const satisfies Record<string, string>;

export type LastingFault = keyof typeof lastingFaults;
export type PassingFault = keyof typeof passingFaults;
