import { HttpResponse, http, type RequestHandler } from 'msw';

export const origin = 'https://api.acme.example';

/** As Acme's documents show it. Any text may stand here, and what no real tenant would send. */
export type FakePerson = {
  readonly id: string | number;
  readonly name?: string;
  readonly mail?: string;
  readonly mobile?: string;
  readonly archived: boolean;
};
/** An answer in place of the right one, which it is given, as is the first page. */
export type Fault = (body: string, firstPage: string) => Response | Promise<Response>;

export type FakeAcme = {
  /** For `mswTransport` and `serveMock`. */
  readonly handlers: readonly RequestHandler[];
  requests(): number;
  /** Answers with this from now on, or to so many requests; null ends it. */
  fault(fault: Fault | null, times?: number): void;
};

/** A tenant of Acme in memory; `people` may change meanwhile. It knows nothing of the connector: else one mistake would be in both. */
export function fakeAcme(people: readonly FakePerson[], token: string, pageSize = 50): FakeAcme {
  let ordered: { readonly fault: Fault; left: number } | null = null;
  let requests = 0;
  const pageAfter = (id: string | null): string => {
    const from = people.findIndex((person) => String(person.id) === id) + 1;
    const page = people.slice(from, from + pageSize);
    const next = from + pageSize < people.length ? `/people?after=${page.at(-1)?.id}` : null;
    return JSON.stringify({ people: page, next });
  };
  return {
    requests: () => requests,
    fault: (fault, times = Number.POSITIVE_INFINITY) => {
      ordered = fault === null ? null : { fault, left: times };
    },
    handlers: [
      http.get(`${origin}/people`, ({ request }) => {
        requests += 1;
        if (request.headers.get('authorization') !== `Bearer ${token}`) return new HttpResponse(null, { status: 401 });
        // After somebody, and not from a number on: so nobody is lost when others come and go.
        const body = pageAfter(new URL(request.url).searchParams.get('after'));
        if (ordered === null || ordered.left <= 0) return HttpResponse.text(body);
        ordered.left -= 1;
        return ordered.fault(body, pageAfter(null));
      }),
    ],
  };
}
