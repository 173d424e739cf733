import { type Lease, type Leases, leaseVault, type VaultTiming } from './lease-vault.js';
import { compareCodePoints } from './order.js';
import type { Vault } from './vault.js';

/** `nextName` gives a name that nobody else has, to tell holders and vaults apart. */
export type MemoryLeases = Leases & { readonly nextName: () => string };

/** Locks and values in memory, for as many vaults as are opened on them. */
export function memoryLeases(): MemoryLeases {
  let names = 0;
  const locks = new Map<string, { holder: string; process: string; since: number; until: number }>();
  const values = new Map<string, string>();
  const isHeld = ({ key, holder }: Lease) => locks.get(key)?.holder === holder;

  return {
    async take({ key, holder, process, now, until }) {
      const held = locks.get(key);
      if (held !== undefined && held.until > now) return { taken: false, process: held.process, since: held.since };
      locks.set(key, { holder, process, since: now, until });
      return { taken: true, value: values.get(key) ?? null };
    },
    async renew({ key, holder, until }) {
      const held = locks.get(key);
      if (held?.holder !== holder) return false;
      locks.set(key, { ...held, until });
      return true;
    },
    async save({ key, holder, value }) {
      if (!isHeld({ key, holder })) return false;
      if (value === null) values.delete(key);
      else values.set(key, value);
      return true;
    },
    async release(lease) {
      if (isHeld(lease)) locks.delete(lease.key);
    },
    read: async (key) => values.get(key) ?? null,
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).toSorted(compareCodePoints),
    async close() {},
    nextName() {
      names += 1;
      return `in memory ${names}`;
    },
  };
}

/** A vault in memory, for tests and trials, and the reference of what a vault does. It is gone with the process. */
export function memoryVault(timing: VaultTiming, leases: MemoryLeases = memoryLeases()): Vault {
  const process = leases.nextName();
  return leaseVault(leases, { ...timing, process, newHolder: leases.nextName });
}
