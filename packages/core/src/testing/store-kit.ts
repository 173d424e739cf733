import type { Connection, ConnectionChange } from '../connection.js';
import type { Contact, Link } from '../contact.js';
import { ContactSyncError, type ErrorCode } from '../error.js';
import type { Counts, Decision, Plan } from '../plan.js';
import { type Reason, reasons } from '../reasons.js';
import type { ContactStore, Run } from '../store.js';
import type { StoreCase, StoreHarness } from './store-harness.js';

/** What a check has at hand: the harness, whose stores are closed when the check is over. */
export type Kit = StoreHarness & { close(store: ContactStore): Promise<void> };

/** One check, as the kit's own files write it. Throws if the store does not pass. */
export type Check = { readonly id: string; readonly name: string; check(kit: Kit): Promise<void> };

export function caseOf({ id, name, check }: Check): StoreCase {
  return {
    id,
    name,
    async run(harness) {
      const opened = new Set<ContactStore>();
      const keep = (store: ContactStore) => {
        opened.add(store);
        return store;
      };
      const close = async (store: ContactStore) => {
        opened.delete(store);
        await store.close();
      };
      try {
        await check({
          open: async () => keep(await harness.open()),
          again: async (store) => keep(await harness.again(store)),
          beside: async (store) => keep(await harness.beside(store)),
          close,
        });
      } finally {
        for (const store of [...opened]) await close(store);
      }
    },
  };
}

/** A manual contact without a link, with plain values that no other contact has. */
export function person(id: string, values: Partial<Contact> = {}): Contact {
  return {
    id,
    name: `Person ${id}`,
    email: `person${id}@example.com`,
    phone: '+61255501234',
    recordType: 'manual',
    forcedManual: false,
    link: null,
    missingSince: null,
    ...values,
  };
}

export const source = 'xpm:tenant';

export function linkTo(externalId: string): Link {
  return { source, externalId };
}

/** A synced contact, linked to a record of `source` with the id `record-ID`. */
export function synced(id: string, values: Partial<Contact> = {}): Contact {
  return person(id, { recordType: 'contact-sync', link: linkTo(`record-${id}`), ...values });
}

/** Contacts with the ids `first` to `last`. */
export function people(first: number, last: number): Contact[] {
  return Array.from({ length: last - first + 1 }, (_, index) => person(String(first + index)));
}

function decision(reason: Reason, before: Contact | null, after: Contact | null): Decision {
  const externalId = after?.link?.externalId ?? null;
  return { reason, externalId, before, after, flags: [], says: null, faults: [], note: null };
}

export const create = (after: Contact) => decision('imported', null, after);
export const remove = (before: Contact) => decision('imported', before, null);
export const keep = (contact: Contact) => decision('imported', contact, contact);
export const change = (before: Contact, values: Partial<Contact>) =>
  decision('imported', before, { ...before, ...values });

export function planOf(base: number, decisions: readonly Decision[], values: Partial<Plan> = {}): Plan {
  const tally = new Map<Reason, number>();
  for (const { reason } of decisions) tally.set(reason, (tally.get(reason) ?? 0) + 1);
  const rows = [...tally].reduce((sum, [reason, n]) => sum + (reasons[reason].of === 'record' ? n : 0), 0);
  const counts: Counts = { rows, reasons: Object.fromEntries(tally), flags: {}, skipped: {} };
  const at = '2026-03-01T09:30:00.000Z';
  const about = { kind: 'import', source: null, actor: 'kit', why: null, at, base } as const;
  return { ...about, connections: [], decisions, counts, blocked: [], ...values };
}

/** A connection to `source`, connected and of kind `contact-sync`. */
export function connection(values: Partial<Connection> = {}): Connection {
  return { source, kind: 'contact-sync', state: 'connected', ...values };
}

export const connect = (after: Connection): ConnectionChange => ({ before: null, after });

/** Applies changes of connections, and nothing else, to the book as it stands. */
export async function applyConnections(store: ContactStore, ...connections: ConnectionChange[]): Promise<Run> {
  return store.apply(planOf(await versionOf(store), [], { connections }));
}

/** The connections of the book, in an order of their own. */
export async function connectionsOf(store: ContactStore): Promise<Connection[]> {
  const { connections } = await store.head();
  return [...connections].sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** A sentence of a guard, for plans that are to be stopped. */
export const block = {
  guard: 'many_missing',
  count: 7,
  of: 10,
  message: '7 of 10 contacts would go missing.',
} as const;

/** A run without its version, which is a check of its own. */
export function unversioned({ version: _, ...run }: Run) {
  return run;
}

/** What is left of a store once it was closed and opened again. */
export async function reopened(kit: Kit, store: ContactStore): Promise<ContactStore> {
  await kit.close(store);
  return kit.again(store);
}

/** Two books in one place. */
export async function twoBooks(kit: Kit): Promise<{ one: ContactStore; other: ContactStore }> {
  const one = await kit.open();
  return { one, other: await kit.beside(one) };
}

/** That a plan is refused is one check; what it leaves behind is another. */
export async function ignoreRefusal(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work]);
}

/** Applies decisions to the book as it stands. */
export async function apply(store: ContactStore, ...decisions: Decision[]): Promise<Run> {
  return store.apply(planOf(await versionOf(store), decisions));
}

export async function versionOf(store: ContactStore): Promise<number> {
  return (await store.head()).version;
}

/** A book that holds these. */
export async function bookOf(kit: Kit, ...contacts: Contact[]): Promise<ContactStore> {
  const store = await kit.open();
  await apply(store, ...contacts.map(create));
  return store;
}

/** The contacts with these ids, in an order of their own: a store may find them in any. */
export async function contactsIn(store: ContactStore, ...ids: string[]): Promise<Contact[]> {
  return byId(await store.find({ ids }));
}

export function byId(contacts: readonly Contact[]): Contact[] {
  return [...contacts].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

export function idsOf(contacts: readonly Contact[]): string[] {
  return contacts.map(({ id }) => id);
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Whether two values are the same data, whatever the order of keys. */
export function same(got: unknown, expected: unknown, what: string): void {
  const texts = { got: textOf(got), expected: textOf(expected) };
  check(texts.got === texts.expected, `${what}: expected ${brief(texts.expected)}, got ${brief(texts.got)}`);
}

/** Whether the work is refused with this code. */
export async function refused(work: Promise<unknown>, code: ErrorCode, what: string): Promise<void> {
  let error: unknown;
  try {
    await work;
  } catch (thrown) {
    error = thrown;
  }
  check(error !== undefined, `${what}: expected an error ${code}, but there was none`);
  const got = ContactSyncError.is(error) ? error.code : String(error);
  check(got === code, `${what}: expected an error ${code}, got ${got}`);
  check(ContactSyncError.is(error) && error.hint !== '', `${what}: the error has no hint`);
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (part === undefined) return '(undefined)';
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
  });
  // Two texts that look alike may differ: everything beyond ASCII is spelt out.
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function brief(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
}
