import {
  type Change,
  type Contact,
  ContactSyncError,
  changesOf,
  checkBase,
  type Decision,
  type Link,
  linkTaken,
  nextIdAfter,
  type Plan,
  type Run,
  runOf,
  sameLink,
  type Unapplied,
} from '@contact-sync/core';
import { bookForWriting, moveBook } from './books.js';
import { contactsById } from './contacts.js';
import type { Ask } from './database.js';
import { nextRunId, writeRun } from './history.js';
import { isStorable, rowOf } from './rows.js';

/** How many contacts go with one statement. */
const atOnce = 1000;

/** Writes a plan. Call it in a transaction: the book's version is looked at inside of it. */
export async function applyPlan(ask: Ask, name: string, plan: Plan): Promise<Run> {
  const { book, version, nextId } = await bookForWriting(ask, name);
  checkBase(plan, version);
  const changes = await changesIn(ask, book, plan.decisions);
  await writeChanges(ask, book, changes);
  const changed = changes.length > 0;
  if (changed) {
    const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
    await moveBook(ask, name, version + 1, nextIdAfter(nextId, made));
  }
  const outcome = changed ? 'applied' : 'unchanged';
  const id = await nextRunId(ask, book);
  const run = runOf(plan, { id, outcome, version: changed ? version + 1 : version });
  await writeRun(ask, book, run, plan.decisions);
  return run;
}

export async function recordPlan(ask: Ask, name: string, plan: Plan, unapplied: Unapplied): Promise<Run> {
  const { book, version } = await bookForWriting(ask, name);
  const error = unapplied.outcome === 'failed' ? unapplied.error : null;
  const run = runOf(plan, { id: await nextRunId(ask, book), outcome: unapplied.outcome, version, error });
  await writeRun(ask, book, run, plan.decisions);
  return run;
}

async function changesIn(ask: Ask, book: number, decisions: readonly Decision[]): Promise<Change[]> {
  const ids = new Set(decisions.flatMap(({ before, after }) => before?.id ?? after?.id ?? []));
  const stored = new Map<string, Contact>();
  for (const some of chunks([...ids])) {
    for (const contact of await contactsById(ask, book, some)) stored.set(contact.id, contact);
  }
  return [...changesOf(decisions, (id) => stored.get(id))];
}

async function writeChanges(ask: Ask, book: number, changes: readonly Change[]): Promise<void> {
  const afters = changes.flatMap(({ after }) => after ?? []);
  afters.forEach(checkText);

  // Contacts that give a link up are taken out and put in again: the plan may give their links to others.
  const out = changes.flatMap(({ before, after }) =>
    before !== null && (after === null || changesLink(before, after)) ? [before.id] : [],
  );
  for (const some of chunks(out)) await ask('removeContacts', book, some);
  await checkLinks(ask, book, changes);
  for (const some of chunks(afters)) await ask('putContacts', book, JSON.stringify(some.map(rowOf)));
}

/** Of the links that the plan gives, no two may be the same, and none may be held by a contact that keeps it. */
async function checkLinks(ask: Ask, book: number, changes: readonly Change[]): Promise<void> {
  const given = changes.flatMap(({ before, after }) => {
    if (after === null || (before !== null && !changesLink(before, after))) return [];
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

/** Whether the contact holds another link than before, in the sense in which a link is held by one contact only. */
function changesLink(before: Contact, after: Contact): boolean {
  return !sameLink(heldLink(before), heldLink(after));
}

/** External contacts hold no link: any number of them may come from one record. */
function heldLink({ recordType, link }: Contact): Link | null {
  return recordType === 'external' ? null : link;
}

function checkText({ id, name, email, phone, link, missingSince }: Contact): void {
  const texts = [id, name, email, phone, link?.source, link?.externalId, missingSince];
  if (texts.every((text) => text == null || isStorable(text))) return;
  throw new ContactSyncError('plan_invalid', `Contact ${id} holds a character that cannot be stored.`, {
    hint: 'Nothing was written. Make the plan again without it: it is a NUL, or half of a surrogate pair.',
  });
}

function* chunks<T>(items: readonly T[]): Generator<T[], void, void> {
  for (let first = 0; first < items.length; first += atOnce) yield items.slice(first, first + atOnce);
}
