import { HttpResponse, http, type RequestHandler } from 'msw';
import type { FakeContact, FakeEntity } from './entities.js';
import { type Fault, jsonAnswer, jsonBytes, type Moment } from './faults.js';

export const origin = 'https://api-ap-southeast-2.fyi.app';

/** How FYI may behave, as far as nobody outside knows. */
export type Ways = {
  /** The form of requests that is understood; another one gets status 400. */
  readonly bodyStyle: 'envelope' | 'flat';
  /** Where the list stands; `bare`: it is the whole answer. */
  readonly listKey: 'results' | 'data' | 'entities' | 'bare';
  /** The most rows of a page, whatever is asked for. */
  readonly cap: number;
  /** What a page past the end is: an empty list, status 404, or the last page again. */
  readonly pastEnd: 'empty' | 'absent' | 'last';
  /** Whether the answer says how many clients there are; a number is said even if it is wrong. */
  readonly total: boolean | number;
};

export type FakeOptions = {
  readonly entities?: readonly FakeEntity[];
  readonly accessId?: string;
  readonly accessSecret?: string;
  /** If given, requests without it get status 403. */
  readonly applicationId?: string;
  readonly ways?: Partial<Ways>;
};

/** A practice in FYI behind its external API, in memory. */
export type FakeFyi = {
  /** For `mswTransport` and `serveMock`. */
  readonly handlers: readonly RequestHandler[];
  /** What the connector needs to read it, apart from where it is served. */
  readonly access: {
    readonly practice: string;
    readonly accessId: string;
    readonly accessSecret: string;
    readonly applicationId?: string;
  };
  entities(): readonly FakeEntity[];
  /** At the end of the list, or at its start, where everything moves on by one. */
  addEntity(entity: FakeEntity, where?: 'start' | 'end'): void;
  updateEntity(id: unknown, changes: FakeEntity): void;
  removeEntity(id: unknown): void;
  /** Under every client that has this contact. */
  updateContact(id: unknown, changes: FakeContact): void;
  /** Is called after each page that was served, with its number: to change something between two. */
  afterPage(change: ((page: number) => void) | null): void;
  /** Answers with this in place of the right answer to the next requests that are let in. */
  fault(fault: Fault, times?: number): void;
  /** Forgets the faults that were not used up. */
  clearFaults(): void;
  /** How it behaves from now on. */
  ways(ways: Partial<Ways>): void;
  /** Every request, in order, with its page and the status it got; 0 for a connection that was broken. */
  readonly requests: readonly { readonly page: number; readonly perPage: number; readonly status: number }[];
  /** Requests that this connector must never make: all but lists of entities. A test asserts that there are none. */
  readonly violations: readonly string[];
};

const path = '/external/entity';
const usual: Ways = {
  bodyStyle: 'envelope',
  listKey: 'results',
  cap: Number.POSITIVE_INFINITY,
  pastEnd: 'empty',
  total: false,
};

type Asked = { readonly page: number; readonly perPage: number };

export function fakeFyi(options: FakeOptions = {}): FakeFyi {
  const access = {
    practice: 'harbour',
    accessId: options.accessId ?? '7d4f6c1e-93a2-4b57-8a10-2f1c5f6f0a01',
    accessSecret: options.accessSecret ?? 'fake-access-secret',
    ...(options.applicationId === undefined ? {} : { applicationId: options.applicationId }),
  };
  let entities: readonly FakeEntity[] = options.entities ?? [];
  let ways: Ways = { ...usual, ...options.ways };
  let change: ((page: number) => void) | null = null;
  const ordered: { fault: Fault; times: number }[] = [];
  const requests: { page: number; perPage: number; status: number }[] = [];
  const violations: string[] = [];

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (request.method !== 'POST') return violation(`${request.method} ${pathname}`, 405);
    const { headers } = request;
    if (headers.get('x-fyi-access-id') !== access.accessId) return refusal(401, 'Access key is not known');
    if (headers.get('x-fyi-access-secret') !== access.accessSecret) return refusal(401, 'Access secret is wrong');
    if (access.applicationId !== undefined && headers.get('x-fyi-application-id') !== access.applicationId) {
      return refusal(403, 'Application is not known');
    }
    if (headers.get('content-type') !== 'application/json') return refusal(415, 'Unsupported media type');
    const text = await request.text();
    const body = jsonOf(text);
    const action = body?.metadata?.action?.value ?? (ways.bodyStyle === 'flat' ? 'list' : undefined);
    if (pathname + search !== path) return violation(`${pathname}${search} ${String(action)}`, 403);
    if (action !== undefined && action !== 'list') return violation(`${path} ${JSON.stringify(action)}`, 403);
    const asked = askedOf(body, ways);
    return asked === null ? refusal(400, 'Request body is not valid') : admit(asked);
  }

  function violation(what: string, status: number): Response {
    violations.push(what);
    return refusal(status, 'Not allowed');
  }

  function admit({ page, perPage }: Asked): Response {
    const size = Math.min(perPage, ways.cap);
    const moment: Moment = { page, body: bytesOf(page, size), bodyOf: (other) => bytesOf(other, size) };
    const next = ordered.find(({ times }) => times > 0);
    if (next !== undefined) next.times -= 1;
    const absent = page > Math.max(1, Math.ceil(entities.length / size)) && ways.pastEnd === 'absent';
    const right = () => (absent ? refusal(404, 'Not Found') : jsonBytes(moment.body, 200));
    const response = next === undefined ? right() : next.fault(moment);
    requests.push({ page, perPage, status: response.status });
    change?.(page);
    return response;
  }

  function bytesOf(page: number, size: number): Uint8Array<ArrayBuffer> {
    const last = Math.max(1, Math.ceil(entities.length / size));
    const at = (ways.pastEnd === 'last' ? Math.min(page, last) : page) - 1;
    const rows = entities.slice(at * size, (at + 1) * size);
    const total = ways.total === true ? entities.length : ways.total;
    const more = { page, per_page: size, ...(total === false ? {} : { total }) };
    const body = ways.listKey === 'bare' ? rows : { [ways.listKey]: rows, ...more };
    return new TextEncoder().encode(JSON.stringify(body));
  }

  function update(concerns: (entity: FakeEntity) => boolean, how: (entity: FakeEntity) => FakeEntity): void {
    if (!entities.some(concerns)) throw new Error('The fake has no such client or contact.');
    entities = entities.map((entity) => (concerns(entity) ? how(entity) : entity));
  }

  return {
    access,
    requests,
    violations,
    handlers: [
      http.all(`${origin}/*`, async ({ request }) => {
        const before = requests.length;
        const response = await answer(request);
        if (requests.length === before) requests.push({ page: 0, perPage: 0, status: response.status });
        return response;
      }),
    ],
    entities: () => entities,
    addEntity: (entity, where = 'end') => {
      entities = where === 'end' ? [...entities, entity] : [entity, ...entities];
    },
    updateEntity: (id, changes) =>
      update(
        (entity) => entity.id === id,
        (entity) => ({ ...entity, ...changes }),
      ),
    removeEntity: (id) => {
      entities = entities.filter((entity) => entity.id !== id);
    },
    updateContact: (id, changes) =>
      update(
        (entity) => contactsOf(entity).some((contact) => contact.id === id),
        (entity) => ({
          ...entity,
          contacts: contactsOf(entity).map((contact) => (contact.id === id ? { ...contact, ...changes } : contact)),
        }),
      ),
    afterPage: (next) => {
      change = next;
    },
    fault: (fault, times = 1) => {
      ordered.push({ fault, times });
    },
    clearFaults: () => {
      ordered.length = 0;
    },
    ways: (changes) => {
      ways = { ...ways, ...changes };
    },
  };
}

function refusal(status: number, message: string): Response {
  return status === 405
    ? new HttpResponse(null, { status, headers: { allow: 'POST' } })
    : jsonAnswer({ message }, status);
}

function contactsOf({ contacts }: FakeEntity): readonly FakeContact[] {
  return Array.isArray(contacts) ? contacts : [];
}

type Body = { readonly [key: string]: unknown; readonly metadata?: Envelope };
type Envelope = { readonly action?: { readonly value?: unknown }; readonly data?: Readonly<Record<string, unknown>> };

function jsonOf(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    // Not JSON: that is a request which is not valid.
    return null;
  }
}

function askedOf(body: Body | null, { bodyStyle }: Ways): Asked | null {
  const data = bodyStyle === 'flat' ? body : body?.metadata?.data;
  const { page, per_page: perPage } = data ?? {};
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  return whole(page) && whole(perPage) ? { page, perPage } : null;
}
