import { eventStream } from '../../events/stream.js';
import { apiPath, get } from '../endpoint.js';
import type { Live } from '../endpoints.js';
import { streamOf } from '../stream.js';

/** A session lasts as long at most; behind a proxy, only a new request shows whether somebody is still signed in. */
const life = { link: 12 * 3_600_000, proxy: 15 * 60_000 };

export function eventEndpoint({ hub, clock, over }: Live) {
  return get({
    path: `${apiPath}/events`,
    role: 'viewer',
    summary: 'What happens, as server-sent events, until the session or the service ends',
    media: 'text/event-stream',
    handle({ session, signal }) {
      const ends = AbortSignal.any([signal, session.ended, over]);
      const stream = eventStream({ hub, clock, signal: ends, lifeMs: life[session.by] });
      return new Response(streamOf(stream), {
        // A proxy of the kind of nginx keeps nothing back.
        headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      });
    },
  });
}
