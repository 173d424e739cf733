import type { List } from '../../lib/list.js';
import type { Contact } from '../../lib/types.js';

/** The list that was looked at last, to come back to as it was left. Lost when the page is loaded anew. */
type Kept = {
  readonly key: string;
  readonly address: string;
  readonly list: List<Contact>;
  /** How far it was scrolled, in pixels. */
  scroll: number;
  /** Which row had the focus last; null: none had. */
  row: number | null;
  stale: boolean;
  /** Somebody asked to come back to where they were, other than by the button of the browser. */
  wanted: boolean;
};

let kept: Kept | null = null;

/** The list of this key as it was left, or a new one. `address`: the filter in the address of the page. */
export function keptList(key: string, address: string, fresh: () => List<Contact>): List<Contact> {
  if (kept?.key !== key) {
    kept = { key, address, list: fresh(), scroll: 0, row: null, stale: false, wanted: false };
  }
  return kept.list;
}

/** Where in the list of this key a person was. */
export function keptPlace(key: string): Pick<Kept, 'scroll' | 'row' | 'wanted'> {
  const { scroll, row, wanted } = kept?.key === key ? kept : { scroll: 0, row: null, wanted: false };
  if (kept !== null) kept.wanted = false;
  return { scroll, row, wanted };
}

export function keepPlace(key: string, place: Partial<Pick<Kept, 'scroll' | 'row'>>): void {
  if (kept?.key === key) Object.assign(kept, place);
}

/** The filter that was used last. */
export function keptAddress(): string {
  return kept?.address ?? '';
}

export function comeBack(): void {
  if (kept !== null) kept.wanted = true;
}

/** A sync changed the book: what is kept is as it was before. */
export function markStale(): void {
  if (kept !== null) kept.stale = true;
}

/** Whether a sync changed the book since the list of this key was read. */
export function isStale(key: string): boolean {
  return kept?.key === key && kept.stale;
}

/** It was read again since. */
export function markFresh(): void {
  if (kept !== null) kept.stale = false;
}

/** The next look at the contacts begins anew. */
export function dropList(): void {
  kept = null;
}

/** Whoever goes to the contacts, rather than back to them, sees them as they are. */
export function dropStale(): void {
  if (kept?.stale) kept = null;
}

/** A contact was changed here: it changes in the list too. Null: it is not there any more. */
export function changeInList(id: string, contact: Contact | null): void {
  kept?.list.change((contacts) =>
    contact === null ? contacts.filter((one) => one.id !== id) : contacts.map((one) => (one.id === id ? contact : one)),
  );
}
