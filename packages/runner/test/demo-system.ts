import { fakeSignIn, type MockServer, serveMock } from '@contact-sync/connector-kit/mock';
import { HttpResponse, http } from 'msw';

const origin = 'https://demo.example';

type Person = { readonly id: string; readonly name: string; readonly email: string; readonly archived: boolean };

function person(id: string, archived = false): Person {
  return { id, name: `Person ${id}`, email: `${id.toLowerCase()}@example.com`, archived };
}

export type DemoOptions = {
  /** The firms that a sign-in opens. */
  readonly opens?: readonly string[];
  readonly accessId?: string;
  readonly accessKey?: string;
  readonly client?: { readonly id: string; readonly secret: string };
  /** The beginning of every token. */
  readonly tokens?: string;
  readonly now?: () => Date;
};

const people: Readonly<Record<string, readonly (readonly Person[])[]>> = {
  north: [[person('N1'), person('N2')], [person('N3', true)]],
  south: [[person('S1')]],
  west: [],
};

/** What the demo connector reads: firms, whose people come in pages, and a sign-in that is strict. */
export async function serveDemo(options: DemoOptions = {}) {
  const { accessId = 'id-1', accessKey = 'key-1', client = { id: 'app-1', secret: 'app-secret-1' } } = options;
  let opens = options.opens ?? ['north', 'south'];
  const requests: string[] = [];
  const signIn = fakeSignIn({
    authorizeUrl: `${origin}/authorize`,
    tokenUrl: `${origin}/token`,
    client,
    secret: options.tokens ?? 'token',
    graceMs: 0,
    ...(options.now === undefined ? {} : { now: options.now }),
  });

  /** Which firms a request may see; null where its secrets are not accepted. */
  function allowed({ headers }: Request): readonly string[] | null {
    const token = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1];
    if (token !== undefined) return signIn.look(token).is === 'good' ? opens : null;
    const known = headers.get('access-id') === accessId && headers.get('access-key') === accessKey;
    return known ? Object.keys(people) : null;
  }

  const unauthorized = () => new HttpResponse(null, { status: 401 });
  const server: MockServer = await serveMock(
    [
      ...signIn.handlers,
      http.get(`${origin}/firms`, ({ request }) => {
        const firms = allowed(request);
        if (firms === null) return unauthorized();
        return HttpResponse.json(firms.map((id) => ({ id, name: `${id.toUpperCase()} & Partners` })));
      }),
      http.get<{ firm: string }>(`${origin}/firms/:firm/people`, ({ request, params: { firm } }) => {
        requests.push(new URL(request.url).pathname + new URL(request.url).search);
        const firms = allowed(request);
        if (firms === null) return unauthorized();
        if (!firms.includes(firm)) return new HttpResponse(null, { status: 403 });
        const page = Number(new URL(request.url).searchParams.get('page'));
        return HttpResponse.json(people[firm]?.[page - 1] ?? []);
      }),
    ],
    { origin },
  );
  return {
    url: server.url,
    /** What is read of people. */
    requests,
    signIn,
    /** Which firms sign-ins open from now on. */
    open(firms: readonly string[]) {
      opens = firms;
    },
    keys: { DEMO_ACCESS_ID: accessId, DEMO_ACCESS_KEY: accessKey },
    app: { DEMO_CLIENT_ID: client.id, DEMO_CLIENT_SECRET: client.secret },
    close: server.close,
  };
}
