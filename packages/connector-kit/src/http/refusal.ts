import { ContactSyncError, type ErrorCode } from '@contact-sync/core';
import type { ErrorAnswer, RateLimit } from './types.js';

/** Redirects are never followed: custom headers, a tenant or an API key, would go to the other address too. */
export function redirected(request: string, from: URL, headers: Headers): ContactSyncError {
  const target = URL.parse(headers.get('location') ?? '', from.href)?.origin ?? 'null';
  const where = target === 'null' || !headers.has('location') ? 'another address' : target.slice(0, 100);
  return new ContactSyncError('source_redirected', `${request} was sent on to ${where}, where nothing was sent.`, {
    hint: 'Check the address in the settings. If it is right, the system may have moved or want a sign-in.',
  });
}

/** The error of an answer from 400 on, where the connector has none of its own. */
export function refusalOf(answer: ErrorAnswer): ContactSyncError {
  const [code, hint] = kindOf(answer.status);
  return new ContactSyncError(code, `${answer.request} was answered with status ${answer.status}.`, { hint });
}

function kindOf(status: number): [ErrorCode, string] {
  if (status === 401) return ['source_unauthorized', 'Sign in to the system again, or give a new access token.'];
  if (status === 403) return ['source_forbidden', 'Check that this sign-in may read what was asked for.'];
  if (status >= 500) return ['source_unavailable', 'Nothing was written. Run it again in a while.'];
  return ['source_refused', 'Check the settings. If they are right, tell the author of the connector.'];
}

export function rateLimited(
  request: string,
  resumeAt: string | undefined,
  limit: Pick<RateLimit, 'which' | 'reference'> | null = null,
): ContactSyncError {
  const until = resumeAt === undefined ? '' : ` until ${resumeAt}`;
  const which = limit?.which === undefined ? '' : ` ${limit.which}`;
  return new ContactSyncError('source_rate_limited', `The limit of requests${which} is used up${until}: ${request}.`, {
    hint: resumeAt === undefined ? 'Run it again in a while.' : 'Nothing was written. Run it again after that time.',
    ...(resumeAt === undefined ? {} : { resumeAt }),
    ...(limit?.reference === undefined ? {} : { reference: limit.reference }),
  });
}
