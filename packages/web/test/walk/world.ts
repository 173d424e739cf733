import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exampleEntities, type FakeFyi, fakeFyi, origin as fyiOrigin } from '@contact-sync/connector-fyi/mock';
import { serveMock } from '@contact-sync/connector-kit/mock';
import { bareClient, type FakeXpm, fakeContact, fakeXpm, origin as xpmOrigin } from '@contact-sync/connector-xpm/mock';
import type { RawRecord } from '@contact-sync/core';
import type { Connecting } from '@contact-sync/runner/host';
import { postgresStore } from '@contact-sync/storage-postgres';
import { inject, onTestFinished } from 'vitest';
import { type Demo, type DemoOptions, demoService } from '../demo-service.js';
import { type MovedClock, movedClock } from './clock.js';
import { peopleOf } from './people-of.js';

export const stores = ['sqlite', 'postgres'] as const;

export type World = Omit<Demo, 'close'> & {
  readonly clock: MovedClock;
  readonly fyi: FakeFyi;
  readonly xpm: FakeXpm;
  /** With which settings the fakes are read where they are served. */
  readonly settings: { readonly fyi: Record<string, string>; readonly xpm: Record<string, string> };
  /** The service's own address, and those of the fakes, where people sign in. */
  readonly places: readonly string[];
  /** Connects FYI as somebody did before, and waits for its first sync. */
  connectFyi(more?: Partial<Connecting>): Promise<void>;
  /** Five minutes later: has FYI synced, and waits until that is over. */
  sync(actor?: string): Promise<void>;
};

type Options = Pick<DemoOptions, 'proxy' | 'holders'> & {
  readonly store?: (typeof stores)[number];
  readonly records?: readonly RawRecord[];
  readonly tenants?: readonly string[];
};

/** A moment that does not come while anybody tests: so a service syncs when it is asked to, and not before. */
export const seldom = '0 0 29 2 * UTC';

export const source = 'fyi:harbour';

/** The real service on a real store, with the systems as fakes over HTTP, on a clock that can be put forward. Ends with the test. */
export async function startWorld(options: Options = {}): Promise<World> {
  if (!existsSync(new URL('../../dist/page/index.html', import.meta.url))) {
    throw new Error('The page is not built: pnpm --filter @contact-sync/web build');
  }
  const { store = 'sqlite', proxy = null, holders = {}, records = peopleOf(24), tenants = [] } = options;
  const clock = movedClock();
  const now = () => new Date(clock.now());
  const fyi = fakeFyi({ entities: exampleEntities(records) });
  const xpm = fakeXpm({
    now,
    clients: peopleOf(12, 'x').map(({ externalId, name, email }) =>
      bareClient({
        ...{ UUID: `client-of-${externalId}`, Name: `${name} Holdings` },
        contacts: [fakeContact({ UUID: externalId, Name: name ?? '', Email: email ?? '' })],
      }),
    ),
    connections: tenants.map((tenantName, index) => ({
      ...{ tenantId: `1a1a1a1a-0000-4000-8000-00000000000${index}`, tenantType: 'PRACTICEMANAGER', tenantName },
    })),
  });
  const served = {
    fyi: await serveMock(fyi.handlers, { origin: fyiOrigin }),
    xpm: await serveMock(xpm.handlers, { origin: xpmOrigin }),
  };
  const folder = await mkdtemp(join(tmpdir(), 'contact-sync-walk-'));
  const book = store === 'sqlite' ? 'default' : `walk-${randomUUID()}`;
  const demo = await demoService({
    ...{ folder, clock, proxy, holders },
    books: [{ store: await addressOf(store, book), book, name: 'default' }],
  });
  onTestFinished(async () => {
    await demo.close();
    await Promise.all(Object.values(served).map((one) => one.close()));
    await rm(folder, { recursive: true, force: true });
  });
  const settings = {
    fyi: { practice: fyi.access.practice, baseUrl: served.fyi.url },
    xpm: { baseUrl: `${served.xpm.url}/practicemanager/3.1` },
  };

  /** Waits until a run of a source is in the history, and the service has done with it. */
  async function ran(of: string, begin: () => unknown): Promise<void> {
    const over = Promise.withResolvers<void>();
    let isThere = false;
    const look = async () => {
      if (isThere && !(await demo.host.book('default').connection(of)).running) over.resolve();
    };
    const end = demo.host.subscribe((event) => {
      if (event.type === 'run' && event.kind === 'sync' && event.source === of) isThere = true;
      look().catch(over.reject);
    });
    await begin();
    await over.promise;
    end();
  }

  return {
    ...demo,
    ...{ clock, fyi, xpm, settings },
    places: [demo.url, served.fyi.url, served.xpm.url],
    async connectFyi(more = {}) {
      const { accessId, accessSecret } = fyi.access;
      const secrets = { accessId, accessSecret };
      const wanted = { connector: 'fyi', settings: settings.fyi, policy: {}, kind: null, schedule: seldom };
      const all = { ...wanted, secrets, client: null, signIn: false, ...more };
      const place = { redirectUri: `${demo.url}/oauth/callback` };
      await ran(`fyi:${all.settings.practice}`, () => demo.host.book('default').connect(all, 'grace', place));
    },
    async sync(actor = 'grace') {
      clock.pass(5 * 60_000);
      await ran(source, () => {
        const { allowed, why } = demo.host.book('default').syncNow(source, actor);
        if (!allowed) throw new Error(`It cannot be synced: ${why}`);
      });
    },
  };
}

/** The store, made where there was none. The server of PostgreSQL is that of all tests: a book of its own is alone there. */
async function addressOf(store: (typeof stores)[number], book: string): Promise<string> {
  if (store === 'sqlite') return 'sqlite:contacts.db';
  const url = (await text(createConnection(inject('postgresStarter')))).trim();
  const made = postgresStore({ url, book });
  await made.head();
  await made.close();
  return url;
}
