import { candidateQuery, defaultPolicy, judge, planRead, readAll, reconcile, rowComparison } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Arm, Done, Task } from '../arm.ts';
import { loadedLinesSource } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';

const at = '2026-01-02T00:00:00.000Z';
const about = { policy: defaultPolicy, at, actor: 'benchmark' };

/** Like that of DuckDB, from what is in memory to a decision about every record; hashing is in it. */
export const oursDecision: Arm = {
  name: 'ours-decision',
  title: 'The decision alone: contact-sync, one thread',
  includes:
    'Steady: from lines and kept hashes in memory to a plan: hash every line, decode what is new, judge it, load its contacts, reconcile, check the guards. First: from canonical records and contacts in memory to a plan: hash the records whose contact may be equal, reconcile, check the guards.',
  book: 'store-sqlite-lines',
  inputs: ['lines'],
  start: (task) => (task.mix === 'first' ? firstDecision(task) : steadyDecision(task)),
  digest: null,
};

async function steadyDecision({ input, book }: Task): Promise<() => Promise<Done>> {
  const store = sqliteStore({ file: book });
  const kept = await store.rows?.(source);
  if (kept === undefined) throw new Error('The store keeps no rows.');
  const answer = await loadedLinesSource(input, source);
  return async () => {
    const before = performance.now();
    const read = await readAll(answer, { comparison: rowComparison(kept, defaultPolicy) });
    const planned = await planRead(store, { ...about, read });
    const decide = performance.now() - before;
    await store.close();
    if (planned === null) throw new Error('The book needs a row that was passed over.');
    return { counts: planned.plan.counts.reasons, parts: { decide } };
  };
}

async function firstDecision({ input, book }: Task): Promise<() => Promise<Done>> {
  const read = await readAll(await loadedLinesSource(input, source));
  const store = sqliteStore({ file: book });
  const { version, newId, connections } = await store.head();
  const links = await store.links(source);
  const candidates = await store.find(candidateQuery(source, judge(read, defaultPolicy), links, 'contact-sync'));
  await store.close();
  // Judged anew: a record is hashed when somebody first asks for its hash.
  const judged = judge(read, defaultPolicy);
  return async () => {
    const before = performance.now();
    const plan = reconcile({
      ...about,
      read,
      judged,
      kind: 'contact-sync',
      connections,
      connected: [],
      forgotten: new Set(),
      links,
      candidates,
      base: version,
      newId,
      why: null,
    });
    return { counts: plan.counts.reasons, parts: { decide: performance.now() - before } };
  };
}
