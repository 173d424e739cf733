import {
  type Contact,
  type ContactStore,
  changesBook,
  type Decision,
  memoryStore,
  type Plan,
  type Run,
} from '@contact-sync/core';
import type { StoreHarness } from '@contact-sync/core/testing';

/** A store with one fault, and the one check that is meant to find it. */
export type BrokenStore = {
  readonly caughtBy: string;
  readonly fault: string;
  /** Further checks that cannot but find it too: they look at the same thing on their way. */
  readonly also: readonly string[];
  harness(): StoreHarness;
};

export type Handle = {
  /** How the caller came by the handle; `reopening` is `again` on a store that was closed. */
  readonly by: 'open' | 'again' | 'reopening' | 'beside';
  /** Of a book beside another one: that other one. */
  readonly sibling: ContactStore | null;
};

/** The store in memory, with some of its methods put wrong for each handle on it. */
export function broken(
  caughtBy: string,
  fault: string,
  spoil: (store: ContactStore, handle: Handle) => Partial<ContactStore>,
  also: readonly string[] = [],
): BrokenStore {
  return {
    caughtBy,
    fault,
    also,
    harness() {
      const books = new Map<ContactStore, ContactStore>();
      const closed = new Set<ContactStore>();
      const bookOf = (store: ContactStore) => books.get(store) ?? store;
      const handle = (book: ContactStore, how: Handle): ContactStore => {
        const close = async () => void closed.add(book);
        const store = { ...book, ...spoil(book, how), close };
        books.set(store, book);
        return store;
      };
      return {
        open: async () => handle(memoryStore(), { by: 'open', sibling: null }),
        again: async (store) => {
          const book = bookOf(store);
          return handle(book, { by: closed.has(book) ? 'reopening' : 'again', sibling: null });
        },
        beside: async (store) => handle(memoryStore(), { by: 'beside', sibling: bookOf(store) }),
      };
    },
  };
}

/** Applies another plan than it was given. */
export function rewriting(store: ContactStore, rewrite: (plan: Plan) => Plan | Promise<Plan>): Partial<ContactStore> {
  return { apply: async (plan, approval, rows) => store.apply(await rewrite(plan), approval, rows) };
}

export function withDecisions(plan: Plan, decisions: readonly Decision[]): Plan {
  return { ...plan, decisions };
}

/** Puts every decision that changes a contact (and makes or removes none) another way. */
export function changing(
  store: ContactStore,
  rewrite: (before: Contact, after: Contact) => Contact,
): Partial<ContactStore> {
  return rewriting(store, (plan) =>
    withDecisions(
      plan,
      plan.decisions.map((decision) => {
        const { before, after } = decision;
        if (before === null || after === null || !changesBook(decision)) return decision;
        return { ...decision, after: rewrite(before, after) };
      }),
    ),
  );
}

/** Shows contacts otherwise than they are when they are found by id, link or key. */
export function showing(store: ContactStore, show: (contact: Contact) => Contact): Partial<ContactStore> {
  return { find: async (query) => (await store.find(query)).map(show) };
}

/** Shows runs otherwise than they are, when they are returned, asked for and listed. */
export function showingRuns(store: ContactStore, show: (run: Run) => Run): Partial<ContactStore> {
  return {
    apply: async (plan, approval, rows) => show(await store.apply(plan, approval, rows)),
    record: async (plan, unapplied) => show(await store.record(plan, unapplied)),
    run: async (id) => show(await store.run(id)),
    runs: async (query) => {
      const { runs, next } = await store.runs(query);
      return { runs: runs.map(show), next };
    },
  };
}

/** Counts versions in its own way: `step` says by how much too far an event moves it. */
export function counting(
  store: ContactStore,
  step: (
    event: 'applied' | 'unchanged' | 'refused' | 'forgotten',
    plan: Pick<Plan, 'decisions' | 'connections'>,
  ) => number,
): Partial<ContactStore> {
  let ahead = 0;
  const shift = (run: Run): Run => ({ ...run, version: run.version + ahead });
  return {
    head: async () => {
      const head = await store.head();
      return { ...head, version: head.version + ahead };
    },
    apply: async (plan, approval, rows) => {
      try {
        const run = await store.apply({ ...plan, base: plan.base - ahead }, approval, rows);
        ahead += step(run.outcome === 'unchanged' ? 'unchanged' : 'applied', plan);
        return shift(run);
      } catch (error) {
        ahead += step('refused', plan);
        throw error;
      }
    },
    record: async (plan, unapplied) => shift(await store.record(plan, unapplied)),
    forget: async (...person) => {
      const run = await store.forget(...person);
      ahead += step('forgotten', { decisions: [], connections: [] });
      return shift(run);
    },
  };
}

/** Every contact of the book. */
export async function allOf(store: ContactStore): Promise<Contact[]> {
  return (await store.search({ limit: Number.POSITIVE_INFINITY })).contacts;
}

export async function contactOf(store: ContactStore, id: string): Promise<Contact | undefined> {
  return (await store.find({ ids: [id] }))[0];
}

/** Who has this link, external contacts aside. */
export async function holderOf(store: ContactStore, link: Contact['link']): Promise<Contact | undefined> {
  if (link === null) return undefined;
  const { source, externalId } = link;
  const found = await store.find({ links: { source, externalIds: [externalId] } });
  return found.find(({ recordType }) => recordType !== 'external');
}

export function linkKey(contact: Contact | null): string | null {
  return contact === null || contact.link === null || contact.recordType === 'external'
    ? null
    : JSON.stringify(contact.link);
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
