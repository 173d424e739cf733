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
 * A place in the answer, and which elements are known there, by the length of their names: telling names apart like this
 * is cheaper than hashing each. Every other element is passed over with all it holds, so that tax numbers, dates of birth,
 * addresses and bank details are never gathered.
 */
type Place = {
  readonly known: ReadonlyMap<number, readonly Known[]>;
  /** Of a field: its name. */
  readonly field: string | null;
};
/** Each has a bit of its own among those of its place. A row where this API has none is `misplaced`. */
type Known = { readonly name: string; readonly place: Place | 'misplaced'; readonly bit: number };

function place(children: { readonly [name: string]: Place | 'misplaced' } = {}, field: string | null = null): Place {
  const known = Object.entries(children).map(([name, child], index) => ({ name, place: child, bit: 1 << index }));
  return { known: Map.groupBy(known, ({ name }) => name.length), field };
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

function knownAt({ known }: Place, opened: string): Known | undefined {
  return known.get(opened.length)?.find(({ name }) => name === opened);
}

/** A row being read: `seen` are the bits of the elements that were there, empty ones too. Most rows have no fault, and share none. */
type Row = { fields: Record<string, string | undefined>; faults: Map<string, string>; seen: number };
const noFaults = new Map<string, string>();
const names = ['Status', 'ErrorDescription', ...clientFields, ...contactFields];
/** All names from the start, so that all rows have one shape. */
const noFields: Row['fields'] = Object.fromEntries(names.map((name) => [name, undefined]));
const newRow = (): Row => ({ fields: { ...noFields }, faults: noFaults, seen: 0 });

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
  let contacts: WireContact[] = [];
  let hasClients = false;
  /** The field being read. */
  let row = response;
  let text = '';
  let clients = 0;
  let whole: WireClient[] = [];

  const reader = xmlReader(
    {
      open(opened) {
        const known = knownAt(here, opened);
        if (known === undefined) {
          if (here === documentPlace) throw unreadable('has no Response as its root', reference);
          if (here.field !== null) addFault(row, here.field, 'holds other elements');
          return 'nothing';
        }
        const next = known.place;
        if (next === 'misplaced') throw unreadable(`holds a ${known.name} where this API has none`, reference);
        enter(next, known);
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
        else if (here === clientPlace) {
          const { fields, faults } = client;
          whole.push({ fields, faults, number: clients, contacts });
        } else if (here === contactPlace) contacts.push({ fields: contact.fields, faults: contact.faults });
        here = around.pop() ?? documentPlace;
      },
    },
    reference,
  );

  function enter(next: Place, { name, bit }: Known): void {
    if (next === contactPlace) {
      contact = newRow();
    } else if (next === clientPlace) {
      client = newRow();
      contacts = [];
      clients += 1;
    } else if (next !== responsePlace) {
      row = here === clientPlace ? client : here === contactsPlace || here === contactPlace ? contact : response;
      if ((row.seen & bit) !== 0) addFault(row, name, 'is there twice');
      row.seen |= bit;
      hasClients ||= next === clientsPlace;
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
      checkResponse(response, hasClients, reference);
      return take();
    },
    description: () => response.fields.ErrorDescription,
  };
}

/** An answer that is whole XML is a list of clients only if it says OK and has a list, be it empty. */
function checkResponse(response: Row, hasClients: boolean, reference: string | undefined): void {
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
  if (!hasClients) throw unreadable('says OK and has no Clients', reference);
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
