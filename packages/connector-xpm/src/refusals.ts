import { type ErrorAnswer, type RateLimit, retryAfter } from '@contact-sync/connector-kit';
import { type ContactSyncError, quotable } from '@contact-sync/core';
import { failure } from './errors.js';
import { clientListReader } from './list.js';

const dayMs = 24 * 60 * 60_000;

/** When a 429 may be asked again. A day's limit is no pause: it ends the read with the moment to take it up again. */
export function rateLimitOf({ headers }: ErrorAnswer, now: Date): RateLimit | null {
  const asked = retryAfter(headers, now);
  const askedMs = asked !== null && 'waitMs' in asked ? (asked.waitMs ?? undefined) : undefined;
  const reference = referenceOf(headers);
  switch (headers.get('x-rate-limit-problem')?.trim().toLowerCase()) {
    case 'day':
      return { resumeAt: new Date(now.getTime() + (askedMs ?? dayMs)), which: 'of a day', reference };
    case 'minute':
      return { waitMs: askedMs ?? 60_000, which: 'of a minute', reference };
    case 'appminute':
      return { waitMs: askedMs ?? 60_000, which: 'of a minute for the app', reference };
    case 'concurrent':
      return { waitMs: askedMs ?? null, which: 'at the same time', reference };
    default:
      // Something new: the pauses of the HTTP client, where Xero names none.
      return { waitMs: askedMs ?? null, reference };
  }
}

/** The error of an answer from 400 on, 429 excepted. */
export function refusalOf(answer: ErrorAnswer): ContactSyncError {
  const { status, headers, body } = answer;
  const reference = referenceOf(headers);
  const detail = detailOf(body);
  if (status === 401 && detail === 'AuthorizationUnsuccessful') {
    const hint =
      'Run contact-sync connect xpm, and allow what is asked for (practicemanager.client.read): a token never gains scopes later.';
    return failure('source_forbidden', 'The access token may not read clients.', hint, reference);
  }
  if (status === 401) {
    const hint = 'Run: contact-sync connect xpm. Or give a new access token as XPM_ACCESS_TOKEN; one lasts 30 minutes.';
    const message = detail.startsWith('TokenExpired')
      ? `The access token has expired${expiryOf(detail)}.`
      : 'Xero did not accept the access token.';
    return failure('source_unauthorized', message, hint, reference);
  }
  if (status === 403) {
    const hint = /permission|privilege|role/i.test(detail)
      ? 'Somebody with the privilege "Connect third-party add-ons" in Practice Manager has to run: contact-sync connect xpm'
      : 'Check tenantId: it is the Xero tenant of type PRACTICEMANAGER. If it was disconnected in Xero, run: contact-sync connect xpm';
    const said = detail === '' || detail === 'AuthenticationUnsuccessful' ? '' : ` It said: ${quotable(detail)}`;
    return failure('source_forbidden', `The access token gives no access to this tenant.${said}`, hint, reference);
  }
  const said = detail === '' ? descriptionOf(body) : detail;
  const message = `Xero Practice Manager answered with status ${status}.${said === '' ? '' : ` It said: ${quotable(said)}`}`;
  return status >= 500
    ? failure('source_unavailable', message, 'Nothing was written. Run it again in a while.', reference)
    : failure('source_refused', message, 'Check baseUrl and tenantId; Xero support can tell more.', reference);
}

/** `TokenExpired: token expired at 04/29/2020 09:22:02` has the month first. */
function expiryOf(detail: string): string {
  const [, month, day, year, time] = /(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)/.exec(detail) ?? [];
  return time === undefined ? '' : `, at ${year}-${month}-${day} ${time} by Xero's clock`;
}

/** Xero's id of a request, if it is one. */
export function referenceOf(headers: Headers): string | undefined {
  const id = headers.get('xero-correlation-id')?.trim() ?? '';
  return /^[\w.-]{1,100}$/.test(id) ? id : undefined;
}

/** What the gateway's JSON says is wrong; empty where the body is something else. */
function detailOf(body: string): string {
  let problem: unknown;
  try {
    problem = JSON.parse(body);
  } catch {
    return '';
  }
  if (typeof problem !== 'object' || problem === null) return '';
  const said = new Map(Object.entries(problem).map(([key, value]) => [key.toLowerCase(), value]));
  const detail: unknown = said.get('detail') ?? said.get('errordescription');
  return typeof detail === 'string' ? detail.trim() : '';
}

/** What Practice Manager itself says in XML; empty where the body is something else. */
function descriptionOf(body: string): string {
  const reader = clientListReader();
  try {
    reader.write(Buffer.from(body));
  } catch {
    // A page of a proxy, say: it has no description, or one that came before the fault.
  }
  return reader.description() ?? '';
}
