/** Runs the engine on a world, and tells in words how it differs from what the oracle says. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Block,
  type Connection,
  type Contact,
  type ContactStore,
  type Counts,
  type Decision,
  memoryStore,
  type Plan,
  planImport,
  planOf,
  planSync,
  sameConnection,
} from '../src/index.js';
import type { Outcome, World } from './oracle.js';
import { byContactId } from './oracle-text.js';

export type Answer = {
  readonly plan: Plan;
  readonly book: readonly Contact[];
};

/** As if no contact had a fingerprint: the engine then has to load every contact and compare. */
export function withoutFingerprints(store: ContactStore): ContactStore {
  return {
    ...store,
    links: async (source) => new Map([...(await store.links(source)).keys()].map((id) => [id, null])),
  };
}

export async function engine(world: World, options: { fingerprints?: boolean; apply?: boolean } = {}): Promise<Answer> {
  const store = await storeOf(world);
  const asked = options.fingerprints === false ? withoutFingerprints(store) : store;
  const plan = await planFor(asked, world);
  if (options.apply === false) return { plan, book: [] };
  await store.apply(plan);
  return { plan, book: await bookOf(store) };
}

export function planFor(store: ContactStore, world: World): Promise<Plan> {
  const { read, connected, policy, at, kind } = world;
  return planSync(store, { read, connected, policy, at, actor: 'test', ...(kind === undefined ? {} : { kind }) });
}

/** The book of a world in memory, with what it knows of its sources, and of the people it forgot. */
export async function storeOf({ contacts, connections = [], forgotten = [], read }: World): Promise<ContactStore> {
  const store = memoryStore({ contacts: [...contacts] });
  const signature = { actor: 'test', why: null, at: '' };
  await setConnections(store, connections);
  // Whoever is forgotten was in the book before. Ids that are no numbers use up no new ids, and external contacts may
  // share a link with others.
  const gone = forgotten.map(
    (externalId, index): Contact => ({
      ...{ id: `gone ${index}`, name: 'Gone', email: 'gone@x.au', phone: null, recordType: 'external' },
      ...{ forcedManual: false, link: { source: read.source, externalId }, missingSince: null },
    }),
  );
  if (gone.length === 0) return store;
  await store.apply(planImport(gone, { ...signature, base: (await store.head()).version }));
  for (const { id } of gone) await store.forget(id, signature);
  return store;
}

async function setConnections(store: ContactStore, wanted: readonly Connection[]): Promise<void> {
  const { version, connections } = await store.head();
  const changes = wanted.flatMap((after) => {
    const before = connections.find(({ source }) => source === after.source) ?? null;
    return sameConnection(before, after) ? [] : [{ before, after }];
  });
  if (changes.length === 0) return;
  await store.apply(
    planOf({ kind: 'import', source: null, base: version, actor: 'test', why: null, at: '' }, [], changes),
  );
}

/** Every contact, in the order of ids. */
export async function bookOf(store: ContactStore): Promise<Contact[]> {
  const book: Contact[] = [];
  let after: string | null = null;
  do {
    const page: { contacts: Contact[]; next: string | null } = await store.search(
      after === null ? { limit: 100 } : { limit: 100, after },
    );
    book.push(...page.contacts);
    after = page.next;
  } while (after !== null);
  return book.sort((a, b) => byContactId(a.id, b.id));
}

/** Empty if the two agree; else what differs, a line each. */
export function differences(expected: Outcome, { plan, book }: Answer): string[] {
  return [...comparePlans(expected, plan), ...compareBooks(expected, book)];
}

export function compareBooks(expected: Outcome, book: readonly Contact[]): string[] {
  return compareLists('book', expected.book, book, (contact) => `contact ${contact.id}`);
}

export function comparePlans(expected: Outcome, plan: Plan): string[] {
  const lines = compareLists(
    'decision',
    expected.decisions.map(plain),
    plan.decisions.map(plain),
    (one) => `${one.reason} ${one.externalId}`,
  );
  lines.push(...compare('counts', plainCounts(expected.counts), plainCounts(plan.counts)));
  lines.push(...compare('connections', expected.connections, plan.connections));
  lines.push(...compare('blocked', plainBlocks(expected.blocked), plainBlocks(plan.blocked)));
  return lines;
}

/** The order of flags says nothing; objects are copied, so that those with and without a prototype are equal. */
function plain(decision: Decision): Decision {
  return { ...decision, flags: [...decision.flags].sort() };
}

function plainCounts({ rows, reasons, flags, skipped }: Counts): Counts {
  return { rows, reasons: { ...reasons }, flags: { ...flags }, skipped: { ...skipped } };
}

/** The order of guards says nothing, and the message is for people. */
function plainBlocks(blocked: readonly Omit<Block, 'message'>[]): Omit<Block, 'message'>[] {
  const plain = blocked.map(({ guard, count, of }) => ({ guard, count, of }));
  return plain.sort((a, b) => (a.guard < b.guard ? -1 : 1));
}

function compareLists<T>(
  what: string,
  expected: readonly T[],
  actual: readonly T[],
  name: (one: T) => string,
): string[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  const lines: string[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length); at += 1) {
    const left = expected[at];
    const right = actual[at];
    if (isDeepStrictEqual(left, right)) continue;
    const named = left ?? right;
    lines.push(...compare(`${what} ${at} (${named === undefined ? '' : name(named)})`, left, right));
  }
  return lines;
}

function compare(what: string, expected: unknown, actual: unknown): string[] {
  if (isDeepStrictEqual(expected, actual)) return [];
  return [`${what}: the oracle says ${show(expected)}`, `${what}: the engine says ${show(actual)}`];
}

/** Text with what cannot be seen written as escapes. */
function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** The world, a contact and a record a line. */
export function showWorld(world: World): string {
  const { contacts, read, connected, policy, kind = 'contact-sync', connections = [], forgotten = [] } = world;
  return [
    `  source ${read.source}, answered by ${show(read.tenant)}, of kind ${kind}, connected ${show(connected)}`,
    ...connections.map((connection) => `  connection ${show(connection)}`),
    `  forgotten ${show(forgotten)}`,
    `  policy ${show(policy)}`,
    ...contacts.map((contact) => `  contact ${show(contact)}`),
    ...read.records.map((record) => `  record ${show(record)}`),
    ...read.unreadable.map((row) => `  unreadable ${show(row)}`),
    `  skipped ${show(read.skipped)}`,
  ].join('\n');
}

/** Throws with world and differences if there are any. */
export function mustAgree(world: World, found: readonly string[], how: string): void {
  if (found.length === 0) return;
  throw new Error(
    `engine and oracle differ (${how})\n${showWorld(world)}\n  ---\n${found.map((line) => `  ${line}`).join('\n')}`,
  );
}
