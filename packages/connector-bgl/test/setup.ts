import { mswTransport } from '@contact-sync/connector-kit/mock';
import { ContactSyncError, type Page, type Read, readAll } from '@contact-sync/core';
import { type BglSettings, bgl } from '../src/index.js';
import type { FakeBgl } from '../src/mock/index.js';

export const someTime = new Date('2026-11-22T13:39:45Z');

/** The connector on a fake, in process. `waits` are the pauses it asked for, in milliseconds; none takes any time. */
export function onFake(fake: FakeBgl, settings: Partial<BglSettings> = {}) {
  const waits: number[] = [];
  const source = bgl({
    ...fake.access,
    transport: mswTransport(fake.handlers),
    now: () => someTime,
    wait: async (ms: number) => void waits.push(ms),
    random: () => 0,
    ...settings,
  });
  return { source, waits, read: (): Promise<Read> => readAll(source) };
}

export async function pagesOf({ source }: ReturnType<typeof onFake>): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of source.read({ signal: new AbortController().signal })) pages.push(page);
  return pages;
}

/** The error of a read that must fail. */
export async function failureOf(read: Promise<unknown>): Promise<ContactSyncError> {
  const outcome = await read.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof ContactSyncError) return outcome;
  throw outcome;
}
