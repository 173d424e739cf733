import {
  type Approval,
  type Change,
  type Contact,
  ContactSyncError,
  changesOf,
  checkApproval,
  checkBase,
  type Decision,
  forgetRunOf,
  isDecimal,
  type Link,
  linkHash,
  linkTaken,
  nextIdAfter,
  noSuchContact,
  type Plan,
  planChangesBook,
  type RowsToKeep,
  type Run,
  runOf,
  type Signature,
  sameLink,
  type Unapplied,
} from '@contact-sync/core';
import { bookForWriting, changeConnections, moveBook } from './books.js';
import { contactsById, findContacts } from './contacts.js';
import type { Ask } from './database.js';
import {
  lastMention,
  nextRunId,
  purgeBefore,
  readApproved,
  removeMentions,
  writeDecisions,
  writeRun,
} from './history.js';
import { dropAllRows, followRows } from './kept-rows.js';
import { isStorable, rowOf } from './rows.js';

/** How many contacts go with one statement. */
const atOnce = 1000;

/*
 * What writes. Each of these is called in a transaction, takes the right to write to the book first, and looks at its
 * version only then.
 */

export async function applyPlan(
  ask: Ask,
  name: string,
  plan: Plan,
  approval?: Approval,
  rows?: RowsToKeep,
): Promise<Run> {
  const { book, version, nextId } = await bookForWriting(ask, name);
  if (approval !== undefined) {
    const { run, approvedBy } = await readApproved(ask, book, approval.run);
    checkApproval(plan, approval, run, approvedBy);
  }
  checkBase(plan, version);
  checkTexts(plan);
  await changeConnections(ask, book, plan.connections);
  const changes = await changesIn(ask, book, plan.decisions, nextId);
  await writeChanges(ask, book, changes);
  await followRows(ask, book, { changes, connections: plan.connections, rows });
  const changed = planChangesBook(plan);
  if (changed) {
    const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
    await moveBook(ask, name, version + 1, nextIdAfter(nextId, made));
  }
  const after = { outcome: changed ? 'applied' : 'unchanged', version: changed ? version + 1 : version } as const;
  const id = await nextRunId(ask, book);
  const run = runOf(plan, { id, ...after, approval, hash: await writeDecisions(ask, book, id, plan) });
  await writeRun(ask, book, run, plan.decisions.length);
  return run;
}

export async function recordPlan(ask: Ask, name: string, plan: Plan, unapplied: Unapplied): Promise<Run> {
  const { book, version } = await bookForWriting(ask, name);
  const error = unapplied.outcome === 'failed' ? unapplied.error : null;
  const id = await nextRunId(ask, book);
  const hash = await writeDecisions(ask, book, id, plan);
  const run = runOf(plan, { id, outcome: unapplied.outcome, version, error, hash });
  await writeRun(ask, book, run, plan.decisions.length);
  return run;
}

export async function forgetContact(ask: Ask, name: string, id: string, signature: Signature): Promise<Run> {
  const { book, version, nextId } = await bookForWriting(ask, name);
  const contact = (await contactsById(ask, book, [id]))[0] ?? (await gone(ask, book, id));
  if (contact === undefined) throw noSuchContact(id);
  await removeMentions(ask, book, contact);
  await ask('removeContacts', book, [id]);
  await dropAllRows(ask, book);
  if (contact.link !== null) await ask('forgetLink', book, contact.link.source, linkHash(contact.link));
  await moveBook(ask, name, version + 1, nextId);
  const run = forgetRunOf({ id: await nextRunId(ask, book), base: version, signature });
  await writeRun(ask, book, run, 0);
  return run;
}

/** A contact that left the book, without a link that another one has now. */
async function gone(ask: Ask, book: number, id: string): Promise<Contact | undefined> {
  const contact = await lastMention(ask, book, id);
  if (!contact?.link) return contact;
  const { source, externalId } = contact.link;
  const holders = await findContacts(ask, book, { links: { source, externalIds: [externalId] } });
  return holders.length > 0 ? { ...contact, link: null } : contact;
}

export async function purgeRuns(ask: Ask, name: string, before: string): Promise<number> {
  const { book } = await bookForWriting(ask, name);
  return purgeBefore(ask, book, before);
}

async function changesIn(ask: Ask, book: number, decisions: readonly Decision[], nextId: bigint): Promise<Change[]> {
  const ids = new Set<string>();
  for (const { before, after } of decisions) {
    const id = before?.id ?? after?.id;
    // An id from the next one on was never used: nobody need look for it.
    if (id !== undefined && !(isDecimal(id) && BigInt(id) >= nextId)) ids.add(id);
  }
  const stored = new Map<string, Contact>();
  for (const some of chunks([...ids])) {
    for (const contact of await contactsById(ask, book, some)) stored.set(contact.id, contact);
  }
  return [...changesOf(decisions, (id) => stored.get(id))];
}

async function writeChanges(ask: Ask, book: number, changes: readonly Change[]): Promise<void> {
  // Contacts that give a link up are taken out and put in again: the plan may give their links to others.
  const out = changes.flatMap(({ before, after }) =>
    before !== null && (after === null || changesLink(before, after)) ? [before.id] : [],
  );
  for (const some of chunks(out)) await ask('removeContacts', book, some);
  await checkLinks(ask, book, changes);
  const afters = changes.flatMap(({ after }) => after ?? []);
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

/** Fails with `plan_invalid` where something to be stored would come back as something else. */
function checkTexts({ decisions, connections }: Plan): void {
  for (const { after } of decisions) {
    if (after === null) continue;
    const { id, name, email, phone, link, missingSince } = after;
    const texts = [id, name, email, phone, link?.source, link?.externalId, missingSince];
    if (!texts.every((text) => text == null || isStorable(text))) throw unstorable(`Contact ${id}`);
  }
  for (const { after } of connections) {
    if (after !== null && !isStorable(after.source)) throw unstorable(`The connection to ${after.source}`);
  }
}

function unstorable(what: string): ContactSyncError {
  return new ContactSyncError('plan_invalid', `${what} holds a character that cannot be stored.`, {
    hint: 'Nothing was written. Make the plan again without it: it is a NUL, or half of a surrogate pair.',
  });
}

function* chunks<T>(items: readonly T[]): Generator<T[], void, void> {
  for (let first = 0; first < items.length; first += atOnce) yield items.slice(first, first + atOnce);
}
