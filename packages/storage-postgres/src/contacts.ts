import {
  type Contact,
  type ContactQuery,
  type Fingerprint,
  fitsSearch,
  nameEmailKey,
  parseSearchMark,
  type SearchQuery,
  type SearchTerms,
  searchMarkAfter,
  searchTerms,
  unknownPage,
} from '@contact-sync/core';
import type { Ask } from './database.js';
import { type ContactRow, contactOf, idKey, isStorable } from './rows.js';

/** How many contacts are looked at together in a search, at least. */
const searchedAtOnce = 200;

export async function linksOf(ask: Ask, book: number, source: string): Promise<Map<string, Fingerprint | null>> {
  if (!isStorable(source)) return new Map();
  const rows = await ask<{ external_id: string; fingerprint: Fingerprint | null }>('links', book, source);
  return new Map(rows.map((row) => [row.external_id, row.fingerprint]));
}

/** The hashes of the links of people of the source who were forgotten. */
export async function forgottenOf(ask: Ask, book: number, source: string): Promise<Set<string>> {
  if (!isStorable(source)) return new Set();
  const rows = await ask<{ link_hash: string }>('forgotten', book, source);
  return new Set(rows.map((row) => row.link_hash));
}

export async function contactsById(ask: Ask, book: number, ids: readonly string[]): Promise<Contact[]> {
  return (await ask<ContactRow>('contactsById', book, ids.filter(isStorable))).map(contactOf);
}

/** What cannot be stored is not in the book, so nobody needs to look for it. */
export async function findContacts(ask: Ask, book: number, query: ContactQuery): Promise<Contact[]> {
  const { ids = [], links = { source: '', externalIds: [] }, nameEmailKeys = [] } = query;
  const rows = await ask<ContactRow>(
    'contactsByAny',
    book,
    ids.filter(isStorable),
    isStorable(links.source) ? links.source : '',
    isStorable(links.source) ? links.externalIds.filter(isStorable) : [],
    nameEmailKeys.filter(isStorable),
  );
  return [...new Map(rows.map((row) => [row.id, contactOf(row)])).values()];
}

export async function searchContacts(
  ask: Ask,
  book: number,
  { text, limit, after }: SearchQuery,
): Promise<{ contacts: Contact[]; next: string | null }> {
  const terms = searchTerms(text);
  const mark = after === undefined ? null : parseSearchMark(after);
  if (mark?.every(isStorable) === false) throw unknownPage();
  const atOnce = Math.max(limit + 1, searchedAtOnce);
  const contacts: Contact[] = [];
  for (let place: readonly [string, string] = mark === null ? ['', ''] : [mark[0], idKey(mark[1])]; ; ) {
    const rows = await ask<ContactRow>('contactsInOrder', book, ...place, ...mayFit(terms), atOnce);
    for (const contact of rows.map(contactOf)) {
      if (terms !== null && !fitsSearch(contact, terms)) continue;
      if (contacts.length === limit) return { contacts, next: nextAfter(contacts) };
      contacts.push(contact);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < atOnce) return { contacts, next: null };
    place = [nameEmailKey(contactOf(last)), idKey(last.id)];
  }
}

/**
 * The parameters of `contactsInOrder` that leave out most contacts that do not fit, and none that fits: whole ids, part
 * of folded name and email, part of a phone of digits. Nulls leave out nobody.
 */
function mayFit(terms: SearchTerms | null): readonly [readonly string[] | null, string, string] {
  if (terms === null || ![...terms.whole, terms.folded].every(isStorable)) return [null, '', ''];
  // The zero in front stands where the phone has a country code.
  return [terms.whole, terms.folded, terms.digits?.replace(/^0/, '') ?? terms.folded];
}

function nextAfter(contacts: readonly Contact[]): string | null {
  const last = contacts.at(-1);
  return last === undefined ? null : searchMarkAfter(last);
}
