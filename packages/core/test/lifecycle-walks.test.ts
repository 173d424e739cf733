import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Doing, doings, type Walk, walks } from './lifecycle-steps.js';
import { Walker } from './lifecycle-walk.js';

/** `WALKS` raises the number, `WALKS_SEED` repeats a run; a failure prints the shortest walk found. */
const count = Number(process.env.WALKS ?? 60);
const seed = process.env.WALKS_SEED;

test(`the laws hold at every step of ${count} random walks`, { timeout: 60_000 + count * 1000 }, async () => {
  const reached = new Map<string, number>();
  const property = fc.asyncProperty(walks, async (walk) => {
    const walker = new Walker(walk);
    try {
      await walker.go();
    } catch (error) {
      throw new Error(`${String(error)}\n${show(walk)}`, { cause: error });
    }
    for (const what of walker.seen) reached.set(what, (reached.get(what) ?? 0) + 1);
  });
  await fc.assert(property, { numRuns: count, ...(seed === undefined ? {} : { seed: Number(seed) }) });

  if (process.env.WALKS !== undefined) process.stdout.write(`${table(reached)}\n`);
  // Walks that never got somewhere would prove nothing about it. A few may miss what is rare.
  if (count >= 800) expect(mustReach.filter((what) => !reached.has(what))).toEqual([]);
});

const done = ['edit', 'force', 'release', 'disconnect', 'pause', 'resume', 'link', 'add', 'forget'] satisfies Doing[];
const mustReach = [
  ...done.map((doing) => `${doing} done`),
  ...['edit contact_read_only', 'force contact_read_only', 'link contact_read_only', 'disconnect not_found'],
  ...['undo of sync', 'undo of undo', 'undo of link', 'undo of disconnect', 'undo partly', 'undo wholly'],
  ...['approve applied', 'approve stale', 'approveHeld done', 'approveHeld plan_invalid'],
  ...['rows passed over, each', 'rows passed over, all', 'rows repeated', 'rows kept instead', 'rows kept beside'],
  ...['failing failed', 'otherTenant blocked', 'stale refused', 'many_missing', 'source_empty'],
];

function table(reached: ReadonlyMap<string, number>): string {
  const rows = [...reached].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${count} walks of ${doings.length} kinds of steps; what happened:`,
    ...rows.map(([what, n]) => `  ${what.padEnd(40)} ${n}`),
  ].join('\n');
}

function show({ seed: start, policy, steps }: Walk): string {
  const lines = steps.map((step, index) => `  ${index} ${JSON.stringify(step)}`);
  return [`walk from ${start} under ${JSON.stringify(policy)}`, ...lines].join('\n');
}
