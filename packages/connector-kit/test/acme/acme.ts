import { type HttpSettings, httpClient } from '@contact-sync/connector-kit';
import { type ContactSource, ContactSyncError, sourceName } from '@contact-sync/core';
import { z } from 'zod';

export const origin = 'https://api.acme.example';

// Only the fields that are used, and each as the vendor says it: absent, null or text.
const text = z.string().nullish().default(null);
const personSchema = z.object({ id: z.string(), name: text, mail: text, mobile: text, archived: z.boolean() });
const listSchema = z.object({ people: z.array(z.unknown()), next: z.string().nullable() });

export type AcmeSettings = { tenant: string; token: string } & Pick<HttpSettings, 'transport' | 'wait'>;

export function acme({ tenant, token, transport, wait }: AcmeSettings): ContactSource {
  const headers = () => ({ authorization: `Bearer ${token}` });
  const http = httpClient({ origins: [origin], userAgent: 'connector-acme/1.0', headers, transport, wait });
  return {
    source: sourceName('acme', tenant),
    async *read({ signal }) {
      let next: string | null = '/people';
      while (next !== null) {
        const answer = await http.get(new URL(next, origin), { signal });
        const list = listOf(await answer.text());
        yield pageOf(list.people);
        next = list.next;
      }
      return { complete: true, tenant };
    },
  };
}

function pageOf(rows: readonly unknown[]) {
  const parsed = rows.map((row) => personSchema.safeParse(row));
  const people = parsed.flatMap(({ data }) => data ?? []);
  return {
    records: people
      .filter(({ archived }) => !archived)
      .map(({ id, name, mail, mobile }) => ({ externalId: id, name, email: mail, phone: mobile })),
    unreadable: parsed.flatMap(({ success }, index) =>
      success
        ? []
        : [{ externalId: null, where: `person ${index + 1} of a page`, problem: 'a field is missing or wrong' }],
    ),
    skipped: { archived: people.filter(({ archived }) => archived).length },
  };
}

function listOf(body: string) {
  try {
    return listSchema.parse(JSON.parse(body));
  } catch {
    // Not as its cause: the parser's error quotes the body.
    throw new ContactSyncError('source_unreadable', 'The answer of Acme is not a list of people.', {
      hint: 'Nothing was written. Try again later.',
    });
  }
}
