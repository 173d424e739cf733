import {
  type Contact,
  countIn,
  fitsPhone,
  fitsSearch,
  nameEmailKey,
  type PlainSearch,
  parseSearchMark,
  plainSearch,
  type SearchFilter,
  type SearchQuery,
  type SearchTerms,
  searchIn,
  searchMarkAfter,
  searchTerms,
  unknownPage,
} from '@contact-sync/core';
import { contactsById } from './contacts.js';
import type { Ask } from './database.js';
import { type ContactRow, contactOf, idKey, isStorable } from './rows.js';

/** How many contacts are looked at together where core has to say what fits. */
const lookedAtOnce = 1000;

export async function searchContacts(
  ask: Ask,
  book: number,
  query: SearchQuery,
): Promise<{ contacts: Contact[]; next: string | null }> {
  const { limit, after, ids } = query;
  if (ids !== undefined) return searchIn(await contactsById(ask, book, [...new Set(ids)]), query);
  const mark = after === undefined ? null : parseSearchMark(after);
  if (mark?.every(isStorable) === false) throw unknownPage();
  const contacts: Contact[] = [];
  for await (const contact of inOrder(ask, book, query, mark && [mark[0], idKey(mark[1])], limit + 1)) {
    if (contacts.length === limit) return { contacts, next: nextAfter(contacts) };
    contacts.push(contact);
  }
  return { contacts, next: null };
}

export async function countContacts(ask: Ask, book: number, filter: SearchFilter): Promise<number> {
  if (filter.ids !== undefined) return countIn(await contactsById(ask, book, [...new Set(filter.ids)]), filter);
  const terms = searchTerms(filter.text);
  if (filter.source !== undefined && !isStorable(filter.source)) return 0;
  if (terms === null || plainSearch(terms) !== null) {
    const [row] = await ask<{ count: string }>('contactCount', book, ...(await conditions(ask, book, filter, terms)));
    return Number(row?.count);
  }
  let count = 0;
  for await (const _ of inOrder(ask, book, filter, null, lookedAtOnce)) count += 1;
  return count;
}

/** Those that fit, from a place on. `atOnce`: how many to ask for, where all that come fit. */
async function* inOrder(
  ask: Ask,
  book: number,
  filter: SearchFilter,
  from: readonly [key: string, idKey: string] | null,
  atOnce: number,
): AsyncGenerator<Contact, void, void> {
  if (filter.source !== undefined && !isStorable(filter.source)) return;
  const terms = searchTerms(filter.text);
  const some = terms === null || plainSearch(terms) !== null ? atOnce : Math.max(atOnce, lookedAtOnce);
  const where = await conditions(ask, book, filter, terms);
  for (let place = from; ; ) {
    const rows = await ask<ContactRow>('contactsInOrder', book, ...where, place?.[0] ?? null, place?.[1] ?? null, some);
    for (const contact of rows.map(contactOf)) if (terms === null || fitsSearch(contact, terms)) yield contact;
    const last = rows.at(-1);
    if (last === undefined || rows.length < some) return;
    place = [nameEmailKey(contactOf(last)), idKey(last.id)];
  }
}

/** The parameters of `searched`: exactly the contacts that fit, unless text is given that only core can compare. */
async function conditions(ask: Ask, book: number, filter: SearchFilter, terms: SearchTerms | null) {
  const { recordType = null, source = null, forcedManual = null, missing = null } = filter;
  const plain = terms && plainSearch(terms);
  if (terms === null || plain === null) return [recordType, source, forcedManual, missing, null, null, null, null];
  const { inKey, inPhone, national } = plain;
  const ids = await apart(ask, book, terms);
  return [
    ...[recordType, source, forcedManual, missing],
    holds(inKey),
    ids.length === 0 ? null : ids,
    // What most phones lack is looked for first.
    inPhone && holds(national ?? inPhone),
    national && inPhone && nationalPattern(national, inPhone),
  ];
}

/** The ids of contacts that fit, but for what is typed of a name, an email or a phone of digits. */
async function apart(ask: Ask, book: number, terms: SearchTerms): Promise<string[]> {
  type Row = { id: string; phone: string | null; fits: boolean };
  const rows = await ask<Row>('searchedApart', book, terms.whole);
  return rows.filter(({ phone, fits }) => fits || (phone !== null && fitsPhone(phone, terms))).map(({ id }) => id);
}

/** Both are digits only. */
function nationalPattern(national: PlainSearch['national'], inPhone: string): string {
  return `${inPhone}|^[+][0-9]{1,3}${national}`;
}

function holds(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function nextAfter(contacts: readonly Contact[]): string | null {
  const last = contacts.at(-1);
  return last === undefined ? null : searchMarkAfter(last);
}
