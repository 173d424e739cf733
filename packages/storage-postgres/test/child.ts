import { once } from 'node:events';
import { ContactSyncError } from '@contact-sync/core';
import { postgresStore, postgresVault } from '../src/index.js';
import { renaming } from './plans.js';

// What the tests run in processes of their own, to be killed or frozen: `node child.ts TASK URL ARGUMENT LEASE`.

const [task, url = '', argument = '', leaseMs = ''] = process.argv.slice(2);

const tasks: Record<string, () => Promise<void>> = {
  /** Renames everybody in the book. */
  async rename() {
    const store = postgresStore({ url });
    await store.apply(await renaming(store, argument));
    process.stdout.write('applied');
    await store.close();
  },

  /** Holds a lock, saves a value when it is told to, and says how that went. */
  async hold() {
    const vault = postgresVault({ url, leaseMs: Number(leaseMs) });
    await vault.locked(argument, async ({ save, signal }) => {
      await save('mine');
      process.stdout.write('held\n');
      await once(process.stdin, 'data');
      try {
        await save('late');
        process.stdout.write('saved');
      } catch (error) {
        process.stdout.write(ContactSyncError.is(error) ? error.code : String(error));
      }
      process.stdout.write(signal.aborted ? ' aborted' : '');
    });
    await vault.close();
    process.stdin.destroy();
  },
};

await tasks[task ?? '']?.();
