import { type FakeSignIn, fakeSignIn, serveMock } from '@contact-sync/connector-kit/mock';
import type { Campaign, Tally } from './campaign.js';
import { postgresTarget } from './postgres.js';
import { type Child, pause, startChild } from './processes.js';
import { random } from './random.js';
import { type MakeTarget, type Place, sqliteTarget } from './target.js';
import type { RenewTask } from './tasks.js';
import { client, keepEnded, key, signInAt, vaultAt, vendorAt, vendorOrigin } from './tokens.js';

const graceMs = 30 * 60_000;
/** A killed process keeps its lock for so long, and the next one waits for that. */
const leaseMs = 600;
const { signal } = new AbortController();

type Gate = { fake: FakeSignIn; url: string; steps: number; span: number };

/** A process is killed somewhere in a renewal, at a vendor with a grace; the next one must go on without a person. */
function killsOfRefresh(name: string, title: string, share: number, makeTarget: MakeTarget): Campaign {
  return {
    name,
    title,
    full: 300,
    share,
    lanes: 1,
    async start(folder) {
      const target = await makeTarget(folder);
      const template = await target.template(async (store) => void (await store.head()));
      const fake = fakeSignIn({ ...vendorAt(vendorOrigin, graceMs), client, unusedMs: null });
      const served = await serveMock(fake.handlers, { origin: vendorOrigin });
      const gate: Gate = { fake, url: served.url, steps: 0, span: 0 };
      await measure(await template.copy(), gate);
      let next = startChild('renew');
      return {
        async one(seed) {
          const child = next;
          next = startChild('renew');
          const place = await template.copy();
          try {
            return await oneKill(child, place, gate, seed);
          } finally {
            await place.remove();
          }
        },
        judge: everywhere,
        async end() {
          next.signal('SIGKILL');
          await next.ended;
          await served.close();
          await target.end();
        },
      };
    },
  };
}

export const killsOfRefreshOnSqlite = killsOfRefresh(
  'kill-refresh',
  'kill -9 around the renewal of a token, SQLite',
  6,
  sqliteTarget,
);
export const killsOfRefreshOnPostgres = killsOfRefresh(
  'kill-refresh-postgres',
  'kill -9 around the renewal of a token, PostgreSQL',
  3,
  postgresTarget,
);

/** How many steps an undisturbed renewal has, and how many milliseconds it takes. */
async function measure(place: Place, gate: Gate): Promise<void> {
  await prepare(place, gate);
  const child = startChild('renew');
  child.begin(taskFor(place, gate, 0));
  await child.said('ready');
  const begin = performance.now();
  await child.said('done');
  gate.span = performance.now() - begin;
  const { code, errors } = await child.ended;
  gate.steps = Number(child.words.find((word) => word.startsWith('steps '))?.slice('steps '.length));
  if (code !== 0 || !(gate.steps > 10)) throw new Error(`A renewal failed undisturbed: ${errors}`);
  await place.remove();
}

function taskFor({ address }: Place, { url }: Gate, stopAtStep: number): RenewTask {
  return { address, url, leaseMs, graceMs, stopAtStep };
}

async function prepare({ address }: Place, { fake }: Gate): Promise<string> {
  const pair = fake.grant();
  const vault = await vaultAt(address, leaseMs);
  await keepEnded(vault, pair);
  await vault.close();
  return pair.refreshToken;
}

async function oneKill(child: Child, place: Place, gate: Gate, seed: number): Promise<string> {
  const { fake } = gate;
  const lot = random(seed);
  const first = await prepare(place, gate);
  const exchanges = fake.exchanges.length;
  // At any step of the process; while the vendor has the request, or the answer is on its way; at any time.
  const aim = lot.of(['step', 'step', 'step', 'request', 'answer', 'answer', 'time'] as const);
  const there = Promise.withResolvers<void>();
  const killed = Promise.withResolvers<void>();
  if (aim === 'request' || aim === 'answer') {
    fake.fault(
      async (right) => {
        there.resolve();
        await killed.promise;
        return right;
      },
      { before: aim === 'request' },
    );
  }
  child.begin(taskFor(place, gate, aim === 'step' ? 1 + lot.below(gate.steps) : 0));
  await child.said('ready');
  if (aim === 'step') await child.stopped();
  else if (aim === 'time') await pause(lot.share() * gate.span * 1.2);
  else await Promise.race([there.promise, child.ended]);
  child.signal('SIGKILL');
  killed.resolve();
  const ended = await child.ended;
  await place.settled();
  if (ended.signal !== 'SIGKILL' && ended.code !== 0) {
    throw new Error(`It failed by itself: ${child.words.join(', ')} ${ended.errors}`);
  }
  return await goesOn(place, gate, { first, exchanges });
}

/** The next process has a good token, and can renew it; nobody has to connect anything again. */
async function goesOn(place: Place, { fake, url }: Gate, was: { first: string; exchanges: number }): Promise<string> {
  const vault = await vaultAt(place.address, leaseMs);
  try {
    const kept = String(JSON.parse((await vault.read(key)) ?? '{}').refreshToken);
    const made = fake.exchanges.length - was.exchanges;
    const tokens = signInAt(url, graceMs).accessTokens({ vault, key });
    for (let round = 0; round < 2; round += 1) {
      const token = await tokens.get({ signal });
      if (fake.look(token).is !== 'good') throw new Error('The token of the next process is not good.');
      if (!(await tokens.refused(token, { signal }))) throw new Error('It cannot be renewed.');
    }
    const failed = fake.exchanges.slice(was.exchanges).filter(({ error }) => error !== null);
    if (failed.length > 0) throw new Error(`The vendor refused: ${failed.map(({ error }) => error).join(', ')}`);
    if (kept !== was.first) return 'renewed and kept';
    return made === 0 ? 'before the exchange' : 'exchanged, and not kept';
  } finally {
    await vault.close();
  }
}

function everywhere(tally: Tally, cases: number): string | null {
  const words = ['before the exchange', 'exchanged, and not kept', 'renewed and kept'];
  const rare = words.filter((word) => (tally.get(word) ?? 0) * 12 < cases);
  return rare.length === 0 || cases < 100 ? null : `Too few kills came here: ${rare.join('; ')}.`;
}
