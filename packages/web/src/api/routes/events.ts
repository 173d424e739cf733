import { eventStream } from '../../events/stream.js';
import { apiPath, get } from '../endpoint.js';
import type { Live } from '../endpoints.js';
import { streamOf } from '../stream.js';

/** Behind a proxy, only a new request shows whether somebody is still signed in; in milliseconds. */
const unseenMs = 15 * 60_000;

/** So many at a time has one person: one more ends the oldest, so that nobody takes all that the service answers. */
const mostOfPerson = 20;

export function eventEndpoint({ hub, clock, over }: Live) {
  const open = new Map<string, AbortController[]>();

  /** Aborts when this stream has to make room. `leave` when it has ended. */
  function enter(user: string): { readonly signal: AbortSignal; readonly leave: () => void } {
    const own = new AbortController();
    const all = [...(open.get(user) ?? []), own];
    for (const oldest of all.splice(0, all.length - mostOfPerson)) oldest.abort();
    open.set(user, all);
    return {
      signal: own.signal,
      leave() {
        const rest = (open.get(user) ?? []).filter((one) => one !== own);
        if (rest.length === 0) open.delete(user);
        else open.set(user, rest);
      },
    };
  }

  return get({
    path: `${apiPath}/events`,
    role: 'viewer',
    summary: 'What happens, as server-sent events, until the session or the service ends',
    media: 'text/event-stream',
    handle({ session, signal }) {
      const lifeMs = session.endsAt === null ? unseenMs : session.endsAt - clock.now();
      const { signal: full, leave } = enter(session.user);
      const ends = AbortSignal.any([signal, session.ended, over, full]);
      ends.addEventListener('abort', leave, { once: true });
      const stream = eventStream({ hub, clock, signal: ends, lifeMs });
      return new Response(streamOf(stream), {
        // A proxy of the kind of nginx keeps nothing back.
        headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    },
  });
}
