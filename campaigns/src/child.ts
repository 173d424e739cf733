import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type ContactStore, ContactSyncError, type Decision } from '@contact-sync/core';
import { bookOf, contentsOf, digest, withoutFailures } from './book.js';
import { syncNow, syncState } from './practice.js';
import { checkSqlite, openAt } from './target.js';
import {
  type FullDiskTask,
  nobody,
  type RenewTask,
  type SyncsTask,
  type SyncTask,
  type Word,
  type WorkTask,
} from './tasks.js';

/**
 * What campaigns run in processes of their own: `node child.mjs TASK`, bundled from this file. It is started ahead of time and waits for a line on
 * its standard input, the argument in JSON.
 */

/** Heard by the parent even if this process dies at once. */
function say(word: Word | `${'failed' | 'book' | 'contents' | 'wrote' | 'looks' | 'steps'} ${string}`): void {
  writeSync(1, `${word}\n`);
}

/**
 * The store itself; only says when it is asked to write. How often it has looked at the plan's decisions tells the places
 * of its work apart: this process can stop itself at any of them, however busy the machine is.
 */
function telling(store: ContactStore, stopAtLook = 0): ContactStore {
  let looks = 0;
  const look: ProxyHandler<Decision> = {
    get(target, key) {
      looks += 1;
      if (looks === stopAtLook) process.kill(process.pid, 'SIGSTOP');
      return Reflect.get(target, key);
    },
  };
  return {
    ...store,
    async apply(plan, approval) {
      say('applying');
      const decisions = plan.decisions.map((decision) => new Proxy(decision, look));
      const run = await store.apply({ ...plan, decisions }, approval);
      say('applied');
      say(`looks ${looks}`);
      return run;
    },
  };
}

const tasks: Record<string, (argument: string) => Promise<void>> = {
  /** One sync of one state. */
  async sync(argument) {
    const { address, seed, state, size, stopAtLook } = JSON.parse(argument) as SyncTask;
    const store = await openAt(address);
    try {
      say('ready');
      await syncState(telling(store, stopAtLook), seed, state, size);
    } finally {
      // Idle connections of a pool would keep the process for ten seconds.
      await store.close();
    }
    say('done');
  },

  /** One sync on a disk of its own that has a few pages left. Then room is made, so that the book can be looked at. */
  async fullDisk(argument) {
    const { address, seed, state, size, mount, original, freePages } = JSON.parse(argument) as FullDiskTask;
    const page = 4096;
    const resize = (options: string) => execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', mount]);
    resize(`size=${(statSync(original).size / page + freePages) * page}`);
    copyFileSync(original, address.file);
    const attempt = async () => {
      const store = await openAt(address);
      try {
        await syncState(store, seed, state, size);
      } finally {
        await store.close();
      }
    };
    try {
      await attempt();
      say('done');
    } catch (error) {
      if (!ContactSyncError.is(error)) throw error;
      say(`failed ${error.code}: ${error.message}`);
    }
    resize('remount,size=256m');
    const store = await openAt(address);
    say(`book ${digest(withoutFailures(await bookOf(store)))}`);
    await syncState(store, seed, state, size);
    say(`contents ${digest(contentsOf(await bookOf(store)))}`);
    await store.close();
    checkSqlite(address.file);
  },

  /** Beside another process that does the same. */
  async syncs(argument) {
    const { address, seed, size, syncs, states } = JSON.parse(argument) as SyncsTask;
    const store = await openAt(address);
    say('ready');
    for (let n = 0; n < syncs; n += 1) {
      try {
        const { outcome, run, state } = await syncNow(telling(store), seed, size, () => nextState(states));
        if (outcome === 'applied') say(`wrote ${state} as ${run?.id}`);
      } catch (error) {
        // Overtaken by the other process: the next sync reads anew.
        if (!ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
        say('overtaken');
      }
    }
    await store.close();
    say('done');
  },

  /** Requests signed with a token that other processes renew too. */
  async work(argument) {
    const { work } = await import('./tokens-child.js');
    await work(JSON.parse(argument) as WorkTask);
  },

  /** One renewal of a token. */
  async renew(argument) {
    const { renew } = await import('./tokens-child.js');
    say('ready');
    say(`steps ${await renew(JSON.parse(argument) as RenewTask)}`);
    say('done');
  },

  /** One sync by somebody without special rights. */
  async unprivileged(argument) {
    const { address, seed, state, size } = JSON.parse(argument) as SyncTask;
    if (process.getuid?.() === 0) {
      process.setgid?.(nobody);
      process.setuid?.(nobody);
    }
    const store = await openAt(address);
    await syncState(store, seed, state, size);
    await store.close();
    say('done');
  },
};

/** The practice moves on with every look at it: no two processes see the same state, and later is newer. */
function nextState(folder: string): number {
  for (let state = readdirSync(folder).length + 1; ; state += 1) {
    try {
      closeSync(openSync(join(folder, String(state)), 'wx'));
      return state;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Everything up to the end of the input. */
function hear(): string {
  const heard: Buffer[] = [];
  for (const part = Buffer.alloc(65_536); ; ) {
    const length = readSync(0, part);
    if (length === 0) return Buffer.concat(heard).toString('utf8');
    heard.push(Buffer.from(part.subarray(0, length)));
  }
}

const argument = hear();
// The parent ended before it had anything to do for us.
if (argument === '') process.exit(0);
try {
  await tasks[process.argv[2] ?? '']?.(argument);
} catch (error) {
  if (!ContactSyncError.is(error)) throw error;
  say(`failed ${error.code}: ${error.message}`);
  process.exitCode = 1;
}
