import { canonicalText, fold, quotable, type RowOutcome } from '@contact-sync/core';
import type { WireClient, WireContact, WireRow } from './list.js';

/** What to yield besides the contacts of present clients. */
export type Wanted = {
  /** Which clients are people themselves, where none of their own contacts stands for them. */
  readonly clients: 'individuals' | 'all' | 'none';
  readonly prospects: boolean;
  readonly archived: boolean;
};

/** Why a row was left out, as people read it in the counts of a run. */
export type Filter =
  | 'client_deleted'
  | 'client_archived'
  | 'client_prospect'
  | 'client_not_asked'
  | 'client_not_individual'
  | 'client_has_contact'
  | 'contact_deleted';

/** What becomes of one row of the wire, a client or a contact: exactly one of the three. */
export type Outcome = RowOutcome<Filter>;

/** One outcome for the client, and one for each of its contacts, in their order. */
export function outcomesOf(client: WireClient, wanted: Wanted): Outcome[] {
  const presence = presenceOf(client, wanted);
  const contacts = client.contacts.map((contact, index) => contactOutcome(contact, index, client, presence));
  return [clientOutcome(client, presence, wanted), ...contacts];
}

/** A client is present, left out with all its contacts, or its marks cannot be read. */
type Presence = 'present' | { readonly skipped: Filter } | { readonly problem: string };

function presenceOf(client: WireClient, wanted: Wanted): Presence {
  const problem = markProblem(client, ['IsDeleted', 'IsArchived', 'IsProspect']);
  if (problem !== null) return { problem };
  if (mark(client.fields.IsDeleted)) return { skipped: 'client_deleted' };
  if (mark(client.fields.IsArchived) && !wanted.archived) return { skipped: 'client_archived' };
  if (mark(client.fields.IsProspect) && !wanted.prospects) return { skipped: 'client_prospect' };
  return 'present';
}

function contactOutcome(contact: WireContact, index: number, client: WireClient, presence: Presence): Outcome {
  if (presence !== 'present' && 'skipped' in presence) return presence;
  const problem = presence === 'present' ? contactProblem(contact) : `of its client, ${presence.problem}`;
  if (problem !== null) {
    const id = readableId(contact);
    const where = `contact ${id === null ? `no. ${index + 1}` : quotable(id)} of ${nameOf(client)}`;
    return { unreadable: { externalId: id, where, problem } };
  }
  if (mark(contact.fields.IsDeleted)) return { skipped: 'contact_deleted' };
  const { UUID = '', Name = null, Email = null, Mobile, Phone = null } = contact.fields;
  return { record: { externalId: UUID, name: Name, email: Email, phone: Mobile ?? Phone } };
}

/** Of a contact that is deleted nothing else matters. */
function contactProblem(contact: WireContact): string | null {
  const problem = markProblem(contact, ['IsDeleted']);
  if (problem !== null || mark(contact.fields.IsDeleted)) return problem;
  return firstFault(contact);
}

function clientOutcome(client: WireClient, presence: Presence, wanted: Wanted): Outcome {
  const unreadable = (problem: string): Outcome => ({
    unreadable: { externalId: readableId(client), where: nameOf(client), problem },
  });
  if (presence !== 'present') return 'skipped' in presence ? presence : unreadable(presence.problem);
  if (wanted.clients === 'none') return { skipped: 'client_not_asked' };
  const fault = firstFault(client);
  if (fault !== null) return unreadable(fault);
  if (wanted.clients === 'individuals' && !isIndividual(client)) return { skipped: 'client_not_individual' };
  const stoodFor = isStoodFor(client);
  if (stoodFor === null) return unreadable('a contact that may stand for it cannot be read');
  if (stoodFor) return { skipped: 'client_has_contact' };
  const { UUID = '', Email = null, Phone = null } = client.fields;
  return { record: { externalId: UUID, name: personName(client), email: Email, phone: Phone } };
}

/** See `facts.individual` in api.ts. */
function isIndividual({ fields }: WireClient): boolean {
  const structure = fields.BusinessStructure;
  if (structure !== undefined && fold(canonicalText(structure)) === 'individual') return true;
  return fields.FirstName !== undefined || fields.LastName !== undefined;
}

/** Whether a contact of its own has the client's email; null if it may be one that cannot be read. */
function isStoodFor(client: WireClient): boolean | null {
  const email = client.fields.Email;
  if (email === undefined) return false;
  const wanted = fold(canonicalText(email));
  let doubtful = false;
  for (const contact of client.contacts) {
    if (contactProblem(contact) !== null) doubtful = true;
    else if (mark(contact.fields.IsDeleted)) continue;
    else if (fold(canonicalText(contact.fields.Email ?? '')) === wanted) return true;
  }
  return doubtful ? null : false;
}

/** `Name` is often "Roe, John"; first and last name, where both are there, are how the person is called. */
function personName({ fields: { Name, FirstName, LastName } }: WireClient): string | null {
  if (FirstName !== undefined && LastName !== undefined) return `${FirstName} ${LastName}`;
  return Name ?? FirstName ?? LastName ?? null;
}

/** Yes or No, absent meaning No; null for any other word, which nobody may guess the meaning of. */
function mark(word: string | undefined): boolean | null {
  // Nearly always, and several times for each row.
  if (word === undefined || word === 'No') return false;
  switch (word.trim().toLowerCase()) {
    case 'yes':
    case 'true':
    case '1':
      return true;
    case 'no':
    case 'false':
    case '0':
      return false;
    default:
      return null;
  }
}

function markProblem<Field extends string>(row: WireRow<Field>, names: readonly Field[]): string | null {
  for (const name of names) {
    const fault = row.faults.get(name);
    if (fault !== undefined) return fault;
    if (mark(row.fields[name]) === null) return `${name} is neither Yes nor No`;
  }
  return null;
}

function firstFault(row: WireRow<string>): string | null {
  for (const fault of row.faults.values()) return fault;
  return null;
}

/** The id of a row that cannot be read otherwise; null if not even the id can be relied on. */
function readableId(row: WireRow<'UUID'>): string | null {
  return row.faults.has('UUID') ? null : (row.fields.UUID ?? null);
}

function nameOf(client: WireClient): string {
  const id = readableId(client);
  return `client ${id === null ? `no. ${client.number}` : quotable(id)}`;
}
