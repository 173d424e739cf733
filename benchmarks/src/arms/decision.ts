import { candidateQuery, defaultPolicy, detailsFingerprint, judge, readAll, reconcile } from '@contact-sync/core';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Arm } from '../arm.ts';
import { jsonLinesSource } from '../data/json-lines.ts';
import { source } from '../data/mix.ts';

/** Like that of DuckDB, from records that are canonical to a decision for each of them; hashing them is in it. */
export const oursDecision: Arm = {
  name: 'ours-decision',
  title: 'The decision alone: contact-sync, one thread',
  includes:
    'Hash the canonical records, find those that say something new, and reconcile them with their contacts, which are loaded; records and fingerprints are in memory.',
  book: 'store-sqlite',
  inputs: ['json'],
  async start({ input, book }) {
    const read = await readAll(jsonLinesSource(input, source));
    const judged = judge(read, defaultPolicy);
    const store = sqliteStore({ file: book, readOnly: true });
    const { version, newId, connections } = await store.head();
    const links = await store.links(source);
    const candidates = await store.find(candidateQuery(source, judged, links, 'contact-sync'));
    await store.close();
    return async () => {
      const before = performance.now();
      const records = judged.records.map((record) =>
        record.valid ? { ...record, fingerprint: detailsFingerprint(record.details) } : record,
      );
      const hashed = { ...judged, records };
      candidateQuery(source, hashed, links, 'contact-sync');
      const plan = reconcile({
        read,
        judged: hashed,
        policy: defaultPolicy,
        kind: 'contact-sync',
        connections,
        connected: [],
        forgotten: new Set(),
        links,
        candidates,
        base: version,
        newId,
        at: '2026-01-02T00:00:00.000Z',
        actor: 'benchmark',
        why: null,
      });
      return { counts: plan.counts.reasons, parts: { decide: performance.now() - before } };
    };
  },
  digest: null,
};
