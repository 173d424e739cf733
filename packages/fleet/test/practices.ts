import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A practice as Xero would answer for it: so many people, and what is wrong with it. */
export type Practice = {
  readonly tenantId: string;
  people: number;
  /** Changes the phone of one in twenty: more would be a matter for a guard. */
  version: number;
  /** A status to answer with instead; null: all is well. */
  fault: number | null;
  /** What is sent with the fault. */
  headers: Readonly<Record<string, string>>;
  /** Milliseconds until it answers. */
  delay: number;
  /** How many requests it has answered well, and how many are under way, now and at the most. */
  answered: number;
  running: number;
  atMost: number;
};

export type Practices = {
  readonly url: string;
  add(people: number): Practice;
  readonly all: ReadonlyMap<string, Practice>;
  /** When each request came, in milliseconds of `performance`. */
  readonly requests: { readonly at: number; readonly tenantId: string }[];
  /** Answers wait until it resolves. */
  gate: Promise<unknown>;
  close(): Promise<void>;
};

/** A fake of Xero Practice Manager for as many practices as wanted, on one port, and as fast as it can be. */
export async function startPractices(port = 0): Promise<Practices> {
  const all = new Map<string, Practice>();
  const requests: { at: number; tenantId: string }[] = [];
  const practices = { gate: Promise.resolve() as Promise<unknown> };
  const server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
    const tenantId = String(request.headers['xero-tenant-id'] ?? '');
    const practice = all.get(tenantId);
    request.resume();
    requests.push({ at: performance.now(), tenantId });
    if (practice === undefined) return response.writeHead(403).end();
    practice.running += 1;
    practice.atMost = Math.max(practice.atMost, practice.running);
    response.once('close', () => {
      practice.running -= 1;
    });
    void practices.gate.then(() => setTimeout(() => answer(practice, response), practice.delay));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all,
    requests,
    add(people) {
      const tenantId = randomUUID();
      const practice: Practice = {
        ...{ tenantId, people, version: 1, fault: null, headers: {}, delay: 0, answered: 0, running: 0, atMost: 0 },
      };
      all.set(tenantId, practice);
      return practice;
    },
    get gate() {
      return practices.gate;
    },
    set gate(gate) {
      practices.gate = gate;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(practice: Practice, response: ServerResponse): void {
  if (practice.fault !== null) return void response.writeHead(practice.fault, practice.headers).end();
  practice.answered += 1;
  const body = listOf(practice);
  response.writeHead(200, { 'content-type': 'text/xml', 'content-length': body.length }).end(body);
}

/** The person with this number, as the book should have them. */
export function person({ version }: Practice, n: number) {
  return {
    externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    name: `Person ${n}`,
    email: `person${n}@practice.example`,
    phone: `+6140000${String((n * 7 + (n % 20 === 1 ? version : 0)) % 10_000).padStart(4, '0')}`,
  };
}

/** Practices of one size and version have the same people: what they answer is made once. */
const lists = new Map<string, Buffer>();
const mostLists = 200;

function listOf(practice: Practice): Buffer {
  const name = `${practice.people} ${practice.version}`;
  const made = lists.get(name) ?? Buffer.from(xmlOf(practice));
  if (lists.size >= mostLists) lists.clear();
  lists.set(name, made);
  return made;
}

function xmlOf(practice: Practice): string {
  const contacts = Array.from({ length: practice.people }, (_, index) => {
    const { externalId, name, email, phone } = person(practice, index + 1);
    return `<Contact><UUID>${externalId}</UUID><IsPrimary>No</IsPrimary><Name>${name}</Name><Mobile>${phone}</Mobile><Email>${email}</Email><Phone /></Contact>`;
  });
  return `<Response api-method="List"><Status>OK</Status><Clients><Client><UUID>5c0f2a2e-6d0b-4c39-9d55-0a4a4d0c1f01</UUID><Name>Harbour &amp; Co Pty Ltd</Name><Email /><Phone /><IsProspect>No</IsProspect><IsArchived>No</IsArchived><IsDeleted>No</IsDeleted><Contacts>${contacts.join('')}</Contacts></Client></Clients></Response>`;
}
