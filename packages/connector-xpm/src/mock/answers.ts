import { HttpResponse } from 'msw';
import type { LimitProblem } from './limits.js';

/** What an answer needs to know of the request and the moment. */
export type Moment = {
  /** Xero's id of the request. */
  readonly correlationId: string;
  readonly now: Date;
  /** Requests left of each limit. */
  readonly left: { readonly minute: number; readonly day: number; readonly appMinute: number };
  /** The answer as it would be. */
  readonly body: Uint8Array<ArrayBuffer>;
};

/** All limit headers, as on every answer of Practice Manager itself, its errors included. */
export function limitHeaders({ left }: Moment): Record<string, string> {
  return {
    'x-daylimit-remaining': String(left.day),
    'x-minlimit-remaining': String(left.minute),
    'x-appminlimit-remaining': String(left.appMinute),
  };
}

/** A body of Practice Manager itself. With `length` null it ends where the connection ends. */
export function xmlAnswer(moment: Moment, bytes: Uint8Array<ArrayBuffer>, options: { status?: number } = {}): Response {
  return new HttpResponse(bytes, {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': String(bytes.byteLength),
      'cache-control': 'max-age=0, no-cache, no-store',
      pragma: 'no-cache',
      server: 'nginx',
      'xero-correlation-id': moment.correlationId,
      ...limitHeaders(moment),
    },
  });
}

/** The gateway's JSON, to the letter. */
function problem(moment: Moment, status: 401 | 403, detail: string, headers: Record<string, string>): Response {
  const title = status === 401 ? 'Unauthorized' : 'Forbidden';
  const instance = moment.correlationId;
  const body = { Type: null, Title: title, Status: status, Detail: detail, Instance: instance, Extensions: {} };
  return new HttpResponse(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'xero-correlation-id': instance, ...headers },
  });
}

export function unauthorized(moment: Moment, detail: string): Response {
  return problem(moment, 401, detail, { 'www-authenticate': 'Bearer error=invalid_token' });
}

/** `TokenExpired: token expired at 04/29/2020 09:22:02` */
export function expired(moment: Moment, at: Date): Response {
  const [year, month, day] = at.toISOString().slice(0, 10).split('-');
  return unauthorized(
    moment,
    `TokenExpired: token expired at ${month}/${day}/${year} ${at.toISOString().slice(11, 19)}`,
  );
}

export function forbidden(moment: Moment, detail = 'AuthenticationUnsuccessful'): Response {
  return problem(moment, 403, detail, { 'x-appminlimit-remaining': String(moment.left.appMinute) });
}

/** 429 with an empty body and no type. `retryAfter` in seconds, null for none. */
export function limited(moment: Moment, which: LimitProblem, retryAfter: number | null): Response {
  const counter = which === 'day' ? 'x-daylimit-remaining' : 'x-minlimit-remaining';
  return new HttpResponse(null, {
    status: 429,
    headers: {
      ...limitHeaders(moment),
      ...(which === 'minute' || which === 'day' ? { [counter]: '0' } : {}),
      'x-rate-limit-problem': which,
      'xero-correlation-id': moment.correlationId,
      'content-length': '0',
      ...(retryAfter === null ? {} : { 'retry-after': String(retryAfter) }),
    },
  });
}
