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

export function broken(caughtBy: string, fault: string, spoilt: Spoilt): BrokenVault {
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

export type Held = Lease & { process: string; since: number; until: number };

/** Keeps its own note of who holds what, beside the right one. */
export function noting(leases: MemoryLeases) {
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
  const force = async ({ key, value }: { key: string; value: string | null }) => {
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
