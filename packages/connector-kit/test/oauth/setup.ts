import { inspect } from 'node:util';
import {
  type AccessTokens,
  ContactSyncError,
  type GrantPlace,
  type MemoryLeases,
  memoryLeases,
  memoryVault,
  type Vault,
} from '@contact-sync/core';
import type { RequestHandler } from 'msw';
import { expect } from 'vitest';
import { type OAuthVendor, openSignIn } from '../../src/index.js';
import { type FakeSignInOptions, fakeSignIn, mswTransport } from '../../src/mock/index.js';

/** In every token and in the secret of the app. */
export const canary = 'CANARY-5b21';
export const minute = 60_000;
export const day = 24 * 60 * minute;
export const key = 'sign-in:acme';
export const redirectUri = 'http://127.0.0.1:8737/callback';

export const acme: OAuthVendor = {
  name: 'acme',
  title: 'Acme',
  issuer: 'https://id.acme.example',
  authorizeUrl: 'https://id.acme.example/authorize',
  tokenUrl: 'https://id.acme.example/token',
  scope: 'offline_access people.read',
  graceMs: 30 * minute,
  unusedMs: 60 * day,
};

/** A vendor and a vault at one time, which only moves when a test moves it. */
export function world(options: Partial<FakeSignInOptions> & { vendor?: Partial<OAuthVendor>; leaseMs?: number } = {}) {
  let time = Date.UTC(2026, 2, 1, 10);
  const now = () => new Date(time);
  const leases: MemoryLeases = memoryLeases();
  const vendor = { ...acme, ...options.vendor };
  const client = options.client ?? { id: 'app-1', secret: `${canary}-secret` };
  const fake = fakeSignIn({ ...vendor, graceMs: vendor.graceMs, secret: canary, ...options, client, now });
  const handlers: RequestHandler[] = [...fake.handlers];
  const waits: number[] = [];
  let onWait: (ms: number) => void | Promise<void> = () => {};
  const wait = async (ms: number, signal?: AbortSignal) => {
    waits.push(ms);
    time += ms;
    await onWait(ms);
    signal?.throwIfAborted();
  };
  const opened = () => openSignIn({ vendor, client, transport: mswTransport(handlers), now, wait, random: () => 0.5 });
  const vaultOf = (): Vault =>
    memoryVault(
      { leaseMs: options.leaseMs ?? minute, waitMs: 0, clock: { now: () => time, wait: untilAborted } },
      leases,
    );

  return {
    fake,
    handlers,
    waits,
    now,
    vault: vaultOf(),
    leases,
    opened,
    pass(ms: number): void {
      time += ms;
    },
    /** What happens during each pause from now on. */
    whileWaiting(work: (ms: number) => void | Promise<void>): void {
      onWait = work;
    },
    /** Signs in, as a person at the vendor's page. */
    async connect(place: GrantPlace = { vault: vaultOf(), key }): Promise<void> {
      const { url, finish } = await opened().begin({ redirectUri });
      await finish(await agree(fake, url), { ...place, signal: anySignal() });
    },
    /** The tokens as another process has them. */
    process: (vault: Vault = vaultOf()): AccessTokens => opened().accessTokens({ vault, key }),
    kept: async (): Promise<Kept> => JSON.parse((await vaultOf().read(key)) ?? 'null'),
  };
}

export type Kept = Record<'refreshToken' | 'accessToken' | 'grantedAt' | 'renewedAt', string> &
  Record<'endsAt' | 'begunAt', string | null>;

/** The address to which the vendor's page leads. */
export async function agree(fake: { authorize(query: URLSearchParams): Response }, url: string): Promise<string> {
  return fake.authorize(new URL(url).searchParams).headers.get('location') ?? '';
}

/** A lease that is never renewed: time is the test's. */
async function untilAborted(_: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

export async function bodyOf(answer: Response): Promise<Record<string, unknown>> {
  return JSON.parse(await answer.text());
}

export function anySignal(): AbortSignal {
  return new AbortController().signal;
}

/** The error that work must end with; it shows no token. */
export async function faultOf(work: Promise<unknown>): Promise<ContactSyncError> {
  const error = await work.then(
    (value) => new Error(`it did not fail: ${String(value)}`),
    (reason: unknown) => reason,
  );
  if (!ContactSyncError.is(error)) throw error;
  const shown = [error.stack, error.hint, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })];
  expect(shown.join('\n')).not.toContain(canary);
  return error;
}
