import { ContactSyncError } from '@contact-sync/core';
import { z } from 'zod';
import { unreadable } from '../http/failure.js';
import { askedMs } from '../http/pause.js';
import { rateLimited } from '../http/refusal.js';
import { retryAfter } from '../http/retry-after.js';
import type { ErrorAnswer } from '../http/types.js';
import type { Tokens } from './grant.js';
import type { OAuthVendor } from './vendor.js';

/**
 * RFC 6749, 5.1. It asks for no more than it needs, and mends the rest: whoever refuses an answer because of its
 * `expires_in` has thrown the one good refresh token away, since the old one may be used up by now.
 */
const tokensSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullable().catch(null),
  expires_in: z.coerce.number().positive().nullable().catch(null),
});

/** RFC 6749, 5.2. The description is never read: some vendors repeat the token in it. */
const refusalSchema = z.object({ error: z.string() });

/** @throws ContactSyncError `source_unreadable`; it quotes nothing */
export function tokensIn(body: string, request: string): Tokens {
  const result = tokensSchema.safeParse(parsed(body));
  if (!result.success) throw unreadable(request, 'there is no access token in it');
  const { access_token, refresh_token, expires_in } = result.data;
  return {
    accessToken: access_token,
    refreshToken: refresh_token,
    lifeMs: expires_in === null ? null : expires_in * 1000,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Tokens, or why there are none. `grant`: the code or the refresh token is not good. `passing`: it may be asked again. */
export type Exchanged =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  | { readonly kind: 'grant' | 'final'; readonly error: ContactSyncError }
  | { readonly kind: 'passing'; readonly error: ContactSyncError; readonly leastMs: number };

export function refusalOfTokens(answer: ErrorAnswer, vendor: OAuthVendor, now: Date): Exchanged {
  const { status, body, request } = answer;
  const { title } = vendor;
  const said = refusalSchema.safeParse(parsed(body)).data?.error;
  const leastMs = askedMs(retryAfter(answer.headers, now), now) ?? 0;
  if (status === 429) return { kind: 'passing', error: rateLimited(request, undefined), leastMs };
  if (status >= 500 || said === 'temporarily_unavailable' || said === 'server_error') {
    const error = failure('source_unavailable', answer, 'Nothing was lost. Run it again in a while.');
    return { kind: 'passing', error, leastMs };
  }
  if (said === 'invalid_grant') {
    const what = `${title} does not accept this sign-in: it is over, or was used already.`;
    return { kind: 'grant', error: new ContactSyncError('source_unauthorized', what, { hint: 'Begin it again.' }) };
  }
  if (said === 'invalid_scope') {
    const what = `The app may not ask ${title} for this: ${vendor.scope}.`;
    const hint = `Ask ${title} to allow it to the app. The connection itself is kept.`;
    return { kind: 'final', error: new ContactSyncError('source_forbidden', what, { hint }) };
  }
  if (status === 401 || said === 'invalid_client' || said === 'unauthorized_client' || said === 'unauthorized') {
    const prefix = vendor.name.toUpperCase();
    const hint = `Check ${prefix}_CLIENT_ID and ${prefix}_CLIENT_SECRET. The connection itself is kept.`;
    const what = `${title} does not know the app, or not by this secret.`;
    return { kind: 'final', error: new ContactSyncError('source_forbidden', what, { hint }) };
  }
  const hint = 'Nothing was lost. If it stays, tell the author of the connector.';
  return { kind: 'final', error: failure('source_refused', answer, hint) };
}

function failure(code: 'source_unavailable' | 'source_refused', { status, request }: ErrorAnswer, hint: string) {
  return new ContactSyncError(code, `${request} was answered with status ${status}.`, { hint });
}
