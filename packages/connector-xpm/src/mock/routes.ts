import { clientBody, contactBody, contactsBody, errorBody, type Links, listBody, pagedListBody } from './bodies.js';
import type { Look } from './elements.js';
import type { FakeClient, FakeContact } from './tenant.js';

/** A client of the fake, and when it was last changed. */
export type Kept = { readonly client: FakeClient; readonly modified: Date };
export type Routed = { readonly status: number; readonly xml: string };

const base = 'https://api.xero.com/practicemanager/3.1/client.api';

/** What Practice Manager answers to a request that was let in; null for an address it does not have. */
export function route(path: string, query: URLSearchParams, kept: readonly Kept[], look: Look): Routed | null {
  const parameters = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const clients = kept.map(({ client }) => client);
  const [endpoint, id] = path.split('/');
  switch (endpoint) {
    case 'list':
      return list(parameters.get('modifiedsince'), kept, look);
    case 'paged-list':
      return paged('paged-list', parameters, clients.filter(isActive), pagedListBody, look);
    case 'contacts':
      return paged('contacts', parameters, distinctContacts(clients), contactsBody, look);
    case 'get': {
      const client = clients.find(({ UUID }) => UUID === id);
      return client === undefined ? refuse('Invalid client identifier', look) : ok(clientBody(client, look));
    }
    case 'contact': {
      const clientId = parameters.get('clientuuid');
      const of = clientId === undefined ? clients : clients.filter(({ UUID }) => UUID === clientId);
      const contact = of.flatMap(({ contacts }) => contacts).find(({ UUID }) => UUID === id);
      if (contact === undefined) return refuse('Invalid contact identifier', look);
      return ok(contactBody(contact, clientId !== undefined, look));
    }
    default:
      return null;
  }
}

/** Archived and deleted clients too; `page`, `pagesize` and every unknown parameter are ignored. */
function list(since: string | undefined, kept: readonly Kept[], look: Look): Routed {
  if (since !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(since)) return refuse('Invalid date', look, 400);
  const from = since === undefined ? 0 : Date.parse(`${since}Z`);
  return ok(
    listBody(
      kept.filter(({ modified }) => modified.getTime() >= from).map(({ client }) => client),
      look,
    ),
  );
}

/** Pages of up to 500; links are absolute and on Xero's own host, also where the fake is served elsewhere. */
function paged<Row>(
  endpoint: string,
  parameters: ReadonlyMap<string, string>,
  rows: readonly Row[],
  body: (rows: readonly Row[], links: Links, look: Look) => string,
  look: Look,
): Routed {
  const size = parameters.get('pagesize') ?? '50';
  const token = parameters.get('pagetoken');
  const start = token === undefined ? 0 : Number(/^from-(\d+)-of-the-rows$/.exec(fromBase64(token))?.[1] ?? Number.NaN);
  if (!/^\d{1,3}$/.test(size) || Number(size) < 1 || Number(size) > 500) return refuse('Invalid pageSize', look, 400);
  if (Number.isNaN(start)) return refuse('Invalid pageToken', look, 400);
  const end = start + Number(size);
  const next = Buffer.from(`from-${end}-of-the-rows`).toString('base64url');
  const links = {
    first: `${base}/${endpoint}?pageSize=${size}`,
    next: end < rows.length ? `${base}/${endpoint}?pageToken=${next}&pageSize=${size}` : null,
  };
  return ok(body(rows.slice(start, end), links, look));
}

function isActive(client: FakeClient): boolean {
  return client.IsArchived !== 'Yes' && client.IsDeleted !== 'Yes';
}

function distinctContacts(clients: readonly FakeClient[]): FakeContact[] {
  const contacts = clients.flatMap((client) => client.contacts).filter((contact) => contact.IsDeleted !== 'Yes');
  return [...new Map(contacts.map((contact) => [contact.UUID, contact])).values()];
}

function ok(xml: string): Routed {
  return { status: 200, xml };
}

/** What v3.1 does for an unknown id is not known; recorded is 200 with an error in the body. */
function refuse(description: string, look: Look, status = 200): Routed {
  return { status, xml: errorBody(description, look) };
}

function fromBase64(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
