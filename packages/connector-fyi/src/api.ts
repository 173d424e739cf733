import { type HttpSettings, httpClient, type PostRead, readJson } from '@contact-sync/connector-kit';
import { z } from 'zod';
import { namesOf, unknownShape } from './errors.js';
import { isObject } from './is-object.js';
import { paceOf } from './pace.js';
import { messageIn, rateLimitOf, refusalIn, refusalOf, withLimitHint } from './refusals.js';

/*
 * What this connector takes to be true of FYI's external API, in one place: FYI's document of it is not public.
 * Confirmed: FYI's own help pages say so. Seen in code: integrators who are not connected with FYI do exactly this.
 * Inferred: reasoned, and not seen. When FYI turns out to be different, this file is the one to change.
 *
 * Request
 * - confirmed: an app in FYI (Automation, Apps) has an Access Key ID and a Secret Key; the secret is shown once.
 * - seen in code, twice: https://api-ap-southeast-2.fyi.app and /external/{resource}. Inferred: other regions have other
 *   hosts of fyi.app.
 * - seen in code, twice: headers x-fyi-access-id and x-fyi-access-secret. Once: x-fyi-application-id. No other sign-in,
 *   and nothing expires.
 * - seen in code: every call is a POST. What it does stands in the body, so reads and writes have one address:
 *   `envelope` is { metadata: { action: { value: 'list' }, data: { page, per_page } } }; `flat` (another integrator) is
 *   { page, per_page, is_client: true } and can only list. Nothing but these two bodies ever leaves: see `posts`.
 * - seen in code: page counts from 1; per_page up to 500. Inferred: FYI may give fewer than asked for without a word,
 *   so a page that is not full is not the last one. A page past the end is empty, or status 404, or the last one again.
 * - seen in code: filters by email and name, which their author did not trust either. None is sent.
 * - inferred: there is no filter by time of change, so every read reads everything.
 *
 * Answer
 * - seen in code: the list is in `results`, or in `data`. Inferred: in `entities`, or the body is the list.
 * - inferred: `total`, or `pagination.total`, is the number of clients there are. Where it is said, fewer are an error.
 * - inferred: rows may move to other pages while they are read, so without `total` every list is read twice; see pages.ts.
 * - inferred: 200 with `error`, `errors` or `success: false` is a refusal; a body without a list is never an empty list.
 *
 * Clients (entities) and contacts: see `clientFields` and `contactFields`.
 * - seen in code: an entity's `id` is a number, and its contacts are embedded as `contacts`. Inferred: ids may be text;
 *   no `contacts`, null and [] all mean none; null, '' and spaces all mean no value.
 * - confirmed: the email of a client is one field and may hold several addresses. It is handed over as it is.
 * - seen in code: the name of an individual may be "SURNAME, Given". It is handed over as it is.
 * - seen in code: business_structure is Individual, Company, Trust, Partnership or Superannuation Fund. An individual is
 *   a client of the first.
 * - confirmed: clients are Active, Archived or Unmatched (their practice system does not have them), or prospects; an
 *   archived client keeps its contacts, and may come back. Inferred: all key names of that (status, archived,
 *   is_archived, archived_at, is_prospect), and the words Inactive and Deleted. Any other word makes the row unreadable.
 * - seen in code: is_client. Inferred: an entity for which it is false is neither client nor prospect.
 * - seen in code: a contact has an email. Inferred: all its other fields, and that `id` is its own and the same under
 *   every client. A contact without one is known by its name and email: see map.ts.
 * - inferred: ids of contacts and of clients are counted apart, so a client's begins with `client:` here.
 *
 * Errors (refusals.ts): all inferred. 401: the keys. 403: plan or rights. 429: too fast, with Retry-After or without.
 */
export const defaultBaseUrl = 'https://api-ap-southeast-2.fyi.app';
export const defaultPerPage = 100;
const listPath = '/external/entity';
const listKeys = ['results', 'data', 'entities'] as const;

/** Fields that are read; everything else of a row is passed over. `text` may also be whole numbers. */
export const clientFields = {
  text: ['id', 'name', 'email', 'phone', 'mobile', 'business_structure', 'status', 'archived_at'],
  marks: ['is_client', 'is_prospect', 'archived', 'is_archived'],
} as const;
export const contactFields = {
  text: ['id', 'uuid', 'name', 'first_name', 'last_name', 'email', 'phone', 'mobile', 'status', 'archived_at'],
  marks: ['archived', 'is_archived'],
} as const;

const paging = { page: z.int().min(1), per_page: z.int().min(1) };
/** The bodies that list entities, each exactly: there is no room for another action, a model or a filter. */
const listBodies = {
  envelope: z.strictObject({
    metadata: z.strictObject({
      action: z.strictObject({ value: z.literal('list') }),
      data: z.strictObject(paging),
    }),
  }),
  flat: z.strictObject({ ...paging, is_client: z.literal(true) }),
} as const;

export type Access = {
  readonly baseUrl: string;
  readonly accessId: string;
  readonly accessSecret: string;
  readonly applicationId?: string | undefined;
  readonly bodyStyle: keyof typeof listBodies;
  readonly perPage: number;
} & Pick<HttpSettings, 'transport' | 'now' | 'wait' | 'random'>;

/** One answer: its rows as they came, and how many clients FYI says there are. */
export type List = { readonly rows: readonly unknown[]; readonly total: number | null };

export type FyiClient = {
  /**
   * Asks for one page, from 1 on, at most two a second. `absent` is a status of 404 that is not a web page.
   *
   * @throws ContactSyncError what `HttpClient.post` and `readJson` throw, with what to do about it in FYI;
   *   `source_refused` with what FYI said; `source_unreadable` for a body that is no list
   */
  list(page: number, signal: AbortSignal): Promise<List | 'absent'>;
};

/** The only requests that may be sent. */
export function readsOf({ baseUrl, bodyStyle }: Pick<Access, 'baseUrl' | 'bodyStyle'>): readonly [PostRead] {
  return [{ url: `${baseUrl}${listPath}`, body: listBodies[bodyStyle] }];
}

/** @throws ContactSyncError `setting_invalid` if the address is not safe to call */
export function fyiClient(access: Access): FyiClient {
  const { baseUrl, accessId, accessSecret, applicationId, bodyStyle, perPage, transport, now } = access;
  const [{ url }] = readsOf(access);
  const random = access.random ?? Math.random;
  const secrets = [accessSecret, accessId, ...(applicationId === undefined ? [] : [applicationId])];
  const absent = new WeakSet<Error>();
  const pace = paceOf(access);
  const http = httpClient({
    origins: [new URL(baseUrl).origin],
    posts: readsOf(access),
    userAgent: 'contact-sync (connector-fyi)',
    headers: () => ({
      accept: 'application/json',
      'x-fyi-access-id': accessId,
      'x-fyi-access-secret': accessSecret,
      ...(applicationId === undefined ? {} : { 'x-fyi-application-id': applicationId }),
    }),
    rateLimit: (answer, at) => rateLimitOf(answer, at, random),
    refusal: (answer) => {
      const error = refusalOf(answer, secrets);
      if (answer.status === 404 && !answer.body.trimStart().startsWith('<')) absent.add(error);
      return error;
    },
    wait: pace.pause,
    transport,
    now,
    random,
  });

  return {
    async list(page, signal) {
      const data = { page, per_page: perPage };
      const flat = { ...data, is_client: true };
      const body = bodyStyle === 'flat' ? flat : { metadata: { action: { value: 'list' }, data } };
      await pace.turn(signal);
      try {
        const answer = await http.post(url, body, { signal });
        return listOf(await readJson(answer, z.unknown()), secrets);
      } catch (error) {
        if (page > 1 && error instanceof Error && absent.has(error)) return 'absent';
        throw withLimitHint(error);
      }
    },
  };
}

function listOf(body: unknown, secrets: readonly string[]): List {
  const refusal = refusalIn(body, secrets);
  if (refusal !== null) throw refusal;
  if (Array.isArray(body)) return { rows: body, total: null };
  if (!isObject(body)) throw unknownShape('it is neither an object nor a list');
  for (const key of listKeys) {
    const rows = body[key];
    if (Array.isArray(rows)) return { rows, total: totalOf(body) };
  }
  const message = messageIn(body, secrets);
  if (message !== null) throw message;
  throw unknownShape(`no list in ${listKeys.join(', ')}; ${namesOf(Object.keys(body))}`);
}

function totalOf(body: Readonly<Record<string, unknown>>): number | null {
  const total = body.total ?? (isObject(body.pagination) ? body.pagination.total : null);
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? total : null;
}
