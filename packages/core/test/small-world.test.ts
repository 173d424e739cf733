import { expect, test } from 'vitest';
import { type Contact, defaultPolicy, flagCodes, type Policy, reasonCodes, reasons } from '../src/index.js';
import { bookOf, compareBooks, comparePlans, mustAgree, planFor, storeOf } from './engine.js';
import { type Outcome, oracle, type World } from './oracle.js';
import {
  oddReads,
  oneContact,
  otherPolicies,
  type Rows,
  smallWorld,
  source,
  twoContacts,
  validReads,
} from './small-world.js';

test('the engine agrees with the oracle on every small world', { timeout: 600_000 }, async () => {
  const table = new Map<string, number>();
  const flagged = new Map<string, number>();
  let worlds = 0;

  async function check(contacts: readonly Contact[], rows: Rows, policy: Policy, apply: boolean): Promise<void> {
    await checkWorld(smallWorld(contacts, rows, policy), apply);
  }

  async function checkWorld(world: World, apply: boolean): Promise<void> {
    const expected = oracle(world);
    const store = await storeOf(world);
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
      const world = smallWorld(contacts, rows, defaultPolicy);
      await checkWorld({ ...world, forgotten: ['x'] }, false);
      // What is kept equal to a source of kind contact-sync cannot be of one of kind external.
      const isSynced = contacts.some(
        ({ recordType, link }) => recordType === 'contact-sync' && link?.source === source,
      );
      if (!isSynced) await checkWorld({ ...world, kind: 'external' }, false);
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
  // The other reasons about contacts are those of plans that a person makes, and so is one flag.
  const ofSync = reasonCodes.filter((reason) => reasons[reason].of === 'record' || reason === 'missing');
  expect(reached.sort()).toEqual([...ofSync].sort());
  expect([...flagged.keys()].sort()).toEqual(flagCodes.filter((flag) => flag !== 'changed_since').sort());
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
