import { refused, same } from './store-kit.js';
import { looking } from './vault-cases-looking.js';
import type { VaultCase } from './vault-harness.js';
import { leaseMs, settled, type VaultCheck, vaultCaseOf } from './vault-kit.js';

/** Everything a vault must do, for any test runner: each `run` rejects where the vault does not. */
export function vaultCases(): VaultCase[] {
  return [...locking, ...losing, ...values, ...looking].map(vaultCaseOf);
}

const locking: readonly VaultCheck[] = [
  {
    id: 'one-at-a-time',
    name: 'while one process works under a key, another one is refused',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.begin();
      await refused(other.begin(), 'locked', 'a second process under the key');
    },
  },
  {
    id: 'one-at-a-time-in-a-process',
    name: 'while work goes on under a key, other work of the same process is refused',
    async check(kit) {
      const one = await kit.runner();
      await one.begin();
      await refused(one.begin(), 'locked', 'other work of the process under the key');
    },
  },
  {
    id: 'keys-are-independent',
    name: 'work under different keys goes on at the same time',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.begin('xpm:a');
      same(await other.once(async () => 'done', 'XPM:a'), 'done', 'what work under another key gave');
    },
  },
  {
    id: 'free-after-work',
    name: 'what the work gives is given, and the key is free for another process then',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      same(await one.once(async () => 'first'), 'first', 'what the work gave');
      same(await other.once(async () => 'second'), 'second', 'what the work after it gave');
    },
  },
  {
    id: 'free-after-failure',
    name: 'an error of the work is handed on, and the key is free then',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const fault = new Error('the work failed');
      const end = await settled(one.once(() => Promise.reject(fault)));
      same(end.status === 'rejected' && end.reason === fault, true, 'whether the error is that of the work');
      same(await other.once(async () => 'second'), 'second', 'what the work after it gave');
    },
  },
  {
    id: 'long-work',
    name: 'work may take much longer than a lease: the lock is kept while it goes on',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      await kit.time.advance(10.5 * leaseMs);
      await refused(other.begin(), 'locked', 'a second process after ten leases');
      same(held.signal.aborted, false, 'whether the lock was lost');
    },
  },
  {
    id: 'waits-for-the-lock',
    name: 'a process that may wait gets the lock once it is free',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner({ waitMs: 10_000 })];
      const work = await one.begin();
      const waits = other.process.nextMove();
      const waiting = other.once(async () => 'second');
      await waits;
      await kit.time.advance(5000);
      await work.end();
      await kit.time.advance(5000);
      same(await waiting, 'second', 'what the work that waited gave');
    },
  },
  {
    id: 'waits-no-longer',
    name: 'a process that waited for as long as it may is refused',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner({ waitMs: 10_000 })];
      const work = await one.begin();
      await kit.time.advance(1);
      const waits = other.process.nextMove();
      const waiting = settled(other.begin());
      await waits;
      await kit.time.advance(12_000);
      await work.end();
      await kit.time.advance(12_000);
      await refused(
        waiting.then((end) => (end.status === 'rejected' ? Promise.reject(end.reason) : end.value)),
        'locked',
        'a process after it waited',
      );
    },
  },
];

const losing: readonly VaultCheck[] = [
  {
    id: 'silent-is-taken-over',
    name: 'the lock of a process that is silent for longer than the lease is taken over',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.begin();
      one.process.freeze();
      await kit.time.advance(leaseMs + 1);
      same(await other.once(async () => 'second'), 'second', 'what the process that took over gave');
    },
  },
  {
    id: 'not-taken-early',
    name: 'the lock of a process that is silent is its own until the lease is over',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.begin();
      one.process.freeze();
      await kit.time.advance(leaseMs - 1);
      await refused(other.begin(), 'locked', 'a second process before the lease is over');
    },
  },
  {
    id: 'lost-lock-aborts',
    name: 'a process whose lock was taken over is told so when it wakes up',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      await other.begin();
      await one.process.wake();
      same(held.signal.aborted, true, 'whether the signal aborted');
    },
  },
  {
    id: 'lost-lock-saves-nothing',
    name: 'saving under a lock that was taken over is refused, and the value stays',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      const second = await other.begin();
      await second.held.save('second');
      // Before its timer goes off: the process does not know yet.
      await refused(held.save('first'), 'lock_lost', 'saving under a lock that was taken over');
      await second.end();
      same(await other.once(async ({ value }) => value), 'second', 'the value');
    },
  },
  {
    id: 'lost-lock-saves-nothing-later',
    name: 'saving under a lock that was taken over is refused also when the other process is done',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      await other.once(async () => {});
      await refused(held.save('first'), 'lock_lost', 'saving under a lock that was taken over and given back');
    },
  },
  {
    id: 'lost-lock-frees-nothing',
    name: 'a process that lost its lock and ends does not free that of the other one',
    async check(kit) {
      const [one, other, third] = [await kit.runner(), await kit.runner(), await kit.runner()];
      const work = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      await other.begin();
      await settled(work.end());
      await kit.time.advance(1);
      await refused(third.begin(), 'locked', 'a third process while the second one works');
    },
  },
  {
    id: 'silent-goes-on',
    name: 'a process that was silent for too long goes on where nobody took its lock',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      await one.process.wake();
      same(held.signal.aborted, false, 'whether the lock was lost');
      await refused(other.begin(), 'locked', 'a second process after the first one woke up');
    },
  },
];

const values: readonly VaultCheck[] = [
  {
    id: 'value-comes-back',
    name: 'what was saved last is there for the next one, and nothing where nothing was saved',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const text = 'Zoë 𠮷 "quoted"\n{}';
      await one.once(async ({ value, save }) => {
        same(value, null, 'the value of a new key');
        await save('earlier');
        await save(text);
      });
      same(await other.once(async ({ value }) => value), text, 'the value');
    },
  },
  {
    id: 'value-is-kept',
    name: 'a value stays where the work that saved it failed, or a later one saved nothing',
    async check(kit) {
      const one = await kit.runner();
      await settled(
        one.once(async ({ save }) => {
          await save('kept');
          throw new Error('the work failed');
        }),
      );
      await one.once(async () => {});
      same(await one.once(async ({ value }) => value), 'kept', 'the value');
    },
  },
  {
    id: 'values-of-keys',
    name: 'each key has a value of its own',
    async check(kit) {
      const one = await kit.runner();
      await one.once(({ save }) => save('of a'), 'a');
      await one.once(({ save }) => save('of A'), 'A');
      same(await one.once(async ({ value }) => value, 'a'), 'of a', 'the value of a');
      same(await one.once(async ({ value }) => value, 'b'), null, 'the value of b');
    },
  },
  {
    id: 'values-stay',
    name: 'a value is there when the vault is opened again',
    async check(kit) {
      const one = await kit.runner();
      await one.once(({ save }) => save('kept'));
      await kit.close(one);
      same(await (await kit.runner()).once(async ({ value }) => value), 'kept', 'the value');
    },
  },
  {
    id: 'saved-after-work',
    name: 'nothing is saved once the work is over',
    async check(kit) {
      const one = await kit.runner();
      const save = await one.once(async (held) => {
        await held.save('in time');
        return held.save;
      });
      await refused(save('too late'), 'lock_lost', 'saving after the work');
      same(await one.once(async ({ value }) => value), 'in time', 'the value');
    },
  },
];
