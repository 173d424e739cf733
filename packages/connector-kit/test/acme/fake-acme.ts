import { HttpResponse, http } from 'msw';
import { origin } from './acme.js';

export type FakePerson = { id: string | number; name?: string; mail?: string; mobile?: string; archived: boolean };
export type Fault = (body: string) => Response | Promise<Response>;

/** Acme with these people, in pages of two, and with faults to order. */
export function fakeAcme(people: readonly FakePerson[], token: string) {
  let fault: Fault | null = null;
  let requests = 0;
  return {
    requests: () => requests,
    fault(next: Fault | null) {
      fault = next;
    },
    handlers: [
      http.get(`${origin}/people`, ({ request }) => {
        requests += 1;
        if (request.headers.get('authorization') !== `Bearer ${token}`) return new HttpResponse(null, { status: 401 });
        const from = Number(new URL(request.url).searchParams.get('from') ?? 0);
        const next = from + 2 < people.length ? `/people?from=${from + 2}` : null;
        const body = JSON.stringify({ people: people.slice(from, from + 2), next });
        return fault === null ? HttpResponse.text(body) : fault(body);
      }),
    ],
  };
}
