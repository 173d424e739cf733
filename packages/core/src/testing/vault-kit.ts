import type { Held, Vault } from '../vault.js';
import { check } from './store-kit.js';
import type { VaultCase, VaultHarness } from './vault-harness.js';
import { type KitProcess, type KitTime, kitTime } from './vault-time.js';

export const leaseMs = 60_000;

/** One of the processes of a check, with its handle on the vault. */
export type Runner = {
  readonly process: KitProcess;
  readonly vault: Vault;
  /** Starts work that goes on until it is ended. Resolves when the work has begun, rejects where the lock is not to be had. */
  begin(key?: string): Promise<Work>;
  /** Locks, works and is done. */
  once<T>(work: (held: Held) => Promise<T>, key?: string): Promise<T>;
};

export type Work = {
  readonly held: Held;
  /** Ends the work, and resolves or rejects as `locked` does. */
  end(): Promise<void>;
};

export type VaultKit = {
  readonly time: KitTime;
  /** The first process makes the vault, the others open it. */
  runner(options?: { waitMs?: number }): Promise<Runner>;
  /** Closes what a runner opened. */
  close(runner: Runner): Promise<void>;
};

export type VaultCheck = { readonly id: string; readonly name: string; check(kit: VaultKit): Promise<void> };

const start = 1_780_000_000_000;

export function vaultCaseOf({ id, name, check: work }: VaultCheck): VaultCase {
  return { id, name, run: (harness) => withKit(harness, work) };
}

async function withKit(harness: VaultHarness, work: (kit: VaultKit) => Promise<void>): Promise<void> {
  const time = kitTime(start);
  const open = new Set<Vault>();
  const going = new Set<Work>();
  let first: Vault | null = null;
  try {
    await work({
      time,
      async runner({ waitMs = 0 } = {}) {
        const process = time.process();
        const timing = { leaseMs, waitMs, clock: process };
        const vault: Vault = await (first === null ? harness.open(timing) : harness.again(first, timing));
        first ??= vault;
        open.add(vault);
        return runnerOf(process, vault, going);
      },
      async close({ vault }) {
        open.delete(vault);
        await vault.close();
      },
    });
  } finally {
    await Promise.allSettled([...going].map((one) => one.end()));
    for (const vault of open) await vault.close();
  }
}

function runnerOf(process: KitProcess, vault: Vault, going: Set<Work>): Runner {
  const once: Runner['once'] = async (work, key = 'key') => {
    try {
      return await vault.locked(key, async (held) => {
        held.signal.addEventListener('abort', process.moved);
        process.moved();
        return work(held);
      });
    } finally {
      process.moved();
    }
  };
  return {
    process,
    vault,
    once,
    begin: (key) =>
      new Promise((resolve, reject) => {
        let endWork = () => {};
        const ended = new Promise<void>((done) => {
          endWork = done;
        });
        const whole = once(async (held) => {
          const work: Work = {
            held,
            async end() {
              going.delete(work);
              endWork();
              await whole;
            },
          };
          going.add(work);
          resolve(work);
          await ended;
        }, key);
        whole.catch(reject);
      }),
  };
}

/** Whether work ends, and how: what it gave, or the error. For work that is to be looked at later. */
export async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [end] = await Promise.allSettled([work]);
  check(end !== undefined, 'the work did not settle');
  return end;
}
