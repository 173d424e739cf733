import { expect, test } from 'vitest';
import { type Contact, defaultPolicy, flagCodes, memoryStore, type Policy, reasonCodes } from '../src/index.js';
import { bookOf, compareBooks, comparePlans, mustAgree, planFor } from './engine.js';
import { type Outcome, oracle } from './oracle.js';
import { oddReads, oneContact, otherPolicies, type Rows, smallWorld, twoContacts, validReads } from './small-world.js';

test('the engine agrees with the oracle on every small world', { timeout: 300_000 }, async () => {
  const table = new Map<string, number>();
  const flagged = new Map<string, number>();
  let worlds = 0;

  async function check(contacts: readonly Contact[], rows: Rows, policy: Policy, apply: boolean): Promise<void> {
    const world = smallWorld(contacts, rows, policy);
    const expected = oracle(world);
    const store = memoryStore({ contacts: [...contacts] });
    const plan = await planFor(store, world);
    mustAgree(world, comparePlans(expected, plan), 'small world');
    if (apply) {
      await store.apply(plan);
      mustAgree(world, compareBooks(expected, await bookOf(store)), 'small world, applied');
    }
    worlds += 1;
    tally(expected, table, flagged);
  }

  for (const contacts of oneContact()) {
    for (const rows of [...validReads, ...oddReads]) {
      // What applying does to the book is the store's part, and the same under every policy.
      await check(contacts, rows, defaultPolicy, true);
      for (const policy of otherPolicies) await check(contacts, rows, policy, false);
    }
  }
  // With two contacts the policies and the odd reads add nothing but time: what they change is about one contact.
  for (const contacts of twoContacts()) {
    for (const rows of validReads) await check(contacts, rows, defaultPolicy, false);
  }

  process.stdout.write(`${print(worlds, table, flagged)}\n`);
  const lines = new Set([...table.keys()].map((key) => key.slice(0, key.indexOf(' '))));
  expect([...lines].sort()).toEqual(['-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  const reached = [...table.keys()].map((key) => key.slice(key.indexOf(' ') + 1));
  // An import is no sync.
  expect(reached.sort()).toEqual(reasonCodes.filter((reason) => reason !== 'imported').sort());
  expect([...flagged.keys()].sort()).toEqual([...flagCodes].sort());
});

function tally({ verdicts }: Outcome, table: Map<string, number>, flagged: Map<string, number>): void {
  for (const { line, reason, flags } of verdicts) {
    const key = `${line ?? '-'} ${reason}`;
    table.set(key, (table.get(key) ?? 0) + 1);
    for (const flag of flags) flagged.set(flag, (flagged.get(flag) ?? 0) + 1);
  }
}

function print(worlds: number, table: Map<string, number>, flagged: Map<string, number>): string {
  const row = (name: string, count: number) => `  ${name.padEnd(32)} ${String(count).padStart(9)}`;
  return [
    `${worlds} small worlds; line, reason and how often:`,
    ...[...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => row(key, count)),
    ...[...flagged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([flag, count]) => row(`  ${flag}`, count)),
  ].join('\n');
}
