import { type BegunSignIn, ContactSyncError } from '@contact-sync/core';
import * as oauth from 'oauth4webapi';
import { cancelled } from './errors.js';
import { firstGrant, type Grant, textOf } from './grant.js';
import type { Keeping } from './keeper.js';
import { persist } from './persist.js';
import { serverOf } from './server.js';
import { underLock } from './under-lock.js';

/** Authorization code with PKCE (RFC 6749, 4.1; RFC 7636, S256; RFC 9700). */
export async function beginSignIn(
  keeping: Keeping & { readonly clientId: string },
  redirectUri: string,
): Promise<BegunSignIn> {
  const { vendor, endpoint, clock, clientId } = keeping;
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(vendor.authorizeUrl);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: vendor.scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);

  async function redeem(redirect: URLSearchParams, signal: AbortSignal): Promise<Grant> {
    const { answer, asked } = await persist(() => endpoint.redeem(redirect, redirectUri, verifier), clock, signal);
    if (answer.kind !== 'tokens') throw answer.error;
    const { refreshToken } = answer.tokens;
    if (refreshToken === null) {
      throw new ContactSyncError('source_forbidden', `${vendor.title} gave no token that lasts.`, {
        hint: `Tell the author of the connector: the scope (${vendor.scope}) should ask for it.`,
      });
    }
    return firstGrant({ ...answer.tokens, refreshToken }, asked);
  }

  return {
    url: url.href,
    async finish(redirected, { vault, key, signal }) {
      const redirect = redirectOf(redirected, redirectUri);
      const checked = checkedRedirect(redirect, { keeping, state });
      if (signal.aborted) throw cancelled(vendor);
      // The lock is taken before the code is sent, which is good once: what comes of it can then be kept.
      await underLock({ vault, key, clock, signal }, async ({ save }) => save(textOf(await redeem(checked, signal))));
    },
  };
}

/** The parameters of a redirect, from the address as a person copies it. */
function redirectOf(text: string, redirectUri: string): URL {
  const url = URL.parse(text.trim());
  const expected = new URL(redirectUri);
  if (url !== null && url.origin === expected.origin && url.pathname === expected.pathname) return url;
  throw new ContactSyncError('setting_invalid', 'This is not the address to which the sign-in led.', {
    hint: `Copy the whole address from the browser: it begins with ${expected.origin}${expected.pathname}?`,
  });
}

function checkedRedirect(
  redirect: URL,
  { keeping: { vendor }, state }: { keeping: Keeping; state: string },
): URLSearchParams {
  // The library compares the state first of all, so nobody else's answer is ever looked at.
  const again = { hint: `Run it again: contact-sync connect ${vendor.name}` };
  try {
    const checked = oauth.validateAuthResponse(serverOf(vendor), { client_id: '-' }, redirect, state);
    const [code = '', ...others] = checked.getAll('code');
    if (code !== '' && others.length === 0) return checked;
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw denied(error.error, vendor.title, again);
    // Not as its cause: it holds the code.
  }
  const what = `This address does not belong to this sign-in to ${vendor.title}.`;
  throw new ContactSyncError('source_unauthorized', what, again);
}

/** What the page said in place of a code (RFC 6749, 4.1.2.1), which is one of a few words, or else is not shown. */
function denied(error: string, title: string, again: { hint: string }): ContactSyncError {
  if (error === 'access_denied') {
    const what = `Nothing was connected: on the page of ${title} the question was answered with no.`;
    return new ContactSyncError('source_forbidden', what, again);
  }
  const known = ['invalid_request', 'unauthorized_client', 'unsupported_response_type', 'invalid_scope'];
  const later = ['server_error', 'temporarily_unavailable'];
  const said = [...known, ...later].includes(error) ? ` (${error})` : '';
  if (later.includes(error)) {
    return new ContactSyncError('source_unavailable', `${title} cannot sign anybody in now${said}.`, again);
  }
  return new ContactSyncError('source_forbidden', `${title} did not let the app ask${said}.`, {
    hint: `Check how the app is registered at ${title}: its id, its redirect address, what it may ask for.`,
  });
}
