import { type FakeSignIn, fakeSignIn } from '@contact-sync/connector-kit/mock';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { expired, forbidden, limited, type Moment, unauthorized, xmlAnswer } from './answers.js';
import { type Book, openBook } from './book.js';
import { connectionsBody, type FakeConnection, otherConnections } from './connections.js';
import { compact, type Look } from './elements.js';
import type { Fault } from './faults.js';
import { countLimits, type Limits, xeroLimits } from './limits.js';
import { route } from './routes.js';
import type { FakeClient } from './tenant.js';

export const origin = 'https://api.xero.com';
const api = '/practicemanager/3.1/client.api/';
const scope = 'practicemanager.client.read';

export type FakeOptions = {
  readonly clients?: readonly FakeClient[];
  readonly tenantId?: string;
  /** A token that is good beside those of `signIn`. */
  readonly accessToken?: string;
  /** When the access token expires. Default: never. */
  readonly tokenExpires?: Date;
  readonly scopes?: readonly string[];
  /** What `/connections` lists beside this practice. Default: an organisation, and the practice in Xero HQ. */
  readonly connections?: readonly FakeConnection[];
  /** Default: with a secret. */
  readonly client?: FakeSignIn['client'];
  readonly limits?: Partial<Limits>;
  readonly look?: Partial<Look>;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
};

/** A practice in Practice Manager behind Xero's gateway, in memory. */
export type FakeXpm = Book & {
  /** For `mswTransport` and `serveMock`. */
  readonly handlers: readonly RequestHandler[];
  /** What the connector needs to read it, apart from where it is served. */
  readonly access: { readonly tenantId: string; readonly accessToken: string };
  /** Xero's sign-in: half an hour of life, rotation, 30 minutes of grace, 60 days without use. */
  readonly signIn: FakeSignIn;
  /** Answers with this in place of the right answer to the next requests that are let in. */
  fault(fault: Fault, times?: number): void;
  /** Forgets the faults that were not used up. */
  clearFaults(): void;
  /** How the bodies look from now on. */
  look(look: Partial<Look>): void;
  /** Every request, in order, with the status it got; 0 for a connection that was broken. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  /** Requests that this connector must never make: everything but GET. A test asserts that there are none. */
  readonly violations: readonly string[];
};

export function fakeXpm(options: FakeOptions = {}): FakeXpm {
  const now = options.now ?? (() => new Date());
  const access = {
    tenantId: options.tenantId ?? '8c0e7b0a-3f51-4a6c-9a43-6a3a0a6d1c11',
    accessToken: options.accessToken ?? 'fake-access-token',
  };
  const [organisation, ...rest] = options.connections ?? otherConnections;
  const practice: FakeConnection = { tenantId: access.tenantId, tenantType: 'PRACTICEMANAGER', tenantName: null };
  const connections = [...(organisation === undefined ? [] : [organisation]), practice, ...rest];
  const signIn = fakeSignIn({
    // On any host: Xero has three, a port has one.
    authorizeUrl: '*/identity/connect/authorize',
    tokenUrl: '*/connect/token',
    scope: `offline_access ${scope}`,
    secret: access.accessToken,
    now,
    ...(options.client === undefined ? {} : { client: options.client }),
  });
  const book = openBook(options.clients ?? [], now);
  const counters = countLimits({ ...xeroLimits, ...options.limits }, now);
  const ordered: { readonly fault: Fault; left: number }[] = [];
  const requests: { method: string; path: string; status: number }[] = [];
  const violations: string[] = [];
  let look: Look = { ...compact, ...options.look };

  function momentOf(xml = ''): Moment {
    return {
      correlationId: `00000000-0000-4000-8000-${String(requests.length + 1).padStart(12, '0')}`,
      now: now(),
      left: counters.left(),
      body: new TextEncoder().encode(xml),
    };
  }

  function answer(request: Request): Response {
    const url = new URL(request.url);
    if (request.method !== 'GET') {
      violations.push(`${request.method} ${url.pathname}`);
      return new HttpResponse(null, { status: 405, headers: { allow: 'GET' } });
    }
    const refusal = refuseToken(request.headers.get('authorization'));
    if (refusal !== null) return refusal;
    if (url.pathname === '/connections') return HttpResponse.json(connectionsBody(connections));
    if (!(options.scopes ?? [scope]).includes(scope)) return unauthorized(momentOf(), 'AuthorizationUnsuccessful');
    if (request.headers.get('xero-tenant-id')?.toLowerCase() !== access.tenantId.toLowerCase()) {
      counters.countApp();
      return forbidden(momentOf());
    }
    return admit(url);
  }

  function refuseToken(authorization: string | null): Response | null {
    const token = authorization?.startsWith('Bearer ') === true ? authorization.slice(7) : '';
    if (token !== access.accessToken) {
      const look = signIn.look(token);
      if (look.is === 'expired') return expired(momentOf(), look.at);
      return look.is === 'good' ? null : unauthorized(momentOf(), 'AuthenticationUnsuccessful');
    }
    const { tokenExpires } = options;
    return tokenExpires !== undefined && now() >= tokenExpires ? expired(momentOf(), tokenExpires) : null;
  }

  function admit(url: URL): Response {
    const problem = counters.enter();
    if (problem !== null) {
      const timed = problem === 'minute' || problem === 'day';
      return limited(momentOf(), problem, timed ? counters.secondsToReset(problem) : null);
    }
    const routed = url.pathname.startsWith(api)
      ? route(url.pathname.slice(api.length), url.searchParams, book.kept(), look)
      : null;
    const moment = momentOf(routed?.xml);
    const fault = nextFault();
    if (fault !== undefined) return whenRead(fault(moment), counters.leave);
    if (routed === null) return whenRead(new HttpResponse(null, { status: 404 }), counters.leave);
    return whenRead(xmlAnswer(moment, moment.body, { status: routed.status }), counters.leave);
  }

  function nextFault(): Fault | undefined {
    const [next] = ordered;
    if (next === undefined) return undefined;
    next.left -= 1;
    if (next.left <= 0) ordered.shift();
    return next.fault;
  }

  return {
    ...book,
    access,
    signIn,
    requests,
    violations,
    handlers: [
      ...signIn.handlers,
      http.all(`${origin}/*`, ({ request }) => {
        const response = answer(request);
        requests.push({ method: request.method, path: new URL(request.url).pathname, status: response.status });
        return response;
      }),
    ],
    fault: (fault, times = 1) => {
      ordered.push({ fault, left: times });
    },
    clearFaults: () => {
      ordered.length = 0;
    },
    look: (changes) => {
      look = { ...look, ...changes };
    },
  };
}

/** The answer, and `done` once its body was read or given up: until then the request runs. */
function whenRead(response: Response, done: () => void): Response {
  const { body, status, headers } = response;
  if (body === null) {
    done();
    return response;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = await reader.read();
      if (!step.done) return controller.enqueue(step.value);
      done();
      controller.close();
    },
    async cancel(reason) {
      done();
      await reader.cancel(reason);
    },
  });
  return new HttpResponse(watched, { status, headers });
}
