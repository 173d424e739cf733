import type { Leases } from '@contact-sync/core';
import type { DatabaseSync } from './driver.js';
import { inTransaction } from './transaction.js';

/** Locks and values in a database. Each step is one transaction, and looks inside of it at who holds the lock. */
export function leasesOf(db: DatabaseSync): Omit<Leases, 'close'> {
  const statements = {
    lock: db.prepare('SELECT process, since FROM vault_locks WHERE key = ? AND until > ?'),
    take: db.prepare(
      'INSERT OR REPLACE INTO vault_locks (key, holder, process, since, until) VALUES (:key, :holder, :process, :now, :until)',
    ),
    renew: db.prepare('UPDATE vault_locks SET until = :until WHERE key = :key AND holder = :holder'),
    release: db.prepare('DELETE FROM vault_locks WHERE key = :key AND holder = :holder'),
    isHeld: db.prepare('SELECT 1 FROM vault_locks WHERE key = ? AND holder = ?'),
    value: db.prepare('SELECT value FROM vault_values WHERE key = ?'),
    save: db.prepare('INSERT OR REPLACE INTO vault_values (key, value) VALUES (?, ?)'),
    remove: db.prepare('DELETE FROM vault_values WHERE key = ?'),
    keysFrom: db.prepare('SELECT key FROM vault_values WHERE key >= ? ORDER BY key'),
  };

  const valueUnder = (key: string): string | null => {
    const row = statements.value.get(key);
    return row === undefined ? null : String(row.value);
  };

  return {
    take: async ({ key, holder, process, now, until }) =>
      inTransaction(db, () => {
        const held = statements.lock.get(key, now);
        if (held !== undefined) return { taken: false, process: String(held.process), since: Number(held.since) };
        statements.take.run({ key, holder, process, now, until });
        return { taken: true, value: valueUnder(key) };
      }),
    renew: async ({ key, holder, until }) => Number(statements.renew.run({ key, holder, until }).changes) === 1,
    save: async ({ key, holder, value }) =>
      inTransaction(db, () => {
        if (statements.isHeld.get(key, holder) === undefined) return false;
        if (value === null) statements.remove.run(key);
        else statements.save.run(key, value);
        return true;
      }),
    release: async ({ key, holder }) => void statements.release.run({ key, holder }),
    read: async (key) => valueUnder(key),
    keys: async (prefix) =>
      statements.keysFrom
        .all(prefix)
        .map(({ key }) => String(key))
        .filter((key) => key.startsWith(prefix)),
  };
}
