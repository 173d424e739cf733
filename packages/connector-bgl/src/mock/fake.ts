import { HttpResponse, http, type RequestHandler } from 'msw';
import { bytesAnswer, limited, type Moment, refusal, scopeMissing, tokenInvalid } from './answers.js';
import type { Fault } from './faults.js';
import type { FakeContact, FakeFund } from './firm.js';
import type { Json, JsonObject } from './json.js';
import { bglLimits, countLimits, type Limits } from './limits.js';
import { type SignInOptions, signInOf } from './oauth.js';
import { type Look, route, usual } from './routes.js';

export const origin = 'https://api.bgl360.com.au';

export type FakeOptions = {
  readonly contacts?: readonly FakeContact[];
  readonly funds?: readonly FakeFund[];
  /** The bglAccountId. */
  readonly firm?: string;
  readonly accessToken?: string;
  /** Of the token; the people of funds take one of `investment`, `audit` and `smsf_partner`. */
  readonly scopes?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly look?: Partial<Look>;
  readonly signIn?: Omit<SignInOptions, 'now'>;
  /** Called before each request that is let in is answered: for what people do while a list is read. */
  readonly meanwhile?: (request: { readonly path: string; readonly query: URLSearchParams }) => void;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
};

/** A firm in CAS 360 and Simple Fund 360, in memory. */
export type FakeBgl = {
  /** For `mswTransport` and `serveMock`. */
  readonly handlers: readonly RequestHandler[];
  /** What the connector needs to read it, apart from where it is served. */
  readonly access: { readonly firm: string; readonly accessToken: string };
  /** BGL's sign-in, at /oauth/authorize and /oauth/token. Its tokens open the fake too. */
  readonly signIn: Pick<ReturnType<typeof signInOf>, 'app' | 'revoke' | 'expire'>;
  /** In the order of their ids. */
  contacts(): readonly FakeContact[];
  addContact(contact: FakeContact): void;
  /** Throws if there is no such contact, as the other changes do. */
  updateContact(id: Json, changes: JsonObject): void;
  deleteContact(id: Json): void;
  addFund(fund: FakeFund): void;
  updateFund(id: string, changes: Partial<FakeFund>): void;
  /** Answers with this in place of the right answer to the next requests that are let in, once `after` of them passed. */
  fault(fault: Fault, times?: number, after?: number): void;
  /** Forgets the faults that were not used up. */
  clearFaults(): void;
  look(look: Partial<Look>): void;
  /** Ends the access token of `access`. */
  expireToken(): void;
  /** Every request, in order, with the status it got; 0 for a connection that was broken. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  /** Requests that this connector must never make: all but GET, the sign-in apart. A test asserts that there are none. */
  readonly violations: readonly string[];
};

export function fakeBgl(options: FakeOptions = {}): FakeBgl {
  const now = options.now ?? (() => new Date());
  const access = { firm: options.firm ?? 'fake-firm-1', accessToken: options.accessToken ?? 'fake-access-token' };
  const signIn = signInOf({ ...options.signIn, now });
  const counters = countLimits({ ...bglLimits, ...options.limits }, now);
  const ordered: { readonly fault: Fault; left: number; after: number }[] = [];
  const requests: { method: string; path: string; status: number }[] = [];
  const violations: string[] = [];
  let contacts = inOrder(options.contacts ?? []);
  let funds = options.funds ?? [];
  let look: Look = { ...usual, ...options.look };
  let expired = false;

  function answer(request: Request): Response {
    const url = new URL(request.url);
    const signedIn = signIn.answer(request);
    if (signedIn !== null) return signedIn;
    if (request.method !== 'GET') {
      violations.push(`${request.method} ${url.pathname}`);
      return new HttpResponse(null, { status: 405, headers: { allow: 'GET' } });
    }
    // The scheme is spelled in lower case in BGL's documents.
    const [scheme = '', token = ''] = (request.headers.get('authorization') ?? '').split(' ');
    const moment = momentOf(url, token);
    const known = (token === access.accessToken && !expired) || signIn.accepts(token);
    if (scheme.toLowerCase() !== 'bearer' || !known) return tokenInvalid(moment);
    const scopes = options.scopes ?? ['investment'];
    const needs = /^\/(?:fund|sf)\//.test(url.pathname) ? ['investment', 'audit', 'smsf_partner'] : null;
    if (needs !== null && !needs.some((scope) => scopes.includes(scope))) return scopeMissing(moment);
    const problem = counters.enter();
    return problem === null ? admit(url, token) : limited(momentOf(url, token), problem);
  }

  function admit(url: URL, token: string): Response {
    options.meanwhile?.({ path: url.pathname, query: url.searchParams });
    const routed = route(url, { account: access.firm, contacts, funds }, look);
    const { status, body } = routed ?? { status: 404, body: refusal(404, 'Not Found') };
    const moment = momentOf(url, token, JSON.stringify(body));
    return nextFault()?.(moment) ?? bytesAnswer(moment, moment.body, status);
  }

  function momentOf(url: URL, token: string, body = ''): Moment {
    const bytes = new TextEncoder().encode(body);
    return { now: now(), dayLeft: counters.dayLeft(), token, path: url.pathname, body: bytes };
  }

  function nextFault(): Fault | undefined {
    const [next] = ordered;
    if (next === undefined) return undefined;
    if (next.after > 0) {
      next.after -= 1;
      return undefined;
    }
    next.left -= 1;
    if (next.left <= 0) ordered.shift();
    return next.fault;
  }

  return {
    access,
    signIn,
    requests,
    violations,
    handlers: [
      http.all(`${origin}/*`, ({ request }) => {
        const response = answer(request);
        requests.push({ method: request.method, path: new URL(request.url).pathname, status: response.status });
        return response;
      }),
    ],
    contacts: () => contacts,
    addContact: (contact) => {
      contacts = inOrder([...contacts, contact]);
    },
    updateContact: (id, changes) => {
      contacts = changed(
        contacts,
        (contact) => contact.id === id,
        (contact) => ({ ...contact, ...changes }),
      );
    },
    deleteContact: (id) => {
      contacts = changed(
        contacts,
        (contact) => contact.id === id,
        () => null,
      );
    },
    addFund: (fund) => {
      funds = [...funds, fund];
    },
    updateFund: (id, changes) => {
      funds = changed(
        funds,
        (fund) => fund.id === id,
        (fund) => ({ ...fund, ...changes }),
      );
    },
    fault: (fault, times = 1, after = 0) => {
      ordered.push({ fault, left: times, after });
    },
    clearFaults: () => {
      ordered.length = 0;
    },
    look: (changes) => {
      look = { ...look, ...changes };
    },
    expireToken: () => {
      expired = true;
    },
  };
}

function changed<Row>(rows: readonly Row[], which: (row: Row) => boolean, how: (row: Row) => Row | null): Row[] {
  if (!rows.some(which)) throw new Error('The fake has no such row.');
  return rows.map((row) => (which(row) ? how(row) : row)).filter((row) => row !== null);
}

/** By id where that is a number; others stay where they are, before those. */
function inOrder(contacts: readonly FakeContact[]): readonly FakeContact[] {
  const idOf = ({ id }: FakeContact) => (typeof id === 'number' ? id : Number.NEGATIVE_INFINITY);
  return contacts.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0));
}
