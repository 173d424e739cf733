import { ContactSyncError, type SignInClient } from '@contact-sync/core';
import * as oauth from 'oauth4webapi';
import { Agent } from 'undici';
import { type AttemptSettings, attempt, type Call } from '../http/attempt.js';
import { allowOrigins } from '../http/origins.js';
import type { HttpAnswer, Transport } from '../http/types.js';
import { isPassing } from './errors.js';
import { serverOf } from './server.js';
import { type Exchanged, refusalOfTokens, tokensIn } from './token-answer.js';
import type { OAuthVendor } from './vendor.js';

export type TokenEndpoint = {
  /** Sends a refresh token, once. Nothing but its time limit ends it: the answer may hold the one good token. */
  refresh(refreshToken: string): Promise<Exchanged>;
  /** Sends the code of a redirect that was checked, once. */
  redeem(redirect: URLSearchParams, redirectUri: string, verifier: string): Promise<Exchanged>;
};

/** Milliseconds for one exchange, and bytes of its answer. */
const deadlineMs = 20_000;
const maxBytes = 64 * 1024;

type EndpointOptions = {
  readonly vendor: OAuthVendor;
  readonly client: SignInClient;
  readonly transport: Transport | undefined;
  readonly now: () => Date;
};

/** @throws ContactSyncError `setting_invalid` if the address is not safe */
export function tokenEndpoint({ vendor, client, transport, now }: EndpointOptions): TokenEndpoint {
  const { origin, protocol, pathname } = new URL(vendor.tokenUrl);
  allowOrigins([origin]);
  const request = `POST ${origin}${pathname}`;
  const settings: Omit<AttemptSettings, 'headers'> = {
    transport: transport ?? new Agent({ allowH2: false }),
    userAgent: `contact-sync (connector-${vendor.name})`,
    deadlineMs,
    maxBytes,
  };
  const [server, id, proof] = [serverOf(vendor), { client_id: client.id }, proofOf(client)];

  /** The library makes the request; it is sent, and its answer read, by us. */
  async function once(ask: (options: oauth.TokenEndpointRequestOptions) => Promise<Response>): Promise<Exchanged> {
    const answers: Exchanged[] = [];
    await ask({
      ...(vendor.scopeAlways === true ? { additionalParameters: { scope: vendor.scope } } : {}),
      // On this machine only, by the check above.
      [oauth.allowInsecureRequests]: protocol === 'http:',
      [oauth.customFetch]: async (_, { body, headers }) => {
        answers.push(await send(String(body), headers));
        return new Response();
      },
    });
    const [answer] = answers;
    if (answer === undefined) throw new Error('The library has sent nothing.');
    return answer;
  }

  async function send(parameters: string, headers: Record<string, string>): Promise<Exchanged> {
    const url = new URL(vendor.tokenUrl);
    if (vendor.parameters === 'query') url.search = parameters;
    const text = vendor.parameters === 'query' ? '' : parameters;
    const call: Call = { method: 'POST', url, body: { text, type: 'application/x-www-form-urlencoded' }, request };
    try {
      const outcome = await attempt(call, { ...settings, headers: () => headers }, new AbortController().signal);
      if (outcome.kind === 'refused') return refusalOfTokens(outcome.answer, vendor, now());
      if (outcome.kind === 'failed') throw outcome.error;
      return { kind: 'tokens', tokens: tokensIn(await textOf(outcome.answer), request) };
    } catch (error) {
      if (isPassing(error)) return { kind: 'passing', error, leastMs: 0 };
      if (ContactSyncError.is(error)) return { kind: 'final', error };
      throw error;
    }
  }

  return {
    refresh: (token) => once((options) => oauth.refreshTokenGrantRequest(server, id, proof, token, options)),
    redeem: (redirect, redirectUri, verifier) =>
      once((options) =>
        oauth.authorizationCodeGrantRequest(server, id, proof, redirect, redirectUri, verifier, options),
      ),
  };
}

/**
 * Basic, as RFC 6749 (2.3.1) wants it for any id and secret of letters, digits and `-_.!~*'()`; the library also codes
 * these signs, which servers that decode nothing take for another secret. Without a secret: the id among the parameters.
 */
function proofOf({ id, secret }: SignInClient): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  const coded = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  const basic = `Basic ${Buffer.from(`${coded(id)}:${coded(secret)}`).toString('base64')}`;
  return (_server, _client, _body, headers) => headers.set('authorization', basic);
}

/** Whatever the charset is said to be: tokens are plain letters, and an answer refused is a token lost. */
async function textOf({ body }: HttpAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new TextDecoder().decode(Buffer.concat(chunks));
}
