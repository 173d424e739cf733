import { type HttpClient, type HttpSettings, httpClient, readJson } from '@contact-sync/connector-kit';
import type { AccessToken } from '@contact-sync/core';
import type { z } from 'zod';
import { rateLimitOf, refusalOf, requestsLeftOf } from './refusals.js';
import {
  accountAnswer,
  contactRow,
  contactsAnswer,
  entityAnswer,
  fundRow,
  fundsAnswer,
  membersAnswer,
  personRow,
  type Row,
  trusteesAnswer,
  type WireContact,
  type WireFund,
  type WirePerson,
} from './wire.js';

/*
 * What this connector takes to be true of the BGL API, in one place. Confirmed: seen in BGL's own documents. Inferred:
 * reasoned, and not seen.
 *
 * Requests
 * - confirmed: one host serves CAS 360 and Simple Fund 360. Header Authorization, `Bearer` and the token. Only GET is
 *   used, never the suffix `.json`.
 * - confirmed: GET /account/detail answers { Account: { bglAccountId } }, which names the firm. Inferred: as text or as a
 *   whole number, always there, and the same for as long as the firm is.
 * - inferred: one scope covers all that is read here. Which one opens the contacts of CAS 360 is not published.
 *
 * Contacts of CAS 360
 * - confirmed: GET /contacts?offset&limit&relationships=false, where offset counts rows from 0; any offset may be asked.
 *   Inferred: at most 500 rows for `limit`, as stated for companies; fewer may come.
 * - inferred: { contacts, limit, offset, total }, as other lists of CAS 360 have it; also a bare array. `total` counts
 *   the rows of the whole list. The offset that comes back may be wrong (an official example has that) and is not read.
 * - inferred: the order stays the same from page to page, but for what people add and delete meanwhile.
 * - confirmed: contactType is People, Company, Other Entity or Joint Member; ids are numbers, unique in the firm.
 * - confirmed: a Joint Member has representativeIds, which name contacts of the same list, never other joint members.
 * - inferred: deleted contacts do not come; there is no mark for them, nor for people who have died.
 *
 * Simple Fund 360
 * - confirmed: GET /fund/list answers { funds } whole, with fundID; entityType SMSF, BillableTrust, BillableCompany or
 *   BillableIndividual, which the examples leave out. Inferred: also a bare array.
 * - confirmed: GET /sf/funds/{fundId} has id, entityType (SMSF, Company, Trust, Individual) and windUpDate, which
 *   some see as windupDate. Inferred: without a wrapper; any date there means that it is wound up.
 * - confirmed: GET /sf/funds/{fundId}/members has peopleId, unique in the firm, names, email, mobile, phone and
 *   dateOfDeath. Inferred: as { members } or as a bare array; memberRefKey stands where a peopleId is missing.
 * - confirmed: GET /sf/funds/{fundId}/trustees has trusteeOrDirector with peopleId, names, email and phone, and
 *   corporateDetails where the trustee is a company. Inferred: the key trusteeOrDirector is always there.
 * - confirmed: `fundEmail`, and many an address @bglnotes.com.au, is an inbox that BGL made.
 *
 * Values
 * - confirmed: "" and null, and in an official example the text "null", say that there is nothing. Inferred: for lists,
 *   too; but a list whose key is missing is not empty.
 *
 * Errors and limits (refusals.ts)
 * - confirmed in 2015: { message, errors, status }; 401 for a fund that is not accessible. Inferred: 401 with
 *   { error: 'invalid_token' } for a token, whose description repeats it; 403 for a scope.
 * - confirmed in 2015: 429, 100 requests in 10 minutes or a limit of a day, told apart by their text; no Retry-After;
 *   X-Rate-Daily-Limit-Remaining, -1 for no limit. Inferred: a limit of a day ends within 24 hours.
 */
export const defaultBaseUrl = 'https://api.bgl360.com.au';

/** The most rows of contacts that BGL gives at once. */
const pageLimit = 500;
const deadlineMs = 2 * 60_000;
/** Bytes of one answer, decompressed. */
const maxBytes = 128 * 1024 * 1024;

export type Access = {
  readonly baseUrl: string;
  readonly accessToken: AccessToken;
  readonly maxWaitMinutes: number;
} & Pick<HttpSettings, 'transport' | 'now' | 'wait' | 'random'>;

/** Rows of one answer; `total` is what the list says it holds, null where it does not say. */
export type Part<Value> = {
  readonly rows: readonly Row<Value>[];
  readonly total: number | null;
  readonly requestsLeft: Readonly<Record<string, number>>;
};

export type BglApi = ReturnType<typeof bglApi>;

/**
 * One function for each request. Each throws what `HttpClient.get` and `readJson` throw; of errors that concern one fund
 * `concernsOneFund` tells.
 */
export function bglApi(access: Access) {
  const http = clientOf(access);

  async function ask<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal) {
    const answer = await http.get(`${access.baseUrl}${path}`, { signal });
    return { said: await readJson(answer, schema), requestsLeft: requestsLeftOf(answer.headers) };
  }

  return {
    /** The firm that answers: its bglAccountId and its name. */
    account: async (signal: AbortSignal): Promise<{ readonly id: string; readonly title: string | null }> => {
      const { said } = await ask('/account/detail', accountAnswer, signal);
      return said;
    },
    contacts: async (offset: number, signal: AbortSignal): Promise<Part<WireContact>> => {
      const path = `/contacts?offset=${offset}&limit=${pageLimit}&relationships=false`;
      const { said, requestsLeft } = await ask(path, contactsAnswer, signal);
      return { rows: said.contacts.map(contactRow), total: said.total, requestsLeft };
    },
    funds: async (signal: AbortSignal): Promise<Part<WireFund>> => {
      const { said, requestsLeft } = await ask('/fund/list', fundsAnswer, signal);
      return { rows: said.map(fundRow), total: null, requestsLeft };
    },
    entity: async (fund: string, signal: AbortSignal) => {
      const { said, requestsLeft } = await ask(pathOf(fund), entityAnswer, signal);
      return { ...said, requestsLeft };
    },
    members: async (fund: string, signal: AbortSignal): Promise<Part<WirePerson>> => {
      const { said, requestsLeft } = await ask(`${pathOf(fund)}/members`, membersAnswer, signal);
      return { rows: said.map(personRow), total: null, requestsLeft };
    },
    trustees: async (
      fund: string,
      signal: AbortSignal,
    ): Promise<Part<WirePerson> & { readonly corporate: boolean }> => {
      const { said, requestsLeft } = await ask(`${pathOf(fund)}/trustees`, trusteesAnswer, signal);
      return { rows: said.people.map(personRow), total: null, requestsLeft, corporate: said.corporate };
    },
  };
}

function pathOf(fund: string): string {
  return `/sf/funds/${encodeURIComponent(fund)}`;
}

function clientOf({ baseUrl, accessToken, maxWaitMinutes, transport, now, wait, random }: Access): HttpClient {
  return httpClient({
    origins: [new URL(baseUrl).origin],
    userAgent: 'contact-sync (connector-bgl)',
    headers: () => ({ accept: 'application/json' }),
    accessToken,
    deadlineMs,
    maxBytes,
    retry: { maxWaitMs: maxWaitMinutes * 60_000 },
    rateLimit: rateLimitOf,
    refusal: refusalOf,
    transport,
    now,
    wait,
    random,
  });
}
