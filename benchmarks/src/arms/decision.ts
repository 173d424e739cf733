import {
  type ContactSource,
  candidateQuery,
  defaultPolicy,
  detailsFingerprint,
  judge,
  memoryStore,
  planRead,
  readAll,
  reconcile,
  rowComparison,
} from '@contact-sync/core';
import type { Arm, Done, Task } from '../arm.ts';
import { fillStore } from '../books/store.ts';
import { recordsSource } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';

const at = '2026-01-02T00:00:00.000Z';
const about = { policy: defaultPolicy, at, actor: 'benchmark' };

/** Like that of DuckDB, from records in memory to a plan; hashing them is in it. */
export const oursDecision: Arm = {
  name: 'ours-decision',
  title: 'The decision alone: contact-sync, one thread',
  includes:
    'From records in memory to a plan, with a book in memory, hashing included. Steady: all of it, from checking the connector’s pages to the guards. First: from canonical and valid records.',
  book: null,
  inputs: ['lines'],
  start: (task) => (task.mix === 'first' ? firstDecision(task) : steadyDecision(task)),
  digest: null,
};

/** What the connector handed over, to be handed over again. */
async function inMemory(task: Task): Promise<ContactSource> {
  const { records } = await readAll(recordsSource(task.input, source));
  return {
    source,
    async *read() {
      for (let first = 0; first < records.length; first += 1000) {
        yield { records: records.slice(first, first + 1000), unreadable: [], skipped: {} };
      }
      return { complete: true, tenant: null };
    },
  };
}

async function steadyDecision(task: Task): Promise<() => Promise<Done>> {
  const store = memoryStore();
  await fillStore(store, task.mix, task.size, 'records');
  const answer = await inMemory(task);
  return async () => {
    const before = performance.now();
    const kept = await store.rows?.(source);
    if (kept === undefined) throw new Error('The store keeps no rows.');
    const read = await readAll(answer, { comparison: rowComparison(kept, defaultPolicy) });
    const planned = await planRead(store, { ...about, read });
    if (planned === null) throw new Error('The book needs a row that was passed over.');
    return { counts: planned.plan.counts.reasons, parts: { decide: performance.now() - before } };
  };
}

async function firstDecision(task: Task): Promise<() => Promise<Done>> {
  const store = memoryStore();
  await fillStore(store, task.mix, task.size, 'records');
  const { version, newId, connections } = await store.head();
  const read = await readAll(await inMemory(task));
  const judged = judge(read, defaultPolicy);
  const links = await store.links(source);
  const candidates = await store.find(candidateQuery(source, judged, links, 'contact-sync'));
  return async () => {
    const before = performance.now();
    const records = judged.records.map((record) =>
      record.valid ? { ...record, fingerprint: detailsFingerprint(record.details) } : record,
    );
    const hashed = { ...judged, records };
    candidateQuery(source, hashed, links, 'contact-sync');
    const plan = reconcile({
      ...about,
      read,
      judged: hashed,
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
