import { mswTransport } from '@contact-sync/connector-kit/mock';
import { ContactSyncError, type Read, readAll } from '@contact-sync/core';
import { type FyiSettings, fyi } from '../src/index.js';
import type { FakeFyi } from '../src/mock/index.js';

const someTime = new Date('2026-11-22T13:39:45Z');
export const url = 'https://api-ap-southeast-2.fyi.app/external/entity';

/**
 * The connector on a fake, in process. `waits` are the pauses it asked for, in milliseconds; none takes any time, the
 * clock is put forward instead.
 */
export function onFake(fake: FakeFyi, settings: Partial<FyiSettings> = {}) {
  const waits: number[] = [];
  let at = someTime.getTime();
  const source = fyi({
    ...fake.access,
    transport: mswTransport(fake.handlers),
    now: () => new Date(at),
    wait: async (ms: number) => {
      waits.push(ms);
      at += ms;
    },
    random: () => 0,
    ...settings,
  });
  return { source, waits, read: (): Promise<Read> => readAll(source) };
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
