import { z } from 'zod';
import { clientFields, contactFields } from './api.js';
import { namesOf, unknownShape } from './errors.js';
import { isObject } from './is-object.js';

/** Fields of a row that were read. What is missing, null, empty or only spaces is not there; faults hold no values. */
export type WireRow<Text extends string, Mark extends string> = {
  readonly text: Readonly<Partial<Record<Text, string>>>;
  readonly marks: Readonly<Partial<Record<Mark, boolean>>>;
  /** By field, as a clause: `email is neither text nor a whole number`. */
  readonly faults: ReadonlyMap<string, string>;
};
export type WireContact = WireRow<(typeof contactFields.text)[number], (typeof contactFields.marks)[number]>;
export type WireClient = WireRow<(typeof clientFields.text)[number], (typeof clientFields.marks)[number]> & {
  /** Null for a row of the list that is no object. Null for contacts that are no list. */
  readonly contacts: readonly (WireContact | null)[] | null;
};

/** Numbers that JSON could not hold exactly are refused, since another id would be read than was sent. */
const textKind = z
  .union([z.string(), z.int().transform(String)])
  .nullish()
  .transform((text) => (text === null || text === undefined || text.trim() === '' ? undefined : text));

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};
const markKind = z
  .union([z.boolean(), z.literal([0, 1]), z.string()])
  .nullish()
  .transform((mark, context) => {
    const word = String(mark ?? '')
      .trim()
      .toLowerCase();
    if (word === '') return undefined;
    const known = Object.hasOwn(words, word) ? words[word] : undefined;
    if (known === undefined) context.addIssue({ code: 'custom' });
    return known;
  });

/** Null for what is no row at all. */
export function clientOf(row: unknown): WireClient | null {
  if (!isObject(row)) return null;
  const { contacts } = row;
  const none = contacts === undefined || contacts === null;
  return {
    ...fieldsOf(row, clientFields),
    contacts: none ? [] : Array.isArray(contacts) ? contacts.map(contactOf) : null,
  };
}

function contactOf(row: unknown): WireContact | null {
  return isObject(row) ? fieldsOf(row, contactFields) : null;
}

function fieldsOf<Text extends string, Mark extends string>(
  row: Readonly<Record<string, unknown>>,
  names: { readonly text: readonly Text[]; readonly marks: readonly Mark[] },
): WireRow<Text, Mark> {
  const text: Partial<Record<Text, string>> = {};
  const marks: Partial<Record<Mark, boolean>> = {};
  const faults = new Map<string, string>();
  for (const name of names.text) {
    const { success, data } = textKind.safeParse(row[name]);
    if (!success) faults.set(name, `${name} is neither text nor a whole number`);
    else if (data !== undefined) text[name] = data;
  }
  for (const name of names.marks) {
    const { success, data } = markKind.safeParse(row[name]);
    if (!success) faults.set(name, `${name} is neither true nor false`);
    else if (data !== undefined) marks[name] = data;
  }
  return { text, marks, faults };
}

/**
 * Looks whether the first rows are clients as api.ts describes them, so that a change of FYI's is not read as a practice
 * of people without names.
 *
 * @throws ContactSyncError `source_unreadable` with the names of the fields there are
 */
export function checkShape(rows: readonly unknown[]): void {
  if (rows.length === 0) return;
  const clients = rows.filter(isObject);
  if (clients.length === 0) throw unknownShape('no row of the list is an object');
  const keys = clients.flatMap((client) => Object.keys(client));
  if (!clients.some(({ id }) => id !== undefined && id !== null)) {
    throw unknownShape(`no client has an id; ${namesOf(keys)}`);
  }
  if (!keys.includes('name')) throw unknownShape(`no client has a name; ${namesOf(keys)}`);

  const contacts = clients.flatMap((client) =>
    Array.isArray(client.contacts) ? client.contacts.filter(isObject) : [],
  );
  const ofContacts = contacts.flatMap((contact) => Object.keys(contact));
  if (contacts.length > 0 && !['name', 'first_name', 'last_name'].some((key) => ofContacts.includes(key))) {
    throw unknownShape(`no contact has a name, first_name or last_name; ${namesOf(ofContacts)}`);
  }
}
