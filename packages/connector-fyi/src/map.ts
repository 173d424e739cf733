import { hash } from 'node:crypto';
import { canonicalText, fold, nameEmailKey, quotable, type RowOutcome } from '@contact-sync/core';
import type { WireClient, WireContact } from './rows.js';

/** What to yield besides the contacts of present clients. */
export type Wanted = {
  /** Which clients are people themselves, where none of their own contacts stands for them. */
  readonly clients: 'individuals' | 'all' | 'none';
  readonly prospects: boolean;
  readonly archived: boolean;
  readonly unmatched: boolean;
};

/** Why a row was left out, as people read it in the counts of a run. */
export type Filter =
  | 'client_deleted'
  | 'client_archived'
  | 'client_unmatched'
  | 'client_prospect'
  | 'entity_not_client'
  | 'client_not_asked'
  | 'client_not_individual'
  | 'client_has_contact'
  | 'contact_deleted'
  | 'contact_archived'
  | 'contact_without_identity'
  | 'row_repeated';

/** What becomes of one row of the wire, a client or a contact: exactly one of the three. */
export type Outcome = RowOutcome<Filter>;

/**
 * One outcome for the client, and one for each of its contacts, in their order. Contacts that are no list are one row.
 *
 * @param place where the row stands, for a client without a readable id: `no. 3 of page 2`
 */
export function outcomesOf(client: WireClient | null, place: string, wanted: Wanted): Outcome[] {
  if (client === null) return [unreadable(null, `client ${place}`, 'it is no object')];
  const presence = presenceOf(client, wanted);
  const name = nameOf(client, place);
  const first = clientOutcome(client, name, presence, wanted);
  if (client.contacts === null) {
    // Without an id, so that nobody of them is called missing.
    const lost: Outcome = unreadable(null, `contacts of ${name}`, 'they are no list');
    return [first, skippedBy(presence) ?? lost];
  }
  return [first, ...client.contacts.map((contact, index) => contactOutcome(contact, index, name, presence, wanted))];
}

/** A client is present, left out with all its contacts, or its marks cannot be read. */
type Presence = 'present' | { readonly skipped: Filter } | { readonly problem: string };

function presenceOf({ text, marks, faults }: WireClient, wanted: Wanted): Presence {
  const fault = firstFault(faults, ['status', 'archived_at', 'archived', 'is_archived', 'is_client', 'is_prospect']);
  if (fault !== null) return { problem: fault };
  const status = statusOf(text.status);
  if (status === null) return { problem: unknownStatus };
  if (status === 'deleted') return { skipped: 'client_deleted' };
  if ((status === 'archived' || isArchived({ text, marks })) && !wanted.archived) return { skipped: 'client_archived' };
  if (status === 'unmatched' && !wanted.unmatched) return { skipped: 'client_unmatched' };
  const prospect = status === 'prospect' || marks.is_prospect === true;
  if (prospect && !wanted.prospects) return { skipped: 'client_prospect' };
  if (marks.is_client === false && !prospect) return { skipped: 'entity_not_client' };
  return 'present';
}

const unknownStatus = 'status is a word that is not known';
const statuses = new Map([
  ['active', 'active'],
  ['archived', 'archived'],
  ['inactive', 'archived'],
  ['deleted', 'deleted'],
  ['unmatched', 'unmatched'],
  ['prospect', 'prospect'],
] as const);
type Status = typeof statuses extends ReadonlyMap<string, infer S> ? S : never;

/** Null for a word that nobody may guess the meaning of. */
function statusOf(word: string | undefined): Status | null {
  if (word === undefined) return 'active';
  const known: ReadonlyMap<string, Status> = statuses;
  return known.get(fold(canonicalText(word))) ?? null;
}

function isArchived({
  text,
  marks,
}: Pick<WireContact, 'text' | 'marks'> | Pick<WireClient, 'text' | 'marks'>): boolean {
  return marks.archived === true || marks.is_archived === true || text.archived_at !== undefined;
}

function contactOutcome(
  contact: WireContact | null,
  index: number,
  client: string,
  presence: Presence,
  wanted: Wanted,
): Outcome {
  const skipped = skippedBy(presence);
  if (skipped !== null) return skipped;
  if (contact === null) return unreadable(null, `contact no. ${index + 1} of ${client}`, 'it is no object');
  const id = contactId(contact);
  const problem =
    typeof presence === 'object' && 'problem' in presence
      ? `of its client, ${presence.problem}`
      : contactProblem(contact);
  if (problem !== null) {
    const shown = contact.faults.has('id') ? undefined : (contact.text.id ?? contact.text.uuid);
    const which = shown === undefined ? `no. ${index + 1}` : quotable(shown);
    return unreadable(id, `contact ${which} of ${client}`, problem);
  }
  const gone = goneAs(contact, wanted);
  if (gone !== null) return { skipped: gone };
  if (id === null) return { skipped: 'contact_without_identity' };
  const { email = null, mobile, phone = null } = contact.text;
  return { record: { externalId: id, name: contactName(contact), email, phone: mobile ?? phone } };
}

/** Of a contact that is left out nothing else matters. */
function contactProblem(contact: WireContact): string | null {
  const { text, faults } = contact;
  const fault = firstFault(faults, ['status', 'archived_at', 'archived', 'is_archived']);
  if (fault !== null) return fault;
  const status = statusOf(text.status);
  // Contacts are neither prospects nor matched.
  if (status === null || status === 'prospect' || status === 'unmatched') return unknownStatus;
  return status === 'deleted' ? null : firstFault(faults);
}

function goneAs({ text, marks }: WireContact, wanted: Wanted): Filter | null {
  const status = statusOf(text.status);
  if (status === 'deleted') return 'contact_deleted';
  return (status === 'archived' || isArchived({ text, marks })) && !wanted.archived ? 'contact_archived' : null;
}

/**
 * The contact's own id, the same under every client. A contact without one is known by `key:` and half of the SHA-256 of
 * its folded name and email: with another name or email it is another record. Null if there is nothing to tell it by.
 */
function contactId(contact: WireContact): string | null {
  const { text, faults } = contact;
  if (faults.has('id')) return null;
  const own = text.id ?? text.uuid;
  if (own !== undefined) return own;
  for (const field of ['uuid', 'name', 'first_name', 'last_name', 'email']) if (faults.has(field)) return null;
  const name = contactName(contact);
  if (name === null && text.email === undefined) return null;
  const key = nameEmailKey({ name: canonicalText(name ?? ''), email: canonicalText(text.email ?? '') });
  return `key:${hash('sha256', key).slice(0, 32)}`;
}

/** `name` may be "SURNAME, Given"; first and last name, where both are there, are how the person is called. */
function contactName({ text: { name, first_name: first, last_name: last } }: WireContact): string | null {
  if (first !== undefined && last !== undefined) return `${first} ${last}`;
  return name ?? first ?? last ?? null;
}

function clientOutcome(client: WireClient, where: string, presence: Presence, wanted: Wanted): Outcome {
  const skipped = skippedBy(presence);
  if (skipped !== null) return skipped;
  const fail = (problem: string): Outcome => unreadable(clientId(client), where, problem);
  if (typeof presence === 'object' && 'problem' in presence) return fail(presence.problem);
  if (wanted.clients === 'none') return { skipped: 'client_not_asked' };
  const fault = firstFault(client.faults);
  if (fault !== null) return fail(fault);
  if (wanted.clients === 'individuals' && !isIndividual(client)) return { skipped: 'client_not_individual' };
  const stoodFor = isStoodFor(client, wanted);
  if (stoodFor === null) return fail('a contact that may stand for it cannot be read');
  if (stoodFor) return { skipped: 'client_has_contact' };
  const { name = null, email = null, mobile, phone = null } = client.text;
  return { record: { externalId: clientId(client) ?? '', name, email, phone: mobile ?? phone } };
}

function isIndividual({ text: { business_structure: structure } }: WireClient): boolean {
  return structure !== undefined && fold(canonicalText(structure)) === 'individual';
}

/** Whether a contact of its own has the client's email; null if it may be one that cannot be read. */
function isStoodFor({ text, contacts }: WireClient, wanted: Wanted): boolean | null {
  if (text.email === undefined) return false;
  const email = fold(canonicalText(text.email));
  let doubtful = contacts === null;
  for (const contact of contacts ?? []) {
    if (contact === null || contactProblem(contact) !== null) doubtful = true;
    else if (goneAs(contact, wanted) !== null) continue;
    else if (fold(canonicalText(contact.text.email ?? '')) === email) return true;
  }
  return doubtful ? null : false;
}

/** With its kind, since clients and contacts may be numbered alike; null if not even the id can be relied on. */
function clientId({ text, faults }: WireClient): string | null {
  return faults.has('id') || text.id === undefined ? null : `client:${text.id}`;
}

function nameOf({ text, faults }: WireClient, place: string): string {
  return `client ${faults.has('id') || text.id === undefined ? place : quotable(text.id)}`;
}

function skippedBy(presence: Presence): Outcome | null {
  return typeof presence === 'object' && 'skipped' in presence ? presence : null;
}

function unreadable(externalId: string | null, where: string, problem: string): Outcome {
  return { unreadable: { externalId, where, problem } };
}

function firstFault(faults: ReadonlyMap<string, string>, names: Iterable<string> = faults.keys()): string | null {
  for (const name of names) {
    const fault = faults.get(name);
    if (fault !== undefined) return fault;
  }
  return null;
}
