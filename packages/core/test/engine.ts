/** Runs the engine on a world, and tells in words how it differs from what the oracle says. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Block,
  type Contact,
  type ContactStore,
  type Counts,
  type Decision,
  memoryStore,
  type Plan,
  planSync,
} from '../src/index.js';
import type { Outcome, World } from './oracle.js';
import { byContactId } from './oracle-text.js';

export type Answer = {
  readonly plan: Plan;
  readonly book: readonly Contact[];
};

/** As if no contact had a fingerprint: the engine then has to load every contact and compare. */
function withoutFingerprints(store: ContactStore): ContactStore {
  return {
    ...store,
    links: async (source) => new Map([...(await store.links(source)).keys()].map((id) => [id, null])),
  };
}

export async function engine(world: World, options: { fingerprints?: boolean; apply?: boolean } = {}): Promise<Answer> {
  const store = memoryStore({ contacts: [...world.contacts] });
  const asked = options.fingerprints === false ? withoutFingerprints(store) : store;
  const plan = await planFor(asked, world);
  if (options.apply === false) return { plan, book: [] };
  await store.apply(plan);
  return { plan, book: await bookOf(store) };
}

export function planFor(store: ContactStore, world: World): Promise<Plan> {
  const { read, connected, policy, at } = world;
  return planSync(store, { read, connected, policy, at, actor: 'test' });
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
export function showWorld({ contacts, read, connected, policy }: World): string {
  return [
    `  source ${read.source}, answered by ${show(read.tenant)}, connected ${show(connected)}`,
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
