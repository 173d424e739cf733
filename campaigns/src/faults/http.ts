import { setTimeout as timer } from 'node:timers/promises';
import { memoryVault, type RawRecord } from '@contact-sync/core';
import { same } from '../book.js';
import { type Books, booksOf, checkUntouched, peopleIn, type Ran } from './books.js';
import { canaries } from './canaries.js';
import { type Kind, kinds, outcomeOf } from './kinds.js';
import { peopleOf } from './people.js';
import { type FaultServer, faultServer, type Orders } from './server.js';
import { type System, systems } from './systems.js';

export const positions = ['first', 'middle', 'last'] as const;
export type Position = (typeof positions)[number];
export type HttpCase = { readonly system: System; readonly kind: Kind; readonly position: Position };

/** Every fault of every system that can have it, at every position. */
export const httpCases: readonly HttpCase[] = systems.flatMap((system) =>
  kinds
    .filter((kind) => outcomeOf(kind, system.name) !== null)
    .flatMap((kind) => positions.map((position) => ({ system, kind, position }))),
);

type Bench = {
  readonly system: System;
  readonly books: Books;
  readonly people: ReturnType<typeof peopleOf>;
  /** Requests of an undisturbed run. */
  readonly requests: number;
};

const unused: Orders = { fault: () => null, place: 0, changed: () => false, tokens: null };

/** What all cases of a system need, and a run without a fault that must end in the right book. */
export async function benchOf(folder: string, system: System): Promise<Bench> {
  const people = peopleOf(system.idOf);
  const served = await system.mock.serve({ records: people.now });
  const { source } = system.open(served.settings);
  await served.close();
  const books = await booksOf(folder, source, people.before);
  const bench = { system, books, people, requests: 0 };
  const { ran, requests } = await runOn(bench, null, unused);
  same(peopleIn(ran.book), await books.right(people.now), `The book of ${system.name} without a fault`);
  return { ...bench, requests };
}

/** Throws where the promise is broken; otherwise says what came of it. */
export async function runHttpCase(bench: Bench, { kind, position }: HttpCase): Promise<string> {
  const { system, books, people } = bench;
  const step = positions.indexOf(position);
  // Where everything is one answer, a try takes the place of a page: passing faults go before the one that counts.
  const single = bench.requests === 1;
  const index = single ? step : Math.round((step / 2) * (bench.requests - 1));
  const changes = kind.change !== undefined;
  const fault: Orders['fault'] = (number) => {
    if (single && number < index) return ({ socket }) => void socket.resetAndDestroy();
    if (changes || kind.exchange !== undefined) return null;
    return number === index || (kind.strikes === 'from' && number > index) ? kind.wire : null;
  };
  const orders: Orders = {
    fault,
    place: step / 2,
    changed: (number) => changes && number >= index,
    tokens: kind.exchange === undefined ? null : { endsAt: index, exchange: kind.exchange },
  };
  const { ran, strays, refreshToken } = await runOn(bench, kind, orders);
  if (strays > 0) throw new Error(`${strays} connections reached another server`);
  const expected = outcomeOf(kind, system.name);
  if (kind.exchange !== undefined && !['passes', 'source_reconnect'].includes(String(expected))) {
    same(refreshToken, canaries.refreshToken, 'The refresh token that is kept');
  }
  await check(ran, { kind, expected, books, allowed: allowedBooks(kind, people) });
  return `${system.name}: ${ran.error?.code ?? 'the right book'}`;
}

function allowedBooks({ change }: Kind, people: Bench['people']): readonly (readonly RawRecord[])[] {
  if (change === 'grows') return [people.now, people.grown];
  if (change === 'shrinks') return [people.now, people.shrunk];
  return [people.now];
}

type Check = {
  readonly kind: Kind;
  readonly expected: ReturnType<typeof outcomeOf>;
  readonly books: Books;
  readonly allowed: readonly (readonly RawRecord[])[];
};

async function check(ran: Ran, { kind, expected, books, allowed }: Check): Promise<void> {
  const code = ran.error?.code ?? 'passes';
  const fine = expected === 'either' ? ['passes', 'source_incomplete'] : [expected];
  if (!fine.includes(code)) throw new Error(`It ended with ${code}, not ${expected}: ${ran.error?.message ?? ''}`);
  if (ran.error !== null) {
    if (kind.resumes === true && ran.error.resumeAt === undefined) throw new Error('It does not say when to come back');
    return checkUntouched(books, ran);
  }
  const got = JSON.stringify(peopleIn(ran.book));
  const rights = [];
  for (const records of allowed) rights.push(await books.right(records));
  if (!rights.some((right) => JSON.stringify(right) === got)) same(peopleIn(ran.book), rights[0], 'The book');
}

async function runOn({ system, books, people }: Bench, kind: Kind | null, orders: Orders) {
  const later = kind?.change === 'grows' ? people.grown : people.shrunk;
  const fakes = await Promise.all([people.now, later].map((records) => system.mock.serve({ records })));
  const [now, then] = fakes;
  if (now === undefined || then === undefined) throw new Error('There is no fake.');
  let server: FaultServer | null = null;
  try {
    server = await faultServer(system, [now.url, then.url], orders);
    const replaced = Object.entries(now.settings).map(([name, text]) => [
      name,
      text.replace(now.url, server?.url ?? ''),
    ]);
    const { settings, refreshToken } = await signedIn(system, Object.fromEntries(replaced), orders);
    const ran = await books.run(system.open(settings));
    return { ran, requests: server.requests(), strays: server.strays(), refreshToken: await refreshToken() };
  } finally {
    await server?.close();
    for (const fake of fakes) await fake.close();
  }
}

const clock = {
  now: () => Date.now(),
  wait: async (ms: number, signal?: AbortSignal) => {
    // Ends early, and well, where it is called off.
    await timer(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
const timing = { leaseMs: 60_000, waitMs: 1000, clock };

/** Where the case is about tokens: settings with tokens that are renewed, and how to look at what is kept. */
async function signedIn(system: System, settings: Readonly<Record<string, unknown>>, { tokens }: Orders) {
  if (tokens === null || system.signIn === null) return { settings, refreshToken: async () => null };
  const vault = memoryVault(timing);
  const key = `sign-in:${system.name}`;
  const pair = { accessToken: canaries.secret, refreshToken: canaries.refreshToken };
  const [grantedAt, endsAt] = [new Date().toISOString(), new Date(Date.now() + 3_600_000).toISOString()];
  const grant = { version: 1, ...pair, endsAt, grantedAt, renewedAt: grantedAt, begunAt: null };
  await vault.locked(key, ({ save }) => save(JSON.stringify(grant)));
  const wait = async (_: number, signal: AbortSignal) => signal.throwIfAborted();
  const client = { id: 'campaign', secret: 'campaign-secret' };
  const open = system.signIn.open({ client, settings: { ...settings, wait } });
  const accessToken = open.accessTokens({ vault, key });
  const refreshToken = async () => JSON.parse((await vault.read(key)) ?? '{}').refreshToken ?? null;
  return { settings: { ...settings, [system.signIn.setting]: accessToken }, refreshToken };
}
