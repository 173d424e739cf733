import { type BrokenVault, broken, noting } from './broken-vault.js';

/** Faults in looking at values and keys, and in taking values away. */
export const brokenLooks: readonly BrokenVault[] = [
  broken('read-is-current', 'remembers what it read', {
    vault: (vault) => {
      const seen = new Map<string, string>();
      return {
        read: async (key) => {
          const value = seen.get(key) ?? (await vault.read(key));
          if (value !== null) seen.set(key, value);
          return value;
        },
      };
    },
  }),
  broken('read-needs-no-lock', 'takes the lock to read', {
    vault: (vault) => ({ read: (key) => vault.locked(key, async ({ value }) => value) }),
  }),
  broken('keys-begin-with', 'takes what it is asked for as a pattern', {
    leases: (leases) => ({
      keys: async (prefix) => {
        const pattern = new RegExp(`^${prefix.replaceAll('_', '.').replaceAll('%', '.*')}`, 'su');
        return (await leases.keys('')).filter((key) => pattern.test(key));
      },
    }),
  }),
  broken('keys-in-order', 'orders keys by UTF-16', {
    leases: (leases) => ({ keys: async (prefix) => (await leases.keys(prefix)).toSorted() }),
  }),
  broken('keys-have-values', 'lists keys that are locked', {
    leases: (leases) => {
      const { held, right } = noting(leases);
      return {
        ...right,
        keys: async (prefix) => [...new Set([...(await leases.keys(prefix)), ...held.keys()])],
      };
    },
  }),
  broken('removed-is-gone', 'keeps an empty text where a value was taken away', {
    leases: (leases) => {
      const removed = new Set<string>();
      return {
        save: async (lease) => {
          const saved = await leases.save(lease);
          if (saved && lease.value === null) removed.add(lease.key);
          else if (saved) removed.delete(lease.key);
          return saved;
        },
        read: async (key) => (removed.has(key) ? '' : leases.read(key)),
      };
    },
  }),
  broken('removed-is-not-listed', 'lists what was taken away', {
    leases: (leases) => {
      const saved = new Set<string>();
      return {
        save: async (lease) => {
          const done = await leases.save(lease);
          if (done) saved.add(lease.key);
          return done;
        },
        keys: async (prefix) => {
          const listed = await leases.keys(prefix);
          return [...listed, ...[...saved].filter((key) => key.startsWith(prefix) && !listed.includes(key))];
        },
      };
    },
  }),
  broken('removed-keeps-the-lock', 'gives the lock back with the value', {
    leases: (leases) => ({
      save: async (lease) => {
        const saved = await leases.save(lease);
        if (lease.value === null) await leases.release(lease);
        return saved;
      },
    }),
  }),
  broken('lost-lock-removes-nothing', 'takes values away while anybody has the lock', {
    leases: (leases) => {
      const { held, right, force } = noting(leases);
      return {
        ...right,
        save: (lease) => (held.has(lease.key) && lease.value === null ? force(lease) : leases.save(lease)),
      };
    },
  }),
];
