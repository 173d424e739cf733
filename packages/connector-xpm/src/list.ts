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

/**
 * A place in the answer, and which elements are known there. Every other one is passed over with all it holds, so that
 * tax numbers, dates of birth, addresses and bank details are never gathered. A row where this API has none is `misplaced`.
 */
type Place = {
  readonly children: ReadonlyMap<string, Place | 'misplaced'>;
  /** Of a field: its name. */
  readonly field: string | null;
};

function place(children: { readonly [name: string]: Place | 'misplaced' } = {}, field: string | null = null): Place {
  return { children: new Map(Object.entries(children)), field };
}

function texts(names: readonly string[]): { readonly [name: string]: Place } {
  return Object.fromEntries(names.map((field) => [field, place({}, field)]));
}

const contactPlace = place(texts(contactFields));
const contactsPlace = place({ Contact: contactPlace, Client: 'misplaced' });
const clientPlace = place({
  ...texts(clientFields),
  Contacts: contactsPlace,
  Contact: 'misplaced',
  Client: 'misplaced',
});
const clientsPlace = place({ Client: clientPlace, Contact: 'misplaced' });
const responsePlace = place({
  ...texts(['Status', 'ErrorDescription']),
  Clients: clientsPlace,
  Client: 'misplaced',
  Contact: 'misplaced',
});
const documentPlace = place({ Response: responsePlace });

/** A row being read: `seen` are the elements that were there, empty ones too. Most rows have no fault, and share none. */
type Row = { fields: Record<string, string>; faults: Map<string, string>; seen: Place[] };
const noFaults = new Map<string, string>();
const newRow = (): Row => ({ fields: {}, faults: noFaults, seen: [] });

/**
 * Reads a body of `client.api/list` chunk by chunk. In memory are only the client being read and what `write` is about
 * to give away.
 */
export function clientListReader(reference?: string): ClientListReader {
  const response = newRow();
  /** Where the parser is, and the places around that. */
  let here = documentPlace;
  const around: Place[] = [];
  let client = response;
  let contact = response;
  let contacts: Row[] = [];
  /** The field being read. */
  let row = response;
  let text = '';
  let clients = 0;
  let whole: WireClient[] = [];

  const reader = xmlReader(
    {
      open(opened) {
        const next = here.children.get(opened);
        if (next === 'misplaced') throw unreadable(`holds a ${opened} where this API has none`, reference);
        if (next === undefined) {
          if (here === documentPlace) throw unreadable('has no Response as its root', reference);
          if (here.field !== null) addFault(row, here.field, 'holds other elements');
          return 'nothing';
        }
        enter(next, opened);
        around.push(here);
        here = next;
        return next.field === null ? 'elements' : 'text';
      },
      text(more) {
        // Bounded: the reader gives up on a token long before it fills the memory.
        text += more;
      },
      close() {
        if (here.field !== null) endField(here.field);
        else if (here === clientPlace) whole.push({ ...rowOf(client), number: clients, contacts: contacts.map(rowOf) });
        here = around.pop() ?? documentPlace;
      },
    },
    reference,
  );

  function enter(next: Place, opened: string): void {
    if (next === contactPlace) {
      contact = newRow();
      contacts.push(contact);
    } else if (next === clientPlace) {
      client = newRow();
      contacts = [];
      clients += 1;
    } else if (next !== responsePlace) {
      row = here === clientPlace ? client : here === contactsPlace || here === contactPlace ? contact : response;
      if (row.seen.includes(next)) addFault(row, opened, 'is there twice');
      row.seen.push(next);
      text = '';
    }
  }

  function endField(name: string): void {
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
  if (!response.seen.includes(clientsPlace)) throw unreadable('says OK and has no Clients', reference);
}

function rowOf({ fields, faults }: Row): WireRow<string> {
  return { fields, faults };
}

function addFault(row: Row, name: string, problem: string): void {
  if (row.faults === noFaults) row.faults = new Map();
  row.faults.set(detached(name), detached(`${name} ${problem}`));
}

/**
 * A copy of its own: a piece of a chunk would keep the whole chunk in memory, and all the private data in it. V8 makes
 * pieces of up to twelve characters as copies, and a new text, which the two parts of a sum become, of all others.
 */
function detached(text: string): string {
  return text.length <= 12 ? text : ` ${text}`.slice(1);
}
