import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { mock as bglMock } from '@contact-sync/connector-bgl/mock';
import { mock as fyiMock } from '@contact-sync/connector-fyi/mock';
import { mock as xpmMock } from '@contact-sync/connector-xpm/mock';
import type { MockOptions, ServedMock } from '@contact-sync/core';
import { type Serving, serve, type WebOptions, type WebProxy } from '@contact-sync/runner';
import type { Host } from '@contact-sync/runner/host';
import { sqliteStore } from '@contact-sync/storage-sqlite';
import { startWeb } from '../src/start.js';

/** The fakes of systems that can be connected, each on a port of this machine. */
const mocks = { xpm: xpmMock, fyi: fyiMock, bgl: bglMock };
export type MockName = keyof typeof mocks;

export type DemoOptions = Partial<Pick<Serving, 'listen' | 'books' | 'clock' | 'lookMs' | 'write'>> & {
  /** Where the store is; `sqlite:contacts.db` of this folder unless `books` says otherwise. */
  readonly folder: string;
  readonly proxy?: WebProxy | null;
  readonly systems?: Partial<Record<MockName, MockOptions>>;
  /** Everything that links may be told apart by; two that always open, again and again, unless said. */
  readonly holders?: Readonly<Record<string, { readonly user: string; readonly role: 'viewer' | 'administrator' }>>;
};

export type Demo = {
  readonly url: string;
  readonly host: Host;
  readonly served: Partial<Record<MockName, ServedMock>>;
  /** What was shown to the person at the terminal, and what was logged. */
  readonly shown: readonly string[];
  readonly log: readonly string[];
  close(): Promise<void>;
};

/** The real service with the page, on loopback: a real store, and fakes of the systems over HTTP. */
export async function demoService(options: DemoOptions): Promise<Demo> {
  const { folder, proxy = null, holders = {}, systems = {} } = options;
  const books = options.books ?? [{ store: 'sqlite:contacts.db', book: 'default' }];
  if (books.some(({ store }) => store === 'sqlite:contacts.db')) {
    await sqliteStore({ file: join(folder, 'contacts.db'), create: true }).close();
  }
  const served: Partial<Record<MockName, ServedMock>> = {};
  for (const name of Object.keys(systems) as MockName[]) served[name] = await mocks[name].serve(systems[name] ?? {});
  const stop = new AbortController();
  const shown: string[] = [];
  const log: string[] = [];
  const hosts: Host[] = [];
  const started = Promise.withResolvers<string>();
  const ended = serve({
    listen: { host: '127.0.0.1', port: 0 },
    write: (line) => void log.push(line),
    ...options,
    books,
    actor: 'tester',
    env: { CONTACT_SYNC_KEY: randomBytes(32).toString('base64') },
    cwd: folder,
    signal: stop.signal,
    web: {
      proxy,
      command: 'contact-sync open',
      show: (text) => void shown.push(text),
      load: async () => async (given) => {
        if (given.host !== undefined) hosts.push(given.host);
        return await startWeb({ ...given, access: withHolders(given.access, holders) });
      },
    },
    onStart: (_, url) => started.resolve(url ?? ''),
  });
  ended.catch(started.reject);
  const url = await started.promise;
  const [host] = hosts;
  if (host === undefined) throw new Error('The page did not begin.');
  return {
    url,
    host,
    served,
    shown,
    log,
    async close() {
      stop.abort();
      await ended;
      await Promise.all(Object.values(served).map((one) => one.close()));
    },
  };
}

/** Connects the fake of a system with its keys, as a person does who has them. */
export async function connectMock({ host, served }: Demo, name: MockName, book = 'default'): Promise<string> {
  const mock = served[name];
  if (mock === undefined) throw new Error(`${name} is not served.`);
  const { settings, env } = mock;
  const { connector } = await import(`@contact-sync/connector-${name}`);
  const names = Object.entries<string>(connector.secrets);
  const secrets = Object.fromEntries(names.map(([secret, variable]) => [secret, env[variable] ?? '']));
  const { connected } = await host
    .book(book)
    .connect(
      { connector: name, settings, policy: {}, kind: null, schedule: null, secrets, client: null, signIn: false },
      'tester',
      { redirectUri: 'http://127.0.0.1/oauth/callback' },
    );
  return connected[0]?.source ?? '';
}

export function withHolders(access: WebOptions['access'], holders: DemoOptions['holders'] = {}): WebOptions['access'] {
  if (access.by === 'proxy') return access;
  const { useLink } = access;
  return { ...access, useLink: async (token) => holders[token] ?? (await useLink(token)) };
}
