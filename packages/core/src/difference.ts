import type { Contact } from './contact.js';
import type { Decision } from './plan.js';

/** A field that a decision changes. Null: the contact is not there, or the field is empty. */
export type Difference = { readonly field: string; readonly before: string | null; readonly after: string | null };

const fields: readonly (readonly [string, (contact: Contact) => string | null])[] = [
  ['name', ({ name }) => name],
  ['email', ({ email }) => email],
  ['phone', ({ phone }) => phone],
  ['type', ({ recordType }) => recordType],
  ['forced manual', ({ forcedManual }) => (forcedManual ? 'yes' : null)],
  ['link', ({ link }) => (link === null ? null : `${link.source} ${link.externalId}`)],
  ['missing since', ({ missingSince }) => missingSince],
];

/** What a decision changes, field by field, for people. */
export function differences({ before, after }: Pick<Decision, 'before' | 'after'>): Difference[] {
  return fields
    .map(([field, of]) => ({ field, before: before && of(before), after: after && of(after) }))
    .filter((difference) => difference.before !== difference.after);
}
