/** What must hold of a book, whatever was done to it, and of a plan, whatever it is for. Each throws where it does not. */
import { expect } from 'vitest';
import {
  type Connection,
  type Contact,
  type ContactStore,
  changesBook,
  checkCounts,
  type Decision,
  type Plan,
  type Read,
  sameContact,
} from '../src/index.js';
import { bookOf } from './engine.js';

export type Snapshot = {
  readonly book: readonly Contact[];
  readonly version: number;
  readonly connections: readonly Connection[];
  readonly nextId: string;
};

export async function snapshotOf(store: ContactStore): Promise<Snapshot> {
  const { version, connections, newId } = await store.head();
  const inOrder = [...connections].sort((a, b) => (a.source < b.source ? -1 : 1));
  return { book: await bookOf(store), version, connections: inOrder, nextId: newId() };
}

export function byId(book: readonly Contact[]): Map<string, Contact> {
  return new Map(book.map((contact) => [contact.id, contact]));
}

/** The contacts and connections that a plan would leave, worked out without a store. */
export function after({ book, connections }: Snapshot, plan: Plan): Pick<Snapshot, 'book' | 'connections'> {
  const contacts = byId(book);
  for (const { before, after: next } of plan.decisions) {
    if (before !== null) contacts.delete(before.id);
    if (next !== null) contacts.set(next.id, next);
  }
  const known = new Map(connections.map((connection) => [connection.source, connection]));
  for (const { before, after: next } of plan.connections) {
    if (before !== null) known.delete(before.source);
    if (next !== null) known.set(next.source, next);
  }
  return { book: [...contacts.values()], connections: [...known.values()] };
}

export function inOrder(book: readonly Contact[]): Contact[] {
  return [...book].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Of every book. */
export function checkBook({ book, connections }: Snapshot): void {
  const links = book.flatMap(({ recordType, link }) =>
    recordType === 'external' || link === null ? [] : [`${link.source} ${link.externalId}`],
  );
  expect(links.length, 'a link is on one contact that is not external').toBe(new Set(links).size);
  for (const contact of book) {
    if (contact.recordType !== 'contact-sync') continue;
    expect(contact.link, `contact ${contact.id} is synced, so it has a link`).not.toBeNull();
    const connection = connections.find(({ source }) => source === contact.link?.source);
    expect(connection, `contact ${contact.id} is synced, so its source is known`).toBeDefined();
    expect(connection?.state, `contact ${contact.id} is synced, so its source is connected`).not.toBe('disconnected');
    expect(connection?.kind).toBe('contact-sync');
  }
  for (const { id, missingSince, link } of book) if (missingSince !== null) expect(link, id).not.toBeNull();
}

/** Of every plan: its counts add up, each contact is changed once, and what it says was is so. */
export function checkPlan(plan: Plan, { book, version }: Snapshot): void {
  checkCounts(plan.counts);
  expect(plan.base).toBe(version);
  const contacts = byId(book);
  const changed = plan.decisions.filter(changesBook);
  const ids = changed.map(({ before, after: next }) => (before ?? next)?.id);
  expect(ids.length, 'each contact is changed once').toBe(new Set(ids).size);
  for (const { before } of plan.decisions) if (before !== null) expect(contacts.get(before.id)).toEqual(before);
}

/** Of every sync, approved ones included. */
export function checkSync(plan: Plan, read: Read, before: Snapshot, now: Snapshot): void {
  const contacts = byId(now.book);
  for (const contact of before.book) {
    const next = contacts.get(contact.id);
    expect(next, `a sync lost contact ${contact.id}`).toBeDefined();
    if (contact.recordType === 'external') expect(next).toEqual(contact);
    if (contact.forcedManual) {
      const { name, email, phone, forcedManual } = contact;
      expect(next).toMatchObject({ name, email, phone, forcedManual });
    }
  }
  // Nobody is made twice: a record whose contact is in the book gets no other.
  const linked = before.book.filter(
    ({ recordType, link }) => recordType !== 'external' && link?.source === read.source,
  );
  const ids = new Set(linked.map(({ link }) => link?.externalId));
  for (const { before: from, after: to, externalId } of plan.decisions) {
    if (from === null && to?.recordType === 'contact-sync') expect(ids).not.toContain(externalId);
  }
  const left = Object.values(read.skipped).reduce((sum, n) => sum + n, 0);
  expect(plan.counts.rows).toBe(read.records.length + read.unreadable.length + left);
}

/** A plan without what the order of the read decides: which of the new contacts has which id. */
export function orderless({ decisions, counts, blocked, connections }: Plan, { book }: Snapshot) {
  const known = new Set(book.map(({ id }) => id));
  const plain = (contact: Contact | null) =>
    contact === null || known.has(contact.id) ? contact : { ...contact, id: 'new' };
  const texts = decisions.map((one: Decision) => JSON.stringify({ ...one, after: plain(one.after) }));
  return { decisions: texts.sort(), counts, blocked, connections };
}

/** Of every undo: it restores what the run changed, or leaves it as it is; it touches nothing else. */
export function checkUndo(undone: readonly Decision[], before: Snapshot, now: Snapshot): void {
  const [was, is] = [byId(before.book), byId(now.book)];
  const ofRun = new Map(undone.filter(changesBook).map((one) => [(one.after ?? one.before)?.id ?? '', one]));
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(id) ?? null, is.get(id) ?? null];
    if (from !== null && to !== null && sameContact(from, to)) continue;
    const decision = ofRun.get(id);
    expect(decision, `the undo touched contact ${id}, which its run did not`).toBeDefined();
    expect(from, `contact ${id} was changed since, and is not left alone`).toEqual(decision?.after ?? null);
    // Synced with a source that was disconnected since, it comes back as a manual one.
    const restored = decision?.before ?? null;
    const gone = now.connections.find(({ source }) => source === restored?.link?.source)?.state ?? 'disconnected';
    const expected =
      restored?.recordType === 'contact-sync' && gone === 'disconnected'
        ? { ...restored, recordType: 'manual' }
        : restored;
    expect(to).toEqual(expected);
  }
}
