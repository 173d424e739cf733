import { setTimeout as timer } from 'node:timers/promises';
import type { AccessTokens, ContactSyncError } from '@contact-sync/core';
import { Agent } from 'undici';
import { type AttemptSettings, attempt, type Call, type Outcome } from './attempt.js';
import { cancelled, type Failure } from './failure.js';
import { allowedUrl, allowOrigins } from './origins.js';
import { askedMs, backoff, defaultPauses, timeAfter } from './pause.js';
import { allowedBody } from './posts.js';
import { rateLimited, refusalOf } from './refusal.js';
import { retryAfter } from './retry-after.js';
import type { ErrorAnswer, HttpAnswer, HttpClient, HttpSettings } from './types.js';

/**
 * Makes the client of one connector.
 *
 * @throws ContactSyncError `setting_invalid` if an entry of `origins` is not an origin, or is not safe
 */
export function httpClient(settings: HttpSettings): HttpClient {
  const allowed = allowOrigins(settings.origins);
  const once: AttemptSettings = {
    transport: settings.transport ?? shared(),
    userAgent: settings.userAgent,
    headers: settings.headers ?? (() => ({})),
    deadlineMs: settings.deadlineMs ?? 60_000,
    maxBytes: settings.maxBytes ?? 32 * 1024 * 1024,
  };
  const policy = policyOf(settings);

  return {
    get: async (address, { signal }) => {
      const call = callOf('GET', allowedUrl(address, allowed), null);
      return await persistently(call, once, policy, signal);
    },
    post: async (address, json, { signal }) => {
      const url = allowedUrl(address, allowed);
      const call = callOf('POST', url, allowedBody(url, json, settings.posts ?? []));
      return await persistently(call, once, policy, signal);
    },
  };
}

let agent: Agent | undefined;

/** The connections of all clients of this process: who syncs many tenants of a system does not shake hands anew for each. */
function shared(): Agent {
  // HTTP/1.1 only: what a broken connection looks like is tested for that.
  agent ??= new Agent({ allowH2: false });
  return agent;
}

type Policy = ReturnType<typeof policyOf>;

function policyOf(settings: HttpSettings) {
  const pauses = { ...defaultPauses };
  for (const key of ['attempts', 'baseMs', 'capMs', 'maxWaitMs'] as const) {
    pauses[key] = settings.retry?.[key] ?? defaultPauses[key];
  }
  return {
    pauses,
    rateLimit: settings.rateLimit ?? ((answer: ErrorAnswer, now: Date) => retryAfter(answer.headers, now)),
    refusal: settings.refusal ?? (() => null),
    now: settings.now ?? (() => new Date()),
    wait: settings.wait ?? ((ms: number, signal: AbortSignal) => timer(ms, undefined, { signal })),
    random: settings.random ?? Math.random,
    beforeRequest: settings.beforeRequest ?? (async () => undefined),
    tokens: tokensOf(settings.accessToken),
  };
}

/** A token that somebody gave cannot be renewed. */
function tokensOf(token: HttpSettings['accessToken']): AccessTokens | null {
  if (typeof token !== 'string') return token ?? null;
  return { get: async () => token, refused: async () => false };
}

function callOf(method: Call['method'], url: URL, json: string | null): Call {
  const body = json === null ? null : ({ text: json, type: 'application/json' } as const);
  return { method, url, body, request: `${method} ${url.origin}${url.pathname}` };
}

async function persistently(
  call: Call,
  once: AttemptSettings,
  policy: Policy,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { request } = call;
  let renewed = false;
  for (let tried = 1; ; tried += 1) {
    if (signal.aborted) throw cancelled(request);
    const token = (await policy.tokens?.get({ signal })) ?? null;
    await policy.beforeRequest({ signal });
    const outcome = await attempt(call, once, signal, token);
    if (outcome.kind === 'answer') return outcome.answer;

    if (token !== null && !renewed && mayHaveExpired(outcome, policy)) {
      renewed = true;
      if (await policy.tokens?.refused(token, { signal })) {
        // Not one of the tries: nothing was wrong with the system.
        tried -= 1;
        continue;
      }
    }

    const verdict = outcome.kind === 'failed' ? judgeFailure(outcome) : judgeAnswer(outcome.answer, policy);
    const { attempts, maxWaitMs } = policy.pauses;
    if (verdict.leastMs === null || verdict.leastMs > maxWaitMs || tried >= attempts) throw verdict.error();
    await pause(Math.max(verdict.leastMs, backoff(tried, policy.pauses, policy.random)), { request, policy, signal });
  }
}

/** A 401 can mean many things; the connector's own error says whether it is the token. */
function mayHaveExpired(outcome: Outcome, policy: Policy): boolean {
  if (outcome.kind !== 'refused' || outcome.answer.status !== 401) return false;
  return (policy.refusal(outcome.answer) ?? refusalOf(outcome.answer)).code === 'source_unauthorized';
}

/** The error, if this was the last try, and how long to wait at least before another; null if that is no use. */
type Verdict = { readonly error: () => ContactSyncError; readonly leastMs: number | null };

function judgeFailure(failure: Failure): Verdict {
  return { error: () => failure.error, leastMs: failure.transient ? 0 : null };
}

function judgeAnswer(answer: ErrorAnswer, policy: Policy): Verdict {
  const now = policy.now();
  if (answer.status === 429) {
    const limit = policy.rateLimit(answer, now);
    const asked = askedMs(limit, now);
    const resumeAt = asked === null ? undefined : timeAfter(now, asked);
    // A vendor that names a moment means the end of a day or a month, not a pause.
    const final = asked !== null && limit !== null && 'resumeAt' in limit;
    return { error: () => rateLimited(answer.request, resumeAt, limit), leastMs: final ? null : (asked ?? 0) };
  }
  // 501 says that it will never work.
  const transient = answer.status >= 500 && answer.status !== 501;
  return {
    error: () => policy.refusal(answer) ?? refusalOf(answer),
    leastMs: transient ? (askedMs(retryAfter(answer.headers, now), now) ?? 0) : null,
  };
}

async function pause(ms: number, context: { request: string; policy: Policy; signal: AbortSignal }): Promise<void> {
  try {
    await context.policy.wait(ms, context.signal);
  } catch (error) {
    if (context.signal.aborted) throw cancelled(context.request);
    throw error;
  }
}
