import { createSecretKey, hkdfSync } from 'node:crypto';
import type { Key } from './keys.js';

/**
 * The key of one book, derived from the key of the whole store (HKDF with SHA-256, RFC 5869): whoever has it opens what is
 * kept of that book, and learns nothing of the other keys. Null: of what belongs to no book.
 */
export function bookKey(named: Key, book: string | null): Key {
  if (named.ofBook) return named;
  const info = JSON.stringify(['contact-sync', 'book', book]);
  const key = createSecretKey(new Uint8Array(hkdfSync('sha256', named.key, new Uint8Array(), info, 32)));
  return { id: named.id, key, ofBook: true };
}

/** The book of a value, from where it is kept: `secret:connection:["book","xpm:…"]`. */
export function bookOf(place: string): string | null {
  const list = /^[a-z:-]+:(\[.*\])$/s.exec(place)?.[1];
  if (list === undefined) return null;
  try {
    const [book] = JSON.parse(list) as unknown[];
    return typeof book === 'string' ? book : null;
  } catch {
    return null;
  }
}
