import type { List } from '../../lib/list.js';
import type { Contact } from '../../lib/types.js';

/** The list that was looked at last, to come back to as it was left. Lost when the page is loaded anew. */
type Kept = { readonly key: string; readonly list: List<Contact>; scroll: number; stale: boolean };

let kept: Kept | null = null;

/** The list of this key as it was left, or a new one. */
export function keptList(key: string, fresh: () => List<Contact>): List<Contact> {
  if (kept?.key !== key || kept.stale) kept = { key, list: fresh(), scroll: 0, stale: false };
  return kept.list;
}

/** Where in the list a person was, in pixels. */
export function keptScroll(key: string): number {
  return kept?.key === key ? kept.scroll : 0;
}

export function keepScroll(key: string, scroll: number): void {
  if (kept?.key === key) kept.scroll = scroll;
}

/** A sync changed the book: whoever comes back sees what is there then. */
export function forgetList(): void {
  if (kept !== null) kept.stale = true;
}

/** A contact was changed here: it changes in the list too. Null: it is not there any more. */
export function changeInList(id: string, contact: Contact | null): void {
  kept?.list.change((contacts) =>
    contact === null ? contacts.filter((one) => one.id !== id) : contacts.map((one) => (one.id === id ? contact : one)),
  );
}
