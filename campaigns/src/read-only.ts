import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { bookOf, contentsOf, same } from './book.js';
import type { Campaign } from './campaign.js';
import { startBook, syncState } from './practice.js';
import { startChild } from './processes.js';
import { openAt } from './target.js';
import { nobody, type SyncTask } from './tasks.js';

const size = 20;
const parts = ['', '-wal', '-shm'] as const;

/** A sync by somebody who may not write the file, its folder, or what SQLite keeps beside the file. */
export const readOnlyFiles: Campaign = {
  name: 'read-only',
  title: 'No right to write file, log or folder, SQLite',
  full: 32,
  share: 3,
  lanes: 1,
  async start(folder) {
    const live = join(mkdtempSync(join(folder, 'rights-')), 'live.db');
    const store = sqliteStore({ file: live });
    await startBook(store, 1, size);
    const before = await bookOf(store);
    // As a crash leaves them: everything is in the log still.
    const crashed = `${live}.crashed`;
    for (const part of parts) copyFileSync(`${live}${part}`, `${crashed}${part}`);
    await store.close();
    const closed = `${live}.closed`;
    copyFileSync(live, closed);
    const undisturbed = sqliteStore({ file: live });
    await syncState(undisturbed, 1, 1, size);
    const after = await bookOf(undisturbed);
    await undisturbed.close();
    chmodSync(folder, 0o755);

    return {
      async one(seed) {
        const place = mkdtempSync(join(folder, 'book-'));
        const file = join(place, 'book.db');
        const bit = (n: number) => (seed & (1 << n)) !== 0;
        for (const part of parts) {
          const from = `${bit(0) ? crashed : closed}${part}`;
          if (existsSync(from)) copyFileSync(from, `${file}${part}`);
        }
        const locked = [...parts].filter((part, index) => bit(index + 1) && existsSync(`${file}${part}`));
        const here = parts.filter((part) => existsSync(`${file}${part}`)).map((part) => `${file}${part}`);
        if (process.getuid?.() === 0) for (const path of [place, ...here]) chownSync(path, nobody, nobody);
        for (const path of here) chmodSync(path, 0o600);
        for (const part of locked) chmodSync(`${file}${part}`, 0o400);
        if (bit(4)) chmodSync(place, 0o500);
        const bytes = () => here.filter((path) => !path.endsWith('-shm')).map((path) => readFileSync(path, 'base64'));
        const stood = bytes();

        const child = startChild('unprivileged');
        child.begin({ address: { store: 'sqlite', file }, seed: 1, state: 1, size } satisfies SyncTask);
        const { errors } = await child.ended;
        const [outcome = ''] = child.words;
        chmodSync(place, 0o700);
        for (const path of here) if (existsSync(path)) chmodSync(path, 0o600);
        const refused = /^failed (store_(?:unusable|failed)): .+/.exec(outcome)?.[1];
        if (outcome !== 'done' && refused === undefined) throw new Error(`It said: ${outcome} ${errors}`);
        if (refused !== undefined) same(bytes(), stood, 'The bytes after a refusal');

        const reopened = await openAt({ store: 'sqlite', file });
        const book = await bookOf(reopened);
        same(contentsOf(book), contentsOf(refused === undefined ? after : before), 'The book');
        await reopened.close();
        rmSync(place, { recursive: true });
        return refused ?? 'allowed';
      },
      judge: (tally, cases) =>
        cases < 32 || (tally.has('allowed') && tally.size > 1) ? null : 'It was always refused, or never.',
    };
  },
};
