import { type Contact, type Link, sameContact } from './contact.js';
import { ContactSyncError } from './error.js';
import { isDecimal } from './order.js';
import { changesBook, type Decision, type Plan } from './plan.js';

/** What a decision does to the book, where it does something: a contact comes, becomes another, or goes. */
export type Change =
  | { readonly before: null; readonly after: Contact }
  | { readonly before: Contact; readonly after: Contact }
  | { readonly before: Contact; readonly after: null };

const hint = 'Nothing was written. Make the plan again.';

/** Fails with `store_conflict` unless the book stands where it stood when the plan was made. */
export function checkBase(plan: Plan, version: number): void {
  if (plan.base === version) return;
  throw new ContactSyncError(
    'store_conflict',
    `The plan was made for version ${plan.base} of the book, which is at version ${version} now.`,
    { hint },
  );
}

/**
 * The changes of a plan, in its order. Every decision is judged by the book as it was before the plan, so the order of
 * decisions means nothing, and no contact is changed by two of them. `stored` looks a contact up in that book; it may give
 * `before` for one that is compared when it is changed. Fails with `plan_invalid`. That no two contacts end with the same
 * link is for the caller to see to.
 */
export function* changesOf(
  decisions: Iterable<Decision>,
  stored: (id: string, decision: Decision) => Contact | undefined,
): Generator<Change, void, void> {
  const changed = new Set<string>();
  for (const decision of decisions) {
    const { before, after } = decision;
    const id = before?.id ?? after?.id;
    if (id === undefined) continue;
    const now = stored(id, decision);
    if (before === null && now !== undefined) throw misfit(id, 'is to be made, and is in the book already');
    if (before !== null) checkBefore(before, now);
    if (before !== null && after !== null && before.id !== after.id) throw misfit(id, 'is to get another id');
    if (!changesBook(decision)) continue;
    if (changed.has(id)) throw misfit(id, 'is changed by two decisions');
    changed.add(id);
    yield decision as Change;
  }
}

/** Fails with `plan_invalid` unless a contact of the book is what a plan says it is. */
export function checkBefore(before: Contact, now: Contact | undefined): void {
  if (now === undefined) throw misfit(before.id, 'is not in the book');
  if (!sameContact(before, now)) throw misfit(before.id, 'is not what the plan says');
}

/** The error for a plan after which two contacts that are not external would have one link. */
export function linkTaken({ source, externalId }: Link): ContactSyncError {
  return new ContactSyncError('plan_invalid', `Two contacts would be linked to record ${externalId} of ${source}.`, {
    hint,
  });
}

/** The next id, once contacts with these ids are made: above every id that is a number, however long. */
export function nextIdAfter(next: bigint, ids: Iterable<string>): bigint {
  let highest = next - 1n;
  for (const id of ids) {
    if (isDecimal(id) && BigInt(id) > highest) highest = BigInt(id);
  }
  return highest + 1n;
}

/** Ids to hand out, from `next` on. */
export function idsFrom(next: bigint): () => string {
  let id = next;
  return () => String(id++);
}

function misfit(id: string, problem: string): ContactSyncError {
  return new ContactSyncError('plan_invalid', `Contact ${id} ${problem}.`, { hint });
}
