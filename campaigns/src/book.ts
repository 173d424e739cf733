import { createHash } from 'node:crypto';
import type { Connection, Contact, ContactStore, Decision, Run } from '@contact-sync/core';

/** Everything that a book tells of itself, read through the interface of stores. */
export type Book = {
  readonly version: number;
  /** In the order of sources. */
  readonly connections: readonly Connection[];
  /** In the order of ids. */
  readonly contacts: readonly Contact[];
  /** Oldest first. */
  readonly history: readonly { readonly run: Run; readonly decisions: readonly Decision[] }[];
};

export async function bookOf(store: ContactStore): Promise<Book> {
  const { version, connections } = await store.head();
  const contacts: Contact[] = [];
  for (let next: string | null = null; ; ) {
    const page = await store.search(next === null ? { limit: 5000 } : { limit: 5000, after: next });
    contacts.push(...page.contacts);
    next = page.next;
    if (next === null) break;
  }
  const history: { run: Run; decisions: Decision[] }[] = [];
  for (const run of await runsOf(store)) {
    const decisions: Decision[] = [];
    for await (const decision of store.decisions(run.id)) decisions.push(decision);
    history.unshift({ run, decisions });
  }
  return {
    version,
    connections: connections.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
    contacts: contacts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    history,
  };
}

/** Newest first. */
async function runsOf(store: ContactStore): Promise<Run[]> {
  const runs: Run[] = [];
  for (let next: string | null = null; ; ) {
    const page = await store.runs(next === null ? { limit: 500 } : { limit: 500, after: next });
    runs.push(...page.runs);
    next = page.next;
    if (next === null) return runs;
  }
}

/** What people see: the book without its history. */
export function contentsOf({ version, connections, contacts }: Book) {
  return { version, connections, contacts };
}

/** The book, but for the lines of runs that failed: those may be noted, or not. */
export function withoutFailures(book: Book): Book {
  return { ...book, history: book.history.filter(({ run }) => run.outcome !== 'failed') };
}

/** Equal for equal values, whatever the order of their keys. */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Fails, and names the first places where they differ. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected) || canonical(actual) === canonical(expected)) return;
  const places: string[] = [];
  differ(actual, expected, '', places);
  throw new Error(`${what}: ${places.slice(0, 5).join('; ')}`);
}

function differ(actual: unknown, expected: unknown, path: string, places: string[]): void {
  if (places.length > 5) return;
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isObject(actual) || !isObject(expected)) {
    if (actual !== expected) places.push(`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
    return;
  }
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    differ(actual[key], expected[key], `${path}.${key}`, places);
  }
}

/** Fails where a book has something twice: a contact, a link, a version, a contact changed twice in one run. */
export function checkNothingTwice({ contacts, history }: Book): void {
  const links = contacts.flatMap(({ link, recordType }) =>
    link === null || recordType === 'external' ? [] : [`${link.source}\n${link.externalId}`],
  );
  const lists = {
    contacts: contacts.map(({ id }) => id),
    links,
    runs: history.map(({ run }) => run.id),
    versions: history.filter(({ run }) => run.outcome === 'applied').map(({ run }) => String(run.version)),
    'contacts made': history.flatMap(({ run, decisions }) =>
      run.outcome === 'applied'
        ? decisions.flatMap(({ before, after }) => (before === null && after ? [after.id] : []))
        : [],
    ),
  };
  for (const [what, list] of Object.entries(lists)) {
    if (new Set(list).size === list.length) continue;
    const twice = list.find((value, index) => list.indexOf(value) !== index);
    throw new Error(`The book has ${what} twice: ${JSON.stringify(twice)}`);
  }
}

/**
 * Fails unless the book is what its history says: each applied run was made for the version that the one before it left,
 * found what it changed as it says, and all of them in order give the contacts and connections that are there.
 */
export function checkSerial({ version, connections, contacts, history }: Book): void {
  const book = new Map<string, Contact>();
  const connected = new Map<string, Connection>();
  let now = 0;
  for (const { run, decisions } of history) {
    if (run.outcome !== 'applied') {
      same(run.version, now, `The version noted by run ${run.id}, which was not applied`);
      continue;
    }
    same([run.base, run.version], [now, now + 1], `Base and version of run ${run.id}`);
    now = run.version;
    const after = new Map(book);
    for (const decision of decisions) {
      const id = decision.before?.id ?? decision.after?.id;
      if (id === undefined) continue;
      if (decision.before === null) same(book.has(id), false, `Contact ${id} before run ${run.id} made it`);
      else same(book.get(id), decision.before, `Contact ${id} before run ${run.id}`);
      if (decision.after === null) after.delete(id);
      else after.set(id, decision.after);
    }
    book.clear();
    for (const [id, contact] of after) book.set(id, contact);
    for (const change of run.connections) {
      const source = change.before?.source ?? change.after?.source ?? '';
      same(connected.get(source) ?? null, change.before, `Connection ${source} before run ${run.id}`);
      if (change.after === null) connected.delete(source);
      else connected.set(source, change.after);
    }
  }
  same(version, now, 'The version of the book');
  const inOrder = <T>(all: Map<string, T>) => [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  same(contacts, inOrder(book), 'The contacts, beside those of the history');
  same(connections, inOrder(connected), 'The connections, beside those of the history');
}
