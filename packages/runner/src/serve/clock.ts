import { setTimeout } from 'node:timers/promises';
import type { VaultClock } from '@contact-sync/core';

export const systemClock: VaultClock = {
  now: Date.now,
  async wait(ms, signal) {
    // It rejects only when it is aborted, which is an end of the wait as any other.
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
