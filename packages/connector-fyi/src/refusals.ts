import { type ErrorAnswer, type RateLimit, retryAfter } from '@contact-sync/connector-kit';
import { ContactSyncError, quotable } from '@contact-sync/core';
import { again, failure } from './errors.js';
import { isObject } from './is-object.js';

const keys =
  'Check FYI_ACCESS_ID and FYI_ACCESS_SECRET. In FYI: Automation, Apps, the cog of the app, Create new secret; FYI shows a secret once.';
const rights =
  'The app needs a plan of FYI with integrations (Pro or Elite). If FYI gave you an application id, set applicationId.';
const form = 'If FYI wants the other form of requests, set bodyStyle to flat. Check perPage and baseUrl too.';
const region = 'Check baseUrl: practices of other regions have other addresses.';

/**
 * When a 429 may be asked again. FYI's limits are not published: where it names no time, half a minute to a minute, so
 * that several programs that were stopped together do not come back together.
 */
export function rateLimitOf({ headers }: ErrorAnswer, now: Date, random: () => number): RateLimit {
  return retryAfter(headers, now) ?? { waitMs: 30_000 + Math.floor(random() * 30_000) };
}

/** The HTTP client's error of a limit, with what can be done about one of FYI's. */
export function withLimitHint(error: unknown): unknown {
  if (!ContactSyncError.is(error) || error.code !== 'source_rate_limited') return error;
  const { code, message, resumeAt } = error;
  const when = resumeAt === undefined ? 'Run it again in a while' : 'Run it again after that time';
  const hint = `Nothing was written. ${when}; other programs that use the same keys share the limit.`;
  return new ContactSyncError(code, message, { hint, ...(resumeAt === undefined ? {} : { resumeAt }) });
}

/** The error of an answer from 400 on, 429 excepted. `secrets` never show, should FYI repeat one. */
export function refusalOf({ status, body }: ErrorAnswer, secrets: readonly string[]): ContactSyncError {
  const said = sayingOf(jsonOf(body), secrets);
  if (status === 401) return failure('source_unauthorized', `FYI did not accept the access keys.${said}`, keys);
  if (status === 403) return failure('source_forbidden', `FYI refused to list clients for these keys.${said}`, rights);
  const message = `FYI answered with status ${status}.${said}`;
  if (status >= 500) return failure('source_unavailable', message, again);
  return failure('source_refused', message, status === 404 ? region : form);
}

/** A refusal with status 200, or null if the body is none. An answer without a list is none yet: see `listOf`. */
export function refusalIn(body: unknown, secrets: readonly string[]): ContactSyncError | null {
  if (!isObject(body)) return null;
  const refused = says(body.error) || says(body.errors) || body.success === false;
  if (!refused) return null;
  return failure('source_refused', `FYI refused the request.${sayingOf(body, secrets)}`, form);
}

/** A body that has only something to say, and no list. */
export function messageIn(body: unknown, secrets: readonly string[]): ContactSyncError | null {
  const said = sayingOf(body, secrets);
  return said === '' ? null : failure('source_refused', `FYI answered without a list.${said}`, form);
}

function says(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A page of a proxy, say: it has nothing to quote.
    return null;
  }
}

/** ` It said: …`, or nothing. Inferred forms: {message}, {error}, {error: {message}}, {errors: [text or {message}]}. */
function sayingOf(body: unknown, secrets: readonly string[]): string {
  if (!isObject(body)) return '';
  const [first] = Array.isArray(body.errors) ? body.errors : [body.errors];
  const candidates = [body.message, body.error, isObject(body.error) ? body.error.message : null];
  candidates.push(first, isObject(first) ? first.message : null);
  const said = candidates.find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof said === 'string' ? ` It said: ${harmless(said, secrets)}` : '';
}

/**
 * FYI's own words may repeat a key, an address or a number of somebody. Only plain words are shown, and one number if it
 * is short and the only one (a date, a phone and a tax number have more); everything else is an ellipsis.
 */
function harmless(said: string, secrets: readonly string[]): string {
  const without = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), said.slice(0, 1000));
  const words = quotable(without).split(' ');
  const numbers = words.filter((word) => /\p{N}/u.test(word)).length;
  const shown = words.map((word) => (isWord.test(word) || (numbers === 1 && isNumber.test(word)) ? word : '…'));
  return shown.filter((word, index) => word !== '…' || shown[index - 1] !== '…').join(' ');
}

const isWord = /^["'([]*\p{L}[\p{L}'’_-]{0,24}["')\].,:;!?]*$/u;
const isNumber = /^["'([]*\d{1,4}["')\].,:;!?]*$/u;
