import {
  type Approval,
  type Contact,
  ContactSyncError,
  checkApproval,
  checkBase,
  forgetRunOf,
  linkHash,
  nextIdAfter,
  noSuchContact,
  type Plan,
  planChangesBook,
  type RowsToKeep,
  type Run,
  runOf,
  type Signature,
  type Unapplied,
} from '@contact-sync/core';
import { bookForWriting, changeConnections, moveBook } from './books.js';
import type { Bulk } from './bulk.js';
import { writeChanges } from './changes.js';
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
import { isStorable, isStorableContact } from './rows.js';

/*
 * What writes. Each of these is called in a transaction, takes the right to write to the book first, and looks at its
 * version only then.
 */

export async function applyPlan(
  ask: Ask,
  bulk: Bulk | null,
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
  const changes = await writeChanges(ask, bulk, book, plan.decisions, nextId);
  await followRows(ask, book, { changes, connections: plan.connections, rows });
  const changed = planChangesBook(plan);
  if (changed) {
    const made = changes.flatMap(({ before, after }) => (before === null ? [after.id] : []));
    await moveBook(ask, name, version + 1, nextIdAfter(nextId, made));
  }
  const after = { outcome: changed ? 'applied' : 'unchanged', version: changed ? version + 1 : version } as const;
  const id = await nextRunId(ask, book);
  const run = runOf(plan, { id, ...after, approval, hash: await writeDecisions(ask, bulk, book, id, plan) });
  await writeRun(ask, book, run, plan.decisions.length);
  return run;
}

export async function recordPlan(
  ask: Ask,
  bulk: Bulk | null,
  name: string,
  plan: Plan,
  unapplied: Unapplied,
): Promise<Run> {
  const { book, version } = await bookForWriting(ask, name);
  const error = unapplied.outcome === 'failed' ? unapplied.error : null;
  const id = await nextRunId(ask, book);
  const hash = await writeDecisions(ask, bulk, book, id, plan);
  const run = runOf(plan, { id, outcome: unapplied.outcome, version, error, hash });
  await writeRun(ask, book, run, plan.decisions.length);
  return run;
}

export async function forgetContact(ask: Ask, name: string, id: string, signature: Signature): Promise<Run> {
  const { book, version, nextId } = await bookForWriting(ask, name);
  const contact = (await contactsById(ask, book, [id]))[0] ?? (await gone(ask, book, id));
  if (contact === undefined) throw noSuchContact(id);
  await removeMentions(ask, book, contact);
  await ask('removeContacts', book, JSON.stringify([id]));
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

/** Fails with `plan_invalid` where something to be stored would come back as something else. */
function checkTexts({ decisions, connections }: Plan): void {
  for (const { after } of decisions) {
    if (after !== null && !isStorableContact(after)) throw unstorable(`Contact ${after.id}`);
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
