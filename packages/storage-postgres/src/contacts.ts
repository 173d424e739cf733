import type { Contact, ContactQuery, Fingerprint } from '@contact-sync/core';
import type { Ask } from './database.js';
import { type ContactRow, contactOf, isStorable } from './rows.js';

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
  return (await ask<ContactRow>('contactsById', book, JSON.stringify(ids.filter(isStorable)))).map(contactOf);
}

/** What cannot be stored is not in the book, so nobody needs to look for it. */
export async function findContacts(ask: Ask, book: number, query: ContactQuery): Promise<Contact[]> {
  const { ids = [], links = { source: '', externalIds: [] }, nameEmailKeys = [] } = query;
  // A sync in which nothing changed looks for nobody.
  if (ids.length + links.externalIds.length + nameEmailKeys.length === 0) return [];
  const rows = await ask<ContactRow>(
    'contactsByAny',
    book,
    JSON.stringify(ids.filter(isStorable)),
    isStorable(links.source) ? links.source : '',
    JSON.stringify(isStorable(links.source) ? links.externalIds.filter(isStorable) : []),
    JSON.stringify(nameEmailKeys.filter(isStorable)),
  );
  return [...new Map(rows.map((row) => [row.id, contactOf(row)])).values()];
}
