import { type ErrorAnswer, type RateLimit, retryAfter } from '@contact-sync/connector-kit';
import type { ContactSyncError } from '@contact-sync/core';
import { failure } from './errors.js';

const tenMinutesMs = 10 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** The errors that concern one fund and not the read: BGL says them of a fund that is unknown or not accessible. */
const ofOneFund = new WeakSet<object>();

/** Whether a request failed for the fund it asked for, and not for all. */
export function concernsOneFund(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ofOneFund.has(error);
}

/**
 * When a 429 may be asked again. The two limits differ by their text alone. The one of a day is no pause: it ends the
 * read with the moment to take it up again.
 */
export function rateLimitOf({ headers, body }: ErrorAnswer, now: Date): RateLimit | null {
  const asked = retryAfter(headers, now);
  const askedMs = asked !== null && 'waitMs' in asked ? asked.waitMs : null;
  const short = /\b10 min/i.test(body);
  const ofDay = /\btoday\b|\bper day\b/i.test(body) || (!short && headers.get(dailyHeader)?.trim() === '0');
  if (ofDay) return { resumeAt: new Date(now.getTime() + (askedMs ?? dayMs)), which: 'of a day' };
  if (short) return { waitMs: askedMs ?? tenMinutesMs, which: 'of 10 minutes' };
  return { waitMs: askedMs };
}

const dailyHeader = 'x-rate-daily-limit-remaining';

/** What is left of the day's requests. BGL says -1 where there is no limit: then nothing is left out, and nothing shown. */
export function requestsLeftOf(headers: Headers): Record<string, number> {
  const value = headers.get(dailyHeader)?.trim() ?? '';
  return /^\d{1,9}$/.test(value) ? { day: Number(value) } : {};
}

/**
 * Whether a 401 means the token. BGL answers 401 also for a fund that is not accessible; only the body tells which, and
 * a new token would not help there.
 */
function isTokenRefused(answer: Pick<ErrorAnswer, 'status' | 'body'>): boolean {
  return answer.status === 401 && !saidOf(answer.body).ofResource;
}

/** The error of an answer from 400 on, 429 excepted. */
export function refusalOf(answer: ErrorAnswer): ContactSyncError {
  const { status, request } = answer;
  const { ofResource, message } = saidOf(answer.body);
  // What BGL says of a token repeats the token, so it is never quoted.
  if (isTokenRefused(answer)) {
    const hint = 'Run: contact-sync connect bgl. Or give a new access token of this firm as BGL_ACCESS_TOKEN.';
    return failure('source_unauthorized', 'BGL did not accept the access token: it has expired, or was revoked.', hint);
  }
  if (status === 403) {
    const hint = 'Ask api@bglcorp.com.au which scope it takes. With it, run: contact-sync connect bgl --set scope=…';
    return failure('source_forbidden', `The access token does not cover ${request}.`, hint);
  }
  const said = message === '' ? '' : ` It said: ${message}`;
  if (status === 401) {
    const hint = 'Check that the user who connected BGL may see it.';
    return marked(failure('source_forbidden', `BGL does not give access to ${request}.${said}`, hint));
  }
  const text = `BGL answered ${request} with status ${status}.${said}`;
  if (status >= 500) return failure('source_unavailable', text, 'Nothing was written. Run it again in a while.');
  const refused = failure('source_refused', text, 'Check baseUrl; api@bglcorp.com.au can tell more.');
  return ofResource ? marked(refused) : refused;
}

function marked(error: ContactSyncError): ContactSyncError {
  ofOneFund.add(error);
  return error;
}

type Said = { readonly ofResource: boolean; readonly message: string };

/** BGL's own errors are `{ message, errors, status }`; those of OAuth and of frameworks have `error`. */
function saidOf(body: string): Said {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { ofResource: false, message: '' };
  }
  if (typeof parsed !== 'object' || parsed === null || 'error' in parsed) return { ofResource: false, message: '' };
  if (!('message' in parsed) || typeof parsed.message !== 'string') return { ofResource: false, message: '' };
  return { ofResource: true, message: plainWords(parsed.message) };
}

/** A sentence of plain words, or nothing: what else a message may hold is a token, an id or somebody's details. */
function plainWords(text: string): string {
  const sentence = text.trim();
  return /^[a-z][a-z',./: ]{0,120}$/i.test(sentence) && !/[a-z]{20}/i.test(sentence) ? sentence : '';
}
