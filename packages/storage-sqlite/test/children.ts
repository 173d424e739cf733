import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Contact, ContactSyncError, type Decision, type Plan, planImport } from '@contact-sync/core';
import { sqliteStore, sqliteVault } from '../src/index.js';
import { migrate } from '../src/migrate.js';
import { migrations } from '../src/schema.js';

// What the tests run in processes of their own: `node children.ts TASK ARGUMENTS`.

const [task, file = '', argument = ''] = process.argv.slice(2);
const at = '2026-03-01T00:00:00.000Z';

function contact(id: string, name: string): Contact {
  const link = { source: 'xpm:t', externalId: `record ${id} ${name}` };
  const email = `${id}@example.com`;
  return { id, name, email, phone: null, recordType: 'contact-sync', forcedManual: false, link, missingSince: null };
}

const tasks: Record<string, () => Promise<void>> = {
  /** Makes one contact, however often the book moves on meanwhile; that many times. */
  async add() {
    const store = sqliteStore({ file, busyTimeoutMs: 20_000 });
    for (let done = 0; done < Number(argument); ) {
      const { version, newId, connections } = await store.head();
      try {
        const made = contact(newId(), `by ${process.pid}`);
        await store.apply(planImport([made], { base: version, connections, at, actor: 'child' }));
        done += 1;
      } catch (error) {
        if (!ContactSyncError.is(error) || error.code !== 'store_conflict') throw error;
      }
    }
    await store.close();
  },

  /** Changes all contacts, relinks them too, and dies when a decision is looked at for the given time. */
  async die() {
    const store = sqliteStore({ file, create: false });
    const { version } = await store.head();
    const { contacts } = await store.search({ limit: 1000 });
    const decisions = contacts.map((before): Decision => {
      const after = contact(before.id, `version ${version + 1}`);
      return { ...plainDecision, before, after };
    });
    let looks = 0;
    const watched = decisions.map(
      (decision) =>
        new Proxy(decision, {
          get(target, key) {
            looks += 1;
            if (looks === Number(argument)) process.kill(process.pid, 'SIGKILL');
            return Reflect.get(target, key);
          },
        }),
    );
    const plan: Plan = {
      ...planImport([], { base: version, at, actor: 'child' }),
      decisions: watched,
      counts: { rows: 0, reasons: { imported: watched.length }, flags: {}, skipped: {} },
    };
    await store.apply(plan);
    process.stdout.write(String(looks));
    // Without closing the file: a crash right after the end.
    process.kill(process.pid, 'SIGKILL');
  },

  /** Brings the file up to date, and dies once the given number of statements is done; at 0 when all is. */
  async migrate() {
    const db = new DatabaseSync(file);
    let done = 0;
    const die = () => process.kill(process.pid, 'SIGKILL');
    db.function('statement_done', () => {
      done += 1;
      if (done === Number(argument)) die();
      return done;
    });
    const watched = migrations.map(({ name, sql }) => ({
      name,
      sql: sql.replace(/;\s*$/gm, '; SELECT statement_done();'),
    }));
    migrate(db, watched, file);
    process.stdout.write(String(done));
    die();
  },

  /** Makes a plan under a lock, and stops as if frozen; once woken, tries to write what it had decided. */
  async freeze() {
    const store = sqliteStore({ file });
    const vault = sqliteVault({ file, leaseMs: Number(argument) });
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error) => (ContactSyncError.is(error) ? error.code : String(error)),
      );
    await vault.locked('xpm:t', async ({ save, signal }) => {
      const { version, newId, connections } = await store.head();
      const plan = planImport([contact(newId(), 'frozen')], { base: version, connections, at, actor: 'frozen' });
      writeSync(1, 'frozen\n');
      process.kill(process.pid, 'SIGSTOP');
      const ends = [await codeOf(store.apply(plan)), await codeOf(save('frozen'))];
      writeSync(1, `${JSON.stringify({ ends, aborted: signal.aborted })}\n`);
    });
    await vault.close();
    await store.close();
  },

  /** Counts under a lock: what was counted is read first, and saved in a later turn of the event loop. */
  async count() {
    const vault = sqliteVault({ file, waitMs: 60_000, busyTimeoutMs: 20_000 });
    for (let done = 0; done < Number(argument); done += 1) {
      await vault.locked('count', async ({ value, save }) => {
        await new Promise((resolve) => setImmediate(resolve));
        await save(String(Number(value ?? 0) + 1));
      });
    }
    await vault.close();
  },

  /** Waits for the lock, and writes under it. */
  async takeOver() {
    const store = sqliteStore({ file });
    const vault = sqliteVault({ file, leaseMs: 60_000, waitMs: 60_000 });
    await vault.locked('xpm:t', async ({ value, save }) => {
      const { version, newId, connections } = await store.head();
      const made = contact(newId(), 'second');
      await store.apply(planImport([made], { base: version, connections, at, actor: 'second' }));
      await save('second');
      process.stdout.write(JSON.stringify({ value }));
    });
    await vault.close();
    await store.close();
  },

  /** Opens the file as somebody who is not root, and reads and writes. */
  async unprivileged() {
    if (process.getuid?.() === 0) {
      process.setgid?.(65_534);
      process.setuid?.(65_534);
    }
    try {
      const store = sqliteStore({ file, ...(argument === 'read' ? { readOnly: true } : {}) });
      process.stdout.write(`${(await store.search({ limit: 9 })).contacts.length} contacts`);
      await store.close();
    } catch (error) {
      if (!ContactSyncError.is(error)) throw error;
      process.stdout.write(`${error.code}: ${error.message}`);
    }
  },
};

const plainDecision = { reason: 'imported', externalId: null, flags: [], says: null, faults: [], note: null } as const;

await tasks[task ?? '']?.();
