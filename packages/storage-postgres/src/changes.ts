import {
  type Change,
  type Contact,
  changesBook,
  changesOf,
  type Decision,
  isDecimal,
  type Link,
  linkTaken,
  sameLink,
} from '@contact-sync/core';
import { type Bulk, copyText } from './bulk.js';
import { atOnce, chunks } from './chunks.js';
import { contactsById } from './contacts.js';
import type { Ask } from './database.js';
import { changedRow, isStorableContact, newRow, rowOf } from './rows.js';

/** Enough that a statement is worth its while, and few enough that Node and the server work at the same time. */
const stagedAtOnce = 4000;

type Changed = { readonly before: Contact; readonly after: Contact };
type Made = { readonly before: Contact | null; readonly after: Contact };

/**
 * Writes what decisions change, and gives that; fails with `plan_invalid`. Many are written in bulk, on trust that they fit
 * the book, which the database sees to; where they do not, that is undone, and whoever looks at each says why.
 */
export async function writeChanges(
  ask: Ask,
  bulk: Bulk | null,
  book: number,
  decisions: readonly Decision[],
  nextId: bigint,
): Promise<Change[]> {
  if (bulk !== null && decisions.length > atOnce) {
    const changes = await bulk.attempt(() => writeOnTrust(ask, bulk, book, decisions, nextId));
    if (changes !== null) return changes;
  }
  return writeWithCare(ask, book, decisions, nextId);
}

async function writeWithCare(
  ask: Ask,
  book: number,
  decisions: readonly Decision[],
  nextId: bigint,
): Promise<Change[]> {
  const stored = await storedOf(ask, book, decisions, nextId);
  const changes = [...changesOf(decisions, (id) => stored.get(id))];
  await removeGone(ask, book, changes);
  await checkLinks(ask, book, changes);
  const afters = changes.flatMap(({ after }) => after ?? []);
  for (const some of chunks(afters)) await ask('putContacts', book, JSON.stringify(some.map(rowOf)));
  return changes;
}

/** Null where a contact is not what a decision says. A link that is taken fails by its index. */
async function writeOnTrust(
  ask: Ask,
  bulk: Bulk,
  book: number,
  decisions: readonly Decision[],
  nextId: bigint,
): Promise<Change[] | null> {
  const doubted = decisions.filter((decision) => !isCompared(decision));
  const stored = await storedOf(ask, book, doubted, nextId);
  const storedOrSaid = (id: string, decision: Decision) =>
    (isCompared(decision) ? decision.before : stored.get(id)) ?? undefined;
  const changes = [...changesOf(decisions, storedOrSaid)];

  const made: Made[] = [];
  const changed: Changed[] = [];
  for (const { before, after } of changes) {
    if (after === null) continue;
    if (before === null || givesUpLink(before, after)) made.push({ before, after });
    else if (isStorableContact(before)) changed.push({ before, after });
    else return null;
  }
  await removeGone(ask, book, changes);
  if (made.length > 0)
    await bulk.copy(
      'contacts',
      copyText(book, made, ({ after }) => newRow(after)),
    );
  return (await changeAll(ask, bulk, book, changed)) === changed.length ? changes : null;
}

/** Changes those that are what they should be, and gives how many it were. */
async function changeAll(ask: Ask, bulk: Bulk, book: number, changed: Changed[]): Promise<number> {
  const changeStaged = async () => Number((await ask<{ count: string }>('changeStaged', book))[0]?.count);
  // Contacts are mostly where they were first written, one after the other. An id that is no number comes anywhere.
  changed.sort((a, b) => Number(a.after.id) - Number(b.after.id) || 0);
  let count = 0;
  let changing = Promise.resolve(0);
  for (const some of chunks(changed, stagedAtOnce)) {
    // While the server changes those before.
    const rows = [...copyText(book, some, ({ before, after }) => changedRow(before, after))];
    count += await changing;
    await bulk.copy('staged', rows);
    changing = changeStaged();
  }
  return count + (await changing);
}

/** Whether the statement that changes a contact compares it with what the decision says it was. */
function isCompared(decision: Decision): boolean {
  const { before, after } = decision;
  return before !== null && after !== null && changesBook(decision) && !givesUpLink(before, after);
}

async function storedOf(
  ask: Ask,
  book: number,
  decisions: readonly Decision[],
  nextId: bigint,
): Promise<Map<string, Contact>> {
  const ids = new Set<string>();
  for (const { before, after } of decisions) {
    const id = before?.id ?? after?.id;
    // An id from the next one on was never used: nobody need look for it.
    if (id !== undefined && !(isDecimal(id) && BigInt(id) >= nextId)) ids.add(id);
  }
  const stored = new Map<string, Contact>();
  for (const some of chunks(ids)) {
    for (const contact of await contactsById(ask, book, some)) stored.set(contact.id, contact);
  }
  return stored;
}

/** Contacts that give a link up are taken out and put in again: the plan may give their links to others. */
async function removeGone(ask: Ask, book: number, changes: readonly Change[]): Promise<void> {
  const out = changes.flatMap(({ before, after }) =>
    before !== null && (after === null || givesUpLink(before, after)) ? [before.id] : [],
  );
  for (const some of chunks(out)) await ask('removeContacts', book, JSON.stringify(some));
}

/** Of the links that the plan gives, no two may be the same, and none may be held by a contact that keeps it. */
async function checkLinks(ask: Ask, book: number, changes: readonly Change[]): Promise<void> {
  const given = changes.flatMap(({ before, after }) => {
    if (after === null || (before !== null && sameLink(heldLink(before), heldLink(after)))) return [];
    return heldLink(after) ?? [];
  });
  const taken = new Set<string>();
  for (const link of given) {
    const key = JSON.stringify([link.source, link.externalId]);
    if (taken.has(key)) throw linkTaken(link);
    taken.add(key);
  }
  for (const some of chunks(given)) {
    const rows = some.map(({ source, externalId }) => ({ source, external_id: externalId }));
    const [holder] = await ask<{ source: string; external_id: string }>('linkHolders', book, JSON.stringify(rows));
    if (holder !== undefined) throw linkTaken({ source: holder.source, externalId: holder.external_id });
  }
}

/** Whether the contact no longer holds a link that it held, in the sense in which one contact only holds it. */
function givesUpLink(before: Contact, after: Contact): boolean {
  const held = heldLink(before);
  return held !== null && !sameLink(held, heldLink(after));
}

/** External contacts hold no link: any number of them may come from one record. */
function heldLink({ recordType, link }: Contact): Link | null {
  return recordType === 'external' ? null : link;
}
