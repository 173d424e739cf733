import { HttpResponse } from 'msw';
import type { Json } from './json.js';

/** What an answer needs to know of the request and the moment. */
export type Moment = {
  readonly now: Date;
  /** What is left of the day's requests; -1 for no limit. */
  readonly dayLeft: number;
  /** The token that the request came with, for BGL repeats it in its errors. */
  readonly token: string;
  /** What was asked, without the query: `/contacts`. */
  readonly path: string;
  /** The answer as it would be. */
  readonly body: Uint8Array<ArrayBuffer>;
};

export function headersOf({ dayLeft }: Pick<Moment, 'dayLeft'>): Record<string, string> {
  return { 'content-type': 'application/json;charset=UTF-8', 'x-rate-daily-limit-remaining': String(dayLeft) };
}

export function bytesAnswer(moment: Moment, bytes: Uint8Array<ArrayBuffer>, status = 200): Response {
  const headers = { ...headersOf(moment), 'content-length': String(bytes.byteLength) };
  return new HttpResponse(bytes, { status, headers });
}

export function jsonAnswer(moment: Moment, body: Json, status = 200, headers: Record<string, string> = {}): Response {
  return new HttpResponse(JSON.stringify(body), { status, headers: { ...headersOf(moment), ...headers } });
}

/** The form of BGL's own errors. */
export function refusal(status: number, message: string, error = message): Json {
  return { message, errors: [error], status };
}

export const notAccessible = refusal(401, 'The fund is not found/accessible');

export function tokenInvalid(moment: Moment): Response {
  const body = { error: 'invalid_token', error_description: `Invalid access token: ${moment.token}` };
  return jsonAnswer(moment, body, 401);
}

export function scopeMissing(moment: Moment): Response {
  return jsonAnswer(moment, { error: 'access_denied', error_description: `access denied:${moment.path}` }, 403);
}

export type LimitProblem = '10 mins' | 'today';

/** `retryAfter` in seconds; BGL does not document one, so usually null. */
export function limited(moment: Moment, which: LimitProblem, retryAfter: number | null = null): Response {
  const said =
    which === 'today'
      ? 'You had too many requests today, the rate limit ceiling per day is 1000'
      : 'You had too many requests in last 10 mins, the rate limit ceiling for every 10 mins is 100';
  const headers = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return jsonAnswer(moment, refusal(429, 'Too Many Requests', said), 429, headers);
}
