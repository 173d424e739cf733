import { connector as bgl } from '@contact-sync/connector-bgl';
import { exampleFirm, fakeBgl } from '@contact-sync/connector-bgl/mock';
import { connector as fyi } from '@contact-sync/connector-fyi';
import { exampleEntities, fakeFyi } from '@contact-sync/connector-fyi/mock';
import { mswTransport } from '@contact-sync/connector-kit/mock';
import { connector as xpm } from '@contact-sync/connector-xpm';
import { bareClient, fakeContact, fakeXpm } from '@contact-sync/connector-xpm/mock';
import { type Connector, memoryLeases, memoryStore, memoryVault, type RawRecord } from '@contact-sync/core';
import { writeStored } from '../src/connections/stored.js';
import { newKey, parseKey } from '../src/secrets/keys.js';
import { sealedVault } from '../src/secrets/sealed-vault.js';
import { secret } from '../src/secrets/secret.js';
import type { OpenBook } from '../src/serve/types.js';
import type { SimClock } from './sim-clock.js';

/** Three systems, a book that is connected to all of them, and everything on one clock. */
export async function servedWorld(clock: SimClock) {
  const now = () => new Date(clock.now());
  const people = (beginning: string): RawRecord[] =>
    Array.from({ length: 20 }, (_, n) => ({
      externalId: `${beginning}${n + 1}`,
      name: `Person ${n + 1}`,
      email: `person${n + 1}@${beginning}.example`,
      phone: null,
    }));
  const ofXpm = people('x').map(({ externalId, name, email }) =>
    bareClient({
      UUID: `client-of-${externalId}`,
      Name: `Company of ${externalId}`,
      contacts: [fakeContact({ UUID: externalId, Name: name ?? '', Email: email ?? '' })],
    }),
  );
  const systems = {
    xpm: fakeXpm({ clients: ofXpm, now }),
    fyi: fakeFyi({ entities: exampleEntities(people('f')) }),
    bgl: fakeBgl({ ...exampleFirm(people('1')), now }),
  };

  const time = {
    now,
    random: () => 0.5,
    wait: async (ms: number) => {
      clock.pass(ms);
    },
  };
  // Each is told apart by its settings; what they are read with is put in here, as nobody can store it.
  const connectors: Record<string, Connector> = {
    xpm: placed(xpm, { ...time, transport: mswTransport(systems.xpm.handlers) }),
    fyi: placed(fyi, { ...time, transport: mswTransport(systems.fyi.handlers) }),
    bgl: placed(bgl, { ...time, transport: mswTransport(systems.bgl.handlers) }),
  };
  const key = newKey();
  const parsed = parseKey(key);
  if (parsed === null) throw new Error('A new key is no key.');
  const leases = memoryLeases();
  const timing = { leaseMs: 365 * 86_400_000, waitMs: 0, clock: { now: clock.now, wait: untilAborted } };
  const store = memoryStore();
  const vault = memoryVault(timing, leases);
  const sealed = sealedVault(vault, [parsed]);
  // They are opened and closed with the service, and outlive it here.
  const stays = { close: async () => {} };
  const open = async (): Promise<OpenBook> => ({
    store: { ...store, ...stays },
    vault: { ...vault, ...stays },
    eager: { ...memoryVault(timing, leases), ...stays },
  });
  const load = async (name: string): Promise<Connector> => {
    const connector = connectors[name];
    if (connector === undefined) throw new Error(`There is no connector ${name}.`);
    return connector;
  };

  const grant = 'sign-in:["default","xpm","1"]';
  const client = { id: systems.xpm.signIn.client.id, secret: systems.xpm.signIn.client.secret };
  async function signIn(): Promise<void> {
    const opened = connectors.xpm?.signIn?.open({ client, settings: {} });
    if (opened === undefined) throw new Error('Nobody can sign in.');
    const begun = await opened.begin({ redirectUri: 'http://localhost:47115/callback' });
    const page = systems.xpm.signIn.authorize(new URL(begun.url).searchParams);
    await begun.finish(page.headers.get('location') ?? '', {
      vault: sealed,
      key: grant,
      signal: new AbortController().signal,
    });
  }

  await signIn();
  const base = { policy: {}, kind: null, createdBy: 'tester', at: now().toISOString() };
  const stored = {
    xpm: {
      ...{
        ...base,
        connector: 'xpm',
        settings: { tenantId: systems.xpm.access.tenantId },
        secrets: {},
        schedule: null,
      },
      signIn: { grant, client: { id: client.id, secret: client.secret === null ? null : secret(client.secret) } },
    },
    fyi: {
      ...{ ...base, connector: 'fyi', settings: { practice: 'harbour' }, signIn: null },
      ...{ schedule: '15 */6 * * * Australia/Sydney' },
      secrets: {
        accessId: secret(systems.fyi.access.accessId),
        accessSecret: secret(systems.fyi.access.accessSecret),
      },
    },
    bgl: {
      ...{ ...base, connector: 'bgl', settings: { firm: systems.bgl.access.firm }, signIn: null, schedule: null },
      secrets: { accessToken: secret(systems.bgl.access.accessToken) },
    },
  };
  const sources = { xpm: `xpm:${systems.xpm.access.tenantId}`, fyi: 'fyi:harbour', bgl: 'bgl:fake-firm-1' };
  const connect = (name: keyof typeof stored) => writeStored(sealed, 'default', sources[name], stored[name]);
  return {
    systems,
    store,
    vault,
    sealed,
    stored,
    sources,
    connect,
    signIn,
    open,
    load,
    env: { CONTACT_SYNC_KEY: key },
  };
}

function placed<Settings>(connector: Connector<Settings>, more: object): Connector {
  const { signIn } = connector;
  return {
    ...connector,
    create: (settings) => connector.create({ ...(settings as Settings), ...more }),
    sourceOf: (settings) => connector.sourceOf(settings as Settings),
    ...(signIn === undefined
      ? {}
      : {
          signIn: { ...signIn, open: (given) => signIn.open({ ...given, settings: { ...given.settings, ...more } }) },
        }),
  };
}

function untilAborted(_: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
