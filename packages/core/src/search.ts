import { z } from 'zod';
import { canonicalText, fold, nameEmailKey } from './canonical.js';
import type { Contact } from './contact.js';
import { ContactSyncError } from './error.js';
import { compareCodePoints, compareContactIds } from './order.js';
import type { SearchFilter, SearchQuery } from './store.js';

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
  return contact.phone !== null && fitsPhone(contact.phone, { folded, digits });
}

export function fitsPhone(phone: string, { folded, digits }: Pick<SearchTerms, 'folded' | 'digits'>): boolean {
  return fold(phone).includes(folded) || (digits !== null && phoneHolds(phone, digits));
}

/** `0412 345` is part of `+61412345678`: the zero in front stands where the country code (one to three digits) stands. */
function phoneHolds(phone: string, digits: string): boolean {
  const stored = phone.replace(/\D/g, '');
  if (stored.includes(digits)) return true;
  const national = digits.slice(1);
  if (!phone.startsWith('+') || !digits.startsWith('0') || national === '') return false;
  return [1, 2, 3].some((countryCode) => stored.startsWith(national, countryCode));
}

/**
 * For databases, which fold letters in ways of their own. Whole ids aside, a contact fits where its `nameEmailKey` holds
 * `inKey`; or, its phone being nothing but digits after at most one `+`, where that holds `inPhone`, or is `+`, one to
 * three digits, and then `national`. Any other phone only `fitsPhone` can judge.
 */
export type PlainSearch = {
  readonly inKey: string;
  readonly inPhone: string | null;
  readonly national: string | null;
};

/** Null for text that not every database compares as it is, or that a name and an email together might hold. */
export function plainSearch({ whole, folded, digits }: SearchTerms): PlainSearch | null {
  if (![...whole, folded].every((text) => text.isWellFormed() && !/[\n\0]/.test(text))) return null;
  const national = digits?.startsWith('0') && digits.length > 1 ? digits.slice(1) : null;
  return { inKey: folded, inPhone: digits ?? (folded === '+' ? folded : null), national };
}

/** The page of a search in these contacts, which may be in any order. */
export function searchIn(
  contacts: Iterable<Contact>,
  { limit, after, ...filter }: SearchQuery,
): { contacts: Contact[]; next: string | null } {
  const mark = after === undefined ? null : parseSearchMark(after);
  const found = [...fitting(contacts, filter)]
    .map((contact) => ({ contact, mark: [nameEmailKey(contact), contact.id] as const }))
    .filter((one) => mark === null || compareMarks(one.mark, mark) > 0)
    .sort((a, b) => compareMarks(a.mark, b.mark))
    .map(({ contact }) => contact);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { contacts: page, next: last !== undefined && found.length > limit ? searchMarkAfter(last) : null };
}

/** How many of these contacts fit. */
export function countIn(contacts: Iterable<Contact>, filter: SearchFilter): number {
  let count = 0;
  for (const _ of fitting(contacts, filter)) count += 1;
  return count;
}

function* fitting(contacts: Iterable<Contact>, filter: SearchFilter): Generator<Contact, void, void> {
  const { recordType, source, forcedManual, missing } = filter;
  const terms = searchTerms(filter.text);
  const ids = filter.ids && new Set(filter.ids);
  for (const contact of contacts) {
    if (ids !== undefined && !ids.has(contact.id)) continue;
    if (recordType !== undefined && contact.recordType !== recordType) continue;
    if (source !== undefined && contact.link?.source !== source) continue;
    if (forcedManual !== undefined && contact.forcedManual !== forcedManual) continue;
    if (missing !== undefined && (contact.missingSince !== null) !== missing) continue;
    if (terms === null || fitsSearch(contact, terms)) yield contact;
  }
}

/** A place in the results: `nameEmailKey` and id of the contact before it. */
export type SearchMark = readonly [key: string, id: string];

/** The order of search results: folded name, folded email, id. A line feed comes before all that a name or email can hold, so the keys are in the order of name, then email. */
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
