import type { Contact } from '../contact.js';
import type { Plan } from '../plan.js';
import { planImport } from '../plan-import.js';
import { planSync } from '../plan-sync.js';
import { planUndo } from '../plan-undo.js';
import { defaultPolicy } from '../policy.js';
import type { ContactStore } from '../store.js';
import { exampleContact, type WorkedExample, workedExamples } from './examples.js';
import { byId, same } from './store-kit.js';

export type ExampleCase = {
  /** Stable, for people to talk about: `first-time-or-reconnecting-book`. */
  readonly id: string;
  readonly name: string;
  /** Rejects, with what was expected and what came. `open` gives a new, empty book, which is closed at the end. */
  run(open: () => Promise<ContactStore>): Promise<void>;
};

const signature = { actor: 'kit', why: null, at: '2026-03-01T09:30:00.000Z' };

/** The two worked examples of the record update rules, which every store must reproduce row by row. */
export function exampleCases(): ExampleCase[] {
  return workedExamples.flatMap((example: WorkedExample) =>
    checks.map(({ what, sentence, look }) => ({
      id: `${example.name.replaceAll(' ', '-')}-${what}`,
      name: `example "${example.name}": ${sentence}`,
      async run(open) {
        const store = await open();
        try {
          await store.apply(planImport(existingOf(example), { ...signature, base: (await store.head()).version }));
          await look(example, store);
        } finally {
          await store.close();
        }
      },
    })),
  );
}

type Look = {
  readonly what: string;
  readonly sentence: string;
  look(example: WorkedExample, store: ContactStore): Promise<void>;
};

const checks: readonly Look[] = [
  {
    what: 'rows',
    sentence: 'each row has its reason',
    async look(example, store) {
      const plan = await planFor(store, example);
      for (const row of example.expected) {
        const decision = plan.decisions.find(({ after }) => after?.id === row.id);
        // What no decision is about is as it was: counted if a record is about it, else not spoken of.
        const reason = row.reason === 'unchanged' ? null : row.reason;
        same(decision?.reason ?? null, reason, `the reason for row ${row.id}, ${row.name}`);
        if (decision !== undefined) same(decision.after, exampleContact(row, example.source), `row ${row.id}`);
      }
      const expected = example.expected.flatMap(({ reason }) => (reason === null ? [] : [[reason, 1]]));
      same(plan.counts.reasons, Object.fromEntries(expected), 'the counts');
      same(plan.blocked, [], 'what the guards say');
    },
  },
  {
    what: 'book',
    sentence: 'the book is that of the table',
    async look(example, store) {
      const run = await store.apply(await planFor(store, example));
      same(run.outcome, 'applied', 'the outcome');
      same(
        await bookOf(store),
        example.expected.map((row) => exampleContact(row, example.source)),
        'the book',
      );
    },
  },
  {
    what: 'again',
    sentence: 'a second sync writes nothing',
    async look(example, store) {
      const first = await store.apply(await planFor(store, example));
      const second = await store.apply(await planFor(store, example));
      same([second.outcome, second.version], ['unchanged', first.version], 'outcome and version of the second sync');
      same(
        await bookOf(store),
        example.expected.map((row) => exampleContact(row, example.source)),
        'the book',
      );
    },
  },
  {
    what: 'undo',
    sentence: 'undone, the book is what it was',
    async look(example, store) {
      const run = await store.apply(await planFor(store, example));
      const undone = await store.apply(await planUndo(store, run.id, signature));
      same(undone.version, run.version + 1, 'the version after the undo');
      same(await bookOf(store), existingOf(example), 'the book after the undo');
    },
  },
];

function planFor(store: ContactStore, { source, imported }: WorkedExample): Promise<Plan> {
  const read = { source, tenant: 'example', records: imported, unreadable: [], skipped: {}, rows: imported.length };
  return planSync(store, { read, policy: defaultPolicy, ...signature });
}

function existingOf({ existing, source }: WorkedExample): Contact[] {
  return existing.map((row) => exampleContact(row, source));
}

async function bookOf(store: ContactStore): Promise<Contact[]> {
  return byId((await store.search({ limit: 100 })).contacts);
}
