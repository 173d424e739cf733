import { type HttpClient, type HttpSettings, httpClient } from '@contact-sync/connector-kit';
import { type AccessToken, ContactSyncError } from '@contact-sync/core';
import { unreadable } from './errors.js';
import { clientListReader, type WireClient } from './list.js';
import { rateLimitOf, referenceOf, refusalOf } from './refusals.js';

/*
 * What this connector takes to be true of the Practice Manager API v3.1, in one place. Confirmed: seen in Xero's own
 * documents or in recorded traffic. Inferred: reasoned, and not seen.
 *
 * Request
 * - confirmed: GET {base}/client.api/list gives every client with its contacts in one body, not paged, archived and
 *   deleted ones included. `detailed=true` adds notes, groups and relationships only, so it is not sent.
 * - confirmed: headers Authorization (Bearer) and Xero-Tenant-Id. The scope is practicemanager.client.read.
 * - confirmed: the answer is XML, UTF-8, `text/xml`. Practices with 15,000 clients report minutes and 50 MB.
 *
 * Answer
 * - confirmed: Response / Status, then Response / Clients / Client / Contacts / Contact. Order of elements, white space,
 *   an XML declaration and the attribute api-method vary: elements are found by their names alone.
 * - confirmed: an empty value is `<Email></Email>`, `<Email />` or no element at all. Here also: only white space.
 * - confirmed: 200 with Status ERROR and an ErrorDescription is a refusal.
 * - inferred: an answer without Clients is not an empty list; that is `<Clients />`.
 * - inferred: known elements come once. A row with two of one is unreadable, for nobody knows which one counts.
 * - inferred: bodies never hold a DOCTYPE, nor the control characters that XML 1.0 forbids (no report of either). They
 *   are an error that names the place: dropping them would change a value without anybody's knowledge.
 *
 * Clients and contacts
 * - confirmed: the UUID is the key, and a contact has the same one under several clients; names are not unique.
 * - confirmed: marks are Yes or No; IsProspect is missing from current documents, so absent means No. Inferred: true,
 *   false, 1 and 0, in any case, are meant alike; any other word makes the row unreadable.
 * - inferred: deleted contacts may appear with IsDeleted Yes.
 * - confirmed: FirstName and LastName exist for individuals only; BusinessStructure is a list each practice makes.
 *   Inferred: an individual is a client whose structure is "Individual", or that has a first or last name.
 *
 * Errors (refusals.ts)
 * - confirmed: Xero's gateway answers in JSON (Type, Title, Status, Detail, …); some see its keys in lower case.
 *   401 AuthenticationUnsuccessful or TokenExpired: the token, which is renewed once. 403: the tenant is not connected.
 * - confirmed for other Xero APIs, inferred for this one: 401 AuthorizationUnsuccessful is a missing scope.
 * - confirmed: 429 has an empty body and X-Rate-Limit-Problem; `minute` and `day` have Retry-After in seconds. Reported
 *   by others: `concurrent` and `appminute`. Inferred: windows are fixed, so a day's limit ends within 24 hours.
 * - confirmed: xero-correlation-id is what Xero support asks for.
 */
export const defaultBaseUrl = 'https://api.xero.com/practicemanager/3.1';

/** Milliseconds for the whole list; lists take minutes in large practices. */
const deadlineMs = 15 * 60_000;
/** Bytes of the whole list, decompressed: twenty times the largest that is reported. */
const maxBytes = 1024 ** 3;

export type Access = {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly accessToken: AccessToken;
} & Pick<HttpSettings, 'transport' | 'now' | 'wait' | 'random' | 'beforeRequest'>;

export type Batch = {
  readonly clients: readonly WireClient[];
  readonly requestsLeft: Readonly<Record<string, number>>;
};

export function xpmClient(access: Access): HttpClient {
  const { baseUrl, tenantId, accessToken, transport, now, wait, random, beforeRequest } = access;
  return httpClient({
    origins: [new URL(baseUrl).origin],
    userAgent: 'contact-sync (connector-xpm)',
    headers: () => ({ accept: 'application/xml', 'xero-tenant-id': tenantId }),
    accessToken,
    deadlineMs,
    maxBytes,
    rateLimit: rateLimitOf,
    refusal: refusalOf,
    transport,
    now,
    wait,
    random,
    beforeRequest,
  });
}

/**
 * Every client with its contacts, as the answer arrives. Returns only when the answer was whole.
 *
 * @throws ContactSyncError what `HttpClient.get` throws, `source_refused` with what Xero said, and `source_unreadable`
 * or `source_incomplete` for anything that is not a whole list of clients
 */
export async function* clientList(http: HttpClient, baseUrl: string, signal: AbortSignal): AsyncGenerator<Batch, void> {
  const answer = await http.get(`${baseUrl}/client.api/list`, { signal });
  const reference = referenceOf(answer.headers);
  const requestsLeft = requestsLeftOf(answer.headers);
  try {
    checkType(answer.status, answer.headers.get('content-type') ?? '', reference);
    const reader = clientListReader(reference);
    for await (const bytes of answer.body) {
      const clients = reader.write(bytes);
      if (clients.length > 0) yield { clients, requestsLeft };
    }
    // Of an empty list too, so that people see how many requests are left.
    yield { clients: reader.end(), requestsLeft };
  } catch (error) {
    throw withReference(error, reference);
  } finally {
    await answer.discard();
  }
}

function checkType(status: number, contentType: string, reference: string | undefined): void {
  if (status !== 200) throw unreadable(`has status ${status}, which is not known`, reference);
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== '' && type !== 'text/xml' && type !== 'application/xml') {
    const kind = type === 'text/html' ? 'a web page' : type.endsWith('json') ? 'JSON' : 'of another type';
    throw unreadable(`is ${kind}, and not XML`, reference);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw unreadable('is in another character set than UTF-8', reference);
  }
}

const limits = {
  minute: 'x-minlimit-remaining',
  day: 'x-daylimit-remaining',
  appMinute: 'x-appminlimit-remaining',
};

function requestsLeftOf(headers: Headers): Record<string, number> {
  const left: Record<string, number> = {};
  for (const [window, name] of Object.entries(limits)) {
    const value = headers.get(name) ?? '';
    if (/^\d{1,9}$/.test(value)) left[window] = Number(value);
  }
  return left;
}

/** The HTTP client's errors do not know Xero's correlation id. */
function withReference(error: unknown, reference: string | undefined): unknown {
  if (!ContactSyncError.is(error) || error.reference !== undefined || reference === undefined) return error;
  const { code, message, hint, resumeAt, cause } = error;
  return new ContactSyncError(code, message, {
    hint,
    reference,
    cause,
    ...(resumeAt === undefined ? {} : { resumeAt }),
  });
}
