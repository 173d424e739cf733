import { type Look, type Node, nodesOf, writeXml } from './elements.js';
import { baseOrder, contactOrder, type FakeClient, type FakeContact, taxOrder } from './tenant.js';

/** Bodies as the API document shows them. Nothing here knows what the connector reads, or how. */
export function listBody(clients: readonly FakeClient[], look: Look): string {
  const nodes = clients.flatMap((client) => clientNodes(client, look));
  return response('List', [{ name: 'Clients', content: nodes }], look);
}

export function clientBody(client: FakeClient, look: Look): string {
  return response('Get', clientNodes(client, look), look);
}

/** Without contacts, tax block and bank details. `next` is the link of the next page. */
export function pagedListBody(clients: readonly FakeClient[], links: Links, look: Look): string {
  const nodes = clients.map((client) => ({
    name: 'Client',
    content: [...ordered(nodesOf(client, base(look)), look), ...nodesOf(client, ['WebUrl'])],
  }));
  return response('PagedList', [{ name: 'Clients', content: nodes }, pagination(links)], look);
}

/** `IsPrimary` and `Position` belong to a contact of a client, so they are missing here. */
export function contactsBody(contacts: readonly FakeContact[], links: Links, look: Look): string {
  const nodes = contacts.map((contact) => contactNode(contact, look, false));
  return response('Contacts', [{ name: 'Contacts', content: nodes }, pagination(links)], look);
}

export function contactBody(contact: FakeContact, ofClient: boolean, look: Look): string {
  return response('Contact', [contactNode(contact, look, ofClient)], look);
}

export function errorBody(description: string, look: Look): string {
  const content = [
    { name: 'Status', content: 'ERROR' },
    { name: 'ErrorDescription', content: description },
  ];
  return writeXml({ name: 'Response', ...(look.apiMethod ? { attribute: 'api-method="Get"' } : {}), content }, look);
}

export type Links = { readonly first: string; readonly next: string | null };

function response(method: string, nodes: readonly Node[], look: Look): string {
  const attribute = look.apiMethod ? { attribute: `api-method="${method}"` } : {};
  return writeXml({ name: 'Response', ...attribute, content: [{ name: 'Status', content: 'OK' }, ...nodes] }, look);
}

/** The client, and its WebUrl beside it where the look says so. */
function clientNodes(client: FakeClient, look: Look): Node[] {
  const contacts = client.contacts.map((contact) => contactNode(contact, look, true));
  const fields = [
    ...nodesOf(client, base(look)),
    ...nodesOf(client, taxOrder),
    { name: 'Contacts', content: contacts },
  ];
  const webUrl = nodesOf(client, ['WebUrl']);
  const inside = { name: 'Client', content: [...ordered(fields, look), ...(look.webUrl === 'inside' ? webUrl : [])] };
  return look.webUrl === 'inside' ? [inside] : [inside, ...webUrl];
}

function contactNode(contact: FakeContact, look: Look, ofClient: boolean): Node {
  const names = contactOrder[look.order === 'docs' ? 'docs' : 'fixture'];
  const wanted = names.filter((name) => ofClient || (name !== 'IsPrimary' && name !== 'Position'));
  return { name: 'Contact', content: ordered(nodesOf(contact, wanted), look) };
}

function base(look: Look) {
  return baseOrder[look.order === 'docs' ? 'docs' : 'fixture'];
}

function ordered(nodes: readonly Node[], look: Look): readonly Node[] {
  return look.order === 'reversed' ? nodes.toReversed() : nodes;
}

function pagination({ first, next }: Links): Node {
  const links = [{ name: 'First', content: first }, ...(next === null ? [] : [{ name: 'Next', content: next }])];
  return { name: 'Pagination', content: [{ name: 'Links', content: links }] };
}
