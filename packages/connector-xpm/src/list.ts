import { quotable } from '@contact-sync/core';
import { failure, unreadable } from './errors.js';
import { xmlReader } from './xml.js';

const personFields = ['FirstName', 'LastName', 'BusinessStructure'] as const;
const clientFields = [
  'UUID',
  'Name',
  'Email',
  'Phone',
  'IsProspect',
  'IsArchived',
  'IsDeleted',
  ...personFields,
] as const;
const contactFields = ['UUID', 'Name', 'Email', 'Mobile', 'Phone', 'IsDeleted'] as const;
export type ClientField = (typeof clientFields)[number];
export type ContactField = (typeof contactFields)[number];

/** An element as it came. A field that is absent, empty or only white space is not there, all three alike. */
export type WireRow<Field extends string> = {
  readonly fields: { readonly [name in Field]?: string | undefined };
  /** What cannot be read of it, by element name, as a clause: `Email is there twice`. */
  readonly faults: ReadonlyMap<string, string>;
};
export type WireContact = WireRow<ContactField>;
/** `number` counts the clients of the answer from 1: the only name of a client without a readable id. */
export type WireClient = WireRow<ClientField> & { readonly number: number; readonly contacts: readonly WireContact[] };

export type ClientListReader = {
  /** Takes the next bytes, and gives the clients that are whole by now, once the answer has said that all is well. */
  write(bytes: Uint8Array): WireClient[];
  /** The bytes have ended: gives the last clients, or throws unless the answer is whole. */
  end(): WireClient[];
  /** What the API said of an error, as far as it was read; not to be shown as it is. */
  description(): string | undefined;
};

/** A text longer than this makes its row unreadable: no field that is read here is so long. In UTF-16 units. */
const maxFieldLength = 64 * 1024;

type Place = 'document' | 'response' | 'clients' | 'client' | 'contacts' | 'contact' | 'text' | 'passed';

/**
 * Where which elements are known: `text` is a field, `misplaced` a row where this API has none. Every other element is
 * passed over with all it holds, so that tax numbers, dates of birth, addresses and bank details are never gathered.
 */
const shape: Readonly<Record<Place, ReadonlyMap<string, Place | 'misplaced'>>> = {
  document: known({ Response: 'response' }),
  response: known({
    Status: 'text',
    ErrorDescription: 'text',
    Clients: 'clients',
    Client: 'misplaced',
    Contact: 'misplaced',
  }),
  clients: known({ Client: 'client', Contact: 'misplaced' }),
  client: known({ ...texts(clientFields), Contacts: 'contacts', Contact: 'misplaced', Client: 'misplaced' }),
  contacts: known({ Contact: 'contact', Client: 'misplaced' }),
  contact: known(texts(contactFields)),
  text: known({}),
  passed: known({}),
};

function known(children: { readonly [name: string]: Place | 'misplaced' }): ReadonlyMap<string, Place | 'misplaced'> {
  return new Map(Object.entries(children));
}

function texts(names: readonly string[]): { readonly [name: string]: 'text' } {
  return Object.fromEntries(names.map((name) => [name, 'text']));
}

type Row = { fields: Record<string, string>; faults: Map<string, string>; seen: Set<string>; contacts: Row[] };
const newRow = (): Row => ({ fields: {}, faults: new Map(), seen: new Set(), contacts: [] });

/**
 * Reads a body of `client.api/list` chunk by chunk. In memory are only the client being read and what `write` is about
 * to give away.
 */
export function clientListReader(reference?: string): ClientListReader {
  const places: Place[] = [];
  const response = newRow();
  let client = response;
  let contact = response;
  let field = { row: response, name: '', text: '' };
  let clients = 0;
  let whole: WireClient[] = [];

  const reader = xmlReader(
    {
      open(name) {
        const place = places.at(-1) ?? 'document';
        const opened = shape[place].get(name) ?? 'passed';
        if (opened === 'misplaced') throw unreadable(`holds a ${name} where this API has none`, reference);
        if (place === 'document' && opened !== 'response') throw unreadable('has no Response as its root', reference);
        if (place === 'text') addFault(field.row, field.name, 'holds other elements');
        places.push(opened);
        enter(opened, name, place === 'client' ? client : place === 'contact' ? contact : response);
        return opened === 'text';
      },
      text(text) {
        // Bounded: the reader gives up on a token long before it fills the memory.
        field.text += text;
      },
      close() {
        const closed = places.pop();
        if (closed === 'text') endField();
        if (closed === 'client') whole.push({ ...wire(client), number: clients, contacts: client.contacts.map(wire) });
      },
    },
    reference,
  );

  function enter(place: Place, name: string, parent: Row): void {
    if (place === 'text' || place === 'contacts' || place === 'clients') {
      if (parent.seen.has(name)) addFault(parent, name, 'is there twice');
      parent.seen.add(name);
    }
    if (place === 'text') field = { row: parent, name, text: '' };
    if (place === 'contact') {
      contact = newRow();
      client.contacts.push(contact);
    }
    if (place === 'client') {
      client = newRow();
      clients += 1;
    }
  }

  function endField(): void {
    const { row, name, text } = field;
    if (text.length > maxFieldLength) addFault(row, name, `is longer than ${maxFieldLength} characters`);
    else if (text.trim() !== '') row.fields[name] = detached(text);
  }

  function take(): WireClient[] {
    if (response.fields.Status?.trim() !== 'OK') return [];
    const taken = whole;
    whole = [];
    return taken;
  }

  return {
    write(bytes) {
      reader.write(bytes);
      return take();
    },
    end() {
      reader.end();
      checkResponse(response, reference);
      return take();
    },
    description: () => response.fields.ErrorDescription,
  };
}

/** An answer that is whole XML is a list of clients only if it says OK and has a list, be it empty. */
function checkResponse(response: Row, reference: string | undefined): void {
  const status = response.fields.Status?.trim();
  const description = response.fields.ErrorDescription;
  const [fault] = response.faults.values();
  if (fault !== undefined) throw unreadable(`cannot be relied on: ${fault}`, reference);
  if (status === 'ERROR') {
    const said = description === undefined ? 'It did not say why.' : `It said: ${quotable(description)}`;
    const hint = 'Nothing was written. What it said is the reason; Xero support can tell more by the reference.';
    throw failure('source_refused', `Xero Practice Manager refused the request. ${said}`, hint, reference);
  }
  if (status !== 'OK') throw unreadable('has no Status that is OK or ERROR', reference);
  if (!response.seen.has('Clients')) throw unreadable('says OK and has no Clients', reference);
}

function wire({ fields, faults }: Row): WireRow<string> {
  return { fields, faults };
}

function addFault(row: Row, name: string, problem: string): void {
  row.faults.set(detached(name), detached(`${name} ${problem}`));
}

/** A copy of its own: a piece of a chunk would keep the whole chunk in memory, and all the private data in it. */
function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
