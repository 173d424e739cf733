import { HttpResponse } from 'msw';
import type { Json } from './json.js';

/** The app that is registered with BGL. All values are nobody's. */
export type FakeApp = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** One on this machine and without a port stands for every port. */
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
};

export type SignInOptions = {
  readonly app?: Partial<FakeApp>;
  /** Seconds an access token lives. Default 604,800, seven days. */
  readonly expiresIn?: number;
  /** Whether a refresh gives a new refresh token, and the old one ends. Default false. */
  readonly rotate?: boolean;
  readonly now: () => Date;
};

export const exampleApp: FakeApp = {
  clientId: 'fake-client',
  clientSecret: 'fake-client-secret',
  redirectUris: ['http://localhost/callback', 'http://127.0.0.1:8765/callback'],
  scopes: ['investment'],
};

const codeMs = 5 * 60_000;

/** BGL's sign-in: the person always agrees. Parameters are in the query, also of the POST. */
export function signInOf({ app: given = {}, expiresIn = 604_800, rotate = false, now }: SignInOptions) {
  const app: FakeApp = { ...exampleApp, ...given };
  const codes = new Map<string, { redirectUri: string; until: number }>();
  const accessTokens = new Map<string, number>();
  const refreshTokens = new Set<string>();
  let made = 0;
  const next = (): string => {
    made += 1;
    return `5ec2e700-0000-4000-8000-${String(made).padStart(12, '0')}`;
  };

  function authorize(query: URLSearchParams): Response {
    const redirectUri = query.get('redirect_uri') ?? '';
    const type = query.get('response_type') ?? '';
    if (query.get('client_id') !== app.clientId) return no(401, 'invalid_client', 'Bad client credentials');
    if (!isRegistered(redirectUri)) return no(400, 'invalid_grant', mismatch(redirectUri));
    if (type !== 'code') return no(400, 'unsupported_response_type', `Unsupported response type ${type}`);
    const scope = unknownScope(query);
    if (scope !== null) return no(400, 'invalid_scope', `Invalid scope: ${scope}`);
    const target = new URL(redirectUri);
    const code = next();
    codes.set(code, { redirectUri, until: now().getTime() + codeMs });
    target.searchParams.set('code', code);
    const state = query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    return new HttpResponse(null, { status: 302, headers: { location: target.href } });
  }

  function token(query: URLSearchParams, authorization: string | null): Response {
    const refused = refuseClient(query, authorization);
    if (refused !== null) return refused;
    const scope = unknownScope(query);
    if (scope !== null) return no(400, 'invalid_scope', `Invalid scope: ${scope}`);
    const type = query.get('grant_type') ?? '';
    if (type === 'authorization_code') return exchange(query);
    if (type === 'refresh_token') return refresh(query.get('refresh_token') ?? '');
    return no(400, 'unsupported_grant_type', `Unsupported grant type: ${type}`);
  }

  function exchange(query: URLSearchParams): Response {
    const code = query.get('code') ?? '';
    const issued = codes.get(code);
    codes.delete(code);
    if (issued === undefined || issued.until <= now().getTime()) {
      return no(400, 'invalid_grant', `Invalid authorization code: ${code}`);
    }
    const redirectUri = query.get('redirect_uri') ?? '';
    if (redirectUri !== issued.redirectUri) return no(400, 'invalid_grant', mismatch(redirectUri));
    const refreshToken = next();
    refreshTokens.add(refreshToken);
    return issue(refreshToken);
  }

  function refresh(refreshToken: string): Response {
    if (!refreshTokens.has(refreshToken)) return no(400, 'invalid_grant', `Invalid refresh token: ${refreshToken}`);
    if (!rotate) return issue(refreshToken);
    const rotated = next();
    refreshTokens.delete(refreshToken);
    refreshTokens.add(rotated);
    return issue(rotated);
  }

  function issue(refresh_token: string): Response {
    const access_token = next();
    accessTokens.set(access_token, now().getTime() + expiresIn * 1000);
    return json(200, {
      access_token,
      token_type: 'bearer',
      refresh_token,
      expires_in: expiresIn,
      scope: app.scopes.join(' '),
    });
  }

  /** Basic, or the client's id and secret in the query, or for a refresh its id with the old access token. */
  function refuseClient(query: URLSearchParams, authorization: string | null): Response | null {
    const [scheme = '', value = ''] = (authorization ?? '').split(' ');
    const basic = scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().split(':') : [];
    const [id = query.get('client_id') ?? '', secret = query.get('client_secret') ?? ''] = basic;
    if (id !== app.clientId) return no(401, 'unauthorized', `No client with requested refkey: ${id}`);
    const byOldToken =
      query.get('grant_type') === 'refresh_token' && scheme.toLowerCase() === 'bearer' && accessTokens.has(value);
    if (secret !== app.clientSecret && !byOldToken) return no(401, 'invalid_client', 'Bad client credentials');
    return null;
  }

  function unknownScope(query: URLSearchParams): string | null {
    const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const unknown = asked.find((scope) => !app.scopes.includes(scope));
    return unknown ?? (asked.length === 0 ? '' : null);
  }

  function isRegistered(redirectUri: string): boolean {
    const anyPort = redirectUri.replace(/^(http:\/\/localhost):\d+\//, '$1/');
    return app.redirectUris.includes(redirectUri) || app.redirectUris.includes(anyPort);
  }

  function mismatch(redirectUri: string): string {
    return `Invalid redirect: ${redirectUri} does not match one of the registered values: [${app.redirectUris.join(', ')}]`;
  }

  return {
    app,
    /** The answer of /oauth/authorize and /oauth/token; null for anything else. */
    answer(request: Request): Response | null {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/oauth/authorize' && request.method === 'GET') return authorize(searchParams);
      if (pathname !== '/oauth/token' || request.method !== 'POST') return null;
      return token(searchParams, request.headers.get('authorization'));
    },
    /** Whether an access token was issued here and lives. */
    accepts: (accessToken: string): boolean => (accessTokens.get(accessToken) ?? 0) > now().getTime(),
    /** As the person does in BGL: every token ends, for good. */
    revoke: (): void => {
      accessTokens.clear();
      refreshTokens.clear();
    },
    /** Ends the access tokens; they can be renewed. */
    expire: (): void => accessTokens.clear(),
  };
}

function no(status: number, error: string, error_description: string): Response {
  return json(status, { error, error_description });
}

function json(status: number, body: Json): Response {
  const headers = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store', pragma: 'no-cache' };
  return new HttpResponse(JSON.stringify(body), { status, headers });
}
