import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { bookOf, contentsOf, digest, same, withoutFailures } from './book.js';
import type { Campaign } from './campaign.js';
import { startBook, syncState } from './practice.js';
import { startChild } from './processes.js';
import type { FullDiskTask } from './tasks.js';

const size = 500;
/** A sync of so many records writes fewer pages than that. */
const pages = 256;

/** A sync on a disk with no, one, two, … pages left: a small file system in memory, which only the process sees. */
export const fullDisks: Campaign = {
  name: 'full-disk',
  title: 'Disk full at each page, SQLite',
  full: pages,
  share: 3,
  lanes: 1,
  async start(folder) {
    const mount = join(folder, 'small-disk');
    mkdirSync(mount);
    const wrap = namespace(mount);
    if (wrap === null) return { skipped: 'This user may not mount a file system (unshare -rm, then mount -t tmpfs).' };

    const original = join(mkdtempSync(join(folder, 'disk-')), 'book.db');
    const store = sqliteStore({ file: original });
    await startBook(store, 1, size);
    const before = digest(withoutFailures(await bookOf(store)));
    await store.close();
    const undisturbed = sqliteStore({ file: original.replace('book.db', 'undisturbed.db') });
    await startBook(undisturbed, 1, size);
    await syncState(undisturbed, 1, 1, size);
    const after = digest(contentsOf(await bookOf(undisturbed)));
    await undisturbed.close();

    return {
      async one(seed) {
        const child = startChild('fullDisk', wrap);
        const freePages = spread(seed % pages);
        const address = { store: 'sqlite', file: join(mount, 'book.db') } as const;
        child.begin({ address, seed: 1, state: 1, size, mount, original, freePages } satisfies FullDiskTask);
        const { code, errors } = await child.ended;
        const [outcome = '', book, contents, ...more] = child.words;
        same([code, errors, contents, more], [0, '', `contents ${after}`, []], `The disk with ${freePages} pages left`);
        if (outcome === 'done') return 'room enough';
        same(book, `book ${before}`, 'The book after the disk was full');
        if (!/^failed store_(failed|unusable): .+ (full|disk)/.test(outcome)) throw new Error(`It said: ${outcome}`);
        return outcome.replace(/^failed (\w+): .*(the disk .*)\.$/, '$1: $2');
      },
      judge: (tally, cases) => {
        const refused = [...tally.keys()].some((word) => word !== 'room enough');
        return cases < pages || (refused && tally.has('room enough')) ? null : 'The disk was never full, or always.';
      },
      end: async () => rmSync(mount, { recursive: true }),
    };
  },
};

/** How to start a process with file systems of its own; null where that is not allowed. */
function namespace(mount: string): string[] | null {
  for (const flags of ['-rm', '-m']) {
    try {
      execFileSync('unshare', [flags, 'mount', '-t', 'tmpfs', 'none', mount], { stdio: 'ignore' });
      return ['unshare', flags];
    } catch {
      // The other way, or none.
    }
  }
  return null;
}

/** The bits of a number from 0 to 255 in reverse: neighbours far apart, so that a few cases are spread over all pages. */
function spread(number: number): number {
  return Number.parseInt(number.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
}
