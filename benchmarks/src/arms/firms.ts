import type { ContactSource } from '@contact-sync/core';
import { sync } from '@contact-sync/runner';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import type { Arm, Counts } from '../arm.ts';
import { fillStore } from '../books/store.ts';
import { recordsOf, source } from '../data/mix.ts';

/** Contacts of one firm. */
const firm = 2000;

/** Many firms in one file, a book each; every one has a steady sync. The size is that of all of them together. */
export const oursFirms: Arm = {
  name: 'ours-firms',
  title: `Steady syncs of firms with ${firm} contacts each, SQLite`,
  includes:
    'sync() of one firm after the other, each committed durably, from answers that have arrived and are decoded.',
  book: null,
  inputs: [],
  async start({ size, folder }) {
    const file = `${folder}/firms.db`;
    const names = Array.from({ length: Math.max(1, Math.round(size / firm)) }, (_, index) => `firm ${index}`);
    for (const book of names) {
      const store = sqliteStore({ file, book });
      await fillStore(store, 'steady', firm, 'records');
      await store.close();
    }
    const records = [...recordsOf('steady', firm)];
    const answer: ContactSource = {
      source,
      async *read() {
        yield { records, unreadable: [], skipped: {} };
        return { complete: true, tenant: null };
      },
    };
    return async () => {
      const counts: Record<string, number> = {};
      const times: number[] = [];
      for (const book of names) {
        const before = process.cpuUsage();
        const store = sqliteStore({ file, book });
        const { run } = await sync({ source: answer, store, actor: 'benchmark' });
        await store.close();
        const { user, system } = process.cpuUsage(before);
        times.push((user + system) / 1000);
        for (const [reason, n] of Object.entries<number>((run?.counts.reasons ?? {}) as Counts))
          counts[reason] = (counts[reason] ?? 0) + n;
      }
      times.sort((a, b) => a - b);
      return { counts, parts: { 'CPU of one firm': times[Math.floor(times.length / 2)] ?? 0 } };
    };
  },
  digest: null,
};
