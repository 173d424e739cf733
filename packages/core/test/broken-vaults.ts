import {
  type Lease,
  type MemoryLeases,
  memoryLeases,
  memoryVault,
  type Vault,
  type VaultTiming,
} from '@contact-sync/core';
import type { VaultHarness } from '@contact-sync/core/testing';

/** A vault with one fault, and the one check that is meant to find it. */
export type BrokenVault = { readonly caughtBy: string; readonly fault: string; harness(): VaultHarness };

type Spoilt = {
  readonly timing?: (timing: VaultTiming) => VaultTiming;
  readonly leases?: (leases: MemoryLeases) => Partial<MemoryLeases>;
  readonly vault?: (vault: Vault, timing: VaultTiming, leases: MemoryLeases) => Partial<Vault>;
  /** Of a vault that was closed and is opened again. */
  readonly reopened?: (leases: MemoryLeases) => Partial<MemoryLeases>;
};

function broken(caughtBy: string, fault: string, spoilt: Spoilt): BrokenVault {
  return { caughtBy, fault, harness: () => harnessOf(spoilt) };
}

/** Vaults in memory; those of several processes are opened on the same locks and values. */
export function harnessOf({ timing: retime, leases: spoil, vault: spoilVault, reopened }: Spoilt = {}): VaultHarness {
  const places = new Map<Vault, MemoryLeases>();
  const closed = new Set<MemoryLeases>();
  const opened = (leases: MemoryLeases, given: VaultTiming): Vault => {
    const timing = retime?.(given) ?? given;
    const used = closed.has(leases) ? { ...leases, ...reopened?.(leases) } : leases;
    const vault = memoryVault(timing, used);
    const close = async () => void closed.add(leases);
    const handle = { ...vault, ...spoilVault?.(vault, timing, leases), close };
    places.set(handle, leases);
    return handle;
  };
  return {
    open: async (timing) => {
      const leases = memoryLeases();
      return opened({ ...leases, ...spoil?.(leases) }, timing);
    },
    again: async (vault, timing) => opened(places.get(vault) ?? memoryLeases(), timing),
  };
}

type Held = Lease & { process: string; since: number; until: number };

/** Keeps its own note of who holds what, beside the right one. */
function noting(leases: MemoryLeases) {
  const held = new Map<string, Held>();
  const released = new Set<string>();
  const right: Partial<MemoryLeases> = {
    async take(lease) {
      const answer = await leases.take(lease);
      if (answer.taken) held.set(lease.key, { ...lease, since: lease.now });
      return answer;
    },
    async release(lease) {
      released.add(lease.holder);
      if (held.get(lease.key)?.holder === lease.holder) held.delete(lease.key);
      await leases.release(lease);
    },
  };
  /** Takes a lock from who has it. */
  const rob: MemoryLeases['take'] = async (lease) => {
    const holder = held.get(lease.key)?.holder;
    if (holder !== undefined) await leases.release({ key: lease.key, holder });
    return right.take?.(lease) ?? leases.take(lease);
  };
  const take: MemoryLeases['take'] = async (lease) => right.take?.(lease) ?? leases.take(lease);
  /** Saves whoever has the lock, or nobody. */
  const force = async ({ key, value }: { key: string; value: string }) => {
    const holder = held.get(key)?.holder;
    if (holder !== undefined) return leases.save({ key, holder, value });
    const lease = { key, holder: 'nobody', process: '', now: 0, until: Number.POSITIVE_INFINITY };
    await leases.take(lease);
    await leases.save({ ...lease, value });
    await leases.release(lease);
    return true;
  };
  return { held, released, right, rob, take, force };
}

export const brokenVaults: readonly BrokenVault[] = [
  broken('one-at-a-time', 'lets two processes in that come in the same millisecond', {
    leases: (leases) => {
      const { held, right, rob, take } = noting(leases);
      return {
        ...right,
        take: (lease) => {
          const holder = held.get(lease.key);
          return holder?.since === lease.now && holder.process !== lease.process ? rob(lease) : take(lease);
        },
      };
    },
  }),
  broken('one-at-a-time-in-a-process', 'lets a process in that is in already', {
    leases: (leases) => {
      const { held, right, rob, take } = noting(leases);
      return {
        ...right,
        take: (lease) => (held.get(lease.key)?.process === lease.process ? rob(lease) : take(lease)),
      };
    },
  }),
  broken('keys-are-independent', 'locks keys in any case', {
    leases: (leases) => {
      const { held, right, take } = noting(leases);
      return {
        ...right,
        take: async (lease) => {
          const alike = [...held.values()].find(({ key }) => key.toLowerCase() === lease.key.toLowerCase());
          return alike && alike.key !== lease.key ? { ...alike, taken: false } : take(lease);
        },
      };
    },
  }),
  broken('free-after-work', 'forgets to free a lock after short work that saved nothing', {
    vault: (vault, { clock }, leases) => ({
      locked: async (key, work) => {
        const since = clock.now();
        let used = false;
        const result = await vault.locked(key, (held) => {
          used = held.value !== null;
          const save = async (value: string) => {
            used = true;
            await held.save(value);
          };
          return work({ ...held, save });
        });
        const forever = { now: since, until: Number.POSITIVE_INFINITY };
        if (!used && clock.now() === since) await leases.take({ key, holder: 'left', process: '', ...forever });
        return result;
      },
    }),
  }),
  broken('free-after-failure', 'hands on an error of its own', {
    vault: (vault) => ({
      locked: (key, work) =>
        vault.locked(key, (held) =>
          work(held).catch((cause) => {
            throw cause instanceof Error && cause.name === 'Error' ? new Error('It failed.', { cause }) : cause;
          }),
        ),
    }),
  }),
  broken('long-work', 'renews a lock for a few leases only', {
    leases: (leases) => {
      const { held, right } = noting(leases);
      return {
        ...right,
        renew: async (lease) => {
          const { since = 0, until = 0 } = held.get(lease.key) ?? {};
          return leases.renew({ ...lease, until: Math.min(lease.until, since + 5 * (until - since)) });
        },
      };
    },
  }),
  broken('waits-for-the-lock', 'does not wait', { timing: (timing) => ({ ...timing, waitMs: 0 }) }),
  broken('waits-no-longer', 'waits for as long as it takes', {
    timing: (timing) => ({ ...timing, waitMs: timing.waitMs === 0 ? 0 : Number.POSITIVE_INFINITY }),
  }),
  broken('silent-is-taken-over', 'waits for two leases before it takes over', {
    leases: (leases) => ({ take: (lease) => leases.take({ ...lease, now: lease.now - (lease.until - lease.now) }) }),
  }),
  broken('not-taken-early', 'takes over a little before the lease is over', {
    leases: (leases) => ({ take: (lease) => leases.take({ ...lease, now: lease.now + 10 }) }),
  }),
  broken('lost-lock-aborts', 'does not look at whose lock it renews', {
    leases: (leases) => ({
      renew: async (lease) => {
        await leases.renew(lease);
        return true;
      },
    }),
  }),
  broken('lost-lock-saves-nothing', 'saves while anybody has the lock', {
    leases: (leases) => {
      const { held, right, force } = noting(leases);
      return { ...right, save: (lease) => (held.has(lease.key) ? force(lease) : leases.save(lease)) };
    },
  }),
  broken('lost-lock-saves-nothing-later', 'saves while nobody else has the lock', {
    leases: (leases) => {
      const { held, released, right, force } = noting(leases);
      return {
        ...right,
        save: (lease) => (held.has(lease.key) || released.has(lease.holder) ? leases.save(lease) : force(lease)),
      };
    },
  }),
  broken('lost-lock-frees-nothing', 'frees a key, whoever has its lock', {
    leases: (leases) => {
      const { held, right } = noting(leases);
      return {
        ...right,
        release: async ({ key }) => {
          const holder = held.get(key)?.holder;
          if (holder !== undefined) await leases.release({ key, holder });
        },
      };
    },
  }),
  broken('silent-goes-on', 'gives up a lock that was not renewed in time', {
    leases: (leases) => {
      const { held, right } = noting(leases);
      return {
        ...right,
        renew: async (lease) => {
          const before = held.get(lease.key);
          const leaseMs = before ? before.until - before.since : 0;
          if (before && before.holder === lease.holder && lease.until - leaseMs > before.until)
            return leases.renew({ ...lease, holder: '' });
          if (before) held.set(lease.key, { ...before, since: lease.until - leaseMs, until: lease.until });
          return leases.renew(lease);
        },
      };
    },
  }),
  broken('value-comes-back', 'keeps values in one line', {
    leases: (leases) => ({ save: (lease) => leases.save({ ...lease, value: lease.value.replaceAll('\n', ' ') }) }),
  }),
  broken('value-is-kept', 'takes back what failed work saved', {
    vault: (vault) => ({
      locked: (key, work) =>
        vault.locked(key, async (held) => {
          let saved = false;
          const save = async (value: string) => {
            await held.save(value);
            saved = true;
          };
          try {
            return await work({ ...held, save });
          } catch (error) {
            if (saved) await held.save(held.value ?? '');
            throw error;
          }
        }),
    }),
  }),
  broken('values-of-keys', 'keeps values under keys in any case', {
    leases: (leases) => {
      const values = new Map<string, string>();
      return {
        take: async (lease) => {
          const answer = await leases.take(lease);
          return answer.taken ? { taken: true, value: values.get(lease.key.toLowerCase()) ?? null } : answer;
        },
        save: async (lease) => {
          const saved = await leases.save(lease);
          if (saved) values.set(lease.key.toLowerCase(), lease.value);
          return saved;
        },
      };
    },
  }),
  broken('values-stay', 'keeps values in memory', {
    reopened: (leases) => ({
      take: async (lease) => {
        const answer = await leases.take(lease);
        return answer.taken ? { taken: true, value: null } : answer;
      },
    }),
  }),
  broken('saved-after-work', 'saves also when the lock was given back', {
    leases: (leases) => {
      const { held, released, right, force } = noting(leases);
      return {
        ...right,
        save: (lease) => (!held.has(lease.key) && released.has(lease.holder) ? force(lease) : leases.save(lease)),
      };
    },
  }),
];
