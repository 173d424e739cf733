import { type BrokenVault, broken, noting } from './broken-vault.js';
import { brokenLooks } from './broken-vaults-looking.js';

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
          const save = async (value: string | null) => {
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
      return {
        ...right,
        save: (lease) => (held.has(lease.key) && lease.value !== null ? force(lease) : leases.save(lease)),
      };
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
    leases: (leases) => ({
      save: (lease) => leases.save({ ...lease, value: lease.value?.replaceAll('\n', ' ') ?? null }),
    }),
  }),
  broken('value-is-kept', 'takes back what failed work saved', {
    vault: (vault) => ({
      locked: (key, work) =>
        vault.locked(key, async (held) => {
          let saved = false;
          const save = async (value: string | null) => {
            await held.save(value);
            saved = true;
          };
          try {
            return await work({ ...held, save });
          } catch (error) {
            if (saved) await held.save(held.value);
            throw error;
          }
        }),
    }),
  }),
  broken('values-of-keys', 'keeps values under keys in any case', {
    leases: (leases) => {
      const values = new Map<string, string | null>();
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
  ...brokenLooks,
];
