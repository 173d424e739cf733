import { expect, test } from 'vitest';
import { brokenSources } from '../../test/broken-sources.js';
import { harnessOf, ledger, wait } from '../../test/ledger.js';
import { ContactSyncError } from '../error.js';
import type { RawRecord } from '../source.js';
import { type SourceFault, type SourceHarness, sourceCases } from './index.js';
import { memorySource } from './memory-source.js';
import { lastingFaults, passingFaults } from './source-faults.js';

const cases = sourceCases();

async function failing(harness: SourceHarness): Promise<string[]> {
  const failed: string[] = [];
  for (const { id, run } of cases) {
    try {
      await run(harness);
    } catch {
      failed.push(id);
    }
  }
  return failed;
}

test.each(cases)('a sound connector passes $id', async ({ run }) => {
  expect(await run(harnessOf(ledger))).toBe('passed');
});

test.each(brokenSources)('$caughtBy, and nothing else, catches one that $mistake', async ({ caughtBy, make }) => {
  expect(await failing(harnessOf(make))).toEqual([caughtBy]);
});

test('no check can be deleted unnoticed: each catches a broken connector that passes all others', () => {
  expect(new Set(brokenSources.map(({ caughtBy }) => caughtBy))).toEqual(new Set(cases.map(({ id }) => id)));
  expect(brokenSources.length).toBeGreaterThan(cases.length);
});

test('the checks have an id each, and a name that says what a connector must do', () => {
  expect(cases.length).toBe(63);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  for (const { id, name } of cases) {
    expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(name.length).toBeGreaterThan(20);
  }
});

const errors = {
  unauthorized: 'source_unauthorized',
  unavailable: 'source_unavailable',
} as const;

/** The memory source has no system behind it: what it is told to fail with is what it fails with. */
const applies = new Set<string>(['unauthorized', 'unavailable', 'hang']);
const kinds = [
  ...Object.keys(lastingFaults),
  ...Object.keys(passingFaults),
  'stall',
  'others',
  'personal',
  'insert',
  'remove',
];
const cannot = Object.fromEntries(
  kinds.filter((kind) => !applies.has(kind)).map((kind) => [kind, 'it reads no bytes']),
);
const memory: SourceHarness = {
  pageSize: 3,
  patienceMs: 50,
  wait,
  cannot,
  async open({ records }) {
    let requests = 0;
    let fault: SourceFault | null = null;
    const source = memorySource({
      source: 'memory:t1',
      records,
      pageSize: 3,
      async beforePage({ signal }) {
        requests += 1;
        if (fault === 'unauthorized' || fault === 'unavailable') {
          throw new ContactSyncError(errors[fault], 'Ordered.', { hint: 'End the fault.' });
        }
        if (fault === 'hang')
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    return {
      source,
      rows: records.length,
      requests: () => requests,
      fault: (next) => {
        fault = next;
      },
    };
  },
};

test('the memory source passes, and each check that does not apply to it says why', async () => {
  const outcomes = await Promise.all(cases.map(async ({ id, run }) => [id, await run(memory)] as const));
  const said = outcomes.filter(([, outcome]) => outcome !== 'passed');
  for (const [, outcome] of said) expect(outcome).toEqual({ cannot: 'it reads no bytes' });
  // Those of the faults it cannot have, and of the middle of passing ones, bodies, changes and rows left out.
  const faults = Object.keys(lastingFaults).filter((fault) => !applies.has(fault));
  expect(new Set(said.map(([id]) => id))).toEqual(
    new Set([
      ...faults.map((fault) => `fault_${fault}`),
      ...Object.keys(passingFaults).map((fault) => `passes_${fault}`),
      ...['passing_in_the_middle', 'cancelled_in_body', 'says_when_to_come_back', 'counts_what_it_leaves_out'],
      ...['insert_while_reading', 'remove_while_reading', 'ids_stay_when_rows_move'],
      ...['hands_over_nothing_else', 'says_where_it_could_not_read'],
    ]),
  );
});

test.each(['insert', 'remove'])('a harness without %s, and without a reason, is told so', async (ability) => {
  const harness: SourceHarness = {
    ...harnessOf(ledger),
    open: async (world) => {
      const { insert: _, remove: __, ...opened } = await harnessOf(ledger).open(world);
      return opened;
    },
  };
  const [its] = cases.filter(({ id }) => id === `${ability}_while_reading`);
  await expect(its?.run(harness)).rejects.toThrow('the harness has neither');
});

test('a harness that does not order a passing fault is told so', async () => {
  const harness: SourceHarness = {
    ...harnessOf(ledger),
    open: async (world) => ({ ...(await harnessOf(ledger).open(world)), fault: () => {} }),
  };
  for (const fault of ['limited_once', 'unavailable_once', 'reset_once']) {
    const [its] = cases.filter(({ id }) => id === `passes_${fault}`);
    await expect(its?.run(harness)).rejects.toThrow('does the harness order it?');
  }
});

test('what cannot happen needs a reason', async () => {
  const [first] = cases.filter(({ id }) => id === 'fault_cut');
  await expect(first?.run({ ...memory, cannot: { cut: ' ' } })).rejects.toThrow('there is no cut, and not why');
});

test('a system with ids of its own says which record has which', async () => {
  const harness: SourceHarness = {
    ...harnessOf(ledger),
    async open(world) {
      const idOf = (id: string) => `own-${id}`;
      const records = world.records.map((record) => ({ ...record, externalId: idOf(record.externalId) }));
      const opened = await harnessOf(ledger).open({ ...world, records });
      const own = (added: readonly RawRecord[]) =>
        added.map((record) => ({ ...record, externalId: idOf(record.externalId) }));
      return {
        ...opened,
        idOf,
        insert: (added) => opened.insert?.(own(added)),
        remove: (id) => opened.remove?.(idOf(id)),
      };
    },
  };
  expect(await failing(harness)).toEqual([]);
});

test('what was opened is closed, whether the check passes or not', async () => {
  const open = { passes: 0, fails: 0 };
  const counting = (sound: SourceHarness, key: keyof typeof open): SourceHarness => ({
    ...sound,
    async open(world) {
      open[key] += 1;
      return {
        ...(await sound.open(world)),
        close: async () => {
          open[key] -= 1;
        },
      };
    },
  });
  const [reads] = cases.filter(({ id }) => id === 'reads_full_pages');
  const nothing = harnessOf((system) => ledger(system, { pages: () => 0 }));
  await reads?.run(counting(harnessOf(ledger), 'passes'));
  await expect(reads?.run(counting(nothing, 'fails'))).rejects.toThrow('were not handed over');
  expect(open).toEqual({ passes: 0, fails: 0 });
});
