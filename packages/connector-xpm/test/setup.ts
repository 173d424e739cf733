import { mswTransport } from '@contact-sync/connector-kit/mock';
import { ContactSyncError, type Read, readAll } from '@contact-sync/core';
import { type XpmSettings, xpm } from '../src/index.js';
import { type FakeXpm, origin } from '../src/mock/index.js';

/** A moment that is 15 seconds before the end of its minute, and 10 h 20 min 15 s before the end of its day (UTC). */
export const someTime = new Date('2026-11-22T13:39:45Z');

/** The connector on a fake, in process. `waits` are the pauses it asked for, in milliseconds; none takes any time. */
export function onFake(fake: FakeXpm, settings: Partial<XpmSettings> = {}) {
  const waits: number[] = [];
  const source = xpm({
    ...fake.access,
    transport: mswTransport(fake.handlers),
    now: () => someTime,
    wait: async (ms: number) => void waits.push(ms),
    random: () => 0,
    ...settings,
  });
  return { source, waits, read: (): Promise<Read> => readAll(source) };
}

export const baseUrl = `${origin}/practicemanager/3.1`;

/** The error of a read that must fail. */
export async function failureOf(read: Promise<unknown>): Promise<ContactSyncError> {
  const outcome = await read.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof ContactSyncError) return outcome;
  throw outcome;
}
