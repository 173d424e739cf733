import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Connector } from '@contact-sync/core';
import { inject, onTestFinished } from 'vitest';
import { startHost } from '../src/host/host.js';
import type { Connecting, HostBook, HostEvent, PreviewOf, PreviewView } from '../src/host/types.js';
import { openBook } from '../src/serve/served-book.js';
import type { ServeOptions } from '../src/serve/types.js';
import { openStore } from '../src/stores.js';
import { serving } from './serving.js';

export const start = Date.parse('2026-03-02T00:00:00Z');

export const stores = ['sqlite', 'postgres'] as const;

/** Where the vendor sends people back to. */
export const place = { redirectUri: 'http://127.0.0.1:8484/oauth/callback' };

type Hosting = {
  readonly store?: (typeof stores)[number];
  readonly env?: Record<string, string>;
  /** What becomes of a connector when it is loaded. */
  readonly changed?: (connector: Connector) => Connector;
} & Pick<ServeOptions, 'books'>;

/** A host on a service of its own, with three systems, on a store that is real. It ends with the test. */
export async function hosting({ store = 'sqlite', env = {}, changed = (one) => one, books }: Partial<Hosting> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'contact-sync-'));
  // The server is that of all tests: a book of its own is alone there.
  const book = `book-${randomUUID()}`;
  const address =
    store === 'sqlite'
      ? `sqlite:${join(folder, 'contacts.db')}`
      : (await text(createConnection(inject('postgresStarter')))).trim();
  await (await openStore({ address, book, cwd: folder }, 'write')).close();

  const stop = new AbortController();
  const all: Record<string, string> = { ...env };
  const more: Partial<ServeOptions> = { open: openBook, env: all };
  const served = await serving(start, {
    ...more,
    books: books ?? [{ store: address, book, name: 'firm' }],
    load: async (name) => changed(await served.load(name)),
  });
  Object.assign(all, served.env);
  const service = served.begin();
  const { clock } = served;
  const load = async (name: string) => changed(await served.load(name));
  const host = startHost(service, { env: all, cwd: folder, signal: stop.signal, clock, load });
  const events: HostEvent[] = [];
  host.subscribe((event) => events.push(event));
  const firm = host.books[0];
  if (firm === undefined) throw new Error('There is no book.');

  onTestFinished(async () => {
    stop.abort();
    await host.close();
    await served.end();
    await rm(folder, { recursive: true, force: true });
  });

  /** Resolves once somebody tells of something that fits. */
  function told(fits: (event: HostEvent) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = host.subscribe((event) => {
        if (!fits(event)) return;
        end();
        resolve();
      });
    });
  }

  /** A preview once it is read. */
  async function read(about: PreviewOf, actor = 'ann', from: HostBook = firm as HostBook): Promise<PreviewView> {
    const ids = new Set<string>();
    const over = told((event) => {
      if (event.type !== 'preview') return false;
      if (event.state !== 'reading') ids.add(event.id);
      return ids.size > 0;
    });
    const { id } = await from.preview(about, actor);
    if (from.previewed(id).state === 'reading') await over;
    return from.previewed(id);
  }

  const keys = {
    accessId: served.systems.fyi.access.accessId,
    accessSecret: served.systems.fyi.access.accessSecret,
  };
  return {
    ...{ ...served, host, firm, service, events, told, read, folder, address, book, env: all, keys },
    /** Connects FYI as `ann`, and lets its first sync happen. */
    async connectFyi(more: Partial<Connecting> = {}) {
      const wanted = connecting('fyi', { settings: { practice: 'harbour' }, secrets: keys, ...more });
      const connected = await firm.connect(wanted, 'ann', place);
      await served.until(clock.now() + 60_000);
      return connected;
    },
    /** Allows at the vendor's page what `url` asks for; gives the address that a person is sent back to. */
    allow(url: string): string {
      const page = served.systems.xpm.signIn.authorize(new URL(url).searchParams);
      return page.headers.get('location') ?? '';
    },
    async signedIn(id: string, actor: string) {
      for (;;) {
        const view = firm.signIn(id, actor);
        if (view.state !== 'checking') return view;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

export function connecting(connector: string, more: Partial<Connecting> = {}): Connecting {
  const nothing = { settings: {}, policy: {}, kind: null, schedule: null, secrets: {}, client: null, signIn: false };
  return { connector, ...nothing, ...more };
}

export const signed = (actor: string, why: string | null = null) => ({ actor, why });
