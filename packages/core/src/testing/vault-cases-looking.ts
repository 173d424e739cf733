import { refused, same } from './store-kit.js';
import { leaseMs, type VaultCheck } from './vault-kit.js';

/** Looking at values and keys without their locks, and taking values away. */
export const looking: readonly VaultCheck[] = [
  {
    id: 'read-is-current',
    name: 'reading gives what was saved last by any process, and nothing where nothing was saved',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      same(await other.vault.read('key'), null, 'what is read of a new key');
      await one.once(({ save }) => save('first'));
      same(await other.vault.read('key'), 'first', 'what is read');
      await one.once(({ save }) => save('Zoë 𠮷'));
      same(await other.vault.read('key'), 'Zoë 𠮷', 'what is read after it was saved again');
    },
  },
  {
    id: 'read-needs-no-lock',
    name: 'reading goes on while another process works under the key, and sees what that one saved',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      await held.save('in the middle of the work');
      same(await other.vault.read('key'), 'in the middle of the work', 'what is read');
      await kit.time.advance(1);
      await refused(other.begin(), 'locked', 'a second process that read the value');
    },
  },
  {
    id: 'keys-begin-with',
    name: 'the keys that are asked for are those that begin so, and no pattern is read into it',
    async check(kit) {
      const one = await kit.runner();
      for (const key of ['a_b', 'a_', 'a_%', 'axb', 'A_b', 'b', 'ba_']) await one.once(({ save }) => save('x'), key);
      same(await one.vault.keys('a_'), ['a_', 'a_%', 'a_b'], 'the keys that begin with a_');
      same(await one.vault.keys('a_%'), ['a_%'], 'the keys that begin with a_%');
      same(await one.vault.keys('c'), [], 'the keys that begin with c');
    },
  },
  {
    id: 'keys-in-order',
    name: 'keys come in the order of their code points',
    async check(kit) {
      const one = await kit.runner();
      // In UTF-16 the first of these would come last.
      for (const key of ['\u{20bb7}', 'z', '\uff21', '10', '9']) await one.once(({ save }) => save('x'), key);
      same(await one.vault.keys(''), ['10', '9', 'z', '\uff21', '\u{20bb7}'], 'all keys');
    },
  },
  {
    id: 'keys-have-values',
    name: 'a key that is locked and has no value is not among the keys',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.once(async () => {}, 'was locked');
      await one.begin('is locked');
      same(await other.vault.keys(''), [], 'the keys');
    },
  },
  {
    id: 'removed-is-gone',
    name: 'a value that was taken away is no value, for the next one to work under the key and for who reads',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      await one.once(({ save }) => save('kept'));
      await one.once(({ save }) => save(null));
      same(await other.once(async ({ value }) => value), null, 'the value');
      same(await other.vault.read('key'), null, 'what is read');
    },
  },
  {
    id: 'removed-is-not-listed',
    name: 'a key whose value was taken away is not among the keys',
    async check(kit) {
      const one = await kit.runner();
      await one.once(({ save }) => save('kept'), 'kept');
      await one.once(({ save }) => save('gone'), 'gone');
      await one.once(({ save }) => save(null), 'gone');
      same(await one.vault.keys(''), ['kept'], 'the keys');
    },
  },
  {
    id: 'removed-keeps-the-lock',
    name: 'taking a value away does not give the lock back, and another value can be saved',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held, end } = await one.begin();
      await held.save('first');
      await held.save(null);
      await kit.time.advance(1);
      await refused(other.begin(), 'locked', 'a second process after the value was taken away');
      await held.save('second');
      await end();
      same(await other.once(async ({ value }) => value), 'second', 'the value');
    },
  },
  {
    id: 'lost-lock-removes-nothing',
    name: 'taking a value away under a lock that was taken over is refused, and the value stays',
    async check(kit) {
      const [one, other] = [await kit.runner(), await kit.runner()];
      const { held } = await one.begin();
      one.process.freeze();
      await kit.time.advance(3 * leaseMs);
      const second = await other.begin();
      await second.held.save('second');
      await refused(held.save(null), 'lock_lost', 'taking a value away under a lock that was taken over');
      await second.end();
      same(await other.once(async ({ value }) => value), 'second', 'the value');
    },
  },
];
