import { createHash, randomUUID } from 'node:crypto';
import { HttpResponse, http } from 'msw';
import { keepGrants, type Pair, type TokenRules } from './grants.js';

export type FakeSignInOptions = Partial<TokenRules> & {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly client?: { readonly id: string; readonly secret: string | null };
  /** What the app may ask for, separated by blanks. Default: anything. */
  readonly scope?: string;
  /** The beginning of every token. */
  readonly secret?: string;
  readonly now?: () => Date;
};

/** An answer of the token endpoint in place of the right one. */
export type TokenFault = (right: Response) => Response | Promise<Response>;

/** A vendor's sign-in, in memory: its page, where everybody agrees at once, and its token endpoint. */
export type FakeSignIn = ReturnType<typeof fakeSignIn>;

const minute = 60_000;

/**
 * Strict: codes and refresh tokens are good once, but for the grace of a lost answer; what an app must send is checked.
 *
 * @param options half an hour of life, 30 minutes of grace, 60 days without use and rotation unless said
 */
export function fakeSignIn(options: FakeSignInOptions) {
  const { lifeSeconds = 1800, graceMs = 30 * minute, unusedMs = 60 * 24 * 60 * minute, rotates = true } = options;
  const { client = { id: 'fake-client', secret: 'fake-secret' }, secret = 'fake', scope } = options;
  const grants = keepGrants({ lifeSeconds, graceMs, unusedMs, rotates }, options.now ?? (() => new Date()), secret);
  const codes = new Map<string, { redirectUri: string; challenge: string }>();
  const exchanges: { readonly grantType: string; readonly status: number; readonly error: string | null }[] = [];
  const ordered: { fault: TokenFault; before: boolean }[] = [];
  let denied: string | null = null;

  function authorize(query: URLSearchParams): Response {
    const redirectUri = URL.parse(query.get('redirect_uri') ?? '');
    if (query.get('client_id') !== client.id || redirectUri === null)
      return HttpResponse.text('No such app.', { status: 400 });
    const back = (parameters: Record<string, string>) => {
      for (const [name, value] of Object.entries({ ...parameters, state: query.get('state') ?? '' })) {
        redirectUri.searchParams.set(name, value);
      }
      return new HttpResponse(null, { status: 302, headers: { location: redirectUri.href } });
    };
    if (denied !== null) return back({ error: denied });
    if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
    if (query.get('code_challenge_method') !== 'S256' || (query.get('state') ?? '') === '')
      return back({ error: 'invalid_request' });
    if (scope !== undefined && query.get('scope') !== scope) return back({ error: 'invalid_scope' });
    const code = `${secret}-code-${randomUUID()}`;
    codes.set(code, { redirectUri: query.get('redirect_uri') ?? '', challenge: query.get('code_challenge') ?? '' });
    return back({ code });
  }

  function exchange(parameters: URLSearchParams, authorization: string | null): Response {
    if (!isClient(parameters, authorization)) return refuse('invalid_client', 401);
    const grantType = parameters.get('grant_type');
    if (grantType === 'refresh_token') return answer(grants.renew(parameters.get('refresh_token') ?? ''));
    if (grantType !== 'authorization_code') return refuse('unsupported_grant_type', 400);
    const code = parameters.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    const proof = createHash('sha256')
      .update(parameters.get('code_verifier') ?? '')
      .digest('base64url');
    const fits = asked?.challenge === proof && asked.redirectUri === parameters.get('redirect_uri');
    return answer(fits ? grants.begin() : null);
  }

  function isClient(parameters: URLSearchParams, authorization: string | null): boolean {
    if (client.secret === null) return authorization === null && parameters.get('client_id') === client.id;
    return authorization === `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  }

  function answer(pair: { accessToken: string; refreshToken: string | null } | null): Response {
    if (pair === null) return refuse('invalid_grant', 400);
    const { accessToken, refreshToken } = pair;
    return HttpResponse.json(
      {
        access_token: accessToken,
        expires_in: lifeSeconds,
        token_type: 'Bearer',
        ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
        scope: scope ?? '',
      },
      { headers: { 'cache-control': 'no-store' } },
    );
  }

  async function token(request: Request): Promise<Response> {
    const parameters = new URLSearchParams(await request.text());
    for (const [name, value] of new URL(request.url).searchParams) parameters.append(name, value);
    const next = ordered.shift();
    const grantType = parameters.get('grant_type') ?? '';
    // What breaks before the exchange leaves the token unused; what breaks after it loses the answer.
    const right =
      next?.before === true ? HttpResponse.json({}) : exchange(parameters, request.headers.get('authorization'));
    const response = next === undefined ? right : await next.fault(right);
    const error = right.status === 200 ? null : await right.clone().text();
    exchanges.push({ grantType, status: response.status, error });
    return response;
  }

  return {
    /** For `mswTransport` and `serveMock`. */
    handlers: [
      http.get(options.authorizeUrl, ({ request }) => authorize(new URL(request.url).searchParams)),
      http.post(options.tokenUrl, ({ request }) => token(request)),
    ],
    client,
    /** What its page answers: a redirect, or 400 for an app it does not know. */
    authorize,
    /** A grant, as if a person had signed in. */
    grant: (): Pair => grants.begin(),
    look: grants.look,
    revoke: grants.revoke,
    endAll: grants.endAll,
    /** On its page everybody says no from now on: `access_denied`; null: yes again. */
    deny(error: string | null): void {
      denied = error;
    },
    /** What it answers to the next exchange; `before`: in place of making it, so that nothing was used up. */
    fault(fault: TokenFault, { before = false, times = 1 }: { before?: boolean; times?: number } = {}): void {
      for (let time = 0; time < times; time += 1) ordered.push({ fault, before });
    },
    /** Every exchange that was asked for, in order; `error`: what the right answer said. */
    exchanges,
  };
}

function refuse(error: string, status: 400 | 401): Response {
  return HttpResponse.json({ error }, { status });
}
