import type { VaultClock } from '@contact-sync/core';
import type { Hub } from './hub.js';

/** A line comes at least so often, so that nobody between takes the connection for dead; milliseconds. */
const beatMs = 20_000;

/** Progress comes no more often than this, milliseconds. */
const pauseMs = 250;

type Streaming = {
  readonly hub: Hub;
  readonly clock: VaultClock;
  /** Ends it: the reader went away, the session or the service ended. */
  readonly signal: AbortSignal;
  /** Ends it by itself, so that whoever reads has to show again who they are; milliseconds. */
  readonly lifeMs: number;
};

/**
 * What happens, as server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. Nothing is made
 * that is not read, so a slow reader costs no more than the newest event of each thing. One that was too slow even for that is
 * ended: it connects anew by itself, and reads everything again.
 */
export async function* eventStream({ hub, clock, signal, lifeMs }: Streaming): AsyncGenerator<Uint8Array, void, void> {
  const text = new TextEncoder();
  const endsAt = clock.now() + lifeMs;
  const listener = hub.listen();
  try {
    yield text.encode('retry: 2000\n\n');
    while (!signal.aborted && clock.now() < endsAt) {
      await soonerOf(listener.ready(), clock, Math.min(beatMs, endsAt - clock.now()), signal);
      const { events, full } = listener.take();
      if (full || signal.aborted) return;
      if (events.length === 0) yield text.encode(': still here\n\n');
      for (const { type, ...data } of events) yield text.encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      // What comes meanwhile is put together.
      if (events.length > 0) await clock.wait(pauseMs, signal);
    }
  } finally {
    listener.leave();
  }
}

async function soonerOf(ready: Promise<void>, clock: VaultClock, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  await Promise.race([ready, clock.wait(ms, stop)]);
  over.abort();
}
