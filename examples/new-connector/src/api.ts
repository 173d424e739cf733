import { type HttpClient, httpClient, readJson } from '@contact-sync/connector-kit';
import { ContactSyncError } from '@contact-sync/core';
import { z } from 'zod';
import type { AcmeOptions } from './settings.js';

/*
 * What this connector takes to be true of the API of Acme, in one place. Confirmed: seen in its documents. Inferred:
 * reasoned, and not seen.
 *
 * - confirmed: GET /people gives a page of people and the path of the next page, or null on the last one.
 * - confirmed: an archived person stays in the list, marked.
 * - inferred: a value that is not there is null, or the field is missing.
 */

// Only the fields that are used, and each as the vendor says it.
const text = z.string().nullish().default(null);
const personSchema = z.object({ id: z.string(), name: text, mail: text, mobile: text, archived: z.boolean() });
const listSchema = z.object({ people: z.array(z.unknown()), next: z.string().nullable() });

export type Person = z.output<typeof personSchema>;

export function acmeClient({ baseUrl, token, transport, now, wait, random }: AcmeOptions): HttpClient {
  return httpClient({
    origins: [new URL(baseUrl).origin],
    userAgent: 'contact-sync (connector-acme)',
    accessToken: token,
    transport,
    now,
    wait,
    random,
  });
}

function endless(): ContactSyncError {
  const hint = 'Nothing was written. Run it again; if it stays, ask Acme.';
  return new ContactSyncError('source_incomplete', 'A page of Acme came twice, so the list has no end.', { hint });
}

/** Every page as it arrives; a person is null where it cannot be read. Returns only after the last page. */
export async function* peoplePages(
  http: HttpClient,
  baseUrl: string,
  signal: AbortSignal,
): AsyncGenerator<readonly (Person | null)[], void> {
  const seen = new Set<string>();
  let next: string | null = '/people';
  while (next !== null) {
    // A list that leads back to itself would be read for ever.
    if (seen.has(next)) throw endless();
    seen.add(next);
    const answer = await http.get(URL.parse(next, baseUrl) ?? next, { signal });
    const list: z.output<typeof listSchema> = await readJson(answer, listSchema);
    yield list.people.map((person) => personSchema.safeParse(person).data ?? null);
    next = list.next;
  }
}
