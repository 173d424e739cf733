import { z } from 'zod';
import { canonicalText, fold, nameEmailKey } from './canonical.js';
import type { Contact } from './contact.js';
import { ContactSyncError } from './error.js';
import { compareCodePoints, compareContactIds } from './order.js';

/** What a person typed, made ready. */
export type SearchTerms = {
  /** As it was typed, and without the spaces around it: for ids, which must agree as a whole. */
  readonly whole: readonly string[];
  readonly folded: string;
  /** Null unless it can be part of a phone number. */
  readonly digits: string | null;
};

/** Null where there is nothing to look for: every contact fits. */
export function searchTerms(text: string | undefined): SearchTerms | null {
  const canonical = canonicalText(text ?? '');
  if (text === undefined || canonical === '') return null;
  const digits = /^[\d\s().+/\p{Pd}]+$/u.test(canonical) ? canonical.replace(/\D/g, '') : '';
  return { whole: [text, canonical], folded: fold(canonical), digits: digits === '' ? null : digits };
}

/** Whether a contact is what a person looks for, as `SearchQuery` says. */
export function fitsSearch(contact: Contact, { whole, folded, digits }: SearchTerms): boolean {
  if (whole.includes(contact.id)) return true;
  if (contact.link !== null && whole.includes(contact.link.externalId)) return true;
  if (fold(contact.name).includes(folded) || fold(contact.email).includes(folded)) return true;
  if (contact.phone === null) return false;
  return fold(contact.phone).includes(folded) || (digits !== null && phoneHolds(contact.phone, digits));
}

/** `0412 345` is part of `+61412345678`: the zero in front stands where the country code (one to three digits) stands. */
function phoneHolds(phone: string, digits: string): boolean {
  const stored = phone.replace(/\D/g, '');
  if (stored.includes(digits)) return true;
  const national = digits.slice(1);
  if (!phone.startsWith('+') || !digits.startsWith('0') || national === '') return false;
  return [1, 2, 3].some((countryCode) => stored.startsWith(national, countryCode));
}

/** The order of search results: folded name, folded email, id. */
export function compareForSearch(a: Contact, b: Contact): number {
  return compareMarks([nameEmailKey(a), a.id], [nameEmailKey(b), b.id]);
}

/** A place in the results: `nameEmailKey` and id of the contact before it. */
export type SearchMark = readonly [key: string, id: string];

/** A line feed comes before all that a name or email can hold, so the keys are in the order of name, then email. */
export function compareMarks(a: SearchMark, b: SearchMark): number {
  return compareCodePoints(a[0], b[0]) || compareContactIds(a[1], b[1]);
}

/** The `next` of a page of results that ends with this contact. */
export function searchMarkAfter(contact: Contact): string {
  return JSON.stringify([nameEmailKey(contact), contact.id] satisfies SearchMark);
}

const markSchema = z.tuple([z.string(), z.string()]);

/** Fails with `usage` on text that `searchMarkAfter` did not make. */
export function parseSearchMark(after: string): SearchMark {
  try {
    return markSchema.parse(JSON.parse(after));
  } catch (cause) {
    throw unknownPage(cause);
  }
}

/** For an `after` that no page gave as its `next`. */
export function unknownPage(cause?: unknown): ContactSyncError {
  return new ContactSyncError('usage', 'There is no such page.', { hint: 'Begin with the first page again.', cause });
}
