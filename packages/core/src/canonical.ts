import type { Details } from './contact.js';

/**
 * The form in which text is stored and compared to see a change: Unicode NFC, outer spaces cut, inner runs of spaces one
 * space. A space is Unicode category Zs; control characters are left for validation to find.
 */
export function canonicalText(text: string): string {
  if (plainText.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .replace(/^ | $/g, '');
}

/** ASCII without outer or double spaces is canonical as it stands: most names and emails are. */
const plainText = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/** Case folded for comparing: upper-cased, then lower-cased, so that `ß` meets `SS`, and a final sigma any other. */
export function fold(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.toUpperCase().toLowerCase();
}

/** Where folding is lower-casing: most names and nearly all emails. */
const ascii = /^[!-~ ]*$/;

/** Name and email as contacts are looked up by them. Neither can hold a line feed, so the two cannot run together. */
export function nameEmailKey(details: Pick<Details, 'name' | 'email'>): string {
  return `${fold(details.name)}\n${fold(details.email)}`;
}

/** What is compared to find an unlinked contact. No phone equals no phone. */
export function matchKey(details: Details): string {
  return `${nameEmailKey(details)}\n${details.phone ?? ''}`;
}

/**
 * Control characters (Cc), bidirectional controls, and halves of surrogate pairs: a half cannot be stored as UTF-8, so a
 * value with one would never equal itself again.
 */
export function hasForbiddenCharacters(text: string): boolean {
  return forbidden.test(text);
}

const forbidden = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

/** Code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
